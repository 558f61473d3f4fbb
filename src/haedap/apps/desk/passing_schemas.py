"""What the desk's API takes and gives about passing a citizen on and promising a call."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from haedap.apps.desk.schemas import Done, Input, Text, Word
from haedap.domain.states import ConsultStep, ProtectionStep, TransferMode
from haedap.flows.terms import Term

Id = Annotated[int, Field(ge=1, lt=2**31, strict=True)]


class AgentIn(Input):
    type: Literal["agent"]
    agent: Id


class QueueIn(Input):
    type: Literal["queue"]
    queue: Word


class OfficerIn(Input):
    """Whoever answers for the officer now; `exactly`: this officer and no deputy."""

    type: Literal["officer"]
    officer: Id
    exactly: bool = False


class DepartmentIn(Input):
    type: Literal["department"]
    department: Id


class NumberIn(Input):
    """As somebody dials it: an extension or a whole number."""

    type: Literal["number"]
    number: Word


TargetIn = Annotated[AgentIn | QueueIn | OfficerIn | DepartmentIn | NumberIn, Field(discriminator="type")]


class TransferIn(Input):
    """`brief`: the text for the officer or null; `announce`: speak a sentence to them first; `send`: send the link."""

    contact: UUID
    mode: TransferMode
    target: TargetIn
    brief: Text | None = None
    announce: bool = False
    send: bool = True


class ConsultIn(Input):
    contact: UUID
    step: ConsultStep


class ProtectIn(Input):
    contact: UUID
    step: ProtectionStep
    kind: Word


class PromiseIn(Input):
    """A call that is owed. `term`: the law's, for an officer; `deadline` goes before it. No `citizen`: the caller."""

    contact: UUID
    owner: TargetIn
    citizen: Word | None = None
    term: Term | None = None
    due_at: AwareDatetime | None = None
    deadline: AwareDatetime | None = None
    brief: Text | None = None
    send: bool = True


class PassedOut(Done):
    """`brief`: the link that was made, or null. `sent`: the ways by which it goes out."""

    brief: str | None = None
    sent: list[str] = Field(default_factory=list)


class DraftOut(Schema):
    """What a brief would say now."""

    text: str
    topic: str
    spoken: str


class ColleagueOut(Schema):
    """A colleague on duty; `since`: when their state began."""

    id: int
    name: str
    state: str
    reason: str
    since: datetime
    queues: list[str]


class QueueOut(Schema):
    """A queue to pass to: how many wait, and how many of its people are free."""

    key: str
    name: str
    waiting: int
    free: int


class TargetsOut(Schema):
    """Who and what is there to pass a citizen on to, offices apart."""

    colleagues: list[ColleagueOut]
    queues: list[QueueOut]
