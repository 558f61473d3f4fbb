"""Runs a flow: (flow, run, what happened) → (new run, actions). Pure; the caller owns clock, sound and keys."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from haedap.domain.decisions import Saying
from haedap.domain.ids import HoursKey, PromptKey, QueueKey
from haedap.domain.plan import Hours
from haedap.flows.hours import status
from haedap.flows.model import (
    AnnouncementStep,
    AnyStep,
    Flow,
    HangUpStep,
    HoursStep,
    MenuStep,
    PlayStep,
    QueueStep,
)

KEYS = frozenset("0123456789*#")
NEXT_KEY = timedelta(seconds=3)
"""How long a longer choice is waited for after a key."""
LONGEST_PROMPT = timedelta(minutes=5, seconds=10)
"""No prompt is longer, so a playback whose end nobody reported by then was lost."""

AllHours = Mapping[HoursKey, Hours]


class FlowRun(msgspec.Struct, frozen=True, kw_only=True):
    """Where one citizen is in a flow. Travels as JSON. `deadline`: call `on_time` then; None once `ended`."""

    step: str
    play: int = 0
    """The number of the latest `PlaySayings`; earlier ones are stale."""
    playing: bool = False
    attempt: int = 1
    digits: str = ""
    deadline: datetime | None = None
    ended: bool = False


class PlaySayings(msgspec.Struct, frozen=True, tag=True):
    """Play these and report the end by `on_played(..., play)`. Replaces what is playing."""

    play: int
    sayings: tuple[Saying, ...]


class EnterQueue(msgspec.Struct, frozen=True, tag=True):
    """The flow is over: the citizen waits in the queue; the caller plays `prompts`, then music if `music`."""

    queue: QueueKey
    priority: int
    prompts: tuple[PromptKey, ...]
    music: bool


class EndCall(msgspec.Struct, frozen=True, tag=True):
    """The flow is over: hang up."""


class StepEntered(msgspec.Struct, frozen=True, tag=True):
    """The run reached a step; `digits` are the keys that led here, if any did."""

    step: str
    digits: str = ""


Action = StepEntered | PlaySayings | EnterQueue | EndCall
Result = tuple[FlowRun, tuple[Action, ...]]


def start(flow: Flow, hours: AllHours, at: datetime) -> Result:
    """Begin a run at the flow's start. `hours` are the plan's, among them all that the flow names."""
    return _enter(flow, hours, FlowRun(step=flow.start), flow.start, at)


def on_played(flow: Flow, hours: AllHours, run: FlowRun, play: int, at: datetime) -> Result:
    """The playback `play` ended, was replaced or failed. Stale numbers change nothing."""
    if run.ended or not run.playing or play != run.play:
        return run, ()
    match _resting(flow, run):
        case PlayStep(next=following):
            return _enter(flow, hours, run, following, at)
        case AnnouncementStep(next=following):
            return _enter(flow, hours, run, following, at) if following else _end(run, EndCall())
        case MenuStep(timeout_seconds=seconds):
            deadline = run.deadline if run.digits else at + timedelta(seconds=seconds)
            return msgspec.structs.replace(run, playing=False, deadline=deadline), ()
        case _:
            return _enter(flow, hours, run, flow.start, at)


def on_digit(flow: Flow, hours: AllHours, run: FlowRun, digit: str, at: datetime) -> Result:
    """The citizen pressed a key. Only a menu listens."""
    step = flow.steps.get(run.step)
    if run.ended or digit not in KEYS or not isinstance(step, MenuStep):
        return run, ()
    pressed = run.digits + digit
    longer = any(choice.startswith(pressed) and choice != pressed for choice in step.choices)
    if longer:
        return msgspec.structs.replace(run, digits=pressed, deadline=at + NEXT_KEY), ()
    if pressed in step.choices:
        return _enter(flow, hours, run, step.choices[pressed], at, pressed)
    if digit == "#" and run.digits in step.choices:
        return _enter(flow, hours, run, step.choices[run.digits], at, run.digits)
    if digit == "*":
        return _say(run, step.prompts, at)
    return _say_menu_again(flow, hours, run, step, step.invalid_prompts, at)


def on_time(flow: Flow, hours: AllHours, run: FlowRun, at: datetime) -> Result:
    """Time passed. Before `run.deadline` nothing happens."""
    if run.ended or run.deadline is None or at < run.deadline:
        return run, ()
    step = flow.steps.get(run.step)
    if not isinstance(step, MenuStep):
        return on_played(flow, hours, run, run.play, at)
    if run.digits in step.choices:
        return _enter(flow, hours, run, step.choices[run.digits], at, run.digits)
    return _say_menu_again(flow, hours, run, step, step.invalid_prompts if run.digits else (), at)


def resume(flow: Flow, hours: AllHours, run: FlowRun, at: datetime) -> Result:
    """Say again what the citizen should hear now: after a restart of the exchange, or when the flow was edited."""
    if run.ended:
        return run, ()
    match _resting(flow, run):
        case PlayStep(prompts=prompts) | AnnouncementStep(prompts=prompts) | MenuStep(prompts=prompts):
            return _say(run, prompts, at)
        case _:
            return _enter(flow, hours, run, flow.start, at)


def _resting(flow: Flow, run: FlowRun) -> AnyStep | None:
    """The step the run rests on; None when an edit of the flow removed it."""
    return flow.steps.get(run.step)


def _enter(flow: Flow, hours: AllHours, run: FlowRun, name: str, at: datetime, digits: str = "") -> Result:
    """Go to a step and through those without sound. Ends because `parse_flow` allows no circle of them."""
    entered: list[Action] = []
    while True:
        entered.append(StepEntered(step=name, digits=digits))
        run, digits = FlowRun(step=name, play=run.play), ""
        step = flow.steps[name]
        if not isinstance(step, HoursStep):
            break
        name = _branch(step, hours[HoursKey(step.hours)], at)
    run, actions = _begin(run, step, at)
    return run, (*entered, *actions)


def _begin(run: FlowRun, step: AnyStep, at: datetime) -> Result:
    match step:
        case QueueStep():
            prompts = tuple(PromptKey(key) for key in step.prompts)
            return _end(run, EnterQueue(QueueKey(step.queue), step.priority, prompts, step.music))
        case PlayStep(prompts=prompts) | AnnouncementStep(prompts=prompts) | MenuStep(prompts=prompts):
            return _say(run, prompts, at)
        case HangUpStep() | HoursStep():
            return _end(run, EndCall())


def _branch(step: HoursStep, hours: Hours, at: datetime) -> str:
    now = status(hours, at)
    if now.open:
        return step.open
    if now.own_day and step.own_day:
        return step.own_day
    return step.holiday if now.holiday and step.holiday else step.closed


def _say_menu_again(
    flow: Flow, hours: AllHours, run: FlowRun, step: MenuStep, spoken_first: tuple[str, ...], at: datetime
) -> Result:
    if run.attempt >= step.attempts:
        return _enter(flow, hours, run, step.otherwise, at)
    again = msgspec.structs.replace(run, attempt=run.attempt + 1)
    return _say(again, (*spoken_first, *step.prompts), at)


def _say(run: FlowRun, prompts: tuple[str, ...], at: datetime) -> Result:
    play = run.play + 1
    sayings = tuple(Saying(PromptKey(key)) for key in prompts)
    deadline = at + LONGEST_PROMPT * len(sayings)
    spoken = msgspec.structs.replace(run, play=play, playing=True, digits="", deadline=deadline)
    return spoken, (PlaySayings(play=play, sayings=sayings),)


def _end(run: FlowRun, last: Action) -> Result:
    return msgspec.structs.replace(run, playing=False, digits="", deadline=None, ended=True), (last,)
