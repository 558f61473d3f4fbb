"""`haedap search`: what the desk would show for a text, by the centre that runs."""

from __future__ import annotations

import json
import os
from typing import Any

from rich.console import Console

from haedap.operations import OperationsError

_LONGEST = 300


def print_search(text: str, *, as_json: bool) -> None:
    """Print the finds. Raises OperationsError for a text without a word."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haedap.web.settings")
    import django

    django.setup()
    from django.utils import timezone

    from haedap.apps.search import desk

    sought = text.replace("\0", " ").strip()[:_LONGEST]
    if not sought:
        raise OperationsError('찾을 말을 주십시오: haedap search --json "전기차 보조금 어디서 신청해요"')
    found = desk.find(desk.Asked(sought), None, timezone.now())
    if as_json:
        print(json.dumps(found, ensure_ascii=False, default=str))  # noqa: T201 - the command's output
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    console = Console(highlight=False, markup=False)
    if found["simple"]:
        console.print("말 처리기가 응답하지 않아 글자만 견주어 찾았습니다.")
    for article in found["articles"]:
        console.print(f"지식  {article['title']}{'' if article['sure'] else ' (비슷한 것)'}")
    for office in found["offices"]:
        console.print(f"부서  {office['department']['place']} {office['duty'] or ''}")
    if not found["articles"] and not found["offices"]:
        console.print("찾은 것이 없습니다. 다른 말로 찾아 보십시오.")
