"""Where a citizen is in a flow, and what the flow asks of whoever runs it."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from haedap.domain.decisions import Saying
from haedap.domain.ids import PromptKey, QueueKey

LONGEST_PROMPT = timedelta(minutes=5, seconds=10)
"""No prompt is longer, so a playback whose end nobody reported by then was lost."""


class Stage(StrEnum):
    """How far a callback or voicemail step has come. See `asking`."""

    CONFIRM = "confirm"
    NUMBER = "number"
    ASK = "ask"
    RECORD = "record"
    THANK = "thank"


class FlowRun(msgspec.Struct, frozen=True, kw_only=True):
    """Where one citizen is in a flow. Travels as JSON. `deadline`: call `on_time` then; None once `ended`."""

    step: str
    play: int = 0
    """The number of the latest `PlaySayings`; earlier ones are stale."""
    playing: bool = False
    attempt: int = 1
    digits: str = ""
    ahead: str = ""
    """Keys that were pressed before a menu listened."""
    caller: str | None = None
    """The number that the citizen calls from, E.164; None when it is not known."""
    number: str | None = None
    """The number that the citizen keyed in to be called at, E.164."""
    stage: Stage | None = None
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


class RecordMessage(msgspec.Struct, frozen=True, tag=True):
    """Record what the citizen says and report it by `on_message`."""

    most_seconds: int


class PromiseCall(msgspec.Struct, frozen=True, tag=True):
    """The citizen is to be called back by this queue at `number`. `spoken`: because of a message that they left.

    From here on the promise is owed, however the rest of the call goes.
    """

    number: str
    queue: QueueKey
    spoken: bool


class EndCall(msgspec.Struct, frozen=True, tag=True):
    """The flow is over: hang up."""


class StepEntered(msgspec.Struct, frozen=True, tag=True):
    """The run reached a step; `digits` are the keys that led here, if any did."""

    step: str
    digits: str = ""


Action = StepEntered | PlaySayings | EnterQueue | RecordMessage | PromiseCall | EndCall
Result = tuple[FlowRun, tuple[Action, ...]]


def say(run: FlowRun, prompts: tuple[str, ...], at: datetime) -> Result:
    """The prompts are said from now on; keys of before are forgotten."""
    play = run.play + 1
    sayings = tuple(Saying(PromptKey(key)) for key in prompts)
    deadline = at + LONGEST_PROMPT * len(sayings)
    spoken = msgspec.structs.replace(run, play=play, playing=True, digits="", deadline=deadline)
    return spoken, (PlaySayings(play=play, sayings=sayings),)


def end(run: FlowRun, last: Action) -> Result:
    """The run is over with this."""
    over = msgspec.structs.replace(run, playing=False, digits="", ahead="", stage=None, deadline=None, ended=True)
    return over, (last,)
