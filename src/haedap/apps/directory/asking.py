"""Having an edition made by the worker: a quarter of a large centre takes seconds to read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from haedap.analytics.directory.quarters import Quarter
from haedap.apps.directory.errors import PublishedError
from haedap.apps.directory.making import check_wish, make, opened
from haedap.apps.directory.models import Edition

_PATIENCE = timedelta(minutes=10)
"""Afterwards it can be asked for again."""


def ask_for(quarter: Quarter, count: int, now: datetime) -> None:
    """The worker looks for the numbers, unless it is at it. Raises what `making.make` does."""
    check_wish(quarter, count)
    with transaction.atomic():
        edition = opened(quarter)
        if is_being_made(edition, now):
            return
        edition.count, edition.asked_at = count, now
        edition.save(update_fields=["count", "asked_at"])
        app.configure_task("directory.make").defer(quarter=str(quarter))


def is_being_made(edition: Edition, now: datetime) -> bool:
    """Whether the worker was asked and has not answered yet."""
    asked, found = edition.asked_at, edition.found_at
    return asked is not None and (found is None or found < asked) and now - asked < _PATIENCE


def make_asked(quarter: str) -> None:
    """What the worker does when asked; an edition that was published meanwhile is left alone."""
    try:
        make(Quarter.parse(quarter))
    except PublishedError:
        return


def make_due(today: date) -> None:
    """The edition of the quarter before that of `today`, when there is none yet: a draft, for a person to edit."""
    quarter = Quarter.of(today).before
    if not Edition.objects.filter(quarter=str(quarter), found_at__isnull=False).exists():
        make(quarter)
