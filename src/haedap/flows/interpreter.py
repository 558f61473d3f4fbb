"""Runs a flow: (flow, run, what happened) → (new run, actions). Pure; the caller owns clock, sound and keys."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from haedap.domain.ids import HoursKey, PromptKey, QueueKey
from haedap.domain.plan import Hours
from haedap.flows import asking
from haedap.flows.graph import branch, links
from haedap.flows.model import (
    AnnouncementStep,
    AnyStep,
    CallbackStep,
    Flow,
    HangUpStep,
    HoursStep,
    MenuStep,
    PlayStep,
    QueueStep,
    VoicemailStep,
)
from haedap.flows.run import Action, EndCall, EnterQueue, FlowRun, RecordMessage, Result, Stage, StepEntered, end, say

KEYS = frozenset("0123456789*#")
NEXT_KEY = timedelta(seconds=3)
"""How long a longer choice is waited for after a key."""
MOST_AHEAD = 8
"""So many keys are kept for the menus to come."""

AllHours = Mapping[HoursKey, Hours]


def start(flow: Flow, hours: AllHours, at: datetime, caller: str | None = None) -> Result:
    """Begin a run at the flow's start. `hours` are the plan's, among them all that the flow names.

    `caller`: the number that the citizen calls from, E.164; None when it is not known.
    """
    return _enter(flow, hours, FlowRun(step=flow.start, caller=caller), flow.start, at)


def on_played(flow: Flow, hours: AllHours, run: FlowRun, play: int, at: datetime) -> Result:
    """The playback `play` ended, was replaced or failed. Stale numbers change nothing."""
    if run.ended or not run.playing or play != run.play:
        return run, ()
    match _resting(flow, run):
        case PlayStep(next=following):
            return _enter(flow, hours, run, following, at)
        case AnnouncementStep(next=following):
            return _enter(flow, hours, run, following, at) if following else end(run, EndCall())
        case MenuStep(timeout_seconds=seconds):
            deadline = run.deadline if run.digits else at + timedelta(seconds=seconds)
            return msgspec.structs.replace(run, playing=False, deadline=deadline), ()
        case CallbackStep() | VoicemailStep() as step:
            return _asked(flow, hours, run, step, asking.played(step, run, at), at)
        case _:
            return _enter(flow, hours, run, flow.start, at)


def on_message(flow: Flow, hours: AllHours, run: FlowRun, seconds: int, at: datetime) -> Result:
    """What the citizen said to a `RecordMessage` is on tape; 0 seconds: nothing was said."""
    step = _resting(flow, run)
    if run.ended or not isinstance(step, VoicemailStep) or run.stage is not Stage.RECORD:
        return run, ()
    return _asked(flow, hours, run, step, asking.recorded(step, run, seconds, at), at)


def recording(flow: Flow, run: FlowRun, at: datetime) -> RecordMessage | None:
    """The message that the citizen is leaving now, with the seconds that are left for it."""
    resting = not run.ended and isinstance(_resting(flow, run), VoicemailStep)
    return asking.recording(run, at) if resting else None


def on_digit(flow: Flow, hours: AllHours, run: FlowRun, digit: str, at: datetime) -> Result:
    """The citizen pressed a key: the menu's, or typed ahead for the next one."""
    step = _resting(flow, run)
    if run.ended or digit not in KEYS:
        return run, ()
    if isinstance(step, CallbackStep | VoicemailStep):
        return _asked(flow, hours, run, step, asking.pressed(step, run, digit, at), at)
    if not isinstance(step, MenuStep):
        return _type_ahead(flow, hours, run, digit, at)
    if _longer(step, run.digits + digit):
        return msgspec.structs.replace(run, digits=run.digits + digit, deadline=at + NEXT_KEY), ()
    chosen = _chosen(step, run.digits, digit)
    if chosen is not None:
        return _enter(flow, hours, run, step.choices[chosen], at, chosen)
    if digit == "*":
        return say(run, step.prompts, at)
    return _say_menu_again(flow, hours, run, step, step.invalid_prompts, at)


def on_time(flow: Flow, hours: AllHours, run: FlowRun, at: datetime) -> Result:
    """Time passed. Before `run.deadline` nothing happens."""
    if run.ended or run.deadline is None or at < run.deadline:
        return run, ()
    step = flow.steps.get(run.step)
    if isinstance(step, CallbackStep | VoicemailStep):
        return _asked(flow, hours, run, step, asking.silent(step, run, at), at)
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
            return say(run, prompts, at)
        case CallbackStep() | VoicemailStep() as step:
            return _asked(flow, hours, run, step, asking.again(step, run, at), at)
        case _:
            return _enter(flow, hours, run, flow.start, at)


def way_to(flow: Flow, hours: AllHours, queue: QueueKey, at: datetime) -> QueueStep | None:
    """The first step by which a caller could get into the queue now; None when no way is open at this time."""
    found, todo = {flow.start: None}, [flow.start]
    while todo:
        step = flow.steps[todo.pop(0)]
        if isinstance(step, QueueStep) and step.queue == queue:
            return step
        ahead = [branch(step, hours[HoursKey(step.hours)], at)] if isinstance(step, HoursStep) else sorted(links(step))
        new = [name for name in ahead if name not in found]
        found.update(dict.fromkeys(new))
        todo.extend(new)
    return None


def silent_way(flow: Flow, hours: AllHours, run: FlowRun, at: datetime) -> QueueKey | None:
    """The queue to which a citizen who presses nothing would come from here now; None: to none."""
    name: str | None = run.step
    while name is not None:
        match flow.steps.get(name):
            case QueueStep(queue=queue):
                return QueueKey(queue)
            case HoursStep() as step:
                name = branch(step, hours[HoursKey(step.hours)], at)
            case PlayStep(next=target) | MenuStep(otherwise=target):
                name = target
            case AnnouncementStep(next=following):
                name = following
            case CallbackStep(otherwise=following) | VoicemailStep(otherwise=following):
                name = following
            case _:
                name = None
    return None


def _asked(
    flow: Flow, hours: AllHours, run: FlowRun, step: CallbackStep | VoicemailStep, result: Result | None, at: datetime
) -> Result:
    """What a step that asks came to; None: to nothing, so the flow goes on without."""
    if result is not None:
        return result
    return _enter(flow, hours, run, step.otherwise, at) if step.otherwise else end(run, EndCall())


def _resting(flow: Flow, run: FlowRun) -> AnyStep | None:
    """The step the run rests on; None when an edit of the flow removed it."""
    return flow.steps.get(run.step)


def _longer(step: MenuStep, digits: str) -> bool:
    """Whether more keys would make another choice."""
    return any(choice.startswith(digits) and choice != digits for choice in step.choices)


def _chosen(step: MenuStep, digits: str, digit: str) -> str | None:
    """The choice that `digit` after `digits` makes, if it makes one."""
    if digits + digit in step.choices:
        return digits + digit
    return digits if digit == "#" and digits in step.choices else None


def _type_ahead(flow: Flow, hours: AllHours, run: FlowRun, digit: str, at: datetime) -> Result:
    """Keep the key for the next menu, and say no more of what may be interrupted."""
    run = msgspec.structs.replace(run, ahead=(run.ahead + digit)[:MOST_AHEAD])
    step = _resting(flow, run)
    if isinstance(step, PlayStep) and step.interruptible:
        return _enter(flow, hours, run, step.next, at)
    return run, ()


def _enter(flow: Flow, hours: AllHours, run: FlowRun, name: str, at: datetime, digits: str = "") -> Result:
    """Go to a step and through those without sound. Ends because `parse_flow` allows no circle of them."""
    entered: list[Action] = []
    while True:
        entered.append(StepEntered(step=name, digits=digits))
        run, digits = FlowRun(step=name, play=run.play, ahead=run.ahead, caller=run.caller), ""
        step = flow.steps[name]
        if isinstance(step, HoursStep):
            name = branch(step, hours[HoursKey(step.hours)], at)
        elif isinstance(step, PlayStep) and step.interruptible and run.ahead:
            name = step.next
        else:
            break
    run, actions = _begin_menu(flow, hours, run, step, at) if isinstance(step, MenuStep) else _begin(run, step, at)
    return run, (*entered, *actions)


def _begin_menu(flow: Flow, hours: AllHours, run: FlowRun, step: MenuStep, at: datetime) -> Result:
    """Take the keys typed ahead; the menu is said unless they make a choice. Each choice uses up a key or more."""
    ahead, digits = run.ahead, ""
    run = msgspec.structs.replace(run, ahead="")
    for count, digit in enumerate(ahead, start=1):
        if _longer(step, digits + digit):
            digits += digit
            continue
        chosen = _chosen(step, digits, digit)
        if chosen is not None:
            run = msgspec.structs.replace(run, ahead=ahead[count:])
            return _enter(flow, hours, run, step.choices[chosen], at, chosen)
        digits = ""
        break
    run, said = say(run, step.prompts, at)
    return (msgspec.structs.replace(run, digits=digits, deadline=at + NEXT_KEY) if digits else run), said


def _begin(run: FlowRun, step: AnyStep, at: datetime) -> Result:
    match step:
        case QueueStep():
            prompts = tuple(PromptKey(key) for key in step.prompts)
            return end(run, EnterQueue(QueueKey(step.queue), step.priority, prompts, step.music))
        case PlayStep(prompts=prompts) | AnnouncementStep(prompts=prompts) | MenuStep(prompts=prompts):
            return say(run, prompts, at)
        case CallbackStep() | VoicemailStep():
            return asking.begin(step, run, at)
        case HangUpStep() | HoursStep():
            return end(run, EndCall())


def _say_menu_again(
    flow: Flow, hours: AllHours, run: FlowRun, step: MenuStep, spoken_first: tuple[str, ...], at: datetime
) -> Result:
    if run.attempt >= step.attempts:
        return _enter(flow, hours, run, step.otherwise, at)
    again = msgspec.structs.replace(run, attempt=run.attempt + 1)
    return say(again, (*spoken_first, *step.prompts), at)
