"""What of a personal value may be seen before it is unmasked, and taking such values out of sentences round them.

Every value has one masked form, which is never the value itself. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from haedap.connectors.port import Value

_STAR = "*"
_HIDDEN = _STAR * 4
_NAME = re.compile(r"[가-힣]{2,5}\Z")
_PLATE = re.compile(r"(.*\d{2,3}\s?[가-힣]\s?)(\d{4})\Z")
_PHONE = re.compile(r"(0\d{1,2})[- ]?\d{3,4}[- ]?(\d{4})\Z")
_ADDRESS = re.compile(r"(\S+(?:시|도|군|구)\s+\S+(?:로|길|동|읍|면|구|군|시))\s.+\Z", re.DOTALL)
_BETWEEN = r"[\s\-.·]*"
_SHORTEST_SOUGHT = 2


def masked(value: Value) -> str:
    """How a personal value is shown: 홍*동, 12가34**, 010-****-1234, 해답시 중앙로 ****."""
    if isinstance(value, tuple):
        return ", ".join(masked(part) for part in value)
    if not isinstance(value, str):
        return "" if value is None else _HIDDEN
    text = value.strip()
    return _shape(text) if text else ""


def without_values(text: str, values: Iterable[Value]) -> str:
    """`text` with every personal value in it, however it is spaced or written, replaced by its masked form."""
    found = {form: masked(value) for value in _single(values) for form in _forms(value)}
    for form in sorted(found, key=len, reverse=True):
        text = _pattern(form).sub(lambda _match, shown=found[form]: shown, text)  # type: ignore[misc]
    return text


def _shape(text: str) -> str:
    if _NAME.match(text):
        return text[0] + _STAR * max(1, len(text) - 2) + (text[-1] if len(text) > 2 else "")
    if plate := _PLATE.match(text):
        return plate[1] + plate[2][:2] + _STAR * 2
    if phone := _PHONE.match(text):
        return f"{phone[1]}-{_HIDDEN}-{phone[2]}"
    if address := _ADDRESS.match(text):
        return f"{address[1]} {_HIDDEN}"
    return " ".join(_word(word) for word in text.split())


def _word(word: str) -> str:
    keeps = len(word) > 1 and not word[0].isdigit()
    return (word[0] if keeps else _STAR) + _STAR * (len(word) - 1)


def _single(values: Iterable[Value]) -> Iterable[Value]:
    for value in values:
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def _forms(value: Value) -> set[str]:
    """How the value may be written in a sentence. What is too short would be found everywhere."""
    match value:
        case None:
            forms: set[str] = set()
        case str():
            forms = {value.strip()}
        case datetime() | date():
            forms = _days(value)
        case int() | Decimal():
            forms = {str(value), f"{value:,}"}
    return {form for form in forms if len(re.sub(_BETWEEN, "", form)) >= _SHORTEST_SOUGHT}


def _days(day: date) -> set[str]:
    plain = f"{day.year}년 {day.month}월 {day.day}일"
    return {
        plain,
        f"{day.month}월 {day.day}일",
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d}",
        f"{day.year}. {day.month}. {day.day}",
        f"{day:%y%m%d}",
    }


def _pattern(form: str) -> re.Pattern[str]:
    letters = re.sub(r"[\s\-.·]+", "", form)
    return re.compile(_BETWEEN.join(re.escape(letter) for letter in letters))
