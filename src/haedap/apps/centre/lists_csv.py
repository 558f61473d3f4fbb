"""Topics and dispositions as CSV: read with every error and its line, compared with what there is, taken in, written.

What a file does not name stays as it is, be it a row or a column: records may use it, so it is switched off by hand,
never removed by a file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.centre.csv_text import Line, read, write
from haedap.apps.contacts.api import Disposition, Topic
from haedap.apps.contacts.topic_tree import MOST_LEVELS, number_children

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST_NAME = 60
_YES = frozenset({"", "예", "yes", "y", "1", "o", "사용", "true"})
_NO = frozenset({"아니오", "아니요", "no", "n", "0", "x", "미사용", "false"})
_COLUMNS = {
    "코드": "code",
    "code": "code",
    "key": "code",
    "상위코드": "parent",
    "상위 코드": "parent",
    "parent": "parent",
    "이름": "name",
    "name": "name",
    "자체처리": "self_handled",
    "self_handled": "self_handled",
    "사용": "active",
    "active": "active",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file, read."""

    line: int
    code: str
    name: str
    parent: str
    active: bool
    self_handled: bool


@dataclass(slots=True)
class Reading:
    """A file compared with what there is. Nothing can be taken in while there are problems."""

    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    """Line and sentence."""
    added: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, str]] = field(default_factory=list)
    """With what it is called now."""


@dataclass(frozen=True, slots=True)
class CsvList:
    """A list that travels as CSV."""

    title: str | Promise
    page: str
    """Where the list stands: the path below /centre/."""
    headings: tuple[str, ...]
    read: Callable[[str], Reading]
    """Raises CsvError."""
    take_in: Callable[[Reading], None]
    as_csv: Callable[[], bytes]


def _read_lines(text: str, problems: list[tuple[int, str]], now: Mapping[str, Mapping[str, str]]) -> list[Row]:
    """`now`: what stands in the columns of each code that there is. A column that the file lacks stays so."""
    lines = read(text, _COLUMNS, ("code", "name"))
    there = {column for line in lines for column in line.cells}
    rows = []
    for found in lines:
        known = now.get(found.cells.get("code", ""), {})
        kept = {column: said for column, said in known.items() if column not in there}
        line = Line(found.number, {**found.cells, **kept})
        wrong = list(_line_problems(line))
        problems.extend((line.number, sentence) for sentence in wrong)
        if not wrong:
            cells = line.cells
            active, own = (cells.get(name, "").lower() in _YES for name in ("active", "self_handled"))
            own = own and cells.get("self_handled", "") != ""
            rows.append(Row(line.number, cells["code"], cells["name"], cells.get("parent", ""), active, own))
    counts = Counter(row.code for row in rows)
    problems.extend(
        (row.line, _("The code “%(code)s” stands in the file twice.") % {"code": row.code})
        for row in rows
        if counts[row.code] > 1
    )
    return rows


def _line_problems(line: Line) -> Iterator[str]:
    code, name = line.cells.get("code", ""), line.cells.get("name", "")
    if not _CODE.fullmatch(code):
        yield _("“%(code)s” is no code: small letters, digits and _, a letter first, at most 40.") % {"code": code[:40]}
    if not name:
        yield _("The name is missing.")
    elif len(name) > _LONGEST_NAME:
        yield _("The name is longer than %(most)d characters.") % {"most": _LONGEST_NAME}
    for column in ("active", "self_handled"):
        said = line.cells.get(column, "")
        if said.lower() not in _YES | _NO:
            yield _("“%(said)s” is neither 예 nor 아니오.") % {"said": said[:40]}


# --- topics


def _read_topics(text: str) -> Reading:
    reading = Reading()
    known = {topic.code: topic for topic in Topic.objects.select_related("parent")}
    now = {
        code: {"parent": parents_now(topic), "active": _yes_or_no(yes=topic.active)} for code, topic in known.items()
    }
    reading.rows = _read_lines(text, reading.problems, now)
    parents = {code: topic.parent.code if topic.parent else "" for code, topic in known.items()}
    parents |= {row.code: row.parent for row in reading.rows}
    names = {code: topic.name for code, topic in known.items()} | {row.code: row.name for row in reading.rows}
    places = Counter((parents[code], name) for code, name in names.items())
    for row in reading.rows:
        wrong = _place_problem(row, parents)
        if wrong is None and places[row.parent, row.name] > 1:
            wrong = _("There is a topic “%(name)s” at this place already.") % {"name": row.name}
        if wrong:
            reading.problems.append((row.line, wrong))
        _compare(reading, row, known.get(row.code), lambda topic: (topic.name, parents_now(topic), topic.active))
    reading.problems.sort()
    return reading


def parents_now(topic: Topic) -> str:
    """The code of the topic above; empty for a root."""
    return topic.parent.code if topic.parent else ""


def _place_problem(row: Row, parents: Mapping[str, str]) -> str | None:
    """Why the topic cannot stand below `row.parent`; None when it can."""
    if row.parent and row.parent not in parents:
        return _("There is no topic with the code “%(code)s” above it.") % {"code": row.parent[:40]}
    level, above = 1, row.parent
    while above in parents:
        level, above = level + 1, parents[above]
        if level > MOST_LEVELS:
            return _("This would be more than %(most)d levels deep, or go in a circle.") % {"most": MOST_LEVELS}
    return None


def _take_in_topics(reading: Reading) -> None:
    with transaction.atomic():
        topics = {topic.code: topic for topic in Topic.objects.all()}
        for row in reading.rows:
            topic = topics.setdefault(row.code, Topic(code=row.code))
            topic.name, topic.active = row.name, row.active
            topic.save()
        for row in reading.rows:
            topics[row.code].parent = topics[row.parent] if row.parent else None
            topics[row.code].save()
        order = {row.code: place for place, row in enumerate(reading.rows)}
        for parent in {row.parent for row in reading.rows}:
            number_children(topics[parent].pk if parent else None, order)


def _topics_as_csv() -> bytes:
    children: dict[int | None, list[Topic]] = {}
    for topic in Topic.objects.select_related("parent"):
        children.setdefault(topic.parent_id, []).append(topic)

    def rows(parent: int | None) -> Iterator[tuple[str, ...]]:
        for topic in children.get(parent, []):
            yield topic.code, parents_now(topic), topic.name, _yes_or_no(yes=topic.active)
            yield from rows(topic.pk)

    return write(LISTS["topics"].headings, rows(None))


# --- dispositions


def _read_dispositions(text: str) -> Reading:
    reading = Reading()
    known = {item.key: item for item in Disposition.objects.all()}
    now = {
        key: {"self_handled": _yes_or_no(yes=item.self_handled), "active": _yes_or_no(yes=item.active)}
        for key, item in known.items()
    }
    reading.rows = _read_lines(text, reading.problems, now)
    names = {key: item.name for key, item in known.items()} | {row.code: row.name for row in reading.rows}
    counts = Counter(names.values())
    for row in reading.rows:
        if counts[row.name] > 1:
            reading.problems.append(
                (row.line, _("There is a disposition “%(name)s” already.") % {"name": row.name}),
            )
        _compare(reading, row, known.get(row.code), lambda item: (item.name, item.self_handled, item.active))
    reading.problems.sort()
    return reading


def _take_in_dispositions(reading: Reading) -> None:
    with transaction.atomic():
        last = len(reading.rows)
        for place, row in enumerate(reading.rows):
            values = {"name": row.name, "self_handled": row.self_handled, "active": row.active, "position": place}
            Disposition.objects.update_or_create(key=row.code, defaults=values)
        named = [row.code for row in reading.rows]
        for place, item in enumerate(Disposition.objects.exclude(key__in=named), start=last):
            Disposition.objects.filter(pk=item.pk).update(position=place)


def _dispositions_as_csv() -> bytes:
    return write(
        LISTS["dispositions"].headings,
        (
            (item.key, item.name, _yes_or_no(yes=item.self_handled), _yes_or_no(yes=item.active))
            for item in Disposition.objects.all()
        ),
    )


# --- both


def _compare(reading: Reading, row: Row, now: Any, values: Callable[[Any], tuple[object, ...]]) -> None:
    wanted = {
        Topic: (row.name, row.parent, row.active),
        Disposition: (row.name, row.self_handled, row.active),
    }
    if now is None:
        reading.added.append(row)
    elif values(now) != wanted[type(now)]:
        reading.changed.append((row, now.name))


def _yes_or_no(*, yes: bool) -> str:
    return "예" if yes else "아니오"


LISTS = {
    "topics": CsvList(
        gettext_lazy("Topics"),
        "topics/",
        ("코드", "상위코드", "이름", "사용"),
        _read_topics,
        _take_in_topics,
        _topics_as_csv,
    ),
    "dispositions": CsvList(
        gettext_lazy("Dispositions"),
        "dispositions/",
        ("코드", "이름", "자체처리", "사용"),
        _read_dispositions,
        _take_in_dispositions,
        _dispositions_as_csv,
    ),
}
