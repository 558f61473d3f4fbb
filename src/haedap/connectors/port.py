"""The port between the desk and a city's systems: what is asked, what comes back, and how it can fail.

A connector asks one system. It keeps nothing, decides nothing about who may see what, and never shows a secret: the
reasons of its failures go to logs, so they hold neither keys nor what was asked or answered.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol

import msgspec

Value = str | int | Decimal | date | datetime | tuple[str, ...] | None
"""What a field of a record holds, by its type. None: the system gave nothing there."""


class FieldType(StrEnum):
    """How a value is read, shown and spoken."""

    TEXT = "text"
    WON = "won"
    DATE = "date"
    DATETIME = "datetime"
    NUMBER = "number"
    LIST = "list"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a record: `int` for won, `Decimal` for numbers, aware `datetime`s, tuples of text for lists."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    personal: bool = False
    """Says who or where a person is: masked by default."""
    unit: str = ""


class SubjectField(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that must be known of the citizen or of the matter before the system can be asked."""

    name: str
    label: str
    personal: bool = False
    required: bool = True
    pattern: str = ""
    """A regular expression for the whole text, after spaces at its ends were taken off; empty: anything."""
    hint: str = ""
    """How it looks, for the agent: `예: 12가3456`."""
    longest: int = 100


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a city has to fill in for this system; secrets are kept and given apart from the rest."""

    name: str
    label: str
    secret: bool = False


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What one configured system is and gives."""

    key: str
    title: str
    kind: str
    capabilities: frozenset[str] = frozenset()
    """Words a panel may rely on: `arrears`, `moving_settlement`, `address_search` …"""
    settings: tuple[Setting, ...] = ()
    subject: tuple[SubjectField, ...] = ()
    fields: tuple[Field, ...] = ()


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `subject`: texts by the names of `Manifest.subject`; `on`: today, in Seoul."""

    subject: Mapping[str, str]
    on: date

    def __repr__(self) -> str:
        return f"Query({', '.join(sorted(self.subject))})"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found: a bill, a car, an address."""

    title: str
    values: Mapping[str, Value]
    """By the names of `Manifest.fields`."""
    facts: Mapping[str, Value] = {}
    """What is reckoned with but not shown, such as the tariff of a moving settlement."""

    def __repr__(self) -> str:
        return f"Record({', '.join(sorted(self.values))})"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a system answered. No records: it knows of nothing, and `read_out` says so."""

    records: tuple[Record, ...]
    read_out: str
    """A Korean sentence or two that an agent can read to the citizen. Holds personal data where the records do."""
    fetched_at: datetime

    def __repr__(self) -> str:
        return f"Answer({len(self.records)} records)"


class FailureCode(StrEnum):
    """What went wrong, in one word for logs and for the panel."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BUSY = "busy"
    """Our own limit for this system: too many questions at once."""
    BROKEN = "broken"
    """It failed again and again and is left alone for a while."""
    LIMIT = "limit"
    """The system's limit: no more questions for now."""
    SYSTEM = "system"
    """The system said that it failed."""
    UNREADABLE = "unreadable"
    """The answer is not what was agreed: garbage, half of it, another character set."""
    REFUSED = "refused"
    """The system does not take this question."""
    SUBJECT = "subject"
    """What was asked for is missing or looks wrong."""
    KEY = "key"
    """The system does not accept our key, account or address."""
    CONFIGURATION = "configuration"


class ConnectorError(Exception):
    """The root of this package's exceptions.

    `sentence`: Korean, for the agent to say to the citizen. `reason`: for the engineer, without personal data.
    """

    code: ClassVar[FailureCode] = FailureCode.SYSTEM

    def __init__(self, reason: str, sentence: str, code: FailureCode | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sentence = sentence
        self.failure = code or self.code


class TemporaryFailure(ConnectorError):  # noqa: N818 - named for what it says, as the callers read it
    """Asking again later may help. `again`: asking again within this very look-up may help, too."""

    def __init__(self, reason: str, sentence: str, code: FailureCode | None = None, *, again: bool = True) -> None:
        super().__init__(reason, sentence, code)
        self.again = again


class PermanentFailure(ConnectorError):  # noqa: N818 - named for what it says, as the callers read it
    """Asking the same again will fail again."""

    code = FailureCode.REFUSED


class SubjectInvalid(PermanentFailure):
    """What was asked for is missing or looks wrong; nothing was sent. `field`: the name in `Manifest.subject`."""

    code = FailureCode.SUBJECT

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field} is missing or malformed", sentence)
        self.field = field


class Misconfigured(ConnectorError):  # noqa: N818 - named for what it says, as the callers read it
    """Somebody has to put the configuration or the key right; it is no fault of the citizen's or of the system's."""

    code = FailureCode.CONFIGURATION


class Connector(Protocol):
    """Asks one system."""

    @property
    def manifest(self) -> Manifest:
        """What this system is and gives."""
        ...

    async def look_up(self, query: Query) -> Answer:
        """Ask once. Raises `TemporaryFailure`, `PermanentFailure` or `Misconfigured`, and nothing else."""
        ...

    async def close(self) -> None:
        """Give back connections. A closed connector is not used again."""
        ...
