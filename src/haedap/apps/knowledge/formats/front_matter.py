"""One article as a Markdown file: `---`, fields in YAML, `---`, the answer. See docs/reference/article-format.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import yaml
from django.utils.translation import gettext as _

from haedap.apps.centre import csv_text
from haedap.apps.knowledge.content import Content
from haedap.apps.knowledge.formats import Item, Problem, Read

MOST_BYTES = 256 * 1024
KEYS = (
    "code", "title", "topic", "office", "questions", "keywords", "documents", "fee", "law", "valid_from", "valid_until",
    "review_by", "script",
)  # fmt: skip
_LISTS = {"questions", "keywords", "documents", "law"}
_DATES = {"valid_from", "valid_until", "review_by"}
_FENCE = re.compile(r"---[ \t]*")
_NULL = "tag:yaml.org,2002:null"


def read_markdown(data: bytes, name: str = "") -> Read:
    """The article of one file; `name` is said in the places of its problems."""
    found = Read()
    if len(data) > MOST_BYTES:
        sentence = _("The article is larger than %(most)d KB. Put the long parts into attachments.")
        return Read(problems=[Problem(name, sentence % {"most": MOST_BYTES // 1024})])
    try:
        text = csv_text.characters(data)
    except csv_text.CsvError as error:
        return Read(problems=[Problem(name, str(error))])
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = _end_of_fields(lines)
    if end is None:
        sentence = _("An article begins with a line “---”, its fields, and another line “---”.")
        return Read(problems=[Problem(_line(name, 1), sentence)])
    fields = _Fields(name)
    fields.read("\n".join(lines[1:end]))
    found.problems = fields.problems
    if not found.problems:
        content = fields.content("\n".join(lines[end + 1 :]).strip())
        places = {key: _line(name, line) for key, line in fields.lines.items()} | {"answer": _line(name, end + 2)}
        places["topics"] = places.get("topic", "")
        found.items.append(Item(content, _line(name, 1), {key: place for key, place in places.items() if place}))
    return found


def write_markdown(content: Content) -> bytes:
    """The file that `read_markdown` reads as the same article."""
    topics = list(content.topics)
    values: dict[str, object] = {
        "code": content.code,
        "title": content.title,
        "topic": topics[0] if len(topics) == 1 else topics,
        "office": content.office,
        "questions": list(content.questions),
        "keywords": list(content.keywords),
        "documents": list(content.documents),
        "fee": content.fee,
        "law": list(content.law),
        "valid_from": content.valid_from,
        "valid_until": content.valid_until,
        "review_by": content.review_by,
        "script": content.script,
    }
    given = {key: value for key, value in values.items() if value or key in {"code", "title"}}
    fields = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=100_000)
    return f"---\n{fields}---\n\n{content.answer.strip()}\n".encode()


def _end_of_fields(lines: list[str]) -> int | None:
    if not _FENCE.fullmatch(lines[0]):
        return None
    return next((place for place, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), None)


def _line(name: str, line: int) -> str:
    return " ".join(part for part in (name, _("line %(line)d") % {"line": line}) if part)


class _NoAliases(yaml.SafeLoader):
    """YAML's aliases let a small file become a huge one; nobody needs them here."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=mark)
        return super().compose_node(parent, index)


class _Fields:
    """Reads the nodes as text, without letting YAML guess: `fee: 0600` stays `0600`, `no` stays `no`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        self._items: dict[str, tuple[str, ...]] = {}
        self._days: dict[str, date] = {}

    def read(self, text: str) -> None:
        """Take the fields, or note why not."""
        try:
            node = yaml.compose(text, Loader=_NoAliases)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 2 if error.problem_mark else 1
            self._problem(line, _("The fields cannot be read here: check quotation marks, colons and indents."))
            return
        except (yaml.YAMLError, RecursionError):
            self._problem(1, _("The fields cannot be read: check quotation marks, colons and characters."))
            return
        if not isinstance(node, yaml.MappingNode):
            self._problem(2, _("The fields are lines like “code: water-moving”."))
            return
        for key, value in node.value:
            self._field(key, value)

    def content(self, answer: str) -> Content:
        """What was read."""
        return Content(
            code=self._texts.get("code", ""),
            title=self._texts.get("title", ""),
            topics=self._items.get("topic", ()),
            office=self._texts.get("office", ""),
            questions=self._items.get("questions", ()),
            keywords=self._items.get("keywords", ()),
            documents=self._items.get("documents", ()),
            fee=self._texts.get("fee", ""),
            law=self._items.get("law", ()),
            script=self._texts.get("script", ""),
            answer=answer,
            valid_from=self._days.get("valid_from"),
            valid_until=self._days.get("valid_until"),
            review_by=self._days.get("review_by"),
        )

    def _field(self, key: yaml.Node, value: yaml.Node) -> None:
        name, line = str(key.value), key.start_mark.line + 2
        if name not in KEYS:
            self._problem(line, _("There is no field “%(field)s”.") % {"field": name[:40]})
        elif name in self.lines:
            self._problem(line, _("The field “%(field)s” stands here a second time.") % {"field": name})
        else:
            self.lines[name] = line
            self._take(name, value)

    def _take(self, name: str, value: yaml.Node) -> None:
        if name in _LISTS or (name == "topic" and isinstance(value, yaml.SequenceNode)):
            self._items[name] = tuple(self._list(name, value))
        elif isinstance(value, yaml.ScalarNode):
            text = _text(value)
            if name == "topic":
                self._items[name] = (text,) if text else ()
            elif name in _DATES:
                self._day(name, text)
            else:
                self._texts[name] = text
        else:
            self._problem(value.start_mark.line + 2, _("“%(field)s” must be one text, not a list.") % {"field": name})

    def _list(self, name: str, value: yaml.Node) -> Iterator[str]:
        if isinstance(value, yaml.ScalarNode) and not _text(value):
            return
        if not isinstance(value, yaml.SequenceNode):
            self._problem(
                value.start_mark.line + 2,
                _("“%(field)s” must be a list, each entry behind a hyphen.") % {"field": name},
            )
            return
        for item in value.value:
            if not isinstance(item, yaml.ScalarNode):
                line = item.start_mark.line + 2
                self._problem(
                    line, _("An entry of “%(field)s” must be one text. Put it in quotation marks.") % {"field": name}
                )
            elif _text(item):
                yield _text(item)

    def _day(self, name: str, text: str) -> None:
        if not text:
            return
        try:
            self._days[name] = date.fromisoformat(text)
        except ValueError:
            self._problem(
                self.lines[name],
                _("“%(value)s” is not a day. Write it as 2026-01-31.") % {"value": text[:40]},
            )

    def _problem(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(_line(self._name, line), sentence))


def _text(node: yaml.ScalarNode) -> str:
    return "" if node.tag == _NULL else str(node.value).strip()
