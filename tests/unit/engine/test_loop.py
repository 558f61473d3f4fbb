"""Which offers may ring while they are being committed, which plans are new, and what a stop leaves behind."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from uuid import uuid4

import pytest

from haedap.clock import SteadyClock, wall_time
from haedap.domain.decisions import AnyDecision, EndLeg, OfferContact, PlayMusic
from haedap.domain.events import (
    AgentReachable,
    AgentSetAvailable,
    AgentSignedIn,
    AnyEvent,
    ContactArrived,
    OfferAnswered,
    PlanChanged,
)
from haedap.domain.ids import AgentId, ContactId, OfferId, QueueKey, RequestId, SkillKey
from haedap.domain.plan import Plan, Queue
from haedap.domain.states import Channel
from haedap.engine import loop as loop_module
from haedap.engine.core import Core
from haedap.engine.inbox import Finished, Inbox
from haedap.engine.loop import Batch, Loop
from haedap.store.commands import Command, Outcome
from haedap.store.journal import Journal
from haedap.store.rows import Row
from tests.support.engine import wait_until
from tests.support.offers import an_offer
from tests.unit.routing.centre import PLAN, SILENT_LINE, TAX_LINE


def _offer(contact: str) -> OfferContact:
    return an_offer(f"{contact}-1", contact)


def _music(contact: str) -> PlayMusic:
    return PlayMusic(id=RequestId(f"{contact}-2"), contact=ContactId(contact))


def test_each_contacts_offer_that_comes_first() -> None:
    a, b = _offer("a"), _offer("b")
    assert Batch(decisions=[a, _music("a"), b]).take_offers() == [a, b]


def test_each_offer_once() -> None:
    batch = Batch(decisions=[_offer("a")])
    assert batch.take_offers() == [_offer("a")]
    batch.decisions.append(_offer("b"))
    assert batch.take_offers() == [_offer("b")]


def test_not_what_must_wait_for_something_else_of_its_contact() -> None:
    decisions: list[AnyDecision] = [_music("a"), _offer("a"), _offer("b")]
    assert Batch(decisions=decisions).take_offers() == [_offer("b")]


def test_not_what_a_withdrawn_command_may_undo() -> None:
    assert Batch(decisions=[_offer("a")], outcomes=[Outcome("one", "done")]).take_offers() == []


def test_not_what_a_router_decided_that_failed_afterwards() -> None:
    assert Batch(decisions=[_offer("a")], broken=True).take_offers() == []


class _Paper(Journal):
    """A journal that keeps the names of its rows, and how many commands each commit marked."""

    def __init__(self) -> None:
        super().__init__("")
        self.commits: list[list[str]] = []
        self.marked: list[int] = []

    async def append(self, rows: Sequence[Row], outcomes: Sequence[Outcome] = ()) -> None:
        self.commits.append([row.name for row in rows])
        self.marked.append(len(outcomes))


class _Listening:
    """What the loop hands on. `then` is called when telephones are to ring."""

    def __init__(self) -> None:
        self.decisions: list[AnyDecision] = []
        self.rung: list[OfferContact] = []
        self.then: Callable[[OfferContact], None] = lambda _offer: None

    def about_to_commit(self, offers: list[OfferContact]) -> None:
        for offer in offers:
            self.rung.append(offer)
            self.then(offer)

    def committed(self, rows: list[Row], decisions: list[AnyDecision], plan: Plan | None) -> None:
        self.decisions.extend(decisions)

    async def recover(self) -> Core:
        raise AssertionError

    def caught_up(self) -> None:
        pass


def _loop() -> tuple[Loop, Inbox, _Paper, _Listening]:
    clock = SteadyClock(wall_time, asyncio.get_running_loop().time)
    inbox, journal, listening = Inbox(clock), _Paper(), _Listening()
    return Loop(Core(), inbox, journal, listening, clock), inbox, journal, listening


async def test_what_lingers_at_a_stop_is_committed_and_handed_on() -> None:
    loop, inbox, journal, listening = _loop()
    inbox.post(OfferAnswered(at=wall_time(), offer=OfferId(f"{uuid4()}.1")))
    running = asyncio.create_task(loop.run())
    await asyncio.sleep(0)
    loop.stop()
    await running
    assert journal.commits == [["OfferAnswered", "EndLeg"]]
    assert [type(decision) for decision in listening.decisions] == [EndLeg]


async def test_a_plan_is_new_or_not_when_its_turn_comes() -> None:
    """It was read while the one before it waited: to take the change back at once is a change, too."""
    loop, *_ = _loop()
    before = Plan(version=1)
    after = Plan(version=2, queues=(Queue(QueueKey("tax"), "세금", SkillKey("tax")),))
    plans = [before, after, Plan(version=3), Plan(version=4)]
    batch = Batch()
    loop._think(deque(Finished(Outcome(str(plan.version), "done"), plan) for plan in plans), batch)
    events = [row.data for row in batch.rows if isinstance(row.data, PlanChanged)]
    assert [event.plan.version for event in events] == [1, 2, 3]
    assert len(batch.outcomes) == 4


class _Broken(Core):
    """Its router fails at everything."""

    def handle(self, event: AnyEvent) -> list[Row]:
        raise ValueError


async def test_a_plan_that_the_router_fails_at_is_not_told_as_taken() -> None:
    loop, *_ = _loop()
    loop.core, batch = _Broken(), Batch()
    loop._think(deque([Finished(Outcome("1", "done"), Plan(version=1))]), batch)
    assert batch.outcomes == [Outcome("1", "refused", "failed")]


async def _one_call(then: Callable[[Inbox, OfferContact], None], until: Callable[[_Paper], bool]) -> _Paper:
    """A citizen calls the only agent; `then` is what happens as the telephone begins to ring."""
    loop, inbox, journal, listening = _loop()
    for event in (
        PlanChanged(at=wall_time(), plan=PLAN),
        AgentReachable(at=wall_time(), agent=AgentId(1)),
        AgentSignedIn(at=wall_time(), agent=AgentId(1)),
        AgentSetAvailable(at=wall_time(), agent=AgentId(1)),
    ):
        loop.core.handle(event)
    listening.then = partial(then, inbox)
    inbox.post(_arrival(SILENT_LINE))
    running = asyncio.create_task(loop.run())
    await wait_until(lambda: until(journal))
    loop.stop()
    await running
    assert len(listening.rung) == 1
    return journal


def _arrival(called: str) -> ContactArrived:
    return ContactArrived(at=wall_time(), contact=ContactId(str(uuid4())), channel=Channel.VOICE, called=called)


async def test_what_a_telephone_says_as_it_begins_to_ring_is_committed_with_its_offer() -> None:
    def answer(inbox: Inbox, offer: OfferContact) -> None:
        inbox.post(OfferAnswered(at=wall_time(), offer=offer.offer))

    journal = await _one_call(answer, lambda journal: bool(journal.commits))
    first, *_ = journal.commits
    assert first[0] == "ContactArrived"
    assert {"OfferContact", "OfferAnswered", "Connect"} <= set(first)


async def test_an_offer_that_rings_is_committed_though_nothing_follows() -> None:
    journal = await _one_call(lambda _inbox, _offer: None, lambda journal: bool(journal.commits))
    assert "OfferContact" in journal.commits[0]


async def test_a_request_that_somebody_waits_for_takes_a_ringing_offer_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "_RINGING_LINGER", 3600.0)

    def call(inbox: Inbox, _offer: OfferContact) -> None:
        inbox.post(_arrival(TAX_LINE))

    journal = await _one_call(call, lambda journal: bool(journal.commits))
    assert {"OfferContact", "PlayMusic"} <= set(journal.commits[0])


async def test_a_command_never_shares_a_commit_with_an_offer_that_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be withdrawn, and then nothing of its commit has happened; but the telephone has rung."""
    monkeypatch.setattr(loop_module, "_RINGING_LINGER", 3600.0)

    def press(inbox: Inbox, _offer: OfferContact) -> None:
        inbox.put(Command(id=str(uuid4()), name="away", agent=AgentId(1), data={}, created_at=wall_time()))

    journal = await _one_call(press, lambda journal: len(journal.commits) > 1)
    assert "OfferContact" in journal.commits[0]
    assert journal.marked == [0, 1]
