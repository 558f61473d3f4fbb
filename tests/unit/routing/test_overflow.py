"""Overflow by wait, by length, by nobody; widening of skills."""

from time import process_time
from typing import Any

import msgspec

from haedap.domain import events as e
from haedap.domain.decisions import OfferContact, Play
from haedap.domain.facts import ContactMoved
from haedap.domain.ids import AgentId, ContactId, QueueKey, SkillKey
from haedap.domain.plan import Overflow, Widening
from haedap.domain.states import ContactState, EndedBy, MoveCause, TransferMode
from haedap.domain.targets import ToOutside
from tests.unit.routing.centre import PLAN, WATER_LINE, Centre, Output, agent, change, change_queue, every, only
from tests.unit.routing.promising import CITIZEN, offered

WATER = QueueKey("water")
_MOST_SECONDS = 2.0
"""Processor time of 1,000 sign-outs: a tenth of it, and ten times as much if each asks all agents for each contact."""


def overflowing(*rules: Overflow, **fields: Any) -> Centre:
    return Centre(change_queue(PLAN, "tax", overflow=rules, **fields))


def moves(outputs: tuple[Output, ...]) -> list[tuple[str, str, MoveCause]]:
    return [(fact.contact, fact.queue, fact.cause) for fact in every(outputs, ContactMoved)]


def test_who_has_waited_long_flows_over_and_keeps_the_place_by_the_whole_wait() -> None:
    centre = overflowing(Overflow(WATER, after_seconds=60))
    centre.call("c")
    centre.after(1)
    centre.call("w", WATER_LINE)
    assert moves(centre.after(58.9)) == []
    assert moves(centre.after(0.1)) == [("c", "water", MoveCause.WAIT)]
    centre.ready(3)
    assert centre.router.snapshot().agents[2].contact == "c"


def test_who_flows_over_from_a_silent_queue_is_told_by_the_rules_of_the_next() -> None:
    centre = overflowing(Overflow(WATER, after_seconds=10), announce_every_seconds=0)
    centre.call("c")
    assert moves(centre.after(10)) == [("c", "water", MoveCause.WAIT)]
    assert only(centre.after(60), Play).sayings[0].prompt == "position"


def test_who_rings_at_an_agent_is_not_moved_but_is_when_nobody_answers() -> None:
    centre = overflowing(Overflow(WATER, after_seconds=10))
    centre.ready(1)
    centre.call("c")
    assert moves(centre.after(10)) == []
    centre.after(12)
    assert moves(centre.after(5)) == [("c", "water", MoveCause.WAIT)]


def test_a_long_queue_sends_on_who_comes_not_who_waits() -> None:
    centre = overflowing(Overflow(WATER, longer_than=2))
    assert moves((*centre.call("a"), *centre.call("b"))) == []
    assert moves(centre.call("c")) == [("c", "water", MoveCause.LENGTH)]


def test_where_nobody_is_signed_in_the_contact_goes_on_at_once_and_with_the_last_agent() -> None:
    centre = overflowing(Overflow(WATER, nobody=True))
    assert moves(centre.call("a")) == [("a", "water", MoveCause.NOBODY)]
    centre.ready(1)
    centre.away(1)
    assert moves(centre.call("b")) == [], "away is not gone"
    assert moves(centre.sign_out(1)) == [("b", "water", MoveCause.NOBODY)]


def test_who_comes_back_from_an_officer_when_everybody_has_gone_home_flows_over() -> None:
    centre = overflowing(Overflow(WATER, nobody=True))
    centre.talking(1, "c")
    officer = {"mode": TransferMode.BLIND, "target": ToOutside("1234")}
    centre.post(e.TransferRequested, agent=AgentId(1), contact=ContactId("c"), **officer)
    centre.answer("c.2")
    centre.after(61)
    centre.sign_out(1)
    assert moves(centre.leg_ends("c.2", EndedBy.LINE)) == [("c", "water", MoveCause.NOBODY)]


def test_who_is_kept_for_the_last_agent_flows_over_when_they_go() -> None:
    centre = overflowing(Overflow(WATER, nobody=True))
    redialled(centre)
    assert centre.contact_state("again") is ContactState.OFFERED
    assert moves(centre.sign_out(1)) == [("again", "water", MoveCause.NOBODY)]


def test_who_is_kept_for_an_agent_finds_as_many_waiting_as_anybody() -> None:
    centre = overflowing(Overflow(WATER, longer_than=1))
    assert moves(redialled(centre, "other")) == [("again", "water", MoveCause.LENGTH)]


def redialled(centre: Centre, *others: str) -> tuple[Output, ...]:
    """The citizen of agent 1 was cut off, and calls again while `others` wait and the agent wraps up, or is free."""
    centre.ready(1)
    offer = only(centre.call("c", caller=CITIZEN), OfferContact).offer
    centre.answer(offer)
    for other in others:
        centre.call(other)
    centre.leave("c", EndedBy.LINE)
    if not others:
        centre.available(1)
    return centre.call("again", caller=CITIZEN)


def test_who_has_flowed_over_flows_on_by_the_rules_of_the_next_queue() -> None:
    third = msgspec.structs.replace(PLAN.queues[1], key=QueueKey("health"))
    plan = change_queue(PLAN, "tax", overflow=(Overflow(WATER, after_seconds=60),))
    plan = change_queue(plan, "water", overflow=(Overflow(third.key, after_seconds=30),))
    centre = Centre(change(plan, queues=(*plan.queues, third)))
    centre.call("c")
    assert moves(centre.after(60)) == [("c", "water", MoveCause.WAIT)]
    assert moves(centre.after(29.9)) == []
    assert moves(centre.after(0.1)) == [("c", "health", MoveCause.WAIT)]


def test_a_removed_queue_keeps_the_citizen_who_flowed_into_it() -> None:
    centre = overflowing(Overflow(WATER, after_seconds=60))
    centre.call("c")
    centre.after(60)
    centre.plan(change(PLAN, queues=PLAN.queues[:1], flows={}, numbers=()))
    centre.ready(3)
    assert centre.contact_state("c") is ContactState.OFFERED


def test_two_queues_that_flow_into_each_other_do_not_play_ball() -> None:
    there = change_queue(PLAN, "tax", overflow=(Overflow(WATER, nobody=True),))
    both = change_queue(there, "water", overflow=(Overflow(QueueKey("tax"), nobody=True, after_seconds=10),))
    centre = Centre(both)
    assert moves(centre.call("c")) == [("c", "water", MoveCause.NOBODY)]
    assert moves(centre.after(100)) == []


def test_a_rule_that_names_no_queue_of_the_plan_holds_never() -> None:
    centre = overflowing(Overflow(QueueKey("nowhere"), nobody=True, after_seconds=5), Overflow(WATER, after_seconds=9))
    assert moves(centre.call("c")) == []
    assert moves(centre.after(5)) == []
    assert moves(centre.after(4)) == [("c", "water", MoveCause.WAIT)]


def test_skills_widen_with_the_wait() -> None:
    plan = change_queue(PLAN, "tax", widening=(Widening(30, SkillKey("water")),))
    centre = Centre(msgspec.structs.replace(plan, agents=(agent(1, tax=1), agent(3, water=1))))
    centre.ready(3)
    centre.call("c")
    assert offered(centre.after(29.9)) == []
    assert offered(centre.after(0.1)) == [("c", 3)]


def test_agents_of_its_own_skill_are_asked_before_those_of_a_wider_one() -> None:
    plan = change_queue(PLAN, "tax", widening=(Widening(0, SkillKey("water")),))
    centre = Centre(msgspec.structs.replace(plan, agents=(agent(1, tax=2), agent(3, water=1))))
    centre.ready(3, 1)
    assert offered(centre.call("c")) == [("c", 1)]
    assert offered(centre.call("d")) == [("d", 3)]


def test_a_widened_contact_that_is_served_or_moved_leaves_every_list() -> None:
    plan = change_queue(PLAN, "tax", widening=(Widening(5, SkillKey("water")),), overflow=(Overflow(WATER, 20),))
    centre = Centre(plan)
    centre.call("c")
    centre.after(5)
    restored = centre.router.restore(centre.router.snapshot())
    centre.router = restored
    assert only(centre.after(15), ContactMoved).queue == "water"
    centre.call("d")
    centre.after(5)
    centre.leave("d")
    centre.leave("c")
    centre.ready(3)
    assert centre.router.snapshot().agents[2].contact is None


def test_a_rule_that_comes_while_a_citizen_waits_counts_from_when_they_came() -> None:
    centre = Centre()
    centre.call("c")
    centre.after(40)
    centre.call("d")
    assert moves(centre.plan(change_queue(PLAN, "tax", overflow=(Overflow(WATER, after_seconds=30),)))) == []
    assert moves(centre.after(0)) == [("c", "water", MoveCause.WAIT)]
    assert moves(centre.after(29.9)) == []
    assert moves(centre.after(0.1)) == [("d", "water", MoveCause.WAIT)]


def test_a_shorter_wait_holds_for_who_rings_at_an_agent_as_soon_as_nobody_answers() -> None:
    centre = overflowing(Overflow(WATER, after_seconds=600))
    centre.ready(1)
    centre.call("c")
    centre.plan(change_queue(PLAN, "tax", overflow=(Overflow(WATER, after_seconds=5),)))
    assert moves(centre.after(22)) == []
    assert moves(centre.after(5)) == [("c", "water", MoveCause.WAIT)]


def test_a_rule_holds_when_the_queue_that_it_names_comes_to_the_plan() -> None:
    rule = change_queue(PLAN, "tax", overflow=(Overflow(WATER, after_seconds=9),))
    centre = Centre(msgspec.structs.replace(rule, queues=rule.queues[:1]))
    centre.call("c")
    assert moves(centre.after(60)) == []
    centre.plan(change(rule))
    assert moves(centre.after(0)) == [("c", "water", MoveCause.WAIT)]


def test_a_widening_that_comes_or_goes_while_a_citizen_waits_holds_at_once() -> None:
    plan = msgspec.structs.replace(PLAN, agents=(agent(1, tax=1), agent(3, water=1)))
    wide = change_queue(plan, "tax", widening=(Widening(30, SkillKey("water")),))
    centre = Centre(plan)
    centre.call("c")
    centre.after(40)
    centre.plan(wide)
    centre.plan(change(plan))
    centre.ready(3)
    assert centre.contact_state("c") == "waiting"
    assert offered(centre.plan(change(wide))) == [("c", 3)]


def test_who_serves_a_queue_is_known_through_changes_of_skills_and_a_restart() -> None:
    tax = change_queue(PLAN, "tax", overflow=(Overflow(WATER, nobody=True),))
    water = change(tax, agents=(agent(1, water=1),))
    centre = Centre(tax)
    centre.ready(1)
    assert moves(centre.plan(water)) == []
    assert moves(centre.call("a")) == [("a", "water", MoveCause.NOBODY)]
    centre.plan(change(tax))
    centre.router = centre.router.restore(centre.router.snapshot())
    assert moves(centre.call("b")) == []
    assert moves(centre.plan(change(water))) == [("b", "water", MoveCause.NOBODY)]


def test_when_a_large_centre_goes_home_no_sign_out_looks_at_everybody_for_everybody() -> None:
    staff, callers = 1000, 200
    plan = change_queue(PLAN, "water", overflow=(Overflow(QueueKey("nowhere"), nobody=True),))
    centre = Centre(change(plan, agents=tuple(agent(number, tax=1) for number in range(1, staff + 1))))
    for number in range(1, staff + 1):
        centre.post(e.AgentSignedIn, agent=AgentId(number))
    for number in range(callers):
        centre.call(f"c{number}", WATER_LINE)
    began = process_time()
    for number in range(1, staff + 1):
        centre.sign_out(number)
    assert process_time() - began < _MOST_SECONDS
