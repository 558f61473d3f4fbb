"""What the archive keeps beside the facts of contacts, and how each is had out of the live database.

No source has anything by which a citizen could be known: no number, no name, no text that a person wrote, save what was
searched for in vain, which is masked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
from ibis.expr.types import Table, TimestampValue

from haedap.analytics import facts, tables
from haedap.analytics.facts import FACT
from haedap.analytics.tables import AT, SCOPE


@dataclass(frozen=True, slots=True)
class Source:
    """A table of the archive: its columns, and how its rows of the scope are had now.

    `monthly`: its rows belong to months; the others are small and kept whole.
    """

    table: Table
    live: Callable[[], Table]
    monthly: bool = True

    @property
    def name(self) -> str:
        return str(self.table.get_name())


def _source(name: str, columns: dict[str, str], live: Callable[[], Table], *, monthly: bool = True) -> Source:
    table = ibis.table({"centre": "string", **columns}, name=name)

    def as_kept() -> Table:
        return live().mutate(centre=ibis.literal("")).select(*table.columns)

    return Source(table, as_kept, monthly)


def _in_scope(table: Table, column: str) -> Table:
    """The rows whose time lies in the scope, each with its `day` in Seoul."""
    joined = table.cross_join(SCOPE)
    found = joined.filter(joined[column] >= joined.since, joined[column] < joined.until)
    return found.mutate(day=tables.seoul(_time(found, column)).day)


def _time(table: Table, column: str) -> TimestampValue:
    return table[column]


def _promises() -> Table:
    made = _in_scope(tables.PROMISE, "made_at")
    return made.mutate(id=made.id.cast("string"), queue=made.owner_queue)


def _cases() -> Table:
    received = _in_scope(tables.CASE, "received_at")
    offices = tables.DEPARTMENT.select(department="id", office="name")
    topics = tables.TOPIC.select(topic="id", topic_code="code")
    named = received.left_join(offices, "department").left_join(topics, "topic")
    return named.select(
        "kind",
        "term",
        "state",
        "received_at",
        "due_at",
        "answered_at",
        "ended_at",
        "day",
        contact=named.contact.cast("string"),
        office=named.office.fill_null(""),
        topic=named.topic_code.fill_null(""),
    )


def _article_uses() -> Table:
    used = _in_scope(tables.ARTICLE_USE, "at")
    article, version = tables.ARTICLE, tables.ARTICLE_VERSION.select(version_id="id", title="title")
    named = used.left_join(article.select(article_id="id", code="code"), "article_id").left_join(version, "version_id")
    return named.select("how", "at", "day", "code", "title", contact=named.contact.cast("string"))


def _survey_answers() -> Table:
    asked = _in_scope(tables.SURVEY, "asked_at")
    answered = asked.inner_join(tables.SURVEY_ANSWER, "contact")
    return answered.select("asked_at", "day", "item", "points", contact=answered.contact.cast("string"))


def _periods() -> Table:
    return _in_scope(tables.AGENT_PERIOD, "started_at")


def _gaps() -> Table:
    """What nobody found, whoever noticed: agents who proposed an article, offices that had to answer, the search."""
    gap, miss = tables.GAP, tables.SEARCH_MISS
    columns = ("times", "last_at", "settled_at")
    found = gap.select("reason", *columns, words="text").union(
        miss.select(*columns, reason=ibis.literal("search"), words="text").select("reason", *columns, "words")
    )
    return found.mutate(day=tables.seoul(found.last_at).day)


def _topics() -> Table:
    """With their names from the root."""
    topic, parent, root = tables.TOPIC, tables.TOPIC.view(), tables.TOPIC.view()
    above = topic.left_join(parent, topic.parent_id == parent.id, rname="parent_{name}")
    above = above.left_join(root, above.parent_parent_id == root.id, rname="root_{name}")
    tree = above.select("code", "name", "position", "parent_code", "parent_name", "root_code", "root_name")
    path = ibis.coalesce(tree.root_name + " > ", "") + ibis.coalesce(tree.parent_name + " > ", "") + tree.name
    return tree.mutate(
        path=path,
        parent=tree.parent_code.fill_null(""),
        root=ibis.coalesce(tree.root_code, tree.parent_code, tree.code),
    )


FACTS = Source(FACT, facts.live)
PROMISES = _source(
    "promise",
    {
        "id": "string",
        "owner_kind": "string",
        "queue": "string",
        "reason": "string",
        "outcome": "string",
        "attempts": "int64",
        "made_at": AT,
        "day": "date",
        "deadline": AT,
        "ended_at": AT,
    },
    _promises,
)
CASES = _source(
    "case_file",
    {
        "contact": "string",
        "office": "string",
        "topic": "string",
        "kind": "string",
        "term": "string",
        "state": "string",
        "received_at": AT,
        "day": "date",
        "due_at": AT,
        "answered_at": AT,
        "ended_at": AT,
    },
    _cases,
)
ARTICLE_USES = _source(
    "article_use",
    {"contact": "string", "code": "string", "title": "string", "how": "string", "at": AT, "day": "date"},
    _article_uses,
)
SURVEY_ANSWERS = _source(
    "survey",
    {"contact": "string", "item": "string", "points": "int64", "asked_at": AT, "day": "date"},
    _survey_answers,
)
PERIODS = _source(
    "agent_period",
    {"agent": "int64", "state": "string", "started_at": AT, "ended_at": AT, "day": "date"},
    _periods,
)
GAPS = _source(
    "gap",
    {"words": "string", "reason": "string", "times": "int64", "last_at": AT, "day": "date", "settled_at": AT},
    _gaps,
    monthly=False,
)
TOPICS = _source(
    "topic",
    {"code": "string", "name": "string", "path": "string", "parent": "string", "root": "string", "position": "int64"},
    _topics,
    monthly=False,
)
QUEUES = _source(
    "queue",
    {"key": "string", "name": "string", "position": "int64", "service_level_seconds": "int64"},
    lambda: tables.QUEUE,
    monthly=False,
)
ALL = (FACTS, PROMISES, CASES, ARTICLE_USES, SURVEY_ANSWERS, PERIODS, GAPS, TOPICS, QUEUES)


def named(name: str) -> Source:
    """The source of that name."""
    return next(source for source in ALL if source.name == name)
