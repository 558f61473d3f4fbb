"""The guard before the logs: whatever somebody writes into an event, personal data does not get out."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from haedap.language.masking.finding import mask

_LIKELY = re.compile(r"(?:[0-9][ .*/)-]{0,3}){6}|@|[^\x00-\x7f]")
"""Beyond ASCII there are not only names, but full-width digits and a dozen kinds of dashes."""
_UNREADABLE_CALLER = re.compile(r"(?<=CallerID )Name '.*' for number '.*'")
"""So Asterisk quotes who called when one of the two is no UTF-8; the other one may well be."""
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.+Z-]+")
_OWN = frozenset({"timestamp", "level", "logger"})


def mask_line(line: str) -> str:
    """A line of a log without personal data; identifiers and times stay."""
    line = _UNREADABLE_CALLER.sub("Name and number", line)
    if not _LIKELY.search(line):
        return line
    kept = list(_IDENTIFIER.finditer(line))
    ends = [0, *(found.end() for found in kept)]
    starts = [*(found.start() for found in kept), len(line)]
    pieces = [mask(line[end:start]) for end, start in zip(ends, starts, strict=True)]
    return "".join(piece + (kept[at][0] if at < len(kept) else "") for at, piece in enumerate(pieces))


def mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor for structlog: every value of the event without personal data, lists and mappings as well."""
    for key, value in event.items():
        if key not in _OWN:
            event[key] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_line(value)
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value
