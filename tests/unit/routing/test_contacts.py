"""Arrival, the flow, waiting and what is told there, and the ends of contacts that no agent had."""

from typing import Any

import pytest

from haedap.domain import events as e
from haedap.domain.decisions import OfferContact, Play, PlayMusic, Refuse, Saying
from haedap.domain.facts import ContactOpened, ContactQueued, FlowStepEntered
from haedap.domain.ids import PromptKey
from haedap.domain.plan import FloodLimits
from haedap.domain.states import ContactState, EndedBy, PlayOutcome, RefusalCause
from haedap.routing import Router
from tests.unit.routing.centre import (
    MENU_LINE,
    PLAN,
    SILENT_LINE,
    Centre,
    change,
    change_queue,
    closing,
    every,
    kinds,
    only,
    queue_flow,
)


def test_a_number_that_is_not_ours_is_refused() -> None:
    centre = Centre()
    outputs = centre.call("c", "+82299999999", caller=None, caller_text="anonymous", withheld=True)
    assert kinds(outputs) == ["ContactOpened", "Refuse", "ContactClosed"]
    assert only(outputs, Refuse).cause is RefusalCause.UNKNOWN_NUMBER
    opened = only(outputs, ContactOpened)
    assert (opened.flow, opened.caller, opened.caller_text, opened.withheld) == (None, None, "anonymous", True)
    assert closing(outputs) == ("refused", "centre")


def test_before_the_first_plan_every_call_is_refused() -> None:
    assert only(Centre(plan=None).call("c"), Refuse).cause is RefusalCause.NO_PLAN


@pytest.mark.parametrize(
    "broken",
    [{"start": "nowhere", "steps": {}}, queue_flow("no_such_queue"), {}],
)
def test_a_flow_that_cannot_run_refuses_its_number_only(broken: dict[str, object]) -> None:
    centre = Centre(change(PLAN, flows={**PLAN.flows, "tax": broken}))
    assert only(centre.call("c"), Refuse).cause is RefusalCause.NO_PLAN
    assert every(centre.call("d", MENU_LINE), Play)


FLOOD = change(PLAN, flood=FloodLimits(per_caller=3, unknown=5))


def refusals(centre: Centre, calls: int, name: str, **caller: Any) -> list[RefusalCause | None]:
    """Why each of so many calls was refused, None: it was taken. Each hangs up at once."""
    causes: list[RefusalCause | None] = []
    for number in range(calls):
        outputs = centre.call(f"{name}{number}", **caller)
        causes.append(next((decision.cause for decision in every(outputs, Refuse)), None))
        centre.leave(f"{name}{number}")
    return causes


def test_a_caller_who_floods_is_refused_and_nobody_else_until_the_minute_is_over() -> None:
    centre = Centre(FLOOD)
    flood = RefusalCause.FLOOD
    assert refusals(centre, 5, "a", caller="+821000000001") == [None] * 3 + [flood] * 2
    assert refusals(centre, 1, "b", caller="+821000000002") == [None]
    centre.after(59)
    outputs = centre.call("last", caller="+821000000001")
    assert kinds(outputs) == ["ContactOpened", "Refuse", "ContactClosed"], "a record, and nothing that costs"
    assert only(outputs, ContactOpened).flow is None
    assert closing(outputs) == ("refused", "centre")
    centre.after(1)
    assert refusals(centre, 4, "c", caller="+821000000001") == [None] * 3 + [flood]


def test_withheld_and_unreadable_numbers_share_one_limit() -> None:
    centre = Centre(FLOOD)
    assert refusals(centre, 3, "a", caller=None, withheld=True) == [None] * 3
    assert refusals(centre, 3, "b", caller=None, caller_text="?") == [None, None, RefusalCause.FLOOD]


def test_a_call_to_a_foreign_number_does_not_use_up_the_callers_limit() -> None:
    centre = Centre(FLOOD)
    assert refusals(centre, 9, "a", called="+82299999999", caller="+821000000001") == [RefusalCause.UNKNOWN_NUMBER] * 9
    assert refusals(centre, 1, "b", caller="+821000000001") == [None]


def test_without_limits_nobody_is_refused_and_a_restored_router_counts_on() -> None:
    assert refusals(Centre(), 200, "a", caller="+821000000001") == [None] * 200
    centre = Centre(FLOOD)
    assert refusals(centre, 2, "a", caller="+821000000001") == [None] * 2
    centre.router = Router.restore(centre.router.snapshot())
    assert refusals(centre, 2, "b", caller="+821000000001") == [None, RefusalCause.FLOOD]


def test_a_contact_arrives_once() -> None:
    centre = Centre()
    assert centre.call("c")
    assert centre.call("c") == ()
    centre.leave("c")
    assert centre.call("c", MENU_LINE) == (), "late news of a contact that is over"
    assert centre.leave("c") == ()


def test_the_memory_of_closed_contacts_lasts_an_hour() -> None:
    centre = Centre()
    centre.call("old")
    centre.leave("old")
    centre.after(3599)
    centre.call("a")
    centre.leave("a")
    assert centre.call("old") == ()
    centre.after(2)
    centre.call("b")
    centre.leave("b")
    assert centre.call("old")


def test_the_menu_leads_to_a_queue_with_priority() -> None:
    centre = Centre()
    outputs = centre.call("c", MENU_LINE)
    assert kinds(outputs) == ["ContactOpened", "FlowStepEntered", "Play"]
    outputs = centre.press("c", "2")
    assert kinds(outputs) == ["FlowStepEntered", "ContactQueued", "PlayMusic"]
    assert (only(outputs, FlowStepEntered).step, only(outputs, FlowStepEntered).digit) == ("urgent", "2")
    assert (only(outputs, ContactQueued).queue, only(outputs, ContactQueued).priority) == ("tax", 5)
    assert centre.press("c", "2") == (), "nobody listens any more"
    assert centre.press("nobody", "2") == ()


def test_prompts_of_the_queue_are_said_before_the_music() -> None:
    centre = Centre()
    centre.call("c", MENU_LINE)
    said = only(centre.press("c", "1"), Play)
    assert said.sayings == (Saying(PromptKey("connecting")),)
    assert centre.played("c", "c-1") == (), "the end of an older playback"
    assert kinds(centre.played("c", said.id)) == ["PlayMusic"]
    assert centre.played("c", said.id) == ()
    assert centre.played("nobody", said.id) == ()


def test_a_playback_that_failed_is_no_reason_for_silence() -> None:
    centre = Centre()
    centre.call("c", MENU_LINE)
    said = only(centre.press("c", "1"), Play)
    outputs = centre.post(e.PlaybackEnded, contact="c", request=said.id, outcome=PlayOutcome.FAILED)
    assert kinds(outputs) == ["PlayMusic"]


def test_the_flow_ends_the_call() -> None:
    centre = Centre()
    centre.call("c", MENU_LINE)
    said = only(centre.press("c", "3"), Play)
    outputs = centre.played("c", said.id)
    assert kinds(outputs) == ["EndContact", "ContactClosed"]
    assert closing(outputs) == ("closed_by_flow", "flow")


def test_the_flow_goes_on_by_time() -> None:
    centre = Centre()
    said = only(centre.call("c", MENU_LINE), Play)
    assert centre.played("c", said.id) == ()
    assert centre.after(4.9) == ()
    assert only(centre.after(0.1), ContactQueued).queue == "tax"


@pytest.mark.parametrize("by", [EndedBy.CITIZEN, EndedBy.LINE, EndedBy.CENTRE])
def test_leaving_in_the_flow_and_in_the_queue(by: EndedBy) -> None:
    centre = Centre()
    centre.call("in_flow", MENU_LINE)
    centre.call("waiting")
    assert closing(centre.leave("in_flow", by)) == ("left_in_flow", by.value)
    assert closing(centre.leave("waiting", by)) == ("abandoned", by.value)
    centre.ready(1)
    assert not every(centre.after(100), OfferContact)


def test_without_music_the_call_stays_unanswered_until_the_agent_answers() -> None:
    centre = Centre()
    assert kinds(centre.call("c", SILENT_LINE)) == ["ContactOpened", "FlowStepEntered", "ContactQueued"]
    assert centre.after(3600) == ()
    centre.ready(1)
    assert "Connect" in kinds(centre.answer("c.1"))


def announced(centre: Centre, contact: str, seconds: float) -> tuple[Saying, ...]:
    """What the contact is told after that time."""
    return next(play.sayings for play in every(centre.after(seconds), Play) if play.contact == contact)


def test_position_is_told_every_so_often_and_music_goes_on() -> None:
    centre = Centre()
    centre.call("a")
    centre.call("b")
    assert centre.after(44.9) == ()
    plays = every(centre.after(0.1), Play)
    assert [play.sayings for play in plays] == [(Saying(PromptKey("position"), n),) for n in (1, 2)]
    assert kinds(centre.played("b", plays[1].id)) == ["PlayMusic"]
    centre.leave("a")
    assert announced(centre, "b", 45) == (Saying(PromptKey("position"), 1),)


def test_zero_seconds_tell_nothing() -> None:
    centre = Centre(change_queue(PLAN, "tax", announce_every_seconds=0))
    centre.call("a")
    assert centre.router.next_deadline() is None


def test_nothing_is_said_over_a_ringing_offer_nor_over_another_saying() -> None:
    centre = Centre(change_queue(PLAN, "tax", announce_every_seconds=5))
    centre.ready(1)
    centre.call("a")
    assert centre.after(5) == ()
    centre.call("b")
    assert every(centre.after(5), Play)
    assert not every(centre.after(5), Play), "the first announcement has not ended yet"


def test_the_expected_wait_comes_from_the_answers_of_late() -> None:
    centre = Centre(change_queue(PLAN, "tax", wrap_up_seconds=0))
    centre.ready(1)
    for number in range(5):
        centre.call(f"served{number}")
        centre.after(10)
        centre.answer(f"served{number}.1")
        centre.after(90)
        centre.leave(f"served{number}")
    centre.away(1)
    centre.call("a")
    centre.call("b")
    # five answers, the first 535 s before the announcement: one in 133.75 s
    plays = every(centre.after(45), Play)
    assert [play.sayings[1] for play in plays] == [
        Saying(PromptKey("expected_wait"), 3),
        Saying(PromptKey("expected_wait"), 5),
    ]


def test_what_is_not_known_is_not_said() -> None:
    """Too few answers, answers too old, and a wait beyond half an hour: the position alone."""
    centre = Centre(change_queue(PLAN, "tax", wrap_up_seconds=0))
    centre.ready(1)
    for number in range(5):
        centre.call(f"served{number}")
        centre.answer(f"served{number}.1")
        centre.after(300)
        centre.leave(f"served{number}")
    centre.away(1)
    for number in range(8):
        centre.call(f"c{number}")
    plays = every(centre.after(45), Play)
    said = [len(play.sayings) for play in plays]
    # one answer in 386 s: the fifth in line would wait 32 min
    assert said == [2, 2, 2, 2, 1, 1, 1, 1]
    for play in plays:
        centre.played(play.contact, play.id)
    plays = every(centre.after(1800), Play)
    assert [play.sayings[1:] for play in plays] == [(Saying(PromptKey("long_wait")),)] * 8


def test_who_waits_long_and_cannot_be_told_how_long_yet_is_told_that_it_takes_long() -> None:
    centre = Centre(change_queue(PLAN, "tax", announce_every_seconds=40))
    centre.call("a")
    said = []
    for _ in range(4):
        play = only(centre.after(40), Play)
        said.append([saying.prompt for saying in play.sayings])
        centre.played("a", play.id)
    assert said == [["position"], ["position"], ["position", "long_wait"], ["position", "long_wait"]]


def test_four_answers_are_too_few() -> None:
    centre = Centre(change_queue(PLAN, "tax", wrap_up_seconds=0))
    centre.ready(1)
    for number in range(4):
        centre.call(f"served{number}")
        centre.answer(f"served{number}.1")
        centre.after(10)
        centre.leave(f"served{number}")
    centre.away(1)
    centre.call("a")
    assert announced(centre, "a", 45) == (Saying(PromptKey("position"), 1),)


def test_a_contact_that_was_given_an_agent_is_not_announced_to() -> None:
    centre = Centre()
    centre.talking(1, "c")
    assert centre.contact_state("c") is ContactState.ENGAGED
    assert not every(centre.after(300), Play)
    assert not every(centre.after(300), PlayMusic)
