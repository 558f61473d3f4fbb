"""The citizen's side of promises: offered in the queue, after hours, by voice; after giving up and after a cut."""

from typing import Any

import pytest

from haedap.domain import events as e
from haedap.domain.decisions import OfferContact, Play, PlayMusic, TakeMessage
from haedap.domain.facts import ContactClosed, ContactMoved, ContactOpened, MessageLeft, PromiseMade
from haedap.domain.ids import AgentId, ContactId, FlowKey, QueueKey
from haedap.domain.plan import Overflow
from haedap.domain.states import (
    AgentState,
    ContactState,
    EndedBy,
    MoveCause,
    PromiseOutcome,
    PromiseReason,
    TransferMode,
)
from haedap.domain.targets import ToQueue
from tests.unit.routing.centre import MENU_LINE, WATER_LINE, change, closing, every, kinds, only
from tests.unit.routing.promising import (
    CITIZEN,
    NIGHT_LINE,
    OTHER,
    TAX,
    Promising,
    cut,
    ended,
    made,
    offered,
    opened,
    play_ends,
    promising,
    said,
)


def waiting_long(**rules: Any) -> Promising:
    """Two citizens wait; the first has been offered to be called back."""
    centre = Promising(announce_every_seconds=30, callback_offer_seconds=60, **rules)
    centre.call("c", caller=CITIZEN)
    centre.call("later", caller=OTHER)
    centre.after(30)
    play_ends(centre, "c")
    centre.after(30)
    return centre


def test_the_offer_is_made_from_its_time_on_and_only_then_does_the_key_count() -> None:
    centre = Promising(announce_every_seconds=30, callback_offer_seconds=60)
    centre.call("c", caller=CITIZEN)
    assert said(centre.after(30)) == ["position"]
    assert centre.press("c", "1") == (), "nobody has offered it yet"
    play_ends(centre, "c")
    assert said(centre.after(30)) == ["position", "callback_offer"]
    assert said(centre.press("c", "1")) == ["callback_confirm"]


def test_a_queue_that_announces_nothing_offers_the_callback_all_the_same() -> None:
    centre = Promising(announce_every_seconds=0, callback_offer_seconds=60)
    centre.call("c", caller=CITIZEN)
    assert said(centre.after(59)) == []
    assert said(centre.after(1)) == ["callback_offer"]
    play_ends(centre, "c")
    assert said(centre.after(60)) == ["callback_offer"]


def test_pressing_one_twice_keeps_the_place_and_ends_the_call() -> None:
    centre = waiting_long()
    centre.press("c", "1")
    outputs = centre.press("c", "1")
    promise = made(outputs)
    assert (promise.citizen, promise.owner, promise.reason, promise.contact) == (
        CITIZEN,
        TAX,
        PromiseReason.QUEUE,
        "c",
    )
    assert said(outputs) == ["callback_promised"]
    centre.ready(2)
    assert centre.router.snapshot().agents[1].contact == "later", "who is on the line is not called"
    outputs = play_ends(centre, "c")
    assert closing(outputs) == ("promised", "flow")
    assert "EndContact" in kinds(outputs)
    out = opened(outputs)
    centre.call("last")
    centre.ready(1)
    assert centre.router.snapshot().agents[0].contact == out, "the old place"


def test_who_hangs_up_before_the_last_words_has_the_promise() -> None:
    centre = waiting_long()
    centre.press("c", "1")
    centre.press("c", "1")
    assert closing(centre.leave("c")) == ("promised", "citizen")
    assert len(centre.outgoing()) == 1


def test_another_number_is_called_back() -> None:
    centre = waiting_long()
    centre.press("c", "1")
    centre.press("c", "2")
    for digit in "0220000199":
        centre.press("c", digit)
    assert made(centre.press("c", "#")).citizen == "+82220000199"


def test_who_says_no_or_nothing_waits_on_at_the_same_place() -> None:
    centre = waiting_long()
    centre.press("c", "1")
    assert every(centre.press("c", "0"), PlayMusic)
    centre.ready(1)
    assert centre.router.snapshot().agents[0].contact == "c"
    centre = waiting_long()
    centre.press("c", "1")
    for _ in range(3):
        play_ends(centre, "c")
        outputs = centre.after(6)
    assert any(music.contact == "c" for music in every(outputs, PlayMusic))
    assert centre.contact_state("c") is ContactState.WAITING


def test_an_agent_may_be_quicker_than_the_answer() -> None:
    centre = waiting_long()
    centre.press("c", "1")
    centre.ready(1)
    centre.answer("c.1")
    assert centre.press("c", "1") == ()
    assert centre.contact_state("c") is ContactState.ENGAGED
    centre = waiting_long()
    centre.press("c", "1")
    centre.ready(1)
    outputs = centre.press("c", "1")
    assert made(outputs).citizen == CITIZEN
    assert centre.router.snapshot().agents[0].contact == "later", "the offer is taken back for the next"


def test_whoever_gives_up_in_the_dialogue_has_given_up() -> None:
    centre = waiting_long()
    centre.press("c", "1")
    assert closing(centre.leave("c")) == ("abandoned", "citizen")
    assert centre.open() == []


def test_after_hours_the_flow_promises_a_call_in_hours() -> None:
    centre = Promising()
    centre.ready(1)
    centre.at_night()
    assert said(centre.call("c", NIGHT_LINE, caller=CITIZEN)) == ["callback_confirm"]
    outputs = centre.press("c", "1")
    assert made(outputs).reason is PromiseReason.AFTER_HOURS
    assert closing(play_ends(centre, "c")) == ("promised", "flow")
    assert not every(centre.until(22.9), OfferContact)
    assert len(offered(centre.until(23))) == 1


def test_a_spoken_message_is_a_promise() -> None:
    centre = Promising()
    centre.at_night()
    centre.call("c", NIGHT_LINE, caller=CITIZEN)
    centre.press("c", "0")
    assert only(play_ends(centre, "c"), TakeMessage).most_seconds == 120
    outputs = centre.post(e.MessageTaken, contact=ContactId("c"), seconds=12)
    assert only(outputs, MessageLeft).seconds == 12
    assert made(outputs).reason is PromiseReason.VOICEMAIL
    assert said(outputs) == ["voicemail_thanks"]
    assert closing(centre.leave("c")) == ("promised", "citizen")
    assert centre.post(e.MessageTaken, contact=ContactId("c"), seconds=12) == ()


def test_a_message_that_a_dead_engine_may_not_have_begun_is_asked_for_again_for_the_rest_of_its_time() -> None:
    centre = Promising()
    centre.at_night()
    centre.call("c", NIGHT_LINE, caller=CITIZEN)
    centre.press("c", "0")
    assert not every(centre.reconcile("c"), TakeMessage), "nothing is recorded while the question is asked"
    play_ends(centre, "c")
    centre.after(20)
    assert only(centre.reconcile("c"), TakeMessage).most_seconds == 100
    centre.post(e.MessageTaken, contact=ContactId("c"), seconds=12)
    assert not every(centre.reconcile("c"), TakeMessage), "it is on tape"
    assert closing(centre.reconcile(""))[0] == "promised", "also when the citizen is gone"


def test_an_empty_message_is_none() -> None:
    centre = Promising()
    centre.at_night()
    centre.call("c", NIGHT_LINE, caller=CITIZEN)
    centre.press("c", "0")
    for _ in range(2):
        play_ends(centre, "c")
        outputs = centre.post(e.MessageTaken, contact=ContactId("c"), seconds=0)
    assert closing(outputs) == ("closed_by_flow", "flow")
    assert centre.open() == []


def test_whoever_gives_up_is_called_back_if_the_queue_says_so() -> None:
    for rule in (False, True):
        centre = Promising(abandoned_callback=rule)
        centre.call("c", caller=CITIZEN)
        outputs = centre.leave("c")
        assert closing(tuple(o for o in outputs if isinstance(o, ContactClosed))) == ("abandoned", "citizen")
        assert [fact.reason for fact in every(outputs, PromiseMade)] == [PromiseReason.ABANDONED] * rule
    centre.call("unknown")
    assert not every(centre.leave("unknown"), PromiseMade), "no number to call"


@pytest.mark.parametrize("by", [EndedBy.LINE, EndedBy.CENTRE])
def test_a_talk_that_breaks_off_is_a_promise_for_the_same_agent_at_once(by: EndedBy) -> None:
    centre = Promising()
    centre.ready(1)
    centre.call("c", caller=CITIZEN)
    centre.answer("c.1")
    centre.ready(2)
    outputs = cut(centre, "c", by)
    assert made(outputs).reason is PromiseReason.DROPPED
    assert offered(outputs)[0][1] == 1, "even in the wrap-up, while another agent is free"
    assert centre.agent_state(2) is AgentState.AVAILABLE


def test_a_talk_that_somebody_ended_is_no_promise() -> None:
    centre = Promising()
    centre.ready(1)
    for contact in ("a", "b"):
        centre.available(1)
        centre.call(contact, caller=CITIZEN)
        centre.answer(f"{contact}.1")
        outputs = centre.leave("a") if contact == "a" else centre.leg_ends("b.1", EndedBy.AGENT)
        assert every(outputs, ContactClosed)
        assert not every(outputs, PromiseMade)


def test_the_exchange_dies_and_each_of_its_calls_becomes_a_promise() -> None:
    """Talking, waiting, ringing and in the menu: none is lost, and each keeps its place."""
    centre = Promising()
    centre.ready(1)
    numbers = [f"+82100000001{number}" for number in range(5)]
    centre.call("talking", caller=numbers[0])
    centre.answer("talking.1")
    centre.ready(3)
    centre.call("ringing", caller=numbers[1])
    centre.call("waiting", caller=numbers[2])
    centre.call("menu", MENU_LINE, caller=numbers[3])
    centre.call("withheld", withheld=True)
    outputs = centre.reconcile()
    assert {promise.citizen: promise.reason for promise in every(outputs, PromiseMade)} == dict.fromkeys(
        numbers[:4], PromiseReason.DROPPED
    )
    outcomes = {fact.contact: fact.outcome.value for fact in every(outputs, ContactClosed)}
    assert outcomes == {
        "talking": "answered",
        "ringing": "promised",
        "waiting": "promised",
        "menu": "promised",
        "withheld": "abandoned",
    }


def test_who_is_dropped_before_a_message_and_would_have_come_to_an_agent_without_one_is_called_back() -> None:
    steps = {
        "message": {"kind": "voicemail", "queue": "tax", "otherwise": "wait"},
        "wait": {"kind": "queue", "queue": "water"},
    }
    plan = promising()
    centre = Promising(change(plan, flows={**plan.flows, FlowKey("night"): {"start": "message", "steps": steps}}))
    centre.call("c", NIGHT_LINE, caller=CITIZEN)
    assert made(cut(centre, "c", EndedBy.CENTRE)).owner == ToQueue(QueueKey("water"))


def test_a_citizen_reached_and_cut_off_is_called_again() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise())
    centre.answer(f"{contact}.1")
    centre.reached(contact)
    outputs = cut(centre, contact)
    assert closing(tuple(o for o in outputs if isinstance(o, ContactClosed))) == ("answered", "line")
    assert made(outputs).citizen == CITIZEN
    assert opened(outputs) != contact


# --- redial


def test_who_gave_up_and_calls_again_has_the_old_place_and_no_menu() -> None:
    centre = Promising()
    centre.call("c", MENU_LINE, caller=CITIZEN)
    centre.press("c", "2")
    centre.call("between")
    centre.leave("c")
    centre.after(599)
    centre.router = centre.router.restore(centre.router.snapshot())
    outputs = centre.call("again", MENU_LINE, caller=CITIZEN)
    assert only(outputs, ContactOpened).resumes == "c"
    assert "FlowStepEntered" not in kinds(outputs)
    centre.ready(1)
    assert centre.router.snapshot().agents[0].contact == "again"


@pytest.mark.parametrize(
    ("minutes", "caller"), [(10.1, CITIZEN), (1, OTHER), (1, None)], ids=["too late", "somebody else", "withheld"]
)
def test_nobody_else_and_nobody_later_has_the_place(minutes: float, caller: str | None) -> None:
    centre = Promising()
    centre.call("c", MENU_LINE, caller=CITIZEN)
    centre.press("c", "1")
    centre.leave("c")
    centre.after(minutes * 60)
    outputs = centre.call("again", MENU_LINE, caller=caller, withheld=caller is None)
    assert only(outputs, ContactOpened).resumes is None
    assert "FlowStepEntered" in kinds(outputs)


def test_a_place_is_kept_no_longer_than_it_is_given_back() -> None:
    centre = Promising()
    kept: list[list[str]] = []
    centre.call("a2", caller=CITIZEN)
    for contact, caller, minutes in (("a", CITIZEN, 0), ("b", OTHER, 5), ("a2", None, 9), ("c", "+821000000003", 15.1)):
        centre.until(minutes / 60)
        if caller:
            centre.call(contact, caller=caller)
        centre.leave(contact)
        kept.append([gone.contact for gone in centre.router.snapshot().gone])
    assert kept == [["a"], ["a", "b"], ["b", "a2"], ["a2", "c"]]


def test_the_queues_words_are_said_again_to_who_resumes() -> None:
    centre = Promising()
    centre.call("c", MENU_LINE, caller=CITIZEN)
    centre.press("c", "1")
    centre.leave("c")
    assert said(centre.call("again", MENU_LINE, caller=CITIZEN)) == ["connecting"]


def test_who_was_cut_off_reaches_the_same_agent_and_is_not_called_as_well() -> None:
    centre = Promising()
    centre.ready(1)
    centre.call("c", caller=CITIZEN)
    centre.answer("c.1")
    centre.ready(2)
    cut(centre, "c")
    outputs = centre.call("again", caller=CITIZEN)
    assert [outcome for _, outcome in ended(outputs)] == [PromiseOutcome.RESOLVED]
    assert offered(outputs)[-1] == ("again", 1)
    assert centre.outgoing() == []


def test_who_was_cut_off_waits_a_while_for_the_same_agent() -> None:
    centre = Promising()
    centre.ready(1)
    centre.call("c", caller=CITIZEN)
    centre.answer("c.1")
    out = opened(cut(centre, "c"))
    centre.answer(f"{out}.1")
    centre.not_reached(out)
    assert centre.agent_state(1) is AgentState.WRAP_UP
    centre.ready(2)
    assert offered(centre.call("again", caller=CITIZEN)) == []
    assert offered(centre.after(1)) == []
    assert offered(centre.after(14)) == [("again", 1)]


def test_who_resumes_flows_over_like_anybody() -> None:
    centre = Promising(overflow=(Overflow(QueueKey("water"), after_seconds=60),))
    centre.call("c", caller=CITIZEN)
    centre.leave("c")
    centre.call("again", caller=CITIZEN)
    assert only(centre.after(60), ContactMoved).contact == "again"


def test_who_was_cut_off_in_the_queue_keeps_the_priority_too() -> None:
    centre = Promising()
    centre.call("c", MENU_LINE, caller=CITIZEN)
    centre.press("c", "2")
    cut(centre, "c")
    assert [record.priority for record in centre.outgoing()] == [5]


def test_a_place_is_not_given_back_where_the_way_is_closed() -> None:
    """Who gave up just before closing hears that it is closed."""
    centre = Promising()
    plan = centre.router.snapshot().plan
    assert plan is not None
    flow = {
        "start": "hours",
        "steps": {
            "hours": {"kind": "hours", "hours": "office", "open": "wait", "closed": "bye"},
            "wait": {"kind": "queue", "queue": "tax"},
            "bye": {"kind": "announcement", "prompts": ["closed"]},
        },
    }
    centre.plan(change(plan, flows={**plan.flows, "tax": flow}))
    centre.until(7.95)
    centre.call("c", caller=CITIZEN)
    centre.leave("c")
    centre.until(8)
    assert said(centre.call("again", caller=CITIZEN)) == ["closed"]


# --- moving


def test_a_supervisor_moves_a_waiting_contact_which_keeps_its_place() -> None:
    centre = Promising()
    centre.call("c")
    centre.call("water", WATER_LINE)
    move = {"contact": ContactId("c"), "queue": "water"}
    assert centre.post(e.MoveRequested, supervisor=AgentId(1), **move) == (), "no supervisor"
    assert centre.post(e.MoveRequested, supervisor=AgentId(9), contact="c", queue="tax") == (), "it is there"
    outputs = centre.post(e.MoveRequested, supervisor=AgentId(9), **move)
    moved = only(outputs, ContactMoved)
    assert (moved.queue, moved.cause, moved.by) == ("water", MoveCause.SUPERVISOR, 9)
    centre.ready(3)
    assert centre.router.snapshot().agents[2].contact == "c"
    assert centre.post(e.MoveRequested, supervisor=AgentId(9), **move) == (), "it does not wait any more"
    assert centre.post(e.MoveRequested, supervisor=AgentId(9), contact="water", queue="nowhere") == ()


def test_who_had_an_agent_before_was_answered_and_is_called_back() -> None:
    """The agent's telephone died for good; back in the queue, the citizen rather hangs up and is called."""
    centre = Promising(announce_every_seconds=0, callback_offer_seconds=0, reconnect_seconds=0)
    centre.ready(1)
    centre.call("c", caller=CITIZEN)
    centre.answer("c.1")
    lost = centre.leg_ends("c.1", EndedBy.LINE)
    centre.played("c", only(lost, Play).id)
    centre.after(60)
    centre.press("c", "1")
    assert made(centre.press("c", "1")).citizen == CITIZEN
    assert closing(centre.leave("c")) == ("answered", "citizen")
    assert len(centre.outgoing()) == 1


def test_a_key_means_nothing_in_a_queue_that_offered_nothing_after_the_talk() -> None:
    centre = waiting_long()
    centre.ready(1)
    centre.answer("c.1")
    water = {"mode": TransferMode.BLIND, "target": ToQueue(QueueKey("water"))}
    centre.post(e.TransferRequested, agent=AgentId(1), contact=ContactId("c"), **water)
    assert centre.contact_state("c") is ContactState.WAITING
    assert centre.press("c", "1") == ()


def test_a_plan_that_takes_the_flow_away_does_not_ask_a_thanked_citizen_again() -> None:
    centre = Promising()
    centre.call("c", NIGHT_LINE, caller=CITIZEN)
    centre.press("c", "1")
    plan = centre.router.snapshot().plan
    assert plan is not None
    outputs = centre.plan(change(plan, flows={}))
    assert closing(tuple(o for o in outputs if isinstance(o, ContactClosed))) == ("promised", "flow")
    assert len(centre.outgoing()) == 1
