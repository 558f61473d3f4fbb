"""Reads a flow definition and finds everything that is wrong with it, each with its place and reason."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, TypeGuard, get_args

import msgspec

from haedap.domain.ids import FlowKey
from haedap.flows.errors import Argument, ErrorCode, FlowError, FlowInvalid
from haedap.flows.graph import endless_circles, links, prompts_of, reachable
from haedap.flows.model import (
    CHOICE,
    MOST_STEPS,
    STEP_NAME,
    AnnouncementStep,
    AnyStep,
    Flow,
    HangUpStep,
    HoursStep,
    MenuStep,
    PlayStep,
    QueueStep,
)


class _Known(NamedTuple):
    """The keys that exist in the centre."""

    queues: Collection[str]
    hours: Collection[str]
    prompts: Collection[str] | None


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
    "hang_up": HangUpStep,
}


def read_definition(text: bytes | str) -> dict[str, Any]:
    """A flow definition as text to a JSON object. Raises `FlowInvalid` for what JSON readers let pass, too."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > MOST_BYTES:
        raise _refused(ErrorCode.TOO_LARGE, most=MOST_BYTES)
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
        msgspec.json.encode(found)
    except (UnicodeDecodeError, UnicodeEncodeError):
        raise _refused(ErrorCode.NOT_UTF8) from None
    except json.JSONDecodeError as error:
        raise _refused(ErrorCode.NOT_JSON, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise _refused(ErrorCode.TOO_DEEP) from None
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
    errors: list[FlowError] = []
    steps = _read_steps(definition, errors)
    if isinstance(definition, dict):
        _check_fields(definition, {"start", "steps"}, {"start", "steps"}, "", errors)
        _check_links(definition, steps, errors)
    _check_keys(steps, _Known(queues, hours, prompts), errors)
    if errors or not isinstance(definition, dict):
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


def _no_constant(name: str) -> object:
    """NaN and Infinity are no JSON."""
    raise json.JSONDecodeError(name, "", 0)


def _shown(name: object) -> str:
    """A name out of the definition, short enough for a sentence and safe to encode."""
    return str(name)[:_SHOWN].encode("utf-8", "replace").decode() if isinstance(name, str) else type(name).__name__


def _read_steps(definition: object, errors: list[FlowError]) -> dict[str, AnyStep]:
    if not isinstance(definition, dict):
        errors.append(FlowError("", ErrorCode.NOT_OBJECT))
        return {}
    raw = definition.get("steps", {})
    if not isinstance(raw, dict):
        errors.append(FlowError("steps", ErrorCode.NOT_OBJECT))
        return {}
    if "steps" in definition and not 1 <= len(raw) <= MOST_STEPS:
        errors.append(FlowError("steps", ErrorCode.TOO_MANY_STEPS, {"most": MOST_STEPS}))
        return {}
    read = {name: _read_step(name, step, errors) for name, step in raw.items()}
    return {name: step for name, step in read.items() if step is not None}


def _read_step(name: object, raw: object, errors: list[FlowError]) -> AnyStep | None:
    """The step, or None when something is wrong with it, which is then in `errors`."""
    place, before = f"steps.{_shown(name)}", len(errors)
    if not _is_step_name(name):
        errors.append(FlowError(place, ErrorCode.STEP_NAME))
    if not isinstance(raw, dict):
        errors.append(FlowError(place, ErrorCode.NOT_OBJECT))
        return None
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        errors.append(FlowError(f"{place}.kind", ErrorCode.UNKNOWN_KIND, {"kinds": ", ".join(_KINDS)}))
        return None
    step_type = _KINDS[kind]
    fields = msgspec.structs.fields(step_type)
    required = {field.name for field in fields if field.required}
    _check_fields(raw, {"kind"} | {field.name for field in fields}, required, f"{place}.", errors)
    for field in fields:
        if field.name in raw:
            errors.extend(_value_errors(field, raw[field.name], f"{place}.{field.name}"))
    return msgspec.convert(raw, step_type) if len(errors) == before else None


def _is_step_name(name: object) -> TypeGuard[str]:
    return isinstance(name, str) and _STEP_NAME.fullmatch(name) is not None


def _check_fields(
    raw: dict[Any, Any], known: set[str], required: set[str], place: str, errors: list[FlowError]
) -> None:
    errors.extend(
        FlowError(f"{place}{_shown(name)}", ErrorCode.UNKNOWN_FIELD, {"name": _shown(name)})
        for name in raw
        if name not in known
    )
    errors.extend(
        FlowError(place.rstrip("."), ErrorCode.MISSING_FIELD, {"name": name}) for name in sorted(required - raw.keys())
    )


def _value_errors(field: msgspec.structs.FieldInfo, value: object, place: str) -> list[FlowError]:
    if field.name == "choices" and isinstance(value, dict):
        wrong = list(_choice_errors(value, place))
        if wrong:
            return wrong
    try:
        msgspec.convert(value, field.type)
    except (msgspec.ValidationError, RecursionError):
        return [FlowError(place, _error_of(field.type))]
    return []


def _choice_errors(choices: dict[Any, Any], place: str) -> Iterator[FlowError]:
    for keys, target in choices.items():
        if not isinstance(keys, str) or not _CHOICE.fullmatch(keys):
            yield FlowError(f"{place}.{_shown(keys)}", ErrorCode.CHOICE_KEYS)
        if not _is_step_name(target):
            yield FlowError(f"{place}.{_shown(keys)}", ErrorCode.EXPECTED_STEP)


def _error_of(constrained: Any) -> ErrorCode:
    """The error that the type's constraint names; an optional type is its first part."""
    annotated = constrained if hasattr(constrained, "__metadata__") else get_args(constrained)[0]
    code: ErrorCode = annotated.__metadata__[0].extra["error"]
    return code


def _check_links(definition: dict[Any, Any], steps: Mapping[str, AnyStep], errors: list[FlowError]) -> None:
    """Names of steps lead somewhere; then, when all is known, that every step is reached and every run ends."""
    raw = definition.get("steps")
    names = raw.keys() if isinstance(raw, dict) else ()
    first = definition.get("start")
    if "start" in definition and not _is_step_name(first):
        errors.append(FlowError("start", ErrorCode.EXPECTED_STEP))
    elif isinstance(first, str) and first not in names:
        errors.append(FlowError("start", ErrorCode.UNKNOWN_STEP, {"name": _shown(first)}))
    for name, step in steps.items():
        for where, target in links(step):
            if target not in names:
                errors.append(FlowError(f"steps.{name}.{where}", ErrorCode.UNKNOWN_STEP, {"name": target}))
    if not errors and isinstance(first, str):
        found = reachable(first, steps)
        errors.extend(FlowError(f"steps.{name}", ErrorCode.UNREACHABLE) for name in steps if name not in found)
        errors.extend(
            FlowError(f"steps.{circle[0]}", ErrorCode.ENDLESS, {"steps": _circle_text(circle)})
            for circle in endless_circles(steps)
        )


def _circle_text(circle: tuple[str, ...]) -> str:
    shown = circle if len(circle) <= 6 else (*circle[:5], "…", circle[-1])
    return " → ".join((*shown, circle[0]))


def _check_keys(steps: Mapping[str, AnyStep], known: _Known, errors: list[FlowError]) -> None:
    """Queues, opening hours and prompts exist."""
    for name, step in steps.items():
        if isinstance(step, QueueStep) and step.queue not in known.queues:
            errors.append(FlowError(f"steps.{name}.queue", ErrorCode.UNKNOWN_QUEUE, {"name": _shown(step.queue)}))
        if isinstance(step, HoursStep) and step.hours not in known.hours:
            errors.append(FlowError(f"steps.{name}.hours", ErrorCode.UNKNOWN_HOURS, {"name": _shown(step.hours)}))
        for where, prompt in prompts_of(step):
            if known.prompts is not None and prompt not in known.prompts:
                errors.append(FlowError(f"steps.{name}.{where}", ErrorCode.UNKNOWN_PROMPT, {"name": _shown(prompt)}))
