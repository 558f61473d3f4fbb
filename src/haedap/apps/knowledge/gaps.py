"""What is missing: proposals and offices' answers of our own, and the searches that found nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.knowledge.models import LONGEST_WORD, Article, Gap
from haedap.apps.search import api as search
from haedap.language.masking import mask
from haedap.language.words import compact

SEARCH = "search"
_MOST = 300


@dataclass(frozen=True, slots=True)
class Missing:
    """A line of the work list. `source`: `search`, or `gap` for a row of our own."""

    source: str
    id: int
    text: str
    reason: str
    times: int
    last_at: datetime


def note(text: str, contact: UUID | None, agent: int | None, reason: Gap.Reason) -> None:
    """Once more missing. Text without a word is not noted."""
    shown = " ".join(mask(text[: 2 * LONGEST_WORD]).replace("\0", " ").split())[:LONGEST_WORD]
    words = compact(shown)[:LONGEST_WORD]
    if not words:
        return
    now = timezone.now()
    Gap.objects.bulk_create([Gap(words=words, text=shown, reason=reason, times=0, last_at=now)], ignore_conflicts=True)
    Gap.objects.filter(words=words, reason=reason, settled_at=None).update(
        times=F("times") + 1, text=shown, last_at=now, last_agent_id=agent, last_contact=contact
    )


def open_gaps() -> list[Missing]:
    """All that is missing, what was missed most often first."""
    own = Gap.objects.filter(settled_at=None)[:_MOST]
    lines = [Missing("gap", row.pk, row.text, str(Gap.Reason(row.reason).label), row.times, row.last_at) for row in own]
    lines += [
        Missing(SEARCH, miss.id, miss.text, _("search without a find"), miss.times, miss.last_at)
        for miss in search.misses(limit=_MOST)
    ]
    return sorted(lines, key=lambda line: (-line.times, -line.last_at.timestamp()))


def count_open() -> int:
    """How many lines `open_gaps` has, without reading them."""
    return Gap.objects.filter(settled_at=None)[:_MOST].count() + search.count_misses(limit=_MOST)


def settle(source: str, key: int, account: int, article: Article | None) -> bool:
    """Somebody saw to it; `article` answers it now. False when it was not open."""
    if source == SEARCH:
        return search.settle(key, account)
    rows = Gap.objects.filter(pk=key, settled_at=None)
    return bool(rows.update(settled_at=timezone.now(), settled_by_id=account, article=article))


def text_of(source: str, key: int) -> str:
    """What is missing there; empty when nothing is."""
    return next((line.text for line in open_gaps() if (line.source, line.id) == (source, key)), "")
