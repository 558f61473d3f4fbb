"""What the desk's API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from haedap.domain.states import Control


def storable(text: str) -> str:
    """What PostgreSQL and UTF-8 can hold. Raises ValueError."""
    if "\x00" in text:
        raise ValueError("NUL")
    text.encode("utf-8")
    return text


Text = Annotated[str, Field(max_length=20_000), AfterValidator(storable)]
Word = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(storable)]


class Input(Schema):
    """A body: nothing but the named fields."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Input):
    """An empty object."""


class AwayIn(Input):
    reason: Word


class ExtendIn(Input):
    seconds: Annotated[int, Field(ge=1, le=3600, strict=True)]


class ControlIn(Input):
    contact: UUID
    control: Control
    digits: Annotated[str, Field(max_length=32, pattern=r"^[0-9*#A-D]*$")] = ""


class NoteIn(Input):
    text: Text
    version: Annotated[int, Field(ge=0, lt=2**31, strict=True)]


class TopicIn(Input):
    topic: Annotated[int, Field(ge=1, lt=2**31, strict=True)] | None


class DispositionIn(Input):
    disposition: Word | None


class SoughtIn(Input):
    sought: Annotated[str, Field(max_length=60), AfterValidator(storable)]


class CitizenIn(Input):
    citizen: Annotated[int, Field(ge=1, lt=2**31, strict=True)] | None


class NewCitizenIn(Input):
    name: Annotated[str, Field(max_length=60), AfterValidator(storable)]


class Done(Schema):
    """The engine has done it."""

    outcome: Literal["done"] = "done"


class Saved(Schema):
    """The note's version from now on, and its text when it is not as it was sent: personal data is masked."""

    version: int
    text: str | None = None


class ErrorOut(Schema):
    """Every refusal."""

    message: str
    code: str


class NoteConflictOut(ErrorOut):
    """The note was changed elsewhere: what stands there now. What was sent is not saved.

    `sent` is how it would have been kept, to be compared with `text`.
    """

    text: str
    version: int
    sent: str


class CitizenOut(Schema):
    id: int
    name: str


class CandidateOut(Schema):
    """Somebody who may be on the line: masked numbers, and what they called about last."""

    id: int
    name: str
    numbers: list[str]
    last_at: datetime | None
    last_topic: str


class KnownOut(Schema):
    """Who is on the line. `chosen`: an agent said so. `candidates`: all who have the number, if several."""

    citizen: CitizenOut | None
    chosen: bool
    candidates: list[CandidateOut]


class EarlierOut(Schema):
    """An earlier contact of the same citizen."""

    id: UUID
    arrived_at: datetime
    outcome: str | None
    topic: str
    disposition: str
    agent_name: str
    note_first_line: str
    channel: str
    sure: bool


class NoteOut(Schema):
    text: str
    version: int
    topic: int | None
    disposition: str | None


class ContactOut(Schema):
    """A contact for its agent: the row, who it is, what they called about before, and the note."""

    contact: dict[str, Any]
    citizen: CitizenOut | None
    known: KnownOut
    history: list[EarlierOut]
    history_goes_on: bool
    note: NoteOut


class TodayRow(Schema):
    """One of my contacts of today. `complete`: topic and disposition are there."""

    id: UUID
    arrived_at: datetime
    caller: str | None
    citizen_name: str
    queue: str | None
    state: str
    outcome: str | None
    talk_seconds: int | None
    topic: str
    disposition: str
    note_first_line: str
    complete: bool


class PhoneOut(Schema):
    """What this agent's browser telephone needs to register. The password is told only here."""

    username: str
    password: str
    realm: str
    uri: str
    ws_url: str
    expires_at: datetime
    expires_in: int


class TopicOut(Schema):
    id: int
    code: str
    name: str
    children: list[TopicOut]


class DispositionOut(Schema):
    key: str
    name: str
    self_handled: bool


class AwayReasonOut(Schema):
    key: str
    name: str


class AbuseKindOut(Schema):
    key: str
    name: str
    at_once: bool
