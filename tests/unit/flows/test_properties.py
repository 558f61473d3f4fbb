"""Any flow that is accepted: it makes the round trip, and no run of it gets stuck, whatever the citizen does."""

import json
from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from haedap.flows import (
    EndCall,
    EnterQueue,
    Flow,
    FlowInvalid,
    FlowRun,
    PlaySayings,
    on_digit,
    on_message,
    on_played,
    on_time,
    read_definition,
    resume,
    start,
)
from tests.unit.flows.samples import CHRISTMAS, LUNCH, OPEN, parse, sample_hours

HOURS = sample_hours()
NAMES = ["a", "b", "c", "d", "e", "f"]
PROMPTS = ["welcome", "main_menu", "closed"]


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Flows whose automatic ways lead forward, so that most are accepted; keys may lead anywhere."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    steps = {name: draw(steps_before(names, names[place + 1 :])) for place, name in enumerate(names)}
    return {"start": "a", "steps": steps}


def steps_before(names: list[str], later: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    last: list[st.SearchStrategy[dict[str, Any]]] = [
        st.fixed_dictionaries({"kind": st.just("hang_up")}),
        st.fixed_dictionaries({"kind": st.just("queue"), "queue": st.just("tax"), "music": st.booleans()}),
    ]
    if not later:
        return st.one_of(last)
    following, prompts = st.sampled_from(later), st.lists(st.sampled_from(PROMPTS), min_size=1, max_size=3)
    keys = st.text("0123456789*#", min_size=1, max_size=2)
    return st.one_of(
        *last,
        st.fixed_dictionaries(
            {"kind": st.just("play"), "prompts": prompts, "next": following, "interruptible": st.booleans()}
        ),
        st.fixed_dictionaries({"kind": st.just("announcement"), "prompts": prompts, "next": st.none() | following}),
        st.fixed_dictionaries(
            {"kind": st.just("hours"), "hours": st.just("main"), "open": following, "closed": following},
            optional={"holiday": following, "own_day": following},
        ),
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["callback", "voicemail"]), "queue": st.just("tax")},
            optional={"prompts": prompts, "otherwise": following},
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("menu"),
                "prompts": prompts,
                "choices": st.dictionaries(keys, st.sampled_from(names), min_size=1, max_size=4),
                "otherwise": following,
                "attempts": st.integers(1, 3),
            }
        ),
    )


@st.composite
def accepted(draw: st.DrawFn) -> Flow:
    """A flow without the steps that nothing leads to."""
    definition = draw(definitions())
    while True:
        try:
            return parse(definition)
        except FlowInvalid as refusal:
            for error in refusal.errors:
                assert error.code == "unreachable"
                del definition["steps"][error.place.removeprefix("steps.")]


moments = st.sampled_from([OPEN, LUNCH, CHRISTMAS])
inputs = st.one_of(
    st.tuples(st.just("key"), st.text("0123456789*#AD가", min_size=1, max_size=1)),
    st.tuples(st.just("played"), st.integers(-2, 1)),
    st.tuples(st.just("message"), st.integers(0, 5)),
    st.tuples(st.just("time"), st.integers(-100, 4000)),
    st.tuples(st.just("resume"), st.none()),
)


def apply(flow: Flow, run: FlowRun, what: tuple[str, Any], now: datetime) -> tuple[FlowRun, tuple[Any, ...]]:
    match what:
        case ("key", str(key)):
            return on_digit(flow, HOURS, run, key, now)
        case ("played", int(offset)):
            return on_played(flow, HOURS, run, run.play + offset, now)
        case ("message", int(seconds)):
            return on_message(flow, HOURS, run, seconds, now)
        case ("time", _):
            return on_time(flow, HOURS, run, now)
        case _:
            return resume(flow, HOURS, run, now)


@given(accepted())
def test_round_trip(flow: Flow) -> None:
    assert parse(read_definition(json.dumps(flow.definition()))) == flow


@given(accepted(), moments, st.lists(inputs, max_size=30))
def test_a_run_awaits_something_or_has_ended(flow: Flow, now: datetime, history: list[tuple[str, Any]]) -> None:
    run, actions = start(flow, HOURS, now, "+821000000001" if len(history) % 2 else None)
    for what in [("time", 0), *history]:
        assert run.ended == (run.deadline is None)
        assert run.ended == (bool(actions) and isinstance(actions[-1], EndCall | EnterQueue))
        assert run.step in flow.steps
        assert msgspec.json.decode(msgspec.json.encode(run), type=FlowRun) == run
        if run.ended:
            break
        now += timedelta(seconds=what[1] if what[0] == "time" else 1)
        run, actions = apply(flow, run, what, now)


@given(accepted(), moments, st.lists(inputs, max_size=10), st.booleans())
def test_a_citizen_who_falls_silent_reaches_a_queue_or_the_end(
    flow: Flow, now: datetime, history: list[tuple[str, Any]], reported: bool
) -> None:
    """Whether or not the ends of the sounds are reported."""
    run, _ = start(flow, HOURS, now)
    for what in history:
        run, _ = apply(flow, run, what, now)
    for _ in range(2 * 3 * len(flow.steps) + 2):
        if run.ended:
            return
        if reported and run.playing:
            run, _ = on_played(flow, HOURS, run, run.play, now)
        else:
            assert run.deadline is not None
            now = max(now, run.deadline)
            run, _ = on_time(flow, HOURS, run, now)
    raise AssertionError(run)


@given(accepted(), moments)
def test_every_sound_has_a_new_number(flow: Flow, now: datetime) -> None:
    run, actions = start(flow, HOURS, now)
    numbers = []
    while not run.ended:
        numbers += [action.play for action in actions if isinstance(action, PlaySayings)]
        assert run.deadline is not None
        now = run.deadline
        run, actions = on_time(flow, HOURS, run, now)
    assert numbers == sorted(set(numbers))
