"""A flow as typed, frozen data. The JSON form of these types is the format that cities edit."""

from inspect import cleandoc
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta

from haedap.domain.ids import FlowKey
from haedap.flows.errors import ErrorCode

MOST_STEPS = 200
MOST_CHOICES = 100
MOST_PROMPTS = 10
"""Of one step."""
STEP_NAME = "^[A-Za-z0-9가-힣_-]{1,64}$"
# One line that does not begin with a space; neither NUL nor half a surrogate pair, which a database cannot keep.
NAME = r"^[^\s\x00-\x1f\x7f\ud800-\udfff][^\x00-\x1f\x7f\ud800-\udfff]{0,59}(?!\n)$"
CHOICE = "^[0-9*#]{1,4}$"


def _meta(code: ErrorCode, **limits: Any) -> Meta:
    """A constraint together with the error that names it."""
    return Meta(extra={"error": code}, **limits)


StepName: TypeAlias = Annotated[str, _meta(ErrorCode.EXPECTED_STEP, pattern=STEP_NAME)]
Key: TypeAlias = Annotated[str, _meta(ErrorCode.EXPECTED_KEY, min_length=1, max_length=64)]
Prompts: TypeAlias = Annotated[tuple[Key, ...], _meta(ErrorCode.EXPECTED_PROMPTS, max_length=MOST_PROMPTS)]
SomePrompts: TypeAlias = Annotated[
    tuple[Key, ...], _meta(ErrorCode.EXPECTED_SOME_PROMPTS, min_length=1, max_length=MOST_PROMPTS)
]
Choices: TypeAlias = Annotated[
    dict[Annotated[str, Meta(pattern=CHOICE)], StepName],
    _meta(ErrorCode.EXPECTED_CHOICES, min_length=1, max_length=MOST_CHOICES),
]
Seconds: TypeAlias = Annotated[int, _meta(ErrorCode.EXPECTED_SECONDS, ge=1, le=60)]
MessageSeconds: TypeAlias = Annotated[int, _meta(ErrorCode.EXPECTED_MESSAGE_SECONDS, ge=10, le=300)]
Attempts: TypeAlias = Annotated[int, _meta(ErrorCode.EXPECTED_ATTEMPTS, ge=1, le=10)]
Priority: TypeAlias = Annotated[int, _meta(ErrorCode.EXPECTED_PRIORITY, ge=-100, le=100)]
Name: TypeAlias = Annotated[str, _meta(ErrorCode.EXPECTED_NAME, pattern=NAME)]
Flag: TypeAlias = Annotated[bool, _meta(ErrorCode.EXPECTED_FLAG)]


class Step(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """The base of all steps. `name` is what people call the step; its key is for the flow."""

    name: Name | None = None


class PlayStep(Step, frozen=True, tag="play"):
    """Says the prompts in order, then goes on to `next`.

    `interruptible`: a key ends the saying at once, as with a welcome. A notice that must be heard is not interruptible.
    """

    prompts: SomePrompts
    next: StepName
    interruptible: Flag = False


class HoursStep(Step, frozen=True, tag="hours"):
    """Branches by opening hours. `holiday` defaults to `closed`, `own_day` (the centre's own days) to `holiday`."""

    hours: Key
    open: StepName
    closed: StepName
    holiday: StepName | None = None
    own_day: StepName | None = None


class MenuStep(Step, frozen=True, tag="menu"):
    """Says the prompts and waits for a choice. It is said at most `attempts` times; then `otherwise` is next.

    Silence for `timeout_seconds` after the end says the menu again; a key that is no choice says `invalid_prompts`
    before it. `*`, unless it is a choice, says the menu again at once and uses up no attempt. Where one choice begins
    another (1 and 12), the shorter one holds after 3 seconds or with `#`. Keys typed ahead, before the menu began,
    count; from the first that makes no choice on they are forgotten.
    """

    prompts: SomePrompts
    choices: Choices
    otherwise: StepName
    timeout_seconds: Seconds = 5
    attempts: Attempts = 3
    invalid_prompts: Prompts = ()


class QueueStep(Step, frozen=True, tag="queue"):
    """Ends the flow: the citizen waits for an agent, after the prompts, with music or silently and unanswered."""

    queue: Key
    priority: Priority = 0
    prompts: Prompts = ()
    music: Flag = True


class AnnouncementStep(Step, frozen=True, tag="announcement"):
    """Says the prompts to their end, then goes on to `next`; without one the call ends."""

    prompts: SomePrompts
    next: StepName | None = None


class CallbackStep(Step, frozen=True, tag="callback"):
    """Says the prompts and offers to be called back by an agent of the queue, at the caller's number or another.

    A citizen who declines, says nothing or is not understood three times goes on to `otherwise`; without one the call
    ends. Whoever accepts hears it confirmed, and the call ends.
    """

    queue: Key
    prompts: Prompts = ()
    otherwise: StepName | None = None


class VoicemailStep(Step, frozen=True, tag="voicemail"):
    """Says the prompts and takes a message; an agent of the queue hears it and calls back.

    A caller whose number is not known is asked for one first. Who says nothing twice goes on to `otherwise`;
    without one the call ends.
    """

    queue: Key
    prompts: Prompts = ()
    most_seconds: MessageSeconds = 120
    otherwise: StepName | None = None


class HangUpStep(Step, frozen=True, tag="hang_up"):
    """Ends the call."""


AnyStep = PlayStep | HoursStep | MenuStep | QueueStep | AnnouncementStep | CallbackStep | VoicemailStep | HangUpStep
Steps: TypeAlias = Annotated[dict[StepName, AnyStep], Meta(min_length=1, max_length=MOST_STEPS)]


class FlowDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The JSON form of a flow."""

    start: StepName
    steps: Steps


class Flow(msgspec.Struct, frozen=True):
    """A flow that has been checked: every name leads somewhere and every run comes to an end."""

    key: FlowKey
    start: str
    steps: dict[str, AnyStep]

    def definition(self) -> dict[str, Any]:
        """The JSON object that `parse_flow` reads back to this flow."""
        built: dict[str, Any] = msgspec.to_builtins(FlowDefinition(start=self.start, steps=self.steps))
        return built


def flow_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a flow definition."""
    schema = msgspec.json.schema(FlowDefinition)
    for kind in schema["$defs"].values():
        kind["description"] = cleandoc(kind["description"])  # which Python does itself from 3.13 on
    return schema
