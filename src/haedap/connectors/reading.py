"""Reads answers: bytes to a tree, the tree's result code to a verdict, and its records to typed values.

JSON, XML and rows of a database all become one form of tree (dicts, lists, texts, numbers), so that one language,
JMESPath, finds everything. XML is read without entities, without a DTD and without the network; its attributes and
namespaces are left out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from lxml import etree

from haedap.connectors.port import FieldType, Value
from haedap.connectors.template import SEOUL

MOST_RECORDS = 500
LONGEST_TEXT = 2000
_DEEPEST = 60
_DATES = ("%Y%m%d", "%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y년 %m월 %d일")
_MOMENTS = ("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M", "%Y/%m/%d %H:%M:%S")
_NO_DATE = re.compile(r"[0\s.:/-]*|9999[-./]?12[-./]?31.*|0001[-./]?01[-./]?01.*")
_NO_DAYS = frozenset({date.min, date.max})
"""The same as a database has them; beyond them no zone can be told."""
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,30})?")
_DECIMALS = 9
_PLAIN_NAME = re.compile(r"[A-Za-z_가-힣][A-Za-z0-9_$가-힣]*")
_FROM_THE_FIRST = frozenset(
    {"subexpression", "index_expression", "projection", "filter_projection", "value_projection", "flatten", "pipe"}
)
"""What JMESPath begins with its first part, from which all the rest follows."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class NotAgreed(ValueError):  # noqa: N818 - named for what it says; never leaves this package
    """The answer is not what was agreed. Its text is English and quotes nothing of the answer."""


def read_tree(content: bytes, character_set: str) -> Any:
    """JSON or XML, whichever it is: some systems answer in XML though JSON was asked for. Raises NotAgreed."""
    text = decode(content, character_set)
    start = text.lstrip()[:1]
    if start == "<":
        return read_xml(text)
    if not start:
        raise NotAgreed("the answer is empty")
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise NotAgreed("the answer is nested too deeply") from None
    except ValueError:  # the reader's own message may quote the answer
        raise NotAgreed("the answer is neither JSON nor XML") from None


def decode(content: bytes, character_set: str) -> str:
    """The text; CP949 is taken where EUC-KR is meant, for it holds it. Raises NotAgreed."""
    name = "cp949" if character_set.lower() in {"euc-kr", "cp949"} else character_set
    try:
        return content.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise NotAgreed(f"the answer is not text in {character_set}") from None


def read_xml(text: str) -> dict[str, Any]:
    """The document as nested dicts, `{root: …}`. Raises NotAgreed for what is not well-formed or has a DTD."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    without_declaration = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    try:
        root = etree.fromstring(without_declaration.strip().encode("utf-8", "surrogatepass"), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NotAgreed("the answer is not well-formed XML") from None
    if root.getroottree().docinfo.doctype:
        raise NotAgreed("the answer brings a document type of its own")
    if _local(root).lower() == "html":  # of a log-in or of a repair: it has no records, and does not mean it
        raise NotAgreed("the answer is a web page")
    return {_local(root): _dict_of(root, 0)}


def _dict_of(element: Any, depth: int) -> Any:
    children = [child for child in element if isinstance(child.tag, str)]
    if depth > _DEEPEST:
        raise NotAgreed("the answer is nested too deeply")
    if not children:
        return (element.text or "").strip()
    found: dict[str, Any] = {}
    for child in children:
        name, value = _local(child), _dict_of(child, depth + 1)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _no_constant(_name: str) -> object:
    raise ValueError("NaN and its like are not JSON")


class Path:
    """A JMESPath expression; a name alone may have Hangul. Raises ValueError when it cannot be read."""

    def __init__(self, text: str) -> None:
        try:
            self._expression = jmespath.compile(f'"{text}"' if _PLAIN_NAME.fullmatch(text) else text)
        except JMESPathError:
            raise ValueError("this is not a JMESPath expression") from None
        self._first = _first_name(self._expression.parsed)

    def lacks(self, tree: Any) -> bool:
        """Whether the answer is another than the expression was written for: what it begins with is not there at all.

        An expression that begins with a choice (``items || `[]` ``) or a function lacks nothing.
        """
        return self._first is not None and tree is not None and not (isinstance(tree, dict) and self._first in tree)

    def find(self, tree: Any) -> Any:
        """What stands there, or None. Raises NotAgreed when the tree does not fit the expression."""
        try:
            return self._expression.search(tree)
        except (JMESPathError, TypeError, RecursionError):
            raise NotAgreed("the answer does not fit the expression") from None


def _first_name(parsed: Mapping[str, Any]) -> str | None:
    """The name that an expression begins with, if it does."""
    while parsed["type"] in _FROM_THE_FIRST:
        parsed = parsed["children"][0]
    return parsed["value"] if parsed["type"] == "field" else None


def one_or_many(found: Any) -> tuple[Mapping[str, Any], ...]:
    """Records: a list, one that is not in a list, or none at all. Raises NotAgreed for anything else."""
    if found in (None, "", [], {}):
        return ()
    records = found if isinstance(found, list) else [found]
    if len(records) > MOST_RECORDS:
        raise NotAgreed(f"more than {MOST_RECORDS} records")
    if not all(isinstance(record, Mapping) for record in records):
        raise NotAgreed("a record is not an object")
    return tuple(records)


def read_value(raw: Any, kind: FieldType, pattern: str = "") -> Value:
    """The typed value. `pattern`: of strptime, for dates written unlike all others. Raises NotAgreed."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    return _READERS[kind](raw, pattern)


def clean(raw: object) -> str:
    """Text that can be kept and shown: composed, without control characters, cut with a sign when too long."""
    if isinstance(raw, dict | list):
        raise NotAgreed("a text is expected")
    text = _CONTROLS.sub("", unicodedata.normalize("NFC", str(raw))).strip()
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def _text(raw: Any, _pattern: str) -> Value:
    return clean(raw)


def _won(raw: Any, _pattern: str) -> Value:
    found = _decimal(raw)
    if found != found.to_integral_value():
        raise NotAgreed("an amount has parts of a won")
    return int(found)


def _number(raw: Any, _pattern: str) -> Value:
    found = _decimal(raw)
    rounded = round(found, _DECIMALS)
    return found if found == rounded else rounded


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
        raise NotAgreed("a number is expected")
    text = re.sub(r"[\s,₩원]", "", str(raw))
    if not _NUMBER.fullmatch(text):
        raise NotAgreed("a number is expected")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise NotAgreed("a number is expected") from None


def _date(raw: Any, pattern: str) -> Value:
    if isinstance(raw, datetime):
        return _seoul_day(raw)
    if isinstance(raw, date):
        return None if raw in _NO_DAYS else raw
    text = str(raw).strip()
    if _NO_DATE.fullmatch(text):
        return None
    found = _parsed(text, (pattern,) if pattern else _DATES)
    if found is None and not pattern:
        moment = _moment(text, pattern)
        return _seoul_day(moment) if isinstance(moment, datetime) else None
    if found is None:
        raise NotAgreed("a date is expected")
    return _seoul_day(found)


def _seoul_day(at: datetime) -> date | None:
    if at.date() in _NO_DAYS:
        return None
    return (at.astimezone(SEOUL) if at.tzinfo else at).date()


def _moment(raw: Any, pattern: str) -> Value:
    if isinstance(raw, datetime):
        return _unless_endless(raw)
    text = str(raw).strip()
    if _NO_DATE.fullmatch(text):
        return None
    found = _parsed(text, (pattern,) if pattern else (*_MOMENTS, *_DATES)) or _iso(text)
    if found is None:
        raise NotAgreed("a date and time is expected")
    return _unless_endless(found)


def _unless_endless(at: datetime) -> datetime | None:
    if at.date() in _NO_DAYS:
        return None
    return at if at.tzinfo else at.replace(tzinfo=SEOUL)


def _parsed(text: str, patterns: tuple[str, ...]) -> datetime | None:
    for pattern in patterns:
        try:
            found = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is Seoul's, put in by the caller
        except ValueError:
            continue
        if not text.isdigit() or found.strftime(pattern) == text:  # 20261131 is not the first of January at 3:01
            return found
    return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _list(raw: Any, _pattern: str) -> Value:
    items = raw if isinstance(raw, list | tuple) else re.split(r"[,;\n]", clean(raw))
    return tuple(text for item in items if (text := clean(item)))


_READERS: Mapping[FieldType, Callable[[Any, str], Value]] = {
    FieldType.TEXT: _text,
    FieldType.WON: _won,
    FieldType.DATE: _date,
    FieldType.DATETIME: _moment,
    FieldType.NUMBER: _number,
    FieldType.LIST: _list,
}
