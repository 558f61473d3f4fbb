"""A plan that changes in mid-work: nobody is hung up on, moved or overtaken by it."""

from typing import Any

from haedap.domain.decisions import OfferContact, Play, Refuse
from haedap.domain.events import TransferRequested
from haedap.domain.facts import AgentReachabilityChanged, AgentStateChanged, FlowStepEntered, OfferEnded
from haedap.domain.ids import FlowKey, HoursKey, QueueKey
from haedap.domain.plan import Hours, Number
from haedap.domain.states import AgentState, ContactState, EndedBy, OfferOutcome, RefusalCause, TransferMode
from haedap.domain.targets import ToQueue
from tests.unit.routing.centre import (
    MENU,
    MENU_LINE,
    PLAN,
    TAX_LINE,
    WATER_LINE,
    Centre,
    agent,
    change,
    change_queue,
    closing,
    every,
    kinds,
    only,
    queue_flow,
    states,
)

WITHOUT_WATER = change(
    PLAN,
    queues=PLAN.queues[:1],
    numbers=tuple(number for number in PLAN.numbers if number.number != WATER_LINE),
    flows={key: flow for key, flow in PLAN.flows.items() if key != "water"},
)


def test_the_same_plan_again_changes_nothing() -> None:
    centre = Centre()
    centre.ready(1)
    assert centre.plan(PLAN) == ()


def test_citizens_of_a_removed_queue_are_served_by_its_last_rules() -> None:
    centre = Centre()
    centre.call("c", WATER_LINE)
    assert centre.plan(WITHOUT_WATER) == ()
    assert centre.contact_state("c") is ContactState.WAITING
    assert only(centre.call("d", WATER_LINE), Refuse).cause is RefusalCause.UNKNOWN_NUMBER
    centre.ready(3)
    assert centre.router.snapshot().contacts[0].leg is not None
    centre.answer("c.1")
    assert states(centre.leg_ends("c.1", EndedBy.AGENT)) == [(3, AgentState.AVAILABLE, "")]
    assert [queue.rules.key for queue in centre.router.snapshot().queues] == ["tax"]


def test_a_queue_that_comes_back_is_the_same_queue() -> None:
    centre = Centre()
    centre.call("a", WATER_LINE)
    centre.plan(WITHOUT_WATER)
    centre.plan(PLAN)
    centre.call("b", WATER_LINE)
    centre.ready(3)
    assert centre.contact_state("a") is ContactState.OFFERED


def test_a_queue_that_was_changed_and_then_removed_keeps_its_citizens() -> None:
    centre = Centre()
    centre.call("c", WATER_LINE)
    centre.plan(change_queue(PLAN, "water", ring_seconds=5))
    centre.plan(WITHOUT_WATER)
    centre.ready(3)
    assert centre.contact_state("c") is ContactState.OFFERED


def test_a_removed_queue_keeps_the_citizen_who_was_moved_to_it() -> None:
    centre = Centre()
    centre.talking(1, "c")
    water = ToQueue(QueueKey("water"))
    centre.post(TransferRequested, agent=1, contact="c", mode=TransferMode.BLIND, target=water, brief="")
    centre.plan(WITHOUT_WATER)
    centre.ready(3)
    assert centre.contact_state("c") is ContactState.OFFERED


def test_new_rules_hold_at_once() -> None:
    centre = Centre()
    centre.call("c")
    centre.ready(3)
    centre.leave("c")
    centre.plan(change_queue(PLAN, "tax", ring_seconds=5))
    assert only(centre.call("d"), OfferContact).ring_seconds == 5


def test_announcements_that_come_while_a_citizen_waits_are_heard() -> None:
    centre = Centre(change_queue(PLAN, "tax", announce_every_seconds=0))
    centre.call("c")
    assert every(centre.after(100), Play) == []
    centre.plan(change_queue(PLAN, "tax", announce_every_seconds=30))
    assert every(centre.after(29), Play) == []
    assert only(centre.after(1), Play).sayings[0].prompt == "position"


def test_a_queue_with_another_skill_finds_its_new_agents() -> None:
    centre = Centre()
    centre.ready(3)
    centre.plan(change(PLAN, agents=(agent(3, water=1),)))
    centre.call("c")
    assert centre.contact_state("c") is ContactState.WAITING
    outputs = centre.plan(change_queue(change(PLAN, agents=(agent(3, water=1),)), "tax", skill="water"))
    assert only(outputs, OfferContact).agent == 3


def test_a_new_skill_gets_the_contacts_that_wait_for_it() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("a", WATER_LINE)
    centre.call("b", WATER_LINE)
    outputs = centre.plan(change(PLAN, agents=(agent(1, tax=1, water=3), *PLAN.agents[1:])))
    assert only(outputs, OfferContact).contact == "a"


def test_a_skill_named_twice_counts_with_its_better_level() -> None:
    twice = agent(2, tax=1)
    twice = type(twice)(twice.id, twice.name, twice.endpoint, (*agent(2, tax=3).skills, *twice.skills))
    centre = Centre(change(PLAN, agents=(agent(1, tax=2), twice)))
    centre.ready(1, 2)
    assert only(centre.call("c"), OfferContact).agent == 2


def test_a_removed_agent_finishes_call_and_wrap_up() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    told = only(centre.plan(change(PLAN, agents=PLAN.agents[1:])), AgentStateChanged)
    assert (told.state, told.pending) == (AgentState.ENGAGED, AgentState.SIGNED_OUT)
    assert centre.available(1) == centre.away(1) == (), "who is off the plan cannot stay"
    assert states(centre.leg_ends(offer, EndedBy.AGENT)) == [(1, AgentState.WRAP_UP, "")]
    assert states(centre.after(60)) == [(1, AgentState.SIGNED_OUT, "")]
    assert centre.agent_state(1) is None


def test_a_removed_agent_gets_no_more_offers() -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.call("c")
    outputs = centre.plan(change(PLAN, agents=PLAN.agents[1:]))
    assert only(outputs, OfferEnded).outcome is OfferOutcome.WITHDRAWN
    assert only(outputs, OfferContact).agent == 2
    assert centre.agent_state(1) is None


def test_whether_a_telephone_is_registered_is_known_before_and_after_the_plan_knows_its_agent() -> None:
    centre = Centre()
    centre.reachable(7)
    told = only(centre.plan(change(PLAN, agents=(*PLAN.agents, agent(7, tax=1)))), AgentReachabilityChanged)
    assert (told.agent, told.reachable) == (7, True)
    told = only(centre.plan(PLAN), AgentReachabilityChanged)
    assert (told.agent, told.reachable) == (7, False)
    centre.unreachable(7)
    assert centre.plan(change(PLAN, agents=(*PLAN.agents, agent(7, tax=1)))) == ()


def menu(**fields: Any) -> dict[str, Any]:
    """The menu's flow with a changed menu step."""
    return {**MENU, "steps": {**MENU["steps"], "menu": {**MENU["steps"]["menu"], **fields}}}


def test_a_step_that_is_the_same_goes_on_undisturbed() -> None:
    centre = Centre()
    centre.call("c", MENU_LINE)
    centre.press("c", "3")
    assert centre.plan(change(PLAN, flows={**PLAN.flows, "menu": menu(prompts=["other"])})) == ()


def test_an_edited_step_is_said_anew() -> None:
    centre = Centre()
    centre.call("c", MENU_LINE)
    outputs = centre.plan(change(PLAN, flows={**PLAN.flows, "menu": menu(prompts=["other"])}))
    assert [saying.prompt for saying in only(outputs, Play).sayings] == ["other"]
    assert centre.played("c", "c-1") == ()


def test_a_flow_that_is_gone_gives_way_to_the_one_that_answers_the_number_now() -> None:
    centre = Centre()
    centre.call("c", MENU_LINE)
    numbers = tuple(Number(number.number, FlowKey("tax")) for number in PLAN.numbers)
    outputs = centre.plan(change(PLAN, numbers=numbers, flows={"tax": queue_flow("tax")}))
    assert only(outputs, FlowStepEntered).flow == "tax"
    assert centre.contact_state("c") is ContactState.WAITING


def test_when_nothing_answers_the_number_any_more_the_citizen_in_its_flow_is_let_go() -> None:
    centre = Centre()
    centre.call("c", MENU_LINE)
    numbers = tuple(number for number in PLAN.numbers if number.number == TAX_LINE)
    outputs = centre.plan(change(PLAN, numbers=numbers, flows={"tax": queue_flow("tax")}))
    assert kinds(outputs) == ["EndContact", "ContactClosed"]
    assert closing(outputs) == ("left_in_flow", "centre")


def test_hours_that_cannot_be_read_refuse_their_numbers_only() -> None:
    flow = {
        "start": "hours",
        "steps": {
            "hours": {"kind": "hours", "hours": "main", "open": "wait", "closed": "bye"},
            "wait": {"kind": "queue", "queue": "tax"},
            "bye": {"kind": "hang_up"},
        },
    }
    main = HoursKey("main")
    for bad in (Hours(main, ()), Hours(main, ((),) * 7, time_zone="Nowhere/At_all")):
        centre = Centre(change(PLAN, hours=(bad,), flows={**PLAN.flows, "menu": flow}))
        assert only(centre.call("c", MENU_LINE), Refuse).cause is RefusalCause.NO_PLAN
        assert not every(centre.call("d"), Refuse)


def test_a_plan_without_anything_keeps_those_who_are_there() -> None:
    centre = Centre()
    offer = centre.talking(1, "talking")
    centre.call("waiting")
    centre.plan(type(PLAN)(version=9))
    assert centre.contact_state("waiting") is ContactState.WAITING
    assert closing(centre.leg_ends(offer, EndedBy.AGENT)) == ("answered", "agent")
    centre.after(60)
    assert closing(centre.leave("waiting")) == ("abandoned", "citizen")
    snapshot = centre.router.snapshot()
    assert not snapshot.agents
    assert not snapshot.queues
