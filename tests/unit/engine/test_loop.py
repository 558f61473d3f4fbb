"""Which offers may ring while they are being committed, which plans are new, and what a stop leaves behind."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from uuid import uuid4

from haedap.clock import SteadyClock, wall_time
from haedap.domain.decisions import AnyDecision, EndLeg, OfferContact, PlayMusic
from haedap.domain.events import OfferAnswered, PlanChanged
from haedap.domain.ids import ContactId, OfferId, QueueKey, RequestId, SkillKey
from haedap.domain.plan import Plan, Queue
from haedap.engine.core import Core
from haedap.engine.inbox import Finished, Inbox
from haedap.engine.loop import Batch, Loop
from haedap.store.commands import Outcome
from haedap.store.journal import Journal
from haedap.store.rows import Row
from tests.support.offers import an_offer


def _offer(contact: str) -> OfferContact:
    return an_offer(f"{contact}-1", contact)


def _music(contact: str) -> PlayMusic:
    return PlayMusic(id=RequestId(f"{contact}-2"), contact=ContactId(contact))


def test_each_contacts_offer_that_comes_first() -> None:
    a, b = _offer("a"), _offer("b")
    assert Batch(decisions=[a, _music("a"), b]).offers() == [a, b]


def test_not_what_must_wait_for_something_else_of_its_contact() -> None:
    decisions: list[AnyDecision] = [_music("a"), _offer("a"), _offer("b")]
    assert Batch(decisions=decisions).offers() == [_offer("b")]


def test_not_what_a_withdrawn_command_may_undo() -> None:
    assert Batch(decisions=[_offer("a")], outcomes=[Outcome("one", "done")]).offers() == []


def test_not_what_a_router_decided_that_failed_afterwards() -> None:
    assert Batch(decisions=[_offer("a")], broken=True).offers() == []


class _Paper(Journal):
    """A journal that keeps the names of its rows."""

    def __init__(self) -> None:
        super().__init__("")
        self.names: list[str] = []

    async def append(self, rows: Sequence[Row], outcomes: Sequence[Outcome] = ()) -> None:
        self.names.extend(row.name for row in rows)


class _Listening:
    """What the loop hands on."""

    def __init__(self) -> None:
        self.decisions: list[AnyDecision] = []

    def about_to_commit(self, offers: list[OfferContact]) -> None:
        pass

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
    assert journal.names == ["OfferAnswered", "EndLeg"]
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
