"""Which telephones may register: what is decided while all of them are pushed anew holds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from haedap.channels.port import PhoneCredential, PhoneKind
from haedap.channels.voice.ari import Ari
from haedap.channels.voice.line import Line
from haedap.channels.voice.telephones import Telephones
from haedap.channels.voice.wire import RESTResponse
from haedap.config import load_settings

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


class SlowExchange(Ari):
    """Keeps what it was given; answers to `agent-1` only when `goes_on` is set."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.goes_on = asyncio.Event()

    async def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> RESTResponse:
        del query
        what = path.removeprefix("asterisk/config/dynamic/res_pjsip/")
        if what.endswith("/agent-1"):
            await self.goes_on.wait()
        if method == "PUT" and body is not None:
            self.kept[what] = next(
                (pair["value"] for pair in body["fields"] if pair["attribute"] == "password_digest"), ""
            )
        elif method == "DELETE":
            self.kept.pop(what, None)
        return RESTResponse(request_id="1", status_code=200, message_body="[]")


def credential(username: str, ha1: str) -> PhoneCredential:
    return PhoneCredential(username=username, kind=PhoneKind.BROWSER, agent=None, ha1=ha1, expires_at=None)


async def test_what_changes_while_all_are_pushed_is_what_holds(tmp_path: Path) -> None:
    exchange = SlowExchange()
    telephones = Telephones(load_settings({"HAEDAP_STATE": str(tmp_path)}))
    for username in ("agent-1", "agent-2", "agent-3"):
        await telephones.issue(credential(username, "old"))
    line = Line(ari=exchange, lanes=[exchange], post=lambda _event: None, now=lambda: NOW)
    await telephones.start(line)
    await asyncio.sleep(0)
    meanwhile = [
        asyncio.create_task(telephones.revoke("agent-2")),
        asyncio.create_task(telephones.issue(credential("agent-3", "new"))),
    ]
    await asyncio.sleep(0)
    exchange.goes_on.set()
    await asyncio.gather(*meanwhile)
    for _ in range(20):
        await asyncio.sleep(0)
    assert [name for name in exchange.kept if name.endswith("agent-2")] == []
    assert exchange.kept["auth/agent-3"] == "MD5:new"
    assert exchange.kept["auth/agent-1"] == "MD5:old"
