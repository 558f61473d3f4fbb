"""A pause of the recording is the agent's who asked for it: nobody else goes on unrecorded without knowing."""

from collections.abc import Callable

import pytest

from haedap.domain.decisions import ApplyControl, Connect, Gather
from haedap.domain.facts import ControlApplied, SegmentEnded
from haedap.domain.states import ConsultStep, Control, EndedBy
from tests.unit.routing.centre import Output, every, only
from tests.unit.routing.talks import OFFICER, Talks, to_agent, to_queue

Way = Callable[[Talks], tuple[Output, ...]]


def _blind(target: object) -> Way:
    def walk(talks: Talks) -> tuple[Output, ...]:
        return (*talks.blind(1, target), *talks.picks_up())  # type: ignore[arg-type]

    return walk


def _consulted(target: object) -> Way:
    def walk(talks: Talks) -> tuple[Output, ...]:
        talks.consult(1, target)  # type: ignore[arg-type]
        talks.picks_up()
        return talks.hangs_up("c.1")

    return walk


def _completed_while_it_rings(talks: Talks) -> tuple[Output, ...]:
    talks.consult(1, to_agent(2))
    return (*talks.step(1, ConsultStep.COMPLETE), *talks.picks_up())


def _taken_over(talks: Talks) -> tuple[Output, ...]:
    return (*talks.take_over(9), *talks.picks_up())


def _leg_lost_for_good(talks: Talks) -> tuple[Output, ...]:
    talks.hangs_up("c.1", EndedBy.LINE)
    return (*talks.declines(), *talks.picks_up())


WAYS: dict[str, Way] = {
    "to a queue": _blind(to_queue("water")),
    "to a colleague": _blind(to_agent(2)),
    "to an officer": _blind(OFFICER),
    "consulted a colleague": _consulted(to_agent(2)),
    "consulted an officer": _consulted(OFFICER),
    "completed while it rings": _completed_while_it_rings,
    "taken over": _taken_over,
    "leg lost for good": _leg_lost_for_good,
}


@pytest.mark.parametrize("way", WAYS)
def test_who_has_the_citizen_next_is_recorded_from_the_first_word(way: str) -> None:
    talks = Talks()
    talks.begin(1)
    talks.ready(2)
    talks.control(1, "c", Control.PAUSE_RECORDING)
    outputs = WAYS[way](talks)
    told = only(outputs, ControlApplied)
    assert (told.agent, told.segment, told.control) == (1, 1, Control.RESUME_RECORDING)
    assert outputs.index(told) < outputs.index(every(outputs, SegmentEnded)[0]), "in the segment that it was for"
    resumed = every(outputs, ApplyControl)[-1]
    assert resumed.control is Control.RESUME_RECORDING
    joined = [output for output in outputs if isinstance(output, Connect | Gather)][-1]
    assert outputs.index(resumed) < outputs.index(joined)


def test_a_pause_lasts_over_a_consultation_that_comes_to_nothing_and_a_leg_that_comes_back() -> None:
    talks = Talks()
    talks.begin(1)
    talks.control(1, "c", Control.PAUSE_RECORDING)
    talks.consult(1, OFFICER)
    talks.picks_up()
    talks.step(1, ConsultStep.CANCEL)
    talks.hangs_up("c.1", EndedBy.LINE)
    outputs = talks.picks_up()
    assert only(outputs, ApplyControl).control is Control.PAUSE_RECORDING
    assert talks.control(1, "c", Control.PAUSE_RECORDING) == (), "it is paused"


def test_the_end_of_the_call_resumes_nothing() -> None:
    ends: list[Way] = [lambda talks: talks.leave("c"), lambda talks: talks.control(1, "c", Control.END)]
    for end in ends:
        talks = Talks()
        talks.begin(1)
        talks.control(1, "c", Control.PAUSE_RECORDING)
        assert not every(end(talks), ControlApplied)
