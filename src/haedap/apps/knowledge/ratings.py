"""'Was this right?': agents answer, and a wrong one is work for the owning office."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.knowledge.errors import RefusedError
from haedap.apps.knowledge.models import LONGEST_WORD, Article, Rating
from haedap.language.masking import mask


def rate(article: Article, agent: int, contact: UUID | None, *, right: bool, text: str) -> Rating:
    """Keep what the agent said of the version in force; said again of the same contact it replaces the first.

    Raises RefusedError without a version in force, and when it is wrong but not said what.
    """
    shown = " ".join(mask(text[: 2 * LONGEST_WORD]).replace("\0", " ").split())[:LONGEST_WORD]
    if article.current is None:
        raise RefusedError(_("This article is not in force any more. Search again."))
    if not right and not shown:
        raise RefusedError(_("Write in a few words what is wrong: its office reads it."))
    values = {"right": right, "text": shown, "at": timezone.now(), "settled_at": None, "settled_by": None}
    row, _new = Rating.objects.update_or_create(
        version=article.current, agent_id=agent, contact=contact, defaults=values
    )
    return row


def open_ratings() -> QuerySet[Rating]:
    """What was said to be wrong, and nobody has seen to."""
    return Rating.objects.filter(right=False, settled_at=None)


def settle(rating: int, account: int) -> bool:
    """Somebody saw to it. False when it was not open."""
    return bool(open_ratings().filter(pk=rating).update(settled_at=timezone.now(), settled_by_id=account))
