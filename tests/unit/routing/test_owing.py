"""Who owes a promise, in which queue it waits and by when it is to be kept, whatever becomes of the plan."""

from datetime import timedelta

import msgspec
import pytest

from haedap.domain.facts import ContactOpened, ContactQueued, PromiseAltered, PromiseEscalated, PromiseMade
from haedap.domain.ids import AgentId, QueueKey
from haedap.domain.states import EndedBy
from haedap.domain.targets import ToAgent, ToQueue
from tests.unit.routing.centre import START, change, every, only
from tests.unit.routing.promising import (
    CITIZEN,
    OTHER,
    TAX,
    Promising,
    made,
    offered,
    opened,
    promise_id,
    promising,
)

MINUTE = timedelta(minutes=1)


def test_a_deadline_counts_open_time() -> None:
    centre = Promising()
    assert made(centre.promise(1)).deadline == START + timedelta(hours=8), "18:00"
    centre.now = START + timedelta(hours=4)
    assert made(centre.promise(2, citizen=OTHER)).deadline == START + timedelta(hours=27), "14:00 the next day"


def test_a_queue_that_is_gone_gives_its_promises_to_one_of_the_same_skill() -> None:
    centre = Promising()
    tax, water = promising().queues
    twin = msgspec.structs.replace(tax, key=QueueKey("twin"))
    centre.plan(change(promising(), queues=(tax, water, twin)))
    centre.promise(1, due_at=START + 60 * MINUTE)
    flows = {key: flow for key, flow in promising().flows.items() if key == "water"}
    outputs = centre.plan(change(promising(), queues=(water, twin), flows=flows))
    assert only(outputs, PromiseAltered).owner == ToQueue(QueueKey("twin"))
    assert only(centre.until(1), ContactQueued).queue == "twin"


@pytest.mark.parametrize("by", [EndedBy.LINE, EndedBy.CITIZEN])
def test_the_last_citizen_of_a_queue_that_is_gone_is_called_back_as_its_rules_said(by: EndedBy) -> None:
    plan = promising(abandoned_callback=True)
    tax, water = plan.queues
    twin = msgspec.structs.replace(tax, key=QueueKey("twin"))
    flows = {key: flow for key, flow in plan.flows.items() if key == "water"}
    centre = Promising(plan)
    centre.call("c", caller=CITIZEN)
    centre.plan(change(plan, queues=(water, twin), flows=flows))
    outputs = centre.leave("c", by)
    assert only(outputs, PromiseMade).owner == ToQueue(QueueKey("twin")), "the queue is forgotten with its last citizen"
    assert only(outputs, ContactQueued).queue == "twin"


def test_a_promise_without_a_queue_stays_open_is_escalated_and_goes_on_when_there_is_one() -> None:
    centre = Promising()
    centre.promise(1, due_at=START + 60 * MINUTE)
    outputs = centre.plan(change(promising(), queues=promising().queues[1:]))
    assert only(outputs, PromiseEscalated).promise == promise_id(1)
    assert not every(centre.until(2), ContactOpened)
    assert len(centre.open()) == 1
    outputs = centre.plan(promising())
    assert len(every(outputs, ContactOpened)) == 1


def test_a_queue_that_is_gone_and_there_again_keeps_the_ladders_pause() -> None:
    centre = Promising()
    centre.ready(1)
    centre.promise(1)
    again_at = centre.fail_attempt().again_at
    assert again_at is not None
    centre.after(60)
    assert not every(centre.plan(change(promising(), queues=promising().queues[1:])), ContactOpened)
    centre.after(60)
    assert not every(centre.plan(promising()), ContactOpened), "the citizen was called two minutes ago"
    outputs = centre.until((again_at - START).total_seconds() / 3600)
    assert opened(outputs)


def test_the_promise_of_an_agent_who_left_is_the_queues() -> None:
    centre = Promising()
    centre.ready(1)
    centre.promise(1, owner=ToAgent(AgentId(2)))
    plan = promising()
    outputs = centre.plan(change(plan, agents=plan.agents[:1]))
    assert only(outputs, PromiseAltered).owner == TAX
    assert offered(outputs)[0][1] == 1


def test_a_promise_waits_in_the_queue_that_owes_it() -> None:
    centre = Promising()
    water = ToQueue(QueueKey("water"))
    assert only(centre.promise(1, owner=water), ContactQueued).queue == "water"
    centre.call("talk", caller=OTHER)
    centre.promise(2, owner=water, citizen=OTHER, contact="talk")
    assert only(centre.leave("talk"), ContactQueued).queue == "water"


def test_an_owner_whom_nobody_knows_does_not_lose_the_promise() -> None:
    centre = Promising()
    assert made(centre.promise(1, owner=ToQueue(QueueKey("nowhere")))).owner == TAX
    assert made(centre.promise(2, owner=ToAgent(AgentId(99)), citizen=OTHER)).owner == TAX
    assert centre.promise(3, citizen="") == ()


def test_a_promise_before_the_first_plan_is_kept_for_later() -> None:
    centre = Promising(plan=change(promising(), queues=(), flows={}, numbers=()))
    assert every(centre.promise(1), PromiseMade)
    assert len(centre.open()) == 1
    assert len(every(centre.plan(promising()), ContactOpened)) == 1
