"""The connector that every kind shares: checks the subject, asks by the kind's exchange, and reads the answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec

from haedap.connectors.configuration import Configuration, ConfiguredField, Results, Secrets
from haedap.connectors.failing import Failing
from haedap.connectors.port import (
    Answer,
    ConnectorError,
    FailureCode,
    Field,
    FieldType,
    Manifest,
    Query,
    Record,
    Setting,
    SubjectField,
    Value,
)
from haedap.connectors.reading import NotAgreed, Path, one_or_many, read_value
from haedap.connectors.schema import Problem
from haedap.connectors.template import SEOUL, Template

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class World:
    """What a connector needs from outside."""

    now: Callable[[], datetime]
    """Aware."""
    serial: Callable[[int], str]
    """So many digits by chance, for the numbers of messages."""
    envelopes: Mapping[str, Envelope]
    """How messages of 새올 are sealed, by the name that a configuration gives."""


class Envelope(Protocol):
    """Seals and opens messages between agencies, as GPKI's library does."""

    def seal(self, content: bytes) -> bytes: ...

    def open(self, content: bytes) -> bytes:
        """Raises ValueError for what cannot be opened."""
        ...


class Reply(msgspec.Struct, frozen=True):
    """The tree of an answer. `failure`: what it is unless a result code in the tree says better."""

    tree: Any
    failure: ConnectorError | None = None


class Exchange(Protocol):
    """Asks a system by its wire format."""

    async def ask(self, values: Mapping[str, Any]) -> Reply:
        """`values`: what the request's templates may use. Raises `ConnectorError`s only."""
        ...

    async def close(self) -> None: ...


class Plan(msgspec.Struct, frozen=True):
    """What a kind needs to open an exchange."""

    configuration: Configuration
    system: Any
    secrets: Secrets
    failing: Failing
    world: World


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One wire format. `records` and `results` are used where the configuration gives none."""

    name: str
    title: str
    system: type[msgspec.Struct]
    problems: Callable[[Configuration, Any], Iterator[Problem]]
    settings: Callable[[Any], tuple[Setting, ...]]
    """The secrets that have to be given."""
    open: Callable[[Plan], Exchange]
    records: str = "@"
    results: tuple[Results, ...] = ()


class ConfiguredConnector:
    """See `port.Connector`."""

    def __init__(self, kind: Kind, plan: Plan) -> None:
        configuration = plan.configuration
        answer = configuration.answer
        self.manifest = _manifest(configuration, kind.settings(plan.system))
        self._plan = plan
        self._exchange = kind.open(plan)
        self._rules = tuple((Path(rule.code), rule) for rule in answer.results or kind.results)
        self._records = Path(answer.records or kind.records)
        self._fields = tuple((Path(field.place), field) for field in answer.fields)
        self._facts = tuple((Path(field.place), field) for field in answer.facts)
        self._title = Template(answer.title)
        self._some, self._none = Template(configuration.read_out.some), Template(configuration.read_out.none)

    async def look_up(self, query: Query) -> Answer:
        """See `port.Connector`."""
        subject = self._subject(query)
        now = self._plan.world.now()
        values = {
            **subject,
            "today": query.on,
            "now": now.astimezone(SEOUL),
            "serial": self._plan.world.serial(8),
            "secrets": self._plan.secrets,
        }
        reply = await self._exchange.ask(values)
        try:
            records = tuple(map(self._record, self._found(reply)))
        except NotAgreed as error:
            raise self._plan.failing.unreadable(str(error)) from None
        return Answer(records=records, read_out=self._read_out(records, subject, query), fetched_at=now)

    async def close(self) -> None:
        """See `port.Connector`."""
        await self._exchange.close()

    def _subject(self, query: Query) -> dict[str, str]:
        """Every field of the subject as composed text; what is not required and not given is empty."""
        return {field.name: self._checked(field, query.subject.get(field.name, "")) for field in self.manifest.subject}

    def _checked(self, field: SubjectField, raw: str) -> str:
        text = unicodedata.normalize("NFC", raw.strip())
        wrong = len(text) > field.longest or _CONTROL.search(text) or (field.required and not text)
        if wrong or (text and field.pattern and not re.fullmatch(field.pattern, text)):
            raise self._plan.failing.subject(field)
        return text

    def _found(self, reply: Reply) -> tuple[Mapping[str, Any], ...]:
        """The raw records; none where the result code says so. Raises NotAgreed for an answer of another shape."""
        for path, rule in self._rules:
            code = path.find(reply.tree)
            if code is not None and not isinstance(code, dict | list):
                return self._judged(str(code).strip(), rule, reply)
        if reply.failure is not None:
            raise reply.failure
        if self._rules:
            raise NotAgreed("the answer has no result code")
        return self._unjudged(reply.tree)

    def _unjudged(self, tree: Any) -> tuple[Mapping[str, Any], ...]:
        """The records of an answer that has no code: it may be an error in the place of an answer, which must not be
        read as one that knows nothing."""
        if self._records.lacks(tree):
            raise NotAgreed("the answer has no place for records")
        found = one_or_many(self._records.find(tree))
        if any(all(path.lacks(raw) for path, _ in self._fields) for raw in found):
            raise NotAgreed("a record has none of the fields")
        return found

    def _judged(self, code: str, rule: Results, reply: Reply) -> tuple[Mapping[str, Any], ...]:
        if code in rule.empty:
            return ()
        if code in rule.ok:
            return one_or_many(self._records.find(reply.tree))
        raise self._failure(code[:20], rule)

    def _failure(self, code: str, rule: Results) -> ConnectorError:
        failing, reason = self._plan.failing, f"the system answered with the code {code!r}"
        if code in rule.refused:
            return failing.refused(reason)
        if code in rule.key:
            return failing.misconfigured(reason, FailureCode.KEY)
        if code in rule.limit:
            return failing.temporary(reason, FailureCode.LIMIT, again=False)
        return failing.temporary(reason, FailureCode.SYSTEM, again=code in rule.temporary)

    def _record(self, raw: Mapping[str, Any]) -> Record:
        values = dict(_values(raw, self._fields))
        return Record(title=self._title.render(values), values=values, facts=dict(_values(raw, self._facts)))

    def _read_out(self, records: tuple[Record, ...], subject: Mapping[str, str], query: Query) -> str:
        template = self._some if records else self._none
        rows = [record.values for record in records]
        return template.render({**subject, "records": rows, "count": len(rows), "on": query.on})


def _values(raw: Mapping[str, Any], fields: tuple[tuple[Path, ConfiguredField], ...]) -> Iterator[tuple[str, Value]]:
    for path, field in fields:
        try:
            value = read_value(path.find(raw), field.type, field.pattern)
        except NotAgreed as error:
            raise NotAgreed(f"{field.name}: {error}") from None
        if value is None and field.required:
            raise NotAgreed(f"{field.name}: it is missing")
        if field.type is FieldType.TEXT and isinstance(value, str):
            value = field.values.get(value, value)
        yield field.name, value


def _manifest(configuration: Configuration, settings: tuple[Setting, ...]) -> Manifest:
    return Manifest(
        key=configuration.key,
        title=configuration.title,
        kind=configuration.kind,
        capabilities=frozenset(configuration.capabilities),
        settings=settings,
        subject=tuple(field.manifest() for field in configuration.subject),
        fields=tuple(
            Field(name=field.name, label=field.label, type=field.type, personal=field.personal, unit=field.unit)
            for field in configuration.answer.fields
        ),
    )
