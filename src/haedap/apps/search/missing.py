"""The work list of what was looked for in vain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from haedap.apps.search.models import LONGEST_MISS, SearchMiss
from haedap.language.words import compact

_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Miss:
    """Words that found nothing, `times` times. `text`: masked, as it was put last."""

    id: int
    text: str
    times: int
    first_at: datetime
    last_at: datetime
    settled_at: datetime | None


def missed(text: str) -> None:
    """Note that nothing of use was found for `text`, which is masked here. A text without two letters is not noted."""
    from haedap.language.masking import mask

    shown = " ".join(mask(text[: 2 * LONGEST_MISS]).replace("\0", " ").split())[:LONGEST_MISS]
    words = compact(shown)[:LONGEST_MISS]
    if len(words) < _SHORTEST:
        return
    now = timezone.now()
    SearchMiss.objects.bulk_create(
        [SearchMiss(words=words, text=shown, times=0)], ignore_conflicts=True
    )  # so that two at once make one row
    SearchMiss.objects.filter(words=words).update(
        text=shown, times=F("times") + 1, last_at=now, settled_at=None, settled_by=None
    )


def misses(*, settled: bool = False, limit: int = 100) -> list[Miss]:
    """The open ones, or those settled; what was missed most often first."""
    rows = SearchMiss.objects.filter(settled_at__isnull=not settled).order_by("-times", "-last_at")
    return [Miss(row.pk, row.text, row.times, row.first_at, row.last_at, row.settled_at) for row in rows[:limit]]


def count_misses(limit: int) -> int:
    """How many are open, at most `limit`."""
    return SearchMiss.objects.filter(settled_at=None)[:limit].count()


def settle(miss: int, account: int) -> bool:
    """Somebody saw to it: off the list until it is missed again. False when it was not open."""
    open_ = SearchMiss.objects.filter(pk=miss, settled_at=None)
    return bool(open_.update(settled_at=timezone.now(), settled_by=account))


def reopen(miss: int) -> bool:
    """Back on the list. False when it was not settled."""
    settled = SearchMiss.objects.filter(pk=miss, settled_at__isnull=False)
    return bool(settled.update(settled_at=None, settled_by=None))
