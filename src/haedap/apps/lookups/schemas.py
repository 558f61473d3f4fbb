"""What the desk's API of look-ups takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, Field

from haedap.apps.desk.schemas import Input, Word, storable
from haedap.apps.lookups.policy import Level, Way

_MOST_FIELDS = 12
_MOST_SYSTEMS = 40
Typed = Annotated[str, Field(max_length=100), AfterValidator(storable)]
Subject = Annotated[dict[Word, Typed], Field(max_length=_MOST_FIELDS)]


def _said(text: str) -> str:
    """A reason in words. Raises ValueError for one that is blank."""
    if not text.strip():
        raise ValueError("blank")
    return storable(text.strip())


Reason = Annotated[str, Field(min_length=2, max_length=200), AfterValidator(_said)]
Place = Annotated[int, Field(ge=0, lt=10_000, strict=True)]
Key = Annotated[int, Field(ge=1, lt=2**63, strict=True)]


class IdentifyIn(Input):
    """`asked`: what was asked and found right. `subject`: who the citizen is, by names of the panels' subjects."""

    level: Level
    how: Way = Way.ASKED
    asked: list[Word] = Field(default_factory=list, max_length=_MOST_FIELDS)
    subject: Subject = Field(default_factory=dict)


class LookUpIn(Input):
    """`subject`: only what is not known yet. `fresh`: do not take an answer that was kept."""

    purpose: Word
    subject: Subject = Field(default_factory=dict)
    fresh: bool = False


class LookUpAllIn(Input):
    """Several systems at once. `subjects`: by system, as `LookUpIn.subject`; `fresh` as there."""

    purpose: Word
    keys: Annotated[list[Word], Field(min_length=1, max_length=_MOST_SYSTEMS)]
    subjects: Annotated[dict[Word, Subject], Field(max_length=_MOST_SYSTEMS)] = Field(default_factory=dict)
    fresh: bool = False


class UnmaskIn(Input):
    """One field of one record of one look-up, and why."""

    lookup: Key
    record: Place
    field: Word
    reason: Reason


class SettlementIn(Input):
    """What the meter of a record shows, as the citizen reads it, and the day of moving."""

    lookup: Key
    record: Place = 0
    reading: Annotated[str, Field(min_length=1, max_length=20), AfterValidator(storable)]
    on: date


class Choice(Schema):
    key: str
    name: str


class SubjectOut(Schema):
    """One thing a system must know. `known`: the server has it; `shown` is its masked form."""

    name: str
    label: str
    hint: str
    required: bool
    personal: bool
    known: bool
    shown: str


class PanelOut(Schema):
    """One system as it stands for this contact. `refusal` and `sentence`: why it cannot be asked now."""

    key: str
    title: str
    level: Level
    subject: list[SubjectOut]
    limit_ms: int
    settlement: bool
    refusal: str
    sentence: str


class IdentificationOut(Schema):
    level: Level
    how: str
    asked: list[str]
    by: str
    at: datetime | None


class PanelsOut(Schema):
    """All panels of a contact. `number_known`: the caller's number is on record, so that it identifies by itself."""

    identification: IdentificationOut
    number_known: bool
    ways: list[Choice]
    askable: list[Choice]
    purposes: list[Choice]
    identity: list[SubjectOut]
    panels: list[PanelOut]


class ValueOut(Schema):
    """`value` is a number, an ISO date, a text or a list of texts; `masked`: unmask to see it."""

    name: str
    label: str
    type: str
    unit: str
    value: Any
    masked: bool


class RecordOut(Schema):
    title: str
    values: list[ValueOut]


class AnswerOut(Schema):
    """What became of a look-up. `sentence`: for the agent to say when it failed; `again`: asking again may help."""

    lookup: int
    state: Literal["ok", "empty", "failed"]
    records: list[RecordOut] = Field(default_factory=list)
    read_out: str = ""
    sentence: str = ""
    failure: str = ""
    again: bool = False
    took_ms: int
    cached: bool = False
    fetched_at: datetime | None = None


class UnmaskedOut(Schema):
    value: Any


class StepOut(Schema):
    """One line of the working; reductions are negative."""

    label: str
    working: str
    won: int


class SettlementOut(Schema):
    """Each step of the calculation, the sum in won, what else to say, and the sentence to read out."""

    days: int
    usage: int
    steps: list[StepOut]
    total: int
    notes: list[str]
    read_out: str
