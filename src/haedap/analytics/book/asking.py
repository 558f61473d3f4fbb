"""What is asked of an archive for a book: a statement for each kind of table over the contacts, of the figures that it
has, and one for each thing beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from haedap.analytics import extras, radar
from haedap.analytics.book.material import (
    PATH,
    Cases,
    Item,
    Material,
    Passed,
    Promised,
    Read,
    Span,
    Surge,
    Unanswered,
)
from haedap.analytics.book.model import Accepted, Book
from haedap.analytics.book.writing import written
from haedap.analytics.cube import Question, Tally, tallies
from haedap.analytics.dimensions import Dimension, Group, Value
from haedap.analytics.engines import Engine, Row
from haedap.analytics.figures import FigureSettings
from haedap.analytics.measures import report_definitions

_WEEK = timedelta(weeks=1)
_CHANNELS: Mapping[Value, str] = {"voice": "전화", "video": "영상", "chat": "채팅", "kakao": "카카오톡"}
_ITEMS: Mapping[str, str] = {"handling": "처리", "satisfaction": "만족", "kindness": "친절", "quality": "상담 품질"}
_PASSED = ("contacts", "passed_on", "no_article", "no_look_up", "unaided")
_CONTACTS = ("contacts",)
_OF_TIMES = (
    "contacts",
    "offered",
    "answered",
    "abandoned",
    "answer_rate",
    "service_level",
    "abandonment",
    "asa_seconds",
)
_OF_TOPICS = (
    *_OF_TIMES,
    "aht_seconds",
    "self_handled",
    "transferred",
    "transfer_rate",
    "referred",
    "fcr",
    "survey_response",
)
_OF_DISTRICTS = ("contacts", "answer_rate", "self_handled")
_SLOTS = (Dimension.WEEKDAY, Dimension.HOUR, Dimension.CHANNEL, Dimension.QUEUE)
_MOST = 100
"""Articles and searches; the chapters show fewer, and proposals are followed among them."""


def book_of(
    engine: Engine,
    span: Span,
    settings: FigureSettings,
    *,
    centre: str,
    synthetic: str = "",
    accepted: Iterable[Accepted] = (),
) -> Book:
    """The book of these days as the engine has them; `accepted`: proposals of earlier books to be followed up."""
    return written(material_of(engine, span, settings, centre=centre, synthetic=synthetic), accepted)


def material_of(engine: Engine, span: Span, settings: FigureSettings, *, centre: str, synthetic: str = "") -> Material:
    """All that the book needs."""
    since, until, before = span.since, span.until, span.before

    def asked(since: date, until: date, only: tuple[str, ...], *by: Dimension) -> dict[Group, Tally]:
        return tallies(engine, Question(since, until, by), settings, only)

    def by_topic(asked_of: Span) -> dict[Group, Tally]:
        by = (Dimension.MONTH, Dimension.TOPIC, Dimension.OFFICE)
        return asked(asked_of.since, asked_of.until, _OF_TOPICS, *by)

    def surges() -> tuple[Surge, ...]:
        begun = before.since if before is not None else since
        return _surges(asked(begun, until, _CONTACTS, Dimension.WEEK, Dimension.TOPIC), span, names[Dimension.TOPIC])

    names = {each: extras.names(engine, each) for each in (Dimension.TOPIC, Dimension.QUEUE)}
    parts = _asked_together(
        engine,
        surges=surges,
        cube=lambda: by_topic(span),
        earlier=lambda: by_topic(before) if before is not None else {},
        slots=lambda: asked(since, until, _OF_TIMES, *_SLOTS),
        places=lambda: asked(since, until, _OF_DISTRICTS, Dimension.DISTRICT, Dimension.TOPIC, Dimension.OFFICE),
        days=lambda: asked(since, until, ("answered",), Dimension.DAY),
        promises=lambda: extras.promises(engine, since, until),
        cases=lambda: extras.cases(engine, since, until),
        articles=lambda: extras.articles_read(engine, since, until, most=_MOST),
        unanswered=lambda: extras.unanswered(engine, since, until, most=_MOST),
        aided=lambda: extras.aided(engine, since, until),
        survey=lambda: extras.survey(engine, since, until),
    )
    return Material(
        span=span,
        settings=settings,
        centre=centre,
        synthetic=synthetic,
        names=names | {Dimension.CHANNEL: _CHANNELS},
        cube=parts["cube"],
        earlier=parts["earlier"],
        places=parts["places"],
        slots=parts["slots"],
        worked=_worked(parts["days"]),
        promised=tuple(Promised(row["month"], row["counted"], row["kept"]) for row in parts["promises"]),
        cases=tuple(Cases(**row) for row in parts["cases"]),
        articles=tuple(Read(**row) for row in parts["articles"]),
        unanswered=tuple(Unanswered(**row) for row in parts["unanswered"]),
        passed=_passed(parts["aided"]),
        items=tuple(_item(row) for row in parts["survey"]),
        surges=parts["surges"],
        formulas={each.key: (each.name, each.formula) for each in report_definitions(settings.formula)},
    )


def _asked_together(engine: Engine, **questions: Callable[[], Any]) -> dict[str, Any]:
    """The answers by name, asked as many at once as the engine allows."""
    if engine.at_once == 1:
        return {name: question() for name, question in questions.items()}
    with ThreadPoolExecutor(engine.at_once) as pool:
        asked = {name: pool.submit(question) for name, question in questions.items()}
        return {name: answer.result() for name, answer in asked.items()}


def _worked(days: Mapping[Group, Tally]) -> tuple[date, ...]:
    """The days on which agents answered anything."""
    answered = (str(day) for (day,), tally in days.items() if tally.value("answered"))
    return tuple(sorted(map(date.fromisoformat, answered)))


def _passed(rows: Iterable[Row]) -> tuple[Passed, ...]:
    """What was passed on by topic, from rows by topic and by which aid was used.

    Nothing where aid was never used at all: nobody keeps a record of it there, and then it tells nothing.
    """
    rows = list(rows)
    if not any(row["article"] or row["looked_up"] for row in rows):
        return ()
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        found = counts.setdefault(row["topic"], dict.fromkeys(_PASSED, 0))
        passed = row["passed_on"]
        found["contacts"] += row["contacts"]
        found["passed_on"] += passed
        found["no_article"] += 0 if row["article"] else passed
        found["no_look_up"] += 0 if row["looked_up"] else passed
        found["unaided"] += 0 if row["article"] or row["looked_up"] else passed
    return tuple(Passed(topic, **found) for topic, found in sorted(counts.items()))


def _item(row: Row) -> Item:
    item = str(row["item"])
    return Item(_ITEMS.get(item, item), row["answers"], row["points"])


def _surges(weeks: Mapping[Group, Tally], span: Span, names: Mapping[Value, str]) -> tuple[Surge, ...]:
    """Weeks of the book in which a topic came far too often; those that follow each other are one surge."""
    counts = ((week, topic, tally.contacts) for (week, topic), tally in weeks.items())
    rows = ((date.fromisoformat(str(week)), str(topic or ""), contacts) for week, topic, contacts in counts)
    events: list[list[radar.WeeklySurge[str]]] = []
    running: dict[str, list[radar.WeeklySurge[str]]] = {}
    for each in radar.emerging(rows):
        if not (span.since <= each.week and each.week + _WEEK <= span.until):
            continue
        topic = each.surge.lead.sign.value
        if topic in running and running[topic][-1].week + _WEEK == each.week:
            running[topic].append(each)
        else:
            running[topic] = [each]
            events.append(running[topic])
    return tuple(_surge(event, names) for event in events)


def _surge(event: Sequence[radar.WeeklySurge[str]], names: Mapping[Value, str]) -> Surge:
    topic = event[0].surge.lead.sign.value
    return Surge(
        name=(names.get(topic) or topic).replace(PATH, " › "),
        since=event[0].week,
        last=event[-1].week + _WEEK - timedelta(days=1),
        contacts=sum(each.surge.observed for each in event),
        usual=sum(each.surge.expected for each in event),
    )
