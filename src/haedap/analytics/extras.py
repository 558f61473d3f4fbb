"""What reports and books say beside the figures of contacts: promises, cases, articles, gaps, aid, surveys.

Each is one statement, the same for every engine. Rows are dicts; what is a share is left to who shows it: the rows have
what is above and below the line.
"""

from __future__ import annotations

from datetime import date

import ibis
from ibis.expr.types import Table

from haedap.analytics import conditions, measures, tally
from haedap.analytics.cube import month_of, shown_month
from haedap.analytics.dimensions import Dimension, Value
from haedap.analytics.engines.asking import Engine, Row
from haedap.analytics.sources import (
    ARTICLE_USES,
    CASES,
    FACTS,
    GAPS,
    PROMISES,
    QUEUES,
    SURVEY_ANSWERS,
    TOPICS,
)

_DAY = 86_400_000_000
_WITHDRAWN = "withdrawn"
_UNANSWERED = ("open", "accepted", "passed_on", "extended", "suspended")


def names(engine: Engine, dimension: Dimension) -> dict[Value, str]:
    """What the values of a dimension are called, where that is not what they are; a topic by its path from the root."""
    match dimension:
        case Dimension.TOPIC:
            rows = engine.rows(TOPICS, lambda topics: topics.select("code", "path"))
            return {row["code"]: row["path"] for row in rows}
        case Dimension.QUEUE:
            rows = engine.rows(QUEUES, lambda queues: queues.select("key", "name"))
            return {row["key"]: row["name"] for row in rows}
        case _:
            return {}


def promises(engine: Engine, since: date, until: date) -> list[Row]:
    """By `month` in which they were made: `counted` promises, and those of them that were `kept`."""
    now = engine.as_of

    def ask(made: Table) -> Table:
        made = made.mutate(now=ibis.literal(now))
        return made.group_by(month=month_of(made.day)).aggregate(
            counted=made.count(where=measures.CALLBACK_KEPT.population(made)),
            kept=made.count(where=measures.CALLBACK_KEPT.hits(made) & measures.CALLBACK_KEPT.population(made)),
        )

    rows = engine.rows(PROMISES, ask, since, until)
    return [_whole(row) | {"month": shown_month(row["month"])} for row in sorted(rows, key=lambda row: row["month"])]


def cases(engine: Engine, since: date, until: date) -> list[Row]:
    """By `office`, most first: `received`, answered `in_time` or `late`, `open`; withdrawn ones are none.
    `mean_days`: how long those that were answered took; None without any.
    """

    def ask(received: Table) -> Table:
        received = received.filter(received.state != _WITHDRAWN)
        answered = received.answered_at.notnull()
        is_open = ~answered & received.state.isin(_UNANSWERED)
        took = received.answered_at.delta(received.received_at, unit="microsecond")
        return received.group_by("office").aggregate(
            received=received.count(),
            in_time=received.count(where=answered & (received.answered_at <= received.due_at)),
            late=received.count(where=answered & (received.answered_at > received.due_at)),
            open=received.count(where=is_open),
            answered=received.count(where=answered),
            took=took.sum(where=answered),
        )

    rows = [_whole(row, "office") for row in engine.rows(CASES, ask, since, until)]
    for row in rows:
        took, answered = row.pop("took"), row.pop("answered")
        row["mean_days"] = took / _DAY / answered if answered else None
    return sorted(rows, key=lambda row: (-row["received"], row["office"]))


def articles_read(engine: Engine, since: date, until: date, *, most: int = 30) -> list[Row]:
    """`code`, `title` and `uses` of the articles that were used in most contacts."""

    def ask(used: Table) -> Table:
        return used.group_by("code").aggregate(title=used.title.max(), uses=used.contact.nunique())

    rows = engine.rows(ARTICLE_USES, ask, since, until)
    return sorted((_whole(row, "code", "title") for row in rows), key=lambda row: (-row["uses"], row["code"]))[:most]


def unanswered(engine: Engine, since: date, until: date, *, most: int = 30) -> list[Row]:
    """`words` that were looked for in vain and `count`, how often; open ones only, last missed on these days."""

    def ask(gaps: Table) -> Table:
        inside = (gaps.day >= ibis.literal(since)) & (gaps.day < ibis.literal(until))
        missed = gaps.filter(inside, gaps.settled_at.isnull())
        return missed.group_by("words").aggregate(count=missed.times.sum())

    rows = engine.rows(GAPS, ask)
    return sorted((_whole(row, "words") for row in rows), key=lambda row: (-row["count"], row["words"]))[:most]


def aided(engine: Engine, since: date, until: date) -> list[Row]:
    """By `topic` (code), `article` and `looked_up`, of answered contacts that have ended: `contacts` and those of them
    that were `passed_on`.
    """

    def ask(facts: Table) -> Table:
        aids = {"article": conditions.with_article, "looked_up": conditions.with_look_up}
        flags = tally.flags_of(facts, (conditions.self_handled, conditions.passed_on, *aids.values()))
        alike = facts.group_by("topic", flags=flags).aggregate(alike=facts.count())
        ended = alike.filter(conditions.self_handled(alike) | conditions.passed_on(alike))
        by = {name: used(ended) for name, used in aids.items()}
        return ended.group_by("topic", **by).aggregate(
            contacts=ended.alike.sum(), passed_on=ended.alike.sum(where=conditions.passed_on(ended))
        )

    rows = engine.rows(FACTS, ask, since, until)
    return [_whole(row, "topic", "article", "looked_up") for row in rows]


def survey(engine: Engine, since: date, until: date) -> list[Row]:
    """By `item`: how many `answers`, and their `points` together."""

    def ask(answers: Table) -> Table:
        return answers.group_by("item").aggregate(answers=answers.count(), points=answers.points.sum())

    rows = engine.rows(SURVEY_ANSWERS, ask, since, until)
    return sorted((_whole(row, "item") for row in rows), key=lambda row: str(row["item"]))


def _whole(row: Row, *kept: str) -> Row:
    """Sums as ints, as every engine means them; a sum of nothing is 0."""
    return {name: value if name in kept else int(value or 0) for name, value in row.items()}
