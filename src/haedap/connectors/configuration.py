"""A system as a city describes it: data, checked in full before it is used.

What is the same for all kinds stands here; each kind adds its own `system` section. See docs/reference/connectors.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from haedap.connectors.port import FieldType, SubjectField
from haedap.connectors.reading import Path
from haedap.connectors.schema import ConfigurationInvalid, Problem, find_problems
from haedap.connectors.template import Template, Templated

REQUEST_NAMES = frozenset({"today", "now", "serial", "secrets"})
"""What a request's templates know beside the subject."""
READ_OUT_NAMES = frozenset({"records", "count", "on"})
"""What a sentence's template knows beside the subject."""

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
Text = Annotated[str, Meta(max_length=4000)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
Codes = tuple[Code, ...]
JsonPath = Annotated[str, Meta(min_length=1, max_length=500)]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far one system may be asked, and how long it may take."""

    seconds: Annotated[float, Meta(ge=0.1, le=30)] = 5.0
    """For a whole look-up, waiting and repetitions included."""
    attempts: Annotated[int, Meta(ge=1, le=5)] = 2
    per_second: Annotated[float, Meta(ge=0.1, le=200)] = 5.0
    at_once: Annotated[int, Meta(ge=1, le=50)] = 8
    failures: Annotated[int, Meta(ge=1, le=100)] = 5
    """So many failures in a row, and the system is left alone …"""
    rest_seconds: Annotated[float, Meta(ge=1, le=3600)] = 30.0
    """… for so long; then one look-up tries it."""


class ConfiguredSubject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """See `port.SubjectField`."""

    name: Name
    label: Label
    personal: bool = False
    required: bool = True
    pattern: Annotated[str, Meta(max_length=300)] = ""
    hint: Annotated[str, Meta(max_length=100)] = ""
    longest: Annotated[int, Meta(ge=1, le=200)] = 100

    def manifest(self) -> SubjectField:
        return SubjectField(**{name: getattr(self, name) for name in self.__struct_fields__})


class ConfiguredField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of a record and where it stands in the answer."""

    name: Name
    label: Label
    type: FieldType = FieldType.TEXT
    personal: bool = False
    unit: Annotated[str, Meta(max_length=10)] = ""
    at: Annotated[str, Meta(max_length=500)] = ""
    """JMESPath within the record, or a column; empty: the name itself."""
    pattern: Annotated[str, Meta(max_length=40)] = ""
    """How a date is written (strptime), when it is written unlike all others."""
    values: dict[str, Label] = {}
    """What the system's codes mean, for texts."""
    required: bool = False
    """An answer without it is not what was agreed."""

    @property
    def place(self) -> str:
        return self.at or self.name


class Results(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an answer says whether it is one. A code that is in no list is a failure of the system."""

    code: JsonPath
    ok: Codes
    empty: Codes = ()
    """Nothing is known of this subject."""
    temporary: Codes = ()
    """Worth asking again at once."""
    limit: Codes = ()
    """No more questions are taken for now."""
    key: Codes = ()
    """Our key, account or address is not accepted."""
    refused: Codes = ()
    """The question is not accepted: the subject is wrong."""


class AnswerRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an answer is read."""

    fields: Annotated[tuple[ConfiguredField, ...], Meta(min_length=1, max_length=60)]
    title: Text
    """A template over the fields: what one record is called."""
    records: Annotated[str, Meta(max_length=500)] = ""
    """JMESPath to the records; empty: where this kind has them."""
    facts: Annotated[tuple[ConfiguredField, ...], Meta(max_length=60)] = ()
    """What is reckoned with but not shown."""
    results: tuple[Results, ...] = ()
    """Tried in order; the first whose code is there decides. Empty: as this kind has them."""
    character_set: Annotated[str, Meta(pattern="^(utf-8|euc-kr|cp949)$")] = "utf-8"


class ReadOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Templates over `records`, `count`, `on` and the subject."""

    some: Text
    none: Text


class Sentences(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the agent says when it did not work; empty: the usual sentences."""

    temporary: Annotated[str, Meta(max_length=300)] = ""
    permanent: Annotated[str, Meta(max_length=300)] = ""


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One system, ready to be asked. `system` is read by its kind."""

    key: Name
    title: Label
    kind: Name
    answer: AnswerRules
    read_out: ReadOut
    system: dict[str, Any]
    capabilities: tuple[Name, ...] = ()
    subject: Annotated[tuple[ConfiguredSubject, ...], Meta(max_length=10)] = ()
    limits: Limits = Limits()
    sentences: Sentences = Sentences()
    about: Annotated[str, Meta(max_length=2000)] = ""
    """A remark for the people who keep it."""


def read_configuration(data: object) -> Configuration:
    """The checked configuration, but for its `system` section. Raises `ConfigurationInvalid` with all problems."""
    problems = tuple(find_problems(data, Configuration, ""))
    if problems:
        raise ConfigurationInvalid(problems)
    configuration = msgspec.convert(data, Configuration)
    problems = tuple(_meaning_problems(configuration))
    if problems:
        raise ConfigurationInvalid(problems)
    return configuration


def template_problems(text: str, known: frozenset[str], place: str) -> Iterator[Problem]:
    """What is wrong with a template that may use the names `known`."""
    try:
        names = Template(text).names
    except ValueError as error:
        yield Problem(place, f"틀을 읽을 수 없습니다 ({error}).")
        return
    yield from _unknown_names(names, known, place)


def request_problems(shape: Templated, configuration: Configuration, place: str) -> Iterator[Problem]:
    """The same for JSON whose texts are templates of a request; each problem at its own place."""
    if isinstance(shape, dict | list):
        items = shape.items() if isinstance(shape, dict) else enumerate(shape)
        for name, value in items:
            yield from request_problems(value, configuration, f"{place}.{name}")
    elif isinstance(shape, str):
        known = REQUEST_NAMES | {field.name for field in configuration.subject}
        yield from template_problems(shape, known, place)


def path_problems(text: str, place: str) -> Iterator[Problem]:
    """What is wrong with a JMESPath expression; an empty one is left to the kind."""
    if text:
        try:
            Path(text)
        except ValueError:
            yield Problem(place, "JMESPath 식이 아닙니다.")


def _unknown_names(names: frozenset[str], known: frozenset[str], place: str) -> Iterator[Problem]:
    for name in sorted(names - known):
        yield Problem(place, f"“{name[:40]}”을(를) 모릅니다. 쓸 수 있는 이름: {', '.join(sorted(known))}.")


def _meaning_problems(configuration: Configuration) -> Iterator[Problem]:
    answer = configuration.answer
    subject = frozenset(field.name for field in configuration.subject)
    yield from _twice([field.name for field in configuration.subject], "subject")
    yield from _twice([field.name for field in (*answer.fields, *answer.facts)], "answer.fields")
    for name in sorted(subject & (REQUEST_NAMES | READ_OUT_NAMES)):
        yield Problem("subject", f"“{name}”은(는) 다른 뜻으로 쓰는 이름입니다. 다른 이름을 쓰십시오.")
    for index, field in enumerate(configuration.subject):
        yield from _pattern_problems(field.pattern, f"subject.{index}.pattern")
    for part, fields in (("fields", answer.fields), ("facts", answer.facts)):
        for index, found in enumerate(fields):
            yield from path_problems(found.at, f"answer.{part}.{index}.at")
    for index, results in enumerate(answer.results):
        yield from path_problems(results.code, f"answer.results.{index}.code")
    yield from path_problems(answer.records, "answer.records")
    yield from template_problems(answer.title, frozenset(field.name for field in answer.fields), "answer.title")
    for name, text in (("some", configuration.read_out.some), ("none", configuration.read_out.none)):
        yield from template_problems(text, READ_OUT_NAMES | subject, f"read_out.{name}")


def _twice(names: list[str], place: str) -> Iterator[Problem]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(place, f"“{name}”이(가) 두 번 있습니다. 하나를 지우거나 이름을 바꾸십시오.")


def _pattern_problems(pattern: str, place: str) -> Iterator[Problem]:
    try:
        re.compile(pattern)
    except re.error:
        yield Problem(place, "정규식이 아닙니다.")


Secrets = Mapping[str, str]
"""Keys and passwords by the names of the kind's secret settings; never a part of the configuration."""
