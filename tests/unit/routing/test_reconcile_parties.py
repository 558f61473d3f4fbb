"""After a restart in the middle of transfers and supervision: all legs agree, and nobody is left on a dead line."""

import pytest

from haedap.domain.decisions import (
    Announce,
    ApplyControl,
    Connect,
    EndLeg,
    Gather,
    OfferContact,
    Play,
    PlayMusic,
    Supervise,
)
from haedap.domain.facts import (
    ContactReturned,
    LegLost,
    SupervisionEnded,
    SupervisionStarted,
    TransferAnswered,
    TransferEnded,
)
from haedap.domain.states import (
    AgentState,
    ConsultStep,
    ContactState,
    Control,
    EndedBy,
    ProtectionStep,
    Supervision,
)
from tests.unit.routing.centre import closing, every, kinds, only
from tests.unit.routing.talks import OFFICER, SPOKEN, Talks, to_agent


def consulting(announcement: str = "") -> Talks:
    talks = Talks()
    talks.begin(1, 2)
    talks.consult(1, to_agent(2), announcement)
    return talks


def forwarded(announcement: str = "") -> Talks:
    talks = Talks()
    talks.begin(1)
    talks.blind(1, OFFICER, announcement)
    talks.answer("c.2")
    return talks


def test_a_consultation_that_is_whole_goes_on() -> None:
    talks = consulting()
    talks.picks_up()
    talks.step(1, ConsultStep.CONFERENCE)
    outputs = talks.reconcile("c", answered=("c.1", "c.2"))
    assert kinds(outputs) == ["Gather"]
    gather = only(outputs, Gather)
    assert (gather.offers, gather.citizen) == (("c.1", "c.2"), True)


def test_a_colleague_who_still_rings_rings_on() -> None:
    talks = consulting()
    outputs = talks.reconcile("c", answered=("c.1",), ringing=("c.2",))
    assert kinds(outputs) == ["Gather"]
    assert only(outputs, Gather).citizen is False
    assert talks.agent_state(2) is AgentState.OFFERED


def test_an_answer_of_the_consulted_that_nobody_heard_counts() -> None:
    talks = consulting()
    outputs = talks.reconcile("c", answered=("c.1", "c.2"))
    assert only(outputs, TransferAnswered).transfer == 1
    assert every(outputs, Gather)[-1].offers == ("c.1", "c.2")
    assert talks.agent_state(2) is AgentState.ENGAGED


def test_an_announcement_is_made_anew() -> None:
    talks = consulting(SPOKEN)
    talks.answer("c.2")
    outputs = talks.reconcile("c", answered=("c.1", "c.2"))
    assert only(outputs, Announce).text == SPOKEN
    assert talks.played("c", only(outputs, Announce).id)


def test_a_consultation_whose_leg_is_gone_ends() -> None:
    talks = consulting()
    talks.picks_up()
    outputs = talks.reconcile("c", answered=("c.1",), connected=("c.1",))
    assert only(outputs, TransferEnded).outcome.value == "cut_off"
    assert only(outputs, Gather).citizen is True
    assert talks.agent_state(2) is AgentState.AVAILABLE


def test_when_the_agents_leg_is_gone_the_consultation_is_over_and_the_leg_is_lost() -> None:
    talks = consulting()
    talks.picks_up()
    outputs = talks.reconcile("c", answered=("c.2",))
    assert only(outputs, TransferEnded).outcome.value == "cut_off"
    assert {leg.offer for leg in every(outputs, EndLeg)} == {"c.2"}
    assert only(outputs, LegLost).agent == 1
    assert talks.contact_state("c") is ContactState.RECONNECTING


def test_who_is_with_an_officer_whose_leg_is_gone_returns() -> None:
    talks = forwarded()
    outputs = talks.reconcile("c")
    assert only(outputs, ContactReturned).agent == 1
    assert only(outputs, OfferContact).agent == 1
    assert only(outputs, Play).contact == "c"


def test_who_is_being_put_through_to_an_officer_whose_leg_is_gone_returns() -> None:
    talks = Talks()
    talks.begin(1)
    talks.blind(1, OFFICER)
    outputs = talks.reconcile("c")
    assert only(outputs, TransferEnded).outcome.value == "failed"
    assert only(outputs, ContactReturned).agent == 1


@pytest.mark.parametrize("joined", [True, False])
def test_who_is_with_an_officer_stays_with_them(joined: bool) -> None:
    talks = forwarded()
    outputs = talks.reconcile("c", answered=("c.2",), connected=("c.2",) if joined else ())
    assert kinds(outputs) == ([] if joined else ["Gather"])
    assert talks.contact_state("c") is ContactState.FORWARDED


def test_who_waits_for_an_officer_hears_music_again() -> None:
    talks = Talks()
    talks.begin(1)
    talks.blind(1, OFFICER)
    assert kinds(talks.reconcile("c", ringing=("c.2",))) == ["PlayMusic"]
    outputs = talks.reconcile("c", answered=("c.2",))
    assert kinds(outputs) == ["TransferAnswered", "Gather", "TransferEnded"]


def test_what_an_officer_is_told_is_told_again_and_the_citizen_has_music() -> None:
    talks = forwarded(SPOKEN)
    outputs = talks.reconcile("c", answered=("c.2",))
    assert only(outputs, Announce).offer == "c.2"
    assert every(outputs, PlayMusic)


def test_a_colleague_who_was_passed_the_citizen_and_is_gone_gives_them_back() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.blind(1, to_agent(2))
    outputs = talks.reconcile("c")
    assert only(outputs, TransferEnded).outcome.value == "failed"
    assert only(outputs, OfferContact).agent == 1


def test_in_an_announcement_to_a_colleague_both_are_joined() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.blind(1, to_agent(2), SPOKEN)
    talks.answer("c.2")
    assert kinds(talks.reconcile("c", answered=("c.2",))) == ["Connect"]
    assert talks.spoken() == ()


def test_a_supervisor_who_is_there_hears_again() -> None:
    talks = Talks()
    talks.begin(1)
    talks.supervise(9, Supervision.WHISPER)
    outputs = talks.reconcile("c", answered=("c.1", "c.2"), connected=("c.1",))
    assert only(outputs, SupervisionStarted).mode is Supervision.WHISPER
    outputs = talks.reconcile("c", answered=("c.1", "c.2"))
    assert kinds(outputs) == ["Connect", "Supervise"]
    assert only(outputs, Supervise).watched == "c.1"
    assert only(outputs, Connect).offer == "c.1"


def test_a_supervisor_whose_telephone_still_rings_hears_nothing_yet() -> None:
    talks = Talks()
    talks.begin(1)
    talks.supervise(9, Supervision.WHISPER)
    assert talks.reconcile("c", answered=("c.1",), ringing=("c.2",), connected=("c.1",)) == ()


def test_a_supervisor_who_is_gone_is_out_of_it() -> None:
    talks = Talks()
    talks.begin(1)
    talks.supervise(9, Supervision.LISTEN)
    talks.answer("c.2")
    outputs = talks.reconcile("c", answered=("c.1",), connected=("c.1",))
    assert kinds(outputs) == ["SupervisionEnded"]
    assert only(outputs, SupervisionEnded).supervisor == 9


def test_legs_of_a_transfer_that_is_over_are_ended() -> None:
    talks = consulting()
    talks.picks_up()
    talks.step(1, ConsultStep.CANCEL)
    outputs = talks.reconcile("c", answered=("c.1", "c.2"), connected=("c.1",))
    assert only(outputs, EndLeg).offer == "c.2"


def test_who_is_told_why_the_call_ends_is_told_again() -> None:
    talks = Talks()
    talks.begin(1)
    talks.protect(1, ProtectionStep.END, "threat")
    again = only(talks.reconcile("c"), Play)
    assert closing(talks.played("c", again.id)) == ("answered", "agent")


def test_the_notice_is_said_again_and_then_the_agent_is_back() -> None:
    talks = Talks()
    talks.begin(1)
    talks.protect(1, ProtectionStep.WARN)
    talks.protect(1, ProtectionStep.ANNOUNCE)
    outputs = talks.reconcile("c", answered=("c.1",))
    assert kinds(outputs) == ["Play"]
    assert kinds(talks.told()) == ["Connect"]


def test_citizens_who_are_gone_end_in_every_stage() -> None:
    for talks in (consulting(), forwarded(), forwarded(SPOKEN)):
        outputs = talks.reconcile("")
        assert closing(outputs) == ("answered", "centre")
        assert len(talks.transfers()) == 1
        strays = talks.reconcile("", answered=("c.1", "c.2"))
        assert [leg.offer for leg in every(strays, EndLeg)] == ["c.1", "c.2"]
        assert talks.hangs_up("c.2", EndedBy.CENTRE) == ()


def test_who_is_muted_is_so_before_the_end_of_a_consultation_is_made_good() -> None:
    talks = consulting()
    talks.picks_up()
    talks.control(1, "c", Control.MUTE)
    outputs = talks.reconcile("c", answered=("c.1",))
    assert only(outputs, Gather).citizen
    assert kinds(outputs)[0] == "ApplyControl"
    assert only(outputs, ApplyControl).control is Control.MUTE


def test_what_ended_with_a_hold_does_not_bring_the_citizen_into_a_consultation() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.control(1, "c", Control.HOLD)
    talks.consult(1, to_agent(2))
    talks.picks_up()
    assert kinds(talks.reconcile("c", answered=("c.1", "c.2"))) == ["Gather"]
