"""The inbox takes what is fit for the journal, in order, up to its limit."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from haedap.clock import SteadyClock
from haedap.domain.events import (
    AgentReachable,
    AnyEvent,
    ChannelReconciled,
    ContactArrived,
    DigitPressed,
    OfferAnswered,
)
from haedap.domain.ids import AgentId, ContactId, OfferId
from haedap.domain.states import Channel
from haedap.engine.inbox import Inbox
from tests.support.patience import PATIENCE

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
CONTACT = ContactId(str(uuid4()))


def _inbox(most: int = 10) -> Inbox:
    return Inbox(SteadyClock(lambda: NOW, lambda: 0.0), most)


def _digit(digit: str = "1") -> DigitPressed:
    return DigitPressed(at=NOW, contact=CONTACT, digit=digit)


def test_items_come_out_in_order() -> None:
    inbox = _inbox()
    for digit in "123":
        inbox.post(_digit(digit))
    assert inbox.take(2) == [_digit("1"), _digit("2")]
    assert inbox.take(2) == [_digit("3")]
    assert len(inbox) == 0


@pytest.mark.parametrize(
    "event",
    [
        DigitPressed(at=NOW, contact=ContactId("no-uuid"), digit="1"),
        DigitPressed(at=NOW, contact=ContactId(CONTACT.upper()), digit="1"),
        DigitPressed(at=datetime(2026, 11, 21, 9), contact=CONTACT, digit="1"),  # noqa: DTZ001 - naive on purpose
        DigitPressed(at=NOW, contact=CONTACT, digit="\x00"),
        DigitPressed(at=NOW, contact=CONTACT, digit="\ud800"),
        OfferAnswered(at=NOW, offer=OfferId("stray")),
        AgentReachable(at=NOW, agent=AgentId(2**31)),
        ContactArrived(at=NOW, contact=CONTACT, channel=Channel.VOICE, called="1", caller_name="a\x00b"),
    ],
)
def test_what_the_journal_cannot_take_is_dropped(event: AnyEvent) -> None:
    inbox = _inbox()
    inbox.post(event)
    assert len(inbox) == 0
    assert not inbox.overflowed


def test_a_time_in_the_future_is_brought_back() -> None:
    inbox = _inbox()
    inbox.post(DigitPressed(at=NOW + timedelta(days=1), contact=CONTACT, digit="1"))
    assert inbox.take(1) == [_digit()]


@pytest.mark.parametrize("seconds", [-3600, -1, 0, 4])
def test_an_event_keeps_its_time(seconds: int) -> None:
    inbox = _inbox()
    event = DigitPressed(at=NOW + timedelta(seconds=seconds), contact=CONTACT, digit="1")
    inbox.post(event)
    assert inbox.take(1) == [event]


@pytest.mark.parametrize("ahead", [timedelta(minutes=-10), timedelta(), timedelta(minutes=10)])
def test_since_when_an_exchange_runs_is_told_by_the_centres_clock(ahead: timedelta) -> None:
    """Else one that has just begun seems to have been there before the call that it dropped: nobody would call back."""
    inbox = Inbox(SteadyClock(lambda: NOW, lambda: 0.0, ahead), 10)
    inbox.post(ChannelReconciled(at=NOW, channel=Channel.VOICE, contacts=(), since=NOW))
    assert inbox.take(1) == [ChannelReconciled(at=NOW + ahead, channel=Channel.VOICE, contacts=(), since=NOW + ahead)]


def test_beyond_the_limit_events_are_dropped_and_remembered_as_dropped() -> None:
    inbox = _inbox(most=2)
    for digit in "123":
        inbox.post(_digit(digit))
    assert inbox.overflowed
    assert len(inbox.take(9)) == 2


async def test_wait_ends_with_an_item_with_time_and_with_wake() -> None:
    inbox = _inbox()
    await asyncio.wait_for(inbox.wait(0.01), PATIENCE)
    inbox.wake()
    await asyncio.wait_for(inbox.wait(None), PATIENCE)
    waiting = asyncio.create_task(inbox.wait(None))
    await asyncio.sleep(0)
    inbox.post(_digit())
    await asyncio.wait_for(waiting, PATIENCE)
    await asyncio.wait_for(inbox.wait(None), PATIENCE)
