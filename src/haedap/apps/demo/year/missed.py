"""What agents looked for in vain, and what they proposed to write about."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils import timezone

from haedap.apps.demo.year.profile import Span
from haedap.apps.knowledge.models import Gap
from haedap.apps.search.models import SearchMiss
from haedap.language.words import compact


def put_missed(span: Span, contacts: int) -> dict[str, int]:
    """Rows of both lists; returns how many by their tables."""
    first = timezone.make_aware(datetime.combine(span.since, time(10)))
    last = timezone.make_aware(datetime.combine(span.until, time(15))) - timedelta(days=3)
    misses = [
        SearchMiss(
            words=compact(text), text=text, times=max(1, round(rate * contacts / 10_000)), first_at=first, last_at=last
        )
        for text, rate in _missed()["searches"].items()
    ]
    gaps = [
        Gap(words=compact(text), text=text, reason=reason, times=3 + len(text) % 9, first_at=first, last_at=last)
        for text, reason in _gaps()
    ]
    SearchMiss.objects.bulk_create(misses, ignore_conflicts=True)
    Gap.objects.bulk_create(gaps, ignore_conflicts=True)
    return {"search_miss": len(misses), "article_gap": len(gaps)}


def take_missed() -> None:
    """Take them out again."""
    SearchMiss.objects.filter(words__in=[compact(text) for text in _missed()["searches"]]).delete()
    Gap.objects.filter(words__in=[compact(text) for text, _reason in _gaps()]).delete()


def _gaps() -> list[tuple[str, str]]:
    found = [(text, Gap.Reason.PROPOSAL.value) for text in _missed()["proposals"]]
    return found + [(text, Gap.Reason.CASE.value) for text in _missed()["cases"]]


@cache
def _missed() -> dict[str, Any]:
    text = files("haedap.apps.demo.year").joinpath("data", "missed.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
