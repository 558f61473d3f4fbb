"""The watch: each minute it looks at what came lately, each night at the week. For the worker; the time comes in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from haedap.analytics.radar import Kind, Sign, Surge, surges, window_of
from haedap.apps.radar import alarms
from haedap.apps.radar.counting import LIVE, WEEKLY, Stretch, contacts_in, live_before, weekly_before
from haedap.apps.radar.signs import forget_old, gather, gather_changed, gather_earlier, gather_missed

LOOKED_AT = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2))
"""A burst shows in the short window, what grows slowly in the long one."""
_BEHIND = 1000
"""Contacts of earlier times that are read in a minute, in a centre that has just got the radar."""
_DAY = timedelta(days=1)
_Contacts: TypeAlias = dict[UUID, frozenset[Sign]]


def watch(now: datetime) -> None:
    """Look at the last minutes and hours, raise what is new, link what fits, and close what is over."""
    lately = Stretch(now - max(LOOKED_AT), now)
    gather_changed(lately.since, lately.until)
    gather_missed(now - _DAY, lately.since)
    gather_earlier(now, _BEHIND)
    contacts = contacts_in(lately)
    for length in LOOKED_AT:
        stretch = Stretch(now - length, now)
        for surge in _live(contacts.since(stretch.since), stretch):
            alarms.raise_alarm(surge, stretch, contacts.signs, now)
    alarms.follow(contacts, now)


def look_back(now: datetime) -> None:
    """Look at the last seven days, whose surges no single hour shows; and forget what nobody compares with any more.

    Notes that were written hours after the contact are read, and what a long outage has left out.
    """
    forget_old(now)
    stretch = Stretch(now - timedelta(weeks=1), now)
    gather(now - _DAY, now)
    gather_missed(stretch.since, now)
    contacts = contacts_in(stretch).signs
    before = weekly_before(stretch, _often(contacts, WEEKLY.least))
    for surge in surges(contacts, before, WEEKLY):
        alarms.raise_alarm(surge, stretch, contacts, now)


def _live(contacts: _Contacts, stretch: Stretch) -> Iterable[Surge[UUID]]:
    if len(contacts) < LIVE.least:
        return ()
    before, bounds = live_before(stretch, _often(contacts, LIVE.least))
    return surges(contacts, before, bounds)


def _often(contacts: _Contacts, least: int) -> list[Sign]:
    """The signs that so many have: no other can have surged."""
    counts = window_of(contacts).counts
    return [sign for sign, count in counts.items() if count >= least and sign.kind != Kind.ALL]
