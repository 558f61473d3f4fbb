"""Every way that a citizen can take through a transfer: what the figures say of it, and every agent's clocks.

Agent 1 answers after 5 s and talks for 30 s; then the path begins. Queue `tax`: wrap-up 60 s, rings 20 s; `water`: no
wrap-up, rings 10 s. Agents 1, 2 and 3 can both serve `tax`, 2 and 3 also `water`.
"""

from collections.abc import Callable

import pytest

from haedap.domain.states import ConsultStep, Control, EndedBy, OfferOutcome, ProtectionStep
from tests.unit.routing.talks import OFFICER, SPOKEN, Talks, to_agent, to_queue

Clocks = dict[int, tuple[int, int, int]]
"""Agent → seconds OFFERED, ENGAGED, WRAP_UP."""

Path = Callable[[Talks], object]
_ALONE = (1,)
_TWO = (1, 2)
_ALL = (1, 2, 3)


def _steps(*steps: Path) -> Path:
    def walk(talks: Talks) -> None:
        for step in steps:
            step(talks)

    return walk


def _wait(seconds: int) -> Path:
    return lambda talks: talks.run(seconds)


def _blind(target: object, by: int = 1, spoken: str = "") -> Path:
    return lambda talks: talks.blind(by, target, spoken)  # type: ignore[arg-type]


def _consult(target: object, by: int = 1, spoken: str = "") -> Path:
    return lambda talks: talks.consult(by, target, spoken)  # type: ignore[arg-type]


def _step(step: ConsultStep, by: int = 1) -> Path:
    return lambda talks: talks.step(by, step)


def _hangs_up(offer: str | None = None, by: EndedBy = EndedBy.AGENT) -> Path:
    return lambda talks: talks.hangs_up(offer, by)


def _declines(outcome: OfferOutcome = OfferOutcome.REJECTED) -> Path:
    return lambda talks: talks.declines(outcome)


def _citizen_leaves(talks: Talks) -> None:
    talks.leave("c")


def _answer(talks: Talks) -> None:
    talks.picks_up()


def _answer_after(seconds: int) -> Path:
    return _steps(_wait(seconds), _answer)


PATHS: dict[str, tuple[tuple[int, ...], Path, tuple[str, str], str, list[str], Clocks]] = {
    # name: (agents on duty, what happens, (outcome, by), kind, outcomes of the transfers, clocks)
    "the agent serves the citizen": (
        _ALONE,
        _citizen_leaves,
        ("answered", "citizen"),
        "self-handled",
        [],
        {1: (5, 30, 60)},
    ),
    "blind to a queue, answered there": (
        _TWO,
        _steps(_blind(to_queue("water")), _answer_after(4), _wait(20), _citizen_leaves),
        ("answered", "citizen"),
        "transferred",
        ["completed"],
        {1: (5, 30, 60), 2: (4, 20, 0)},
    ),
    "blind to the same queue, answered by another": (
        _TWO,
        _steps(_blind(to_queue("tax")), _answer_after(4), _wait(20), _hangs_up()),
        ("answered", "agent"),
        "transferred",
        ["completed"],
        {1: (5, 30, 60), 2: (4, 20, 60)},
    ),
    "blind to a queue, the citizen leaves before anybody answers": (
        _ALONE,
        _steps(_blind(to_queue("water")), _wait(40), _citizen_leaves),
        ("answered", "citizen"),
        "transferred",
        ["completed"],
        {1: (5, 30, 60)},
    ),
    "blind to a colleague, who answers": (
        _TWO,
        _steps(_blind(to_agent(2)), _answer_after(6), _wait(25), _citizen_leaves),
        ("answered", "citizen"),
        "transferred",
        ["completed"],
        {1: (5, 30, 60), 2: (6, 25, 60)},
    ),
    "blind to a colleague with an announcement": (
        _TWO,
        _steps(
            _blind(to_agent(2), spoken=SPOKEN),
            _answer_after(6),
            _wait(5),
            lambda t: t.spoken(),
            _wait(20),
            _citizen_leaves,
        ),
        ("answered", "citizen"),
        "transferred",
        ["completed"],
        {1: (5, 30, 60), 2: (6, 25, 60)},
    ),
    "blind to a colleague who does not answer, back in mid-wrap-up": (
        _TWO,
        _steps(_blind(to_agent(2)), _wait(22), _answer_after(3), _wait(10), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled+returned",
        ["no_answer"],
        {1: (8, 40, 82), 2: (22, 0, 0)},
    ),
    "blind to a colleague who declines, back in mid-wrap-up": (
        _TWO,
        _steps(_blind(to_agent(2)), _wait(2), _declines(), _answer_after(3), _wait(10), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled+returned",
        ["rejected"],
        {1: (8, 40, 62), 2: (2, 0, 0)},
    ),
    "blind to a colleague, and the citizen leaves while it rings": (
        _TWO,
        _steps(_blind(to_agent(2)), _wait(7), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        ["citizen_left"],
        {1: (5, 30, 60), 2: (7, 0, 0)},
    ),
    "blind to a colleague who is away": (
        _TWO,
        _steps(lambda t: t.away(2), _blind(to_agent(2)), _wait(10), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        ["unreachable"],
        {1: (5, 40, 60)},
    ),
    "blind to a colleague who talks": (
        _TWO,
        _steps(
            lambda t: t.call("d"),
            lambda t: t.answer("d.1"),
            _blind(to_agent(2)),
            lambda t: t.hangs_up("d.1"),
            _wait(10),
            _citizen_leaves,
        ),
        ("answered", "citizen"),
        "self-handled",
        ["busy"],
        {1: (5, 40, 60), 2: (0, 0, 60)},
    ),
    "blind to an officer, who hangs up in the end": (
        _ALONE,
        _steps(_blind(OFFICER), _answer_after(8), _wait(90), _hangs_up()),
        ("answered", "officer"),
        "referred",
        ["completed"],
        {1: (5, 30, 60)},
    ),
    "blind to an officer, and the citizen hangs up in the end": (
        _ALONE,
        _steps(_blind(OFFICER, spoken=SPOKEN), _answer_after(8), lambda t: t.spoken(), _wait(9), _citizen_leaves),
        ("answered", "citizen"),
        "referred",
        ["completed"],
        {1: (5, 30, 60)},
    ),
    "blind to an officer who is busy": (
        _ALONE,
        _steps(_blind(OFFICER), _wait(3), _declines(), _answer_after(4), _wait(10), _hangs_up()),
        ("answered", "agent"),
        "self-handled+returned",
        ["busy"],
        {1: (9, 40, 63)},
    ),
    "blind to an officer who does not answer, and the agent is away": (
        _TWO,
        _steps(_blind(OFFICER), _wait(1), lambda t: t.away(1), _wait(31), _answer_after(4), _wait(9), _hangs_up()),
        ("answered", "agent"),
        "self-handled+returned",
        ["no_answer"],
        {1: (5, 30, 60), 2: (4, 9, 60)},
    ),
    "blind to an officer who hangs up in the announcement": (
        _ALONE,
        _steps(_blind(OFFICER, spoken=SPOKEN), _answer_after(3), _hangs_up(), _answer_after(2), _hangs_up()),
        ("answered", "agent"),
        "self-handled+returned",
        ["left"],
        {1: (7, 30, 63)},
    ),
    "blind to an officer, and the citizen leaves while it rings": (
        _ALONE,
        _steps(_blind(OFFICER), _wait(11), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        ["citizen_left"],
        {1: (5, 30, 60)},
    ),
    "with an officer whose line is lost": (
        _ALONE,
        _steps(_blind(OFFICER), _answer_after(3), _wait(7), _hangs_up(by=EndedBy.LINE), _answer_after(2), _hangs_up()),
        ("answered", "agent"),
        "referred+returned",
        ["completed"],
        {1: (7, 30, 70)},
    ),
    "with an officer, after consulting, whose line is lost when the agent has gone home": (
        _TWO,
        _steps(
            _consult(OFFICER),
            _answer_after(3),
            _step(ConsultStep.COMPLETE),
            lambda t: t.sign_out(1),
            _wait(70),
            _hangs_up(by=EndedBy.CENTRE),
            _answer_after(2),
            _hangs_up(),
        ),
        ("answered", "agent"),
        "referred+returned",
        ["completed"],
        {1: (5, 33, 60), 2: (2, 0, 60)},
    ),
    "consulting a colleague, completed": (
        _TWO,
        _steps(
            _consult(to_agent(2)),
            _answer_after(4),
            _wait(15),
            _step(ConsultStep.COMPLETE),
            _wait(20),
            _citizen_leaves,
        ),
        ("answered", "citizen"),
        "transferred",
        ["completed"],
        {1: (5, 49, 60), 2: (4, 35, 60)},
    ),
    "consulting a colleague, completed by hanging up": (
        _TWO,
        _steps(_consult(to_agent(2)), _answer_after(4), _wait(15), _hangs_up("c.1"), _wait(20), _hangs_up("c.2")),
        ("answered", "agent"),
        "transferred",
        ["completed"],
        {1: (5, 49, 60), 2: (4, 35, 60)},
    ),
    "consulting a colleague, completed by ending": (
        _TWO,
        _steps(
            _consult(to_agent(2)),
            _answer_after(4),
            lambda t: t.control(1, "c", Control.END),
            _wait(20),
            lambda t: t.control(2, "c", Control.END),
        ),
        ("answered", "agent"),
        "transferred",
        ["completed"],
        {1: (5, 34, 60), 2: (4, 20, 60)},
    ),
    "consulting a colleague, all three together, completed": (
        _TWO,
        _steps(
            _consult(to_agent(2), spoken=SPOKEN),
            _answer_after(4),
            _wait(5),
            lambda t: t.spoken(),
            _wait(5),
            _step(ConsultStep.CONFERENCE),
            _wait(10),
            _step(ConsultStep.COMPLETE),
            _wait(3),
            _citizen_leaves,
        ),
        ("answered", "citizen"),
        "transferred",
        ["completed"],
        {1: (5, 54, 60), 2: (4, 23, 60)},
    ),
    "consulting a colleague, taken back": (
        _TWO,
        _steps(
            _consult(to_agent(2)), _answer_after(4), _wait(15), _step(ConsultStep.CANCEL), _wait(20), _citizen_leaves
        ),
        ("answered", "citizen"),
        "self-handled",
        ["cancelled"],
        {1: (5, 69, 60), 2: (4, 15, 0)},
    ),
    "consulting a colleague who does not answer": (
        _TWO,
        _steps(_consult(to_agent(2)), _wait(22), _wait(8), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        ["no_answer"],
        {1: (5, 60, 60), 2: (22, 0, 0)},
    ),
    "consulting a colleague who declines": (
        _TWO,
        _steps(_consult(to_agent(2)), _wait(3), _declines(), _wait(7), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        ["rejected"],
        {1: (5, 40, 60), 2: (3, 0, 0)},
    ),
    "consulting a colleague, completed while it rings": (
        _TWO,
        _steps(
            _consult(to_agent(2)),
            _wait(2),
            _step(ConsultStep.COMPLETE),
            _answer_after(4),
            _wait(10),
            _citizen_leaves,
        ),
        ("answered", "citizen"),
        "transferred",
        ["completed"],
        {1: (5, 32, 60), 2: (6, 10, 60)},
    ),
    "consulting a colleague, completed while it rings, not answered": (
        _TWO,
        _steps(
            _consult(to_agent(2)),
            _wait(2),
            _step(ConsultStep.COMPLETE),
            _wait(20),
            _answer_after(1),
            _wait(10),
            _citizen_leaves,
        ),
        ("answered", "citizen"),
        "self-handled+returned",
        ["no_answer"],
        {1: (6, 42, 80), 2: (22, 0, 0)},
    ),
    "consulting, and the citizen leaves": (
        _TWO,
        _steps(_consult(to_agent(2)), _answer_after(4), _wait(10), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        ["citizen_left"],
        {1: (5, 44, 60), 2: (4, 10, 0)},
    ),
    "consulting, and the agent's leg is lost and regained": (
        _TWO,
        _steps(
            _consult(to_agent(2)),
            _answer_after(4),
            _hangs_up("c.1", EndedBy.LINE),
            _answer_after(3),
            _wait(10),
            _citizen_leaves,
        ),
        ("answered", "citizen"),
        "self-handled",
        ["cut_off"],
        {1: (5, 47, 60), 2: (4, 0, 0)},
    ),
    "consulting whoever is free in a queue, completed": (
        _ALL,
        _steps(
            _consult(to_queue("water")),
            _answer_after(4),
            _wait(10),
            _step(ConsultStep.COMPLETE),
            _wait(5),
            _citizen_leaves,
        ),
        ("answered", "citizen"),
        "transferred",
        ["completed"],
        {1: (5, 44, 60), 3: (4, 15, 60)},
    ),
    "consulting a queue where nobody is free": (
        _ALONE,
        _steps(_consult(to_queue("water")), _wait(10), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        ["unreachable"],
        {1: (5, 40, 60)},
    ),
    "consulting an officer, completed": (
        _ALONE,
        _steps(
            _consult(OFFICER, spoken=SPOKEN),
            _answer_after(9),
            _wait(4),
            lambda t: t.spoken(),
            _wait(16),
            _step(ConsultStep.COMPLETE),
            lambda t: t.connected("c.2"),
            _wait(99),
            _hangs_up(),
        ),
        ("answered", "officer"),
        "referred",
        ["completed"],
        {1: (5, 59, 60)},
    ),
    "consulting an officer, completed while it rings": (
        _ALONE,
        _steps(_consult(OFFICER), _wait(9), _step(ConsultStep.COMPLETE), _answer_after(4), _wait(30), _citizen_leaves),
        ("answered", "citizen"),
        "referred",
        ["completed"],
        {1: (5, 39, 60)},
    ),
    "consulting an officer who is busy": (
        _ALONE,
        _steps(_consult(OFFICER), _wait(1), _declines(), _wait(9), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        ["busy"],
        {1: (5, 40, 60)},
    ),
    "consulting an officer who hangs up before the hand-over": (
        _ALONE,
        _steps(_consult(OFFICER), _answer_after(9), _hangs_up(), _wait(11), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        ["left"],
        {1: (5, 50, 60)},
    ),
    "from hand to hand: a colleague, then an officer": (
        _TWO,
        _steps(
            _consult(to_agent(2)),
            _answer_after(4),
            _step(ConsultStep.COMPLETE),
            _wait(10),
            _blind(OFFICER, by=2),
            _answer_after(6),
            _hangs_up(),
        ),
        ("answered", "officer"),
        "referred",
        ["completed", "completed"],
        {1: (5, 34, 60), 2: (4, 10, 60)},
    ),
    "a second attempt: the officer is busy, the colleague is not": (
        _TWO,
        _steps(_consult(OFFICER), _declines(), _blind(to_agent(2)), _answer_after(5), _wait(10), _citizen_leaves),
        ("answered", "citizen"),
        "transferred",
        ["busy", "completed"],
        {1: (5, 30, 60), 2: (5, 10, 60)},
    ),
    "taken over by a supervisor": (
        _ALL,
        _steps(lambda t: t.take_over(3), _answer_after(2), _wait(20), _citizen_leaves),
        ("answered", "citizen"),
        "self-handled",
        [],
        {1: (5, 32, 60), 3: (0, 20, 60)},
    ),
    "ended for abuse": (
        _ALONE,
        _steps(lambda t: t.protect(1, ProtectionStep.END, "threat"), _wait(6), lambda t: t.told()),
        ("answered", "agent"),
        "self-handled",
        [],
        {1: (5, 30, 60)},
    ),
}


@pytest.mark.parametrize("name", PATHS)
def test_path(name: str) -> None:
    agents, path, fate, kind, transfers, clocks = PATHS[name]
    talks = Talks()
    talks.begin(*agents)
    path(talks)
    talks.run(3600)
    assert talks.fate() == fate
    assert talks.kind() == kind
    assert talks.transfers() == transfers
    assert talks.clocks() == clocks


def test_there_are_enough_paths() -> None:
    assert len(PATHS) >= 20
