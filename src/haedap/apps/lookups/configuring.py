"""A system as an administrator describes it: JSON text, with every mistake at its line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from haedap.connectors import registry, tariff
from haedap.connectors.schema import ConfigurationInvalid, Problem
from haedap.connectors.tariff import Tariff

LONGEST = 100_000
_Read = TypeVar("_Read")


def read(text: str) -> registry.Checked:
    """The checked configuration of a system. Raises ValidationError with line, place and reason of every mistake."""
    return _read(text, registry.check)


def read_tariff(text: str) -> Tariff:
    """The checked tariff of water and sewer. Raises ValidationError as `read` does."""
    return _read(text, tariff.read_tariff)


def _read(text: str, check: Callable[[Any], _Read]) -> _Read:
    try:
        data = json.loads(text, object_pairs_hook=_once)
        json.dumps(data, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        sentence = _("Line %(line)s, column %(column)s: this is no JSON. Look for a missing comma or quote before it.")
        raise ValidationError(sentence % {"line": error.lineno, "column": error.colno}) from error
    except _TwiceError as error:
        raise ValidationError(_("“%(name)s” is there twice. Remove one.") % {"name": str(error)[:60]}) from error
    except RecursionError as error:
        raise ValidationError(_("This is nested too deeply.")) from error
    except ValueError as error:
        sentence = _("A very long number or half a character (\\ud800 to \\udfff) stands in it. Remove it.")
        raise ValidationError(sentence) from error
    try:
        return check(data)
    except ConfigurationInvalid as error:
        lines = dict(_lines(text, data))
        raise ValidationError([_placed(problem, lines) for problem in error.problems]) from error


class _TwiceError(ValueError):
    """A name stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found


def _placed(problem: Problem, lines: dict[str, int]) -> str:
    """A missing thing is looked for where it should be."""
    place = problem.place
    while place and place not in lines:
        place = place.rpartition(".")[0]
    if not place:
        return str(problem)
    return _("Line %(line)s, %(problem)s") % {"line": lines[place], "problem": str(problem)}


def _lines(text: str, data: Any) -> Iterator[tuple[str, int]]:
    """The place of every value and the line it starts in. Names and values follow each other as they do in `text`."""
    at = 0

    def walk(value: Any, place: str) -> Iterator[tuple[str, int]]:
        nonlocal at
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, inner in items:
            below = f"{place}.{name}" if place else str(name)
            if isinstance(value, dict):
                at = _after(text, at, name)
            elif not isinstance(inner, dict | list):
                at = _after(text, at, inner)
            else:
                at = text.find("{" if isinstance(inner, dict) else "[", at) + 1 or at
            yield below, text.count("\n", 0, at) + 1
            yield from walk(inner, below)

    yield from walk(data, "")


def _after(text: str, start: int, value: Any) -> int:
    """Behind the value as JSON writes it, if it is written so; else where we were."""
    for written in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
        found = text.find(written, start)
        if found >= 0:
            return found + len(written)
    return start
