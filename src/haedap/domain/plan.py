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


class Plan(msgspec.Struct, frozen=True):
    """All of it. `flows` holds flow definitions as JSON objects; `haedap.flows` validates and reads them."""

    version: int
    queues: tuple[Queue, ...] = ()
    agents: tuple[Agent, ...] = ()
    numbers: tuple[Number, ...] = ()
    hours: tuple[Hours, ...] = ()
    flows: dict[FlowKey, dict[str, Any]] = msgspec.field(default_factory=dict)
