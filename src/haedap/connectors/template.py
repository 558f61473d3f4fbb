"""The templates of configurations: what is sent, what a record is called, and what an agent reads out.

They are Jinja2 in its sandbox, without any loop over endless ranges, without files and without includes. What a
template gives is put into requests as a value (a parameter, a text node, a bound variable), never pasted into a
query, a path or a document, so nothing in it can change what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from haedap.connectors.port import Misconfigured, Value

SEOUL = ZoneInfo("Asia/Seoul")
LONGEST = 4000
"""Characters that a template and its outcome may have."""
_NOON = 12
_OUT = "조회 설정에 잘못이 있어 지금은 확인해 드리기 어렵습니다. 담당 부서로 확인해 드리겠습니다."


def won(value: Value) -> str:
    """`12,340원`; what is unknown is said to be."""
    return "금액 미상" if value is None else f"{_whole(value):,}원"


def day(value: Value, on: date | None = None) -> str:
    """`10월 31일`; with the year unless it is that of `on`."""
    if not isinstance(value, date):
        return "날짜 미상"
    at = _seoul(value)
    year = "" if on is not None and at.year == on.year else f"{at.year}년 "
    return f"{year}{at.month}월 {at.day}일"


def moment(value: Value, on: date | None = None) -> str:
    """`10월 31일 오후 2시 5분`."""
    if not isinstance(value, datetime):
        return day(value, on)
    at = value.astimezone(SEOUL) if value.tzinfo else value
    half, hour = ("오후" if at.hour >= _NOON else "오전"), at.hour % _NOON or _NOON
    return f"{day(at, on)} {half} {hour}시{f' {at.minute}분' if at.minute else ''}"


def amount(value: Value) -> str:
    """A number with commas, as short as it can be: `1,234.5`."""
    if isinstance(value, int | Decimal):
        whole = f"{value:,}"
        return whole.rstrip("0").rstrip(".") if "." in whole else whole
    return "미상" if value is None else str(value)


def total(records: Iterable[Mapping[str, Value]], name: str) -> int:
    """The sum of a field in won; what is unknown counts as nothing."""
    return sum(_whole(record[name]) for record in records if record.get(name) is not None)


def digits(value: Value) -> str:
    """The digits alone: `02-0000-1234` becomes `0200001234`."""
    return re.sub(r"[^0-9]", "", str(value))


def domestic(value: Value) -> str:
    """A Korean telephone number as digits that one dials: `+82 10-0000-1234` becomes `01000001234`."""
    text = str(value).strip()
    return f"0{digits(text)[2:]}" if text.startswith("+82") else digits(text)


def unquoted(value: Value) -> str:
    """What was encoded for an address, as it was before."""
    return unquote(str(value))


def compact(value: Value, pattern: str = "%Y%m%d") -> str:
    """A date as systems write it: `20261031`, or by a pattern of strftime."""
    if not isinstance(value, date):
        raise Misconfigured("compact is for dates", _OUT)
    return _seoul(value).strftime(pattern)


def _seoul(value: date) -> date:
    return value.astimezone(SEOUL) if isinstance(value, datetime) and value.tzinfo else value


def _whole(value: Value) -> int:
    return int(value) if isinstance(value, int | Decimal) else 0


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox; powers and repeated texts are out, for they can be made endless."""

    intercepted_binops = frozenset({"**", "*"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not (isinstance(left, int | Decimal) and isinstance(right, int | Decimal)):
            raise TemplateError(f"{operator} is not allowed here")
        return super().call_binop(context, operator, left, right)


_FILTERS = (
    *("default", "first", "last", "length", "list", "lower", "upper", "replace", "trim", "join", "map", "sort"),
    *("selectattr", "rejectattr", "unique", "sum", "min", "max", "abs", "int", "string"),
)


def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, autoescape=False, cache_size=0)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    own = (won, day, moment, amount, total, digits, domestic, unquoted, compact)
    environment.filters.update({function.__name__: function for function in own})
    return environment


_ENVIRONMENT = _environment()


class Template:
    """One template. Raises ValueError with an English reason when it cannot be read."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise ValueError(f"longer than {LONGEST} characters")
        try:
            tree = _ENVIRONMENT.parse(text)
            self._template = _ENVIRONMENT.from_string(text)
        except TemplateError as error:
            raise ValueError(f"line {getattr(error, 'lineno', 1)}: {error.message or type(error).__name__}") from None
        self.names = frozenset(meta.find_undeclared_variables(tree))

    def render(self, values: Mapping[str, Any]) -> str:
        """The text, without spaces at its ends. Raises `Misconfigured`; its reason quotes no value."""
        try:
            text = self._template.render(values).strip()
        except Misconfigured:
            raise
        except Exception as error:
            raise Misconfigured(f"a template failed: {type(error).__name__}", _OUT) from None
        if len(text) > LONGEST:
            raise Misconfigured(f"a template gave more than {LONGEST} characters", _OUT)
        return text


Templated = str | int | float | bool | None | dict[str, "Templated"] | list["Templated"]
"""JSON whose texts are templates; the rest stays as it is."""


class Filled:
    """JSON of which every text is a template. Raises ValueError when one of them cannot be read."""

    def __init__(self, shape: Templated) -> None:
        self._shape = _read(shape)

    def fill(self, values: Mapping[str, Any]) -> Any:
        """The same shape with the texts rendered."""
        return _fill(self._shape, values)


def _read(shape: Templated) -> Any:
    if isinstance(shape, dict):
        return {key: _read(value) for key, value in shape.items()}
    if isinstance(shape, list):
        return [_read(value) for value in shape]
    return Template(shape) if isinstance(shape, str) else shape


def _fill(shape: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(shape, Template):
        return shape.render(values)
    if isinstance(shape, dict):
        return {key: _fill(value, values) for key, value in shape.items()}
    if isinstance(shape, list):
        return [_fill(value, values) for value in shape]
    return shape
