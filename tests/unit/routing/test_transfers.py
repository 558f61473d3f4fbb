"""Passing the citizen on at once: what is asked of the channel, what becomes true, and what changes nothing."""

import pytest

from haedap.domain.decisions import (
    Announce,
    Connect,
    DialOutside,
    EndLeg,
    Gather,
    OfferContact,
    Play,
    PlayMusic,
    Saying,
)
from haedap.domain.facts import (
    ContactMoved,
    ContactReturned,
    ControlApplied,
    OfferEnded,
    SegmentStarted,
    TransferAnswered,
    TransferEnded,
    TransferStarted,
)
from haedap.domain.ids import PromptKey, QueueKey
from haedap.domain.plan import Overflow
from haedap.domain.states import (
    AgentState,
    ConsultStep,
    ContactState,
    Control,
    EndedBy,
    MoveCause,
    OfferOutcome,
    TransferMode,
)
from haedap.domain.targets import ToOutside
from tests.unit.routing.centre import change_queue, closing, every, kinds, only, states
from tests.unit.routing.talks import OFFICER, SPOKEN, SUPERVISED, Talks, to_agent, to_queue

BLIND, CONSULT = TransferMode.BLIND, TransferMode.CONSULT


def test_blind_to_a_queue_the_citizen_is_the_first_there() -> None:
    talks = Talks()
    talks.begin(1)
    talks.call("d", "+82220000121")
    outputs = talks.blind(1, to_queue("water"))
    assert kinds(outputs) == [
        "TransferStarted",
        "EndLeg",
        "SegmentEnded",
        "AgentStateChanged",
        "TransferEnded",
        "ContactMoved",
        "PlayMusic",
    ]
    moved = only(outputs, ContactMoved)
    assert (moved.queue, moved.cause, moved.by) == ("water", MoveCause.TRANSFER, 1)
    started = only(outputs, TransferStarted)
    assert (started.transfer, started.segment, started.mode, started.brief) == (1, 1, BLIND, "b1")
    talks.ready(2)
    assert talks.ringing() == "c.2", "before who waited already"


def test_who_was_on_hold_is_with_the_next_agent_at_once() -> None:
    talks = Talks()
    talks.begin(1)
    talks.control(1, "c", Control.HOLD)
    talks.blind(1, to_queue("tax"))
    talks.ready(2)
    talks.picks_up()
    assert kinds(talks.reconcile("c", answered=("c.2",))) == ["Connect"]
    assert only(talks.control(2, "c", Control.HOLD), ControlApplied).agent == 2


def test_blind_to_a_queue_never_comes_back_to_the_same_agent_first() -> None:
    talks = Talks()
    talks.ready(2)
    talks.call("c", "+82220000121")
    talks.picks_up()
    talks.blind(2, to_queue("water"))
    assert talks.agent_state(2) is AgentState.AVAILABLE, "without wrap-up"
    assert talks.contact_state("c") is ContactState.WAITING
    talks.ready(3)
    assert only(tuple(talks.said(OfferContact)[1:]), OfferContact).agent == 3


def test_who_passed_on_and_is_alone_has_the_citizen_again_after_20_seconds() -> None:
    talks = Talks()
    talks.ready(2)
    talks.call("c", "+82220000121")
    talks.picks_up()
    talks.blind(2, to_queue("water"))
    talks.run(19)
    assert talks.contact_state("c") is ContactState.WAITING
    talks.run(1)
    assert talks.contact_state("c") is ContactState.OFFERED


def test_passing_on_is_no_fault_of_the_telephone() -> None:
    talks = Talks()
    talks.ready(2)
    for contact in ("c", "d", "e"):
        talks.call(contact, "+82220000121")
    for contact in ("c", "d", "e"):
        talks.picks_up(f"{contact}.1")
        if contact == "c":
            talks.blind(2, to_queue("water"))
        else:
            talks.leave(contact)
    assert talks.agent_state(2) is AgentState.AVAILABLE


def test_a_queue_that_nobody_serves_gives_the_citizen_on_by_its_rules() -> None:
    rule = Overflow(QueueKey("tax"), nobody=True)
    talks = Talks(change_queue(SUPERVISED, "water", overflow=(rule,)))
    talks.begin(1)
    moved = every(talks.blind(1, to_queue("water")), ContactMoved)
    assert [(fact.queue, fact.cause) for fact in moved] == [("water", MoveCause.TRANSFER), ("tax", MoveCause.NOBODY)]


def test_who_waits_after_a_transfer_waits_anew() -> None:
    rule = Overflow(QueueKey("tax"), after_seconds=40)
    talks = Talks(change_queue(SUPERVISED, "water", overflow=(rule,)))
    talks.begin(1)
    talks.blind(1, to_queue("water"))
    talks.run(39)
    assert len(talks.said(ContactMoved)) == 1
    talks.run(1)
    assert talks.said(ContactMoved)[-1].cause is MoveCause.WAIT


def test_a_queue_that_is_not_on_the_plan_keeps_the_citizen_where_they_are() -> None:
    talks = Talks()
    talks.begin(1)
    outputs = talks.blind(1, to_queue("nowhere"))
    assert kinds(outputs) == ["TransferStarted", "TransferEnded"]
    assert talks.contact_state("c") is ContactState.ENGAGED


def test_blind_to_a_colleague() -> None:
    talks = Talks()
    talks.begin(1, 2)
    outputs = talks.blind(1, to_agent(2))
    offer = only(outputs, OfferContact)
    assert (offer.agent, offer.join, offer.auto_answer) == (2, True, False)
    assert only(outputs, PlayMusic).contact == "c"
    assert only(outputs, EndLeg).offer == "c.1"
    assert states(outputs) == [(1, AgentState.WRAP_UP, ""), (2, AgentState.OFFERED, "")]
    outputs = talks.answer("c.2")
    assert kinds(outputs) == [
        "OfferEnded",
        "Connect",
        "TransferAnswered",
        "TransferEnded",
        "SegmentStarted",
        "AgentStateChanged",
    ]
    assert only(outputs, SegmentStarted).segment == 2


def test_a_colleague_hears_what_is_announced_before_the_citizen() -> None:
    talks = Talks()
    talks.begin(1, 2)
    assert not only(talks.blind(1, to_agent(2), SPOKEN), OfferContact).join, "the answer alone joins nobody"
    outputs = talks.answer("c.2")
    assert not every(outputs, Connect)
    said = only(outputs, Announce)
    assert (said.offer, said.text) == ("c.2", SPOKEN)
    assert kinds(talks.played("c", said.id)) == ["Connect"]
    assert talks.played("c", said.id) == ()


def test_a_colleague_of_another_skill_may_be_passed_to() -> None:
    talks = Talks()
    talks.ready(1)
    talks.ready(3)
    talks.call("c", "+82220000121")
    talks.picks_up()
    assert only(talks.blind(3, to_agent(1)), OfferContact).agent == 1


@pytest.mark.parametrize("mode", [BLIND, CONSULT])
@pytest.mark.parametrize(("target", "outcome"), [(1, "busy"), (2, "unreachable"), (3, "busy"), (77, "unreachable")])
def test_who_is_not_free_is_not_rung_and_the_agent_keeps_the_citizen(
    mode: TransferMode, target: int, outcome: str
) -> None:
    """Oneself; one who is away; one whose telephone rings; nobody."""
    talks = Talks()
    talks.begin(1, 2, 3)
    talks.away(2)
    talks.call("d")
    outputs = talks.transfer(1, mode, to_agent(target))
    assert kinds(outputs) == ["TransferStarted", "TransferEnded"]
    assert talks.transfers() == [outcome]
    assert talks.contact_state("c") is ContactState.ENGAGED
    assert kinds(talks.transfer(1, mode, to_agent(target))) == ["TransferStarted", "TransferEnded"], "as often as asked"


def test_a_colleague_whose_telephone_is_off_is_unreachable() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.unreachable(2)
    talks.blind(1, to_agent(2))
    assert talks.transfers() == ["unreachable"]


@pytest.mark.parametrize(
    ("outcome", "told", "state"),
    [
        (OfferOutcome.NO_ANSWER, "no_answer", AgentState.AWAY),
        (OfferOutcome.REJECTED, "rejected", AgentState.AWAY),
        (OfferOutcome.UNREACHABLE, "unreachable", AgentState.AWAY),
        (OfferOutcome.FAILED, "failed", AgentState.AVAILABLE),
    ],
)
def test_a_colleague_who_does_not_come_gives_the_citizen_back(
    outcome: OfferOutcome, told: str, state: AgentState
) -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.blind(1, to_agent(2))
    outputs = talks.fail("c.2", outcome)
    assert only(outputs, OfferEnded).outcome is outcome
    assert talks.transfers() == [told]
    returned = only(outputs, ContactReturned)
    assert (returned.transfer, returned.agent) == (1, 1)
    again = only(outputs, OfferContact)
    assert (again.agent, again.auto_answer, again.offer) == (1, False, "c.3")
    assert (talks.agent_state(1), talks.agent_state(2)) == (AgentState.OFFERED, state)


def test_a_colleague_who_goes_while_it_rings_gives_the_citizen_back_at_once() -> None:
    for leave in (Talks.away, Talks.sign_out, Talks.returned):
        talks = Talks()
        talks.begin(1, 2)
        talks.blind(1, to_agent(2))
        outputs = leave(talks, 2)
        assert only(outputs, TransferEnded).outcome.value == "unreachable"
        assert only(outputs, OfferContact).agent == 1


def test_blind_to_an_officer() -> None:
    talks = Talks()
    talks.begin(1)
    outputs = talks.blind(1, OFFICER, SPOKEN)
    dialled = only(outputs, DialOutside)
    assert (dialled.number, dialled.ring_seconds, dialled.offer) == ("2345", 30, "c.2")
    assert talks.contact_state("c") is ContactState.FORWARDED
    assert talks.agent_state(1) is AgentState.WRAP_UP
    outputs = talks.answer("c.2")
    assert kinds(outputs) == ["TransferAnswered", "Announce"]
    assert talks.answer("c.2") == (), "once"
    outputs = talks.spoken()
    assert kinds(outputs) == ["Gather", "TransferEnded"]
    gathered = only(outputs, Gather)
    assert (gathered.offers, gathered.citizen) == (("c.2",), True)
    talks.connected("c.2")
    outputs = talks.hangs_up("c.2")
    assert kinds(outputs) == ["EndContact", "ContactClosed"]
    assert closing(outputs) == ("answered", "officer")


@pytest.mark.parametrize(("number", "shown"), [("2345", "+821000000001"), ("+82220000199", None)])
def test_only_the_citys_own_telephones_are_shown_the_citizens_number(number: str, shown: str | None) -> None:
    talks = Talks()
    talks.ready(1)
    talks.call("c", caller="+821000000001")
    talks.picks_up()
    assert only(talks.blind(1, ToOutside(number)), DialOutside).caller == shown


def test_an_officer_who_does_not_answer_in_time_is_rung_no_more() -> None:
    talks = Talks()
    talks.begin(1)
    talks.blind(1, OFFICER)
    talks.run(31.9)
    assert talks.transfers() == []
    outputs = talks.after(0.1)
    assert kinds(outputs)[:4] == ["EndLeg", "Play", "TransferEnded", "ContactReturned"]
    assert only(outputs, Play).sayings == (Saying(PromptKey("reconnecting")),)
    assert kinds(talks.answer("c.2")) == ["EndLeg"], "too late"


def test_who_cannot_be_joined_with_the_officer_comes_back() -> None:
    talks = Talks()
    talks.begin(1)
    talks.blind(1, OFFICER)
    talks.answer("c.2")
    outputs = talks.connect_failed("c.2")
    assert only(outputs, EndLeg).offer == "c.2"
    assert only(outputs, ContactReturned).agent == 1


def test_an_officer_who_hangs_up_before_they_hear_the_citizen_has_ended_no_talk() -> None:
    talks = Talks()
    talks.begin(1)
    talks.consult(1, OFFICER)
    talks.picks_up()
    talks.step(1, ConsultStep.COMPLETE)
    outputs = talks.hangs_up("c.2")
    assert only(outputs, ContactReturned).agent == 1
    assert only(outputs, OfferContact).agent == 1


def test_who_is_with_an_officer_may_hang_up() -> None:
    talks = Talks()
    talks.begin(1)
    talks.blind(1, OFFICER)
    talks.picks_up()
    outputs = talks.leave("c")
    assert kinds(outputs) == ["EndLeg", "ContactClosed"]
    assert closing(outputs) == ("answered", "citizen")
    assert talks.hangs_up("c.2") == ()


def test_an_outside_telephone_that_declines_is_busy_and_other_failures_are_told_as_they_are() -> None:
    for outcome, told in (
        (OfferOutcome.REJECTED, "busy"),
        (OfferOutcome.NO_ANSWER, "no_answer"),
        (OfferOutcome.UNREACHABLE, "unreachable"),
        (OfferOutcome.FAILED, "failed"),
        (OfferOutcome.REFUSED, "refused"),
    ):
        for begin in (Talks.blind, Talks.consult):
            talks = Talks()
            talks.begin(1)
            begin(talks, 1, OFFICER)
            talks.declines(outcome)
            assert talks.transfers() == [told]


def test_after_20_seconds_anybody_may_have_the_returned_citizen() -> None:
    talks = Talks()
    talks.begin(1)
    talks.blind(1, OFFICER)
    talks.fail("c.2", OfferOutcome.NO_ANSWER)
    assert talks.ringing() == "c.3"
    talks.fail("c.3", OfferOutcome.NO_ANSWER)
    talks.ready(2)
    assert talks.ringing() == "c.4"
    assert only(talks.answer("c.4"), SegmentStarted).agent == 2


def test_only_the_agent_who_talks_passes_on_and_only_once_at_a_time() -> None:
    talks = Talks()
    talks.ready(1, 2)
    talks.call("c")
    assert talks.blind(1, to_queue("water")) == (), "ringing is not talking"
    talks.picks_up()
    assert talks.blind(2, to_queue("water")) == ()
    assert talks.blind(99, to_queue("water")) == ()
    talks.consult(1, OFFICER)
    assert talks.blind(1, to_queue("water")) == ()
    assert talks.consult(1, to_agent(2)) == ()
    talks.step(1, ConsultStep.CANCEL)
    talks.hangs_up("c.1", EndedBy.LINE)
    assert talks.blind(1, to_queue("water")) == (), "the leg is lost"


def test_late_reports_of_a_transfer_that_is_over_change_nothing() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.blind(1, OFFICER, SPOKEN)
    talks.answer("c.2")
    talks.hangs_up("c.2")
    talks.picks_up()
    assert talks.spoken() == ()
    assert talks.fail("c.2", OfferOutcome.NO_ANSWER) == ()
    assert talks.hangs_up("c.2") == ()
    assert talks.connected("c.2") == ()
    assert talks.connect_failed("c.2") == ()
    assert talks.said(TransferAnswered)[0].transfer == 1
