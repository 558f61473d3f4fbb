"""Several look-ups side by side, each told as soon as it is there.

A line is `{"key", "answer"}`, or `{"key", "code", "message"}` for what the rules refuse.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.http import Http404
from django.utils.translation import gettext as _

from haedap.apps.desk.errors import DeskError
from haedap.apps.lookups import looking
from haedap.apps.lookups.asking import Asker
from haedap.apps.lookups.looking import Ground
from haedap.apps.lookups.schemas import LookUpAllIn, LookUpIn

_log = structlog.get_logger(__name__)


async def lines(asker: Asker, body: LookUpAllIn) -> AsyncIterator[bytes]:
    """One line for each system, in the order in which they answer. Who goes away stops those still asked."""
    ground = await sync_to_async(looking.ground_of)(asker, body.purpose)
    tasks = [asyncio.create_task(_line(asker, key, body, ground)) for key in dict.fromkeys(body.keys)]
    try:
        for done in asyncio.as_completed(tasks):
            yield json.dumps(await done, ensure_ascii=False).encode() + b"\n"
    finally:
        for task in tasks:
            task.cancel()


async def _line(asker: Asker, key: str, body: LookUpAllIn, ground: Ground) -> dict[str, Any]:
    """Whatever goes wrong with one system is said in its line, and costs the others nothing."""
    try:
        one = LookUpIn(purpose=body.purpose, subject=body.subjects.get(key, {}), fresh=body.fresh)
        answer = await looking.look_up(asker, key, one, ground)
    except DeskError as error:
        return {"key": key, "code": error.code, "message": error.message}
    except Http404:
        return {"key": key, "code": "not_found", "message": _("This is not there, or it is not yours to see.")}
    except Exception:
        _log.exception("lookup_broke", system=key)
        return {"key": key, "code": "broken", "message": _("That did not work. Try again in a moment.")}
    return {"key": key, "answer": answer.model_dump(mode="json")}
