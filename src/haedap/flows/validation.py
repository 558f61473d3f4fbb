"""Reads a flow definition and finds everything that is wrong with it, each with its place and reason."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, get_args

import msgspec
from msgspec.structs import FieldInfo

from haedap.domain.ids import FlowKey
from haedap.flows.errors import Argument, ErrorCode, FlowError, FlowInvalid
from haedap.flows.graph import endless_circles, reachable
from haedap.flows.model import (
    CHOICE,
    MOST_CHOICES,
    MOST_STEPS,
    STEP_NAME,
    AnnouncementStep,
    AnyStep,
    CallbackStep,
    Flow,
    FlowDefinition,
    HangUpStep,
    HoursStep,
    MenuStep,
    PlayStep,
    QueueStep,
    VoicemailStep,
)
from haedap.flows.notices import is_notice

MOST_BYTES = 256 * 1024
_SHOWN = 64
_STEP_NAME = re.compile(STEP_NAME)
_CHOICE = re.compile(CHOICE)
_KINDS: dict[str, type[AnyStep]] = {
    "play": PlayStep,
    "hours": HoursStep,
    "menu": MenuStep,
    "queue": QueueStep,
    "announcement": AnnouncementStep,
    "callback": CallbackStep,
    "voicemail": VoicemailStep,
    "hang_up": HangUpStep,
}
_START = next(field for field in msgspec.structs.fields(FlowDefinition) if field.name == "start")
_NO_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN|-?\d{4000,})', re.ASCII)
"""A string, passed over, or what Python's reader would take for a value, or refuse without telling its place."""
_STEP_FIELDS = frozenset({"start", "next", "otherwise", "open", "closed", "holiday", "own_day"})
_CIRCLE_SHOWN = 6


class _Known(NamedTuple):
    """The names that may stand in the flow."""

    steps: Collection[str]
    queues: Collection[str]
    hours: Collection[str]
    prompts: Collection[str] | None


def read_definition(text: bytes | str) -> dict[str, Any]:
    """A flow definition as text to a JSON object. Raises `FlowInvalid` for what JSON readers let pass, too."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > MOST_BYTES:
        raise _refused(ErrorCode.TOO_LARGE, most=MOST_BYTES)
    try:
        read = data.decode("utf-8-sig")
        found = json.loads(read, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise _refused(ErrorCode.NOT_UTF8) from None
    except json.JSONDecodeError as error:
        raise _refused(ErrorCode.NOT_JSON, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise _refused(ErrorCode.TOO_DEEP) from None
    except ValueError:  # NaN, Infinity, a number of thousands of digits
        raise _refused(ErrorCode.NOT_JSON, **_place_of_no_value(read)) from None
    if not isinstance(found, dict):
        raise _refused(ErrorCode.NOT_OBJECT)
    return found


def parse_flow(
    key: FlowKey,
    definition: object,
    *,
    queues: Collection[str],
    hours: Collection[str],
    prompts: Collection[str] | None = None,
) -> Flow:
    """The checked flow. Raises `FlowInvalid` with all errors. `queues`, `hours`, `prompts`: the keys that exist.

    `prompts=None` leaves the prompts unchecked (the plan does not carry them).
    """
    if not isinstance(definition, dict):
        raise _refused(ErrorCode.NOT_OBJECT)
    errors = list(_field_errors(definition, {"start", "steps"}, {"start", "steps"}, ""))
    raw = definition.get("steps", {})
    known = _Known(frozenset(raw) if isinstance(raw, dict) else frozenset(), queues, hours, prompts)
    if "start" in definition:
        errors.extend(_value_errors(_START, definition["start"], "start", known))
    steps = _read_steps(raw, known, errors)
    if not errors:
        errors.extend(_way_errors(definition["start"], steps))
    if errors:
        raise FlowInvalid(tuple(errors))
    return Flow(key=key, start=definition["start"], steps=steps)


def _refused(code: ErrorCode, **args: Argument) -> FlowInvalid:
    return FlowInvalid((FlowError("", code, args),))


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _refused(ErrorCode.DUPLICATE_KEY, name=_shown(twice))
    return found


def _place_of_no_value(text: str) -> dict[str, Argument]:
    at = next((found.start() for found in _NO_VALUE.finditer(text) if found[1]), 0)
    return {"line": text.count("\n", 0, at) + 1, "column": at - text.rfind("\n", 0, at)}


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _shown(name: object) -> str:
    """A name out of the definition, short enough for a sentence and safe to encode."""
    return str(name)[:_SHOWN].encode("utf-8", "replace").decode() if isinstance(name, str) else type(name).__name__


def _read_steps(raw: object, known: _Known, errors: list[FlowError]) -> dict[str, AnyStep]:
    if not isinstance(raw, dict):
        errors.append(FlowError("steps", ErrorCode.NOT_OBJECT))
        return {}
    own = sum(not is_notice(step) for step in raw.values())
    if not raw or own > MOST_STEPS:  # a pinned announcement is heard in the longest flow, too
        errors.append(FlowError("steps", ErrorCode.TOO_MANY_STEPS, {"most": MOST_STEPS}))
        return {}
    steps: dict[str, AnyStep] = {}
    for name, step in raw.items():
        wrong = list(_step_errors(name, step, known))
        errors.extend(wrong)
        if not wrong:
            steps[name] = msgspec.convert(step, _KINDS[step["kind"]])
    return steps


def _step_errors(name: object, raw: object, known: _Known) -> Iterator[FlowError]:
    place = f"steps.{_shown(name)}"
    if not (isinstance(name, str) and _STEP_NAME.fullmatch(name)):
        yield FlowError(place, ErrorCode.STEP_NAME)
    if not isinstance(raw, dict):
        yield FlowError(place, ErrorCode.NOT_OBJECT)
        return
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        yield FlowError(f"{place}.kind", ErrorCode.UNKNOWN_KIND, {"kinds": ", ".join(_KINDS)})
        return
    fields = msgspec.structs.fields(_KINDS[kind])
    required = {field.name for field in fields if field.required}
    yield from _field_errors(raw, {"kind"} | {field.name for field in fields}, required, place)
    for field in fields:
        if field.name in raw:
            yield from _value_errors(field, raw[field.name], f"{place}.{field.name}", known)


def _field_errors(raw: dict[Any, Any], known: set[str], required: set[str], place: str) -> Iterator[FlowError]:
    for name in raw:
        if name not in known:
            where = f"{place}.{_shown(name)}".lstrip(".")
            yield FlowError(where, ErrorCode.UNKNOWN_FIELD, {"name": _shown(name)})
    for name in sorted(required - raw.keys()):
        yield FlowError(place, ErrorCode.MISSING_FIELD, {"name": name})


def _value_errors(field: FieldInfo, value: object, place: str, known: _Known) -> Iterator[FlowError]:
    """The value has the field's type, and what it names exists."""
    if field.name == "choices" and isinstance(value, dict):
        yield from _choice_errors(value, place, known)
        value = {"1": "any"} if 1 <= len(value) <= MOST_CHOICES else {}
    try:
        converted = msgspec.convert(value, field.type)
    except msgspec.ValidationError:
        yield FlowError(place, _error_of(field.type))
        return
    if field.name in ("prompts", "invalid_prompts"):
        for number, prompt in enumerate(converted):
            yield from _name_errors(prompt, known.prompts, ErrorCode.UNKNOWN_PROMPT, f"{place}.{number}")
    elif field.name == "queue":
        yield from _name_errors(converted, known.queues, ErrorCode.UNKNOWN_QUEUE, place)
    elif field.name == "hours":
        yield from _name_errors(converted, known.hours, ErrorCode.UNKNOWN_HOURS, place)
    elif field.name in _STEP_FIELDS and converted is not None:
        yield from _name_errors(converted, known.steps, ErrorCode.UNKNOWN_STEP, place)


def _choice_errors(choices: dict[Any, Any], place: str, known: _Known) -> Iterator[FlowError]:
    for keys, target in choices.items():
        where = f"{place}.{_shown(keys)}"
        if not (isinstance(keys, str) and _CHOICE.fullmatch(keys)):
            yield FlowError(where, ErrorCode.CHOICE_KEYS)
        if not (isinstance(target, str) and _STEP_NAME.fullmatch(target)):
            yield FlowError(where, ErrorCode.EXPECTED_STEP)
        else:
            yield from _name_errors(target, known.steps, ErrorCode.UNKNOWN_STEP, where)


def _name_errors(name: str, known: Collection[str] | None, code: ErrorCode, place: str) -> Iterator[FlowError]:
    if known is not None and name not in known:
        yield FlowError(place, code, {"name": _shown(name)})


def _error_of(constrained: Any) -> ErrorCode:
    """The error that the type's constraint names; an optional type is its first part."""
    annotated = constrained if hasattr(constrained, "__metadata__") else get_args(constrained)[0]
    code: ErrorCode = annotated.__metadata__[0].extra["error"]
    return code


def _way_errors(first: str, steps: Mapping[str, AnyStep]) -> Iterator[FlowError]:
    """Every step is reached, and a citizen who presses nothing reaches a queue or the end."""
    found = reachable(first, steps)
    for name in steps:
        if name not in found:
            yield FlowError(f"steps.{name}", ErrorCode.UNREACHABLE)
    for circle in endless_circles(steps):
        yield FlowError(f"steps.{circle[0]}", ErrorCode.ENDLESS, {"steps": _circle_text(circle)})


def _circle_text(circle: tuple[str, ...]) -> str:
    shown = circle if len(circle) <= _CIRCLE_SHOWN else (*circle[:_CIRCLE_SHOWN], "…")
    return ", ".join(shown)
