"""The plan: what a centre has configured, as one value. The router learns of changes by the event `PlanChanged`."""

from datetime import date, time
from typing import Any

import msgspec

from haedap.domain.ids import AgentId, FlowKey, HoursKey, QueueKey, SkillKey


class Period(msgspec.Struct, frozen=True):
    """Open from `start` up to, not including, `end`, local time of the centre. `end` 00:00 is the day's end."""

    start: time
    end: time


class SpecialDay(msgspec.Struct, frozen=True):
    """One of the centre's own days. No periods: closed all day. It overrides both the week and the public holidays."""

    day: date
    name: str
    periods: tuple[Period, ...] = ()


class Hours(msgspec.Struct, frozen=True):
    """Opening hours: seven days from Monday, each with any number of periods; holidays close unless told otherwise."""

    key: HoursKey
    week: tuple[tuple[Period, ...], ...]
    special_days: tuple[SpecialDay, ...] = ()
    open_on_holidays: bool = False
    time_zone: str = "Asia/Seoul"


class Overflow(msgspec.Struct, frozen=True):
    """When waiting contacts go to another queue. Each condition that is set suffices; none set: never."""

    queue: QueueKey
    after_seconds: int | None = None
    """The contact has waited so long."""
    longer_than: int | None = None
    """So many wait already when it comes."""
    nobody: bool = False
    """No agent who could serve this queue is signed in."""


class Widening(msgspec.Struct, frozen=True):
    """From so many seconds of waiting on, agents with this skill may serve the contact, too, after those of its own."""

    after_seconds: int
    skill: SkillKey


class Queue(msgspec.Struct, frozen=True):
    """A queue and its rules. Times in seconds."""

    key: QueueKey
    name: str
    skill: SkillKey
    ring_seconds: int = 20
    wrap_up_seconds: int = 60
    service_level_seconds: int = 20
    announce_every_seconds: int = 45
    """How often a waiting citizen is told position and expected wait; 0 never."""
    reconnect_seconds: int = 30
    """How long a citizen whose agent's leg was lost is kept for that agent before others are asked."""
    overflow: tuple[Overflow, ...] = ()
    widening: tuple[Widening, ...] = ()
    callback_offer_seconds: int | None = None
    """From so long a wait on, announcements offer to call back: `1` keeps the place. None: never."""
    callback_hours: HoursKey | None = None
    """When promises of this queue may be kept; None: always."""
    abandoned_callback: bool = False
    """Whether who gives up waiting, with a number to call, is called back."""
    rest_seconds: int = 600
    """The least rest after a talk that was ended for abuse."""
    notice_seconds: int = 900
    """After so much talk the desk reminds; 0: never."""
    end_seconds: int = 1200
    """After so much talk the desk offers to end the call; 0: never."""


class AgentSkill(msgspec.Struct, frozen=True):
    """`level` 1 is asked first, 2 when nobody of level 1 is free, and so on."""

    skill: SkillKey
    level: int = 1


class Agent(msgspec.Struct, frozen=True):
    """An agent and the telephone that offers ring at (a name that the voice channel resolves)."""

    id: AgentId
    name: str
    endpoint: str
    skills: tuple[AgentSkill, ...] = ()


class Number(msgspec.Struct, frozen=True):
    """A number that the centre owns, E.164, and the flow that answers it."""

    number: str
    flow: FlowKey


class Supervisor(msgspec.Struct, frozen=True):
    """Who may take part in talks, and the telephone that rings for it."""

    id: AgentId
    endpoint: str


class CallbackRules(msgspec.Struct, frozen=True):
    """How promises are kept."""

    again_after_minutes: tuple[int, ...] = (10, 60, 240)
    """The pauses between attempts; after the last one nothing more is tried."""
    deadline_minutes: int = 480
    """Within what a promise is owed, if nobody said otherwise; counted in open hours."""
    escalate_minutes: int = 30
    """How long before the deadline supervisors are told."""
    ring_seconds: int = 30
    redial_minutes: int = 10
    """Who was cut off or gave up and calls again within this time has the old place back; 0: never."""


class FloodLimits(msgspec.Struct, frozen=True):
    """How many calls within one minute of the clock are taken; each one more is refused. 0: no limit."""

    per_caller: int = 0
    unknown: int = 0
    """All callers together whose number is withheld or cannot be read."""


class Plan(msgspec.Struct, frozen=True):
    """All of it. `flows` holds flow definitions as JSON objects; `haedap.flows` validates and reads them."""

    version: int
    queues: tuple[Queue, ...] = ()
    agents: tuple[Agent, ...] = ()
    numbers: tuple[Number, ...] = ()
    hours: tuple[Hours, ...] = ()
    flows: dict[FlowKey, dict[str, Any]] = msgspec.field(default_factory=dict)
    supervisors: tuple[Supervisor, ...] = ()
    callbacks: CallbackRules = CallbackRules()
    calls_abroad: bool = False
    """Whether numbers abroad may be called: to put citizens through, and to call them back."""
    flood: FloodLimits = FloodLimits()
