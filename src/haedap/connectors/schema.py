"""Checks data against msgspec structs and finds everything that is wrong, each with its place and a Korean reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from haedap.connectors.port import FailureCode, Misconfigured

_Shape = TypeVar("_Shape", bound=msgspec.Struct)
_TYPES = {
    "str": "글이",
    "int": "정수가",
    "float": "숫자가",
    "bool": "true 또는 false가",
    "array": "목록 [ ]이",
    "object": "객체 { }가",
}
_SHOWN = 60


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong. `place` is a path such as `answer.fields.2.type`; empty means the whole."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


class ConfigurationInvalid(Misconfigured):
    """The configuration cannot be used. `problems` holds everything that was found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        sentence = "이 조회는 설정에 잘못이 있어 쓸 수 없습니다. 담당 부서로 확인해 드리겠습니다."
        super().__init__("; ".join(map(str, problems[:5])), sentence, FailureCode.CONFIGURATION)
        self.problems = problems


def read_struct(data: object, shape: type[_Shape]) -> _Shape:
    """The data as `shape`. Raises `ConfigurationInvalid` with all problems."""
    problems = tuple(find_problems(data, shape, ""))
    if problems:
        raise ConfigurationInvalid(problems)
    return msgspec.convert(data, shape)


def find_problems(data: object, shape: Any, place: str) -> Iterator[Problem]:
    """Everything about `data` that does not fit `shape`, in the order of the data."""
    below = tuple(_inner_problems(data, _plain(shape), place))
    yield from below
    if below or (isinstance(shape, type) and issubclass(shape, msgspec.Struct)):
        return
    try:
        msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        yield Problem(_place_of(error, place), _reason(str(error)))
    except RecursionError:
        yield Problem(place, "너무 깊이 겹쳐 있습니다.")


def _inner_problems(data: object, shape: Any, place: str) -> Iterator[Problem]:
    """Those of what a struct, a list or a dict holds; the lengths of these are not looked at."""
    inner = get_args(shape)
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        yield from _struct_problems(data, shape, place)
    elif get_origin(shape) is tuple and isinstance(data, list):
        for index, item in enumerate(data):
            yield from find_problems(item, inner[0], _below(place, str(index)))
    elif get_origin(shape) is dict and isinstance(data, Mapping):
        for name, item in data.items():
            yield from find_problems(name, inner[0], place)
            yield from find_problems(item, inner[1], _below(place, str(name)[:_SHOWN]))


def _struct_problems(data: object, shape: type[msgspec.Struct], place: str) -> Iterator[Problem]:
    if not isinstance(data, Mapping):
        yield Problem(place, "객체 { }가 와야 합니다.")
        return
    hints = get_type_hints(shape, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    for name, value in data.items():
        if name not in fields:
            yield Problem(_below(place, str(name)[:_SHOWN]), "모르는 항목입니다. 이름을 고치거나 지우십시오.")
        else:
            yield from find_problems(value, hints[fields[name].name], _below(place, name))
    for name, field in fields.items():
        if field.required and name not in data:
            yield Problem(_below(place, name), "빠져 있습니다.")


def _plain(shape: Any) -> Any:
    """The type without its constraints."""
    return get_args(shape)[0] if get_origin(shape) is Annotated else shape


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _place_of(error: msgspec.ValidationError, place: str) -> str:
    found = re.search(r" - at `(?:key in )?\$(.*)`$", str(error))
    below = re.sub(r"\[(\d+)\]", r".\1", found.group(1)) if found else ""
    return f"{place}{below.replace('[...]', '')}".strip(".")


def _reason(message: str) -> str:
    text = message.partition(" - at `")[0]
    for pattern, sentence in _REASONS:
        found = re.fullmatch(pattern, text)
        if found:
            return sentence.format(*(_TYPES.get(group, group) for group in found.groups()))
    return "이 자리에 올 수 없는 값입니다."


_REASONS = (
    (r"Expected `(\w+)`, got .*", "{} 와야 합니다."),
    (r"Expected `(?:[\w| ]+)`, got .*", "이 자리에 올 수 없는 종류의 값입니다."),
    (r"Expected `\w+` >= (\S+)", "{} 이상이어야 합니다."),
    (r"Expected `\w+` <= (\S+)", "{} 이하여야 합니다."),
    (r"Expected `\w+` of length >= (\d+)", "{}개(글자) 이상이어야 합니다."),
    (r"Expected `\w+` of length <= (\d+)", "{}개(글자) 이하여야 합니다."),
    (r"Expected `str` matching regex .*", "쓸 수 없는 글자가 있거나 형식이 다릅니다."),
    (r"Invalid enum value .*", "고를 수 있는 값이 아닙니다."),
)
