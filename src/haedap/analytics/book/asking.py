"""What is asked of an archive for a book: five statements over the contacts, and one for each thing beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

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
from haedap.analytics.cube import Dimension, Group, Question, Tally, Value, tallies
from haedap.analytics.engines import Engine, Row
from haedap.analytics.figures import FigureSettings
from haedap.analytics.measures import report_definitions

_WEEK = timedelta(weeks=1)
_CHANNELS: Mapping[Value, str] = {"voice": "전화", "video": "영상", "chat": "채팅", "kakao": "카카오톡"}
_ITEMS: Mapping[str, str] = {"handling": "처리", "satisfaction": "만족", "kindness": "친절", "quality": "상담 품질"}
_PASSED = ("contacts", "passed_on", "no_article", "no_look_up", "unaided")
_CONTACTS = ("contacts",)
_MOST = 100
"""Articles and searches; the chapters show fewer, and proposals are followed among them."""


def book_of(
    engine: Engine,
    span: Span,
    settings: FigureSettings,
    *,
    centre: str = "",
    synthetic: str = "",
    accepted: Iterable[Accepted] = (),
) -> Book:
    """The book of these days as the engine has them; `accepted`: proposals of earlier books to be followed up."""
    return written(material_of(engine, span, settings, centre=centre, synthetic=synthetic), accepted)


def material_of(
    engine: Engine, span: Span, settings: FigureSettings, *, centre: str = "", synthetic: str = ""
) -> Material:
    """All that the book needs."""
    since, until, before = span.since, span.until, span.before

    def asked(since: date, until: date, *by: Dimension, only: tuple[str, ...] | None = None) -> dict[Group, Tally]:
        return tallies(engine, Question(since, until, by), settings, only)

    names = {each: extras.names(engine, each) for each in (Dimension.TOPIC, Dimension.QUEUE)}
    weeks = asked(before.since if before is not None else since, until, Dimension.WEEK, Dimension.TOPIC, only=_CONTACTS)
    return Material(
        span=span,
        settings=settings,
        centre=centre,
        synthetic=synthetic,
        names=names | {Dimension.CHANNEL: _CHANNELS},
        cube=asked(since, until, Dimension.MONTH, Dimension.TOPIC, Dimension.OFFICE, Dimension.DISTRICT),
        slots=asked(since, until, Dimension.DAY, Dimension.HOUR),
        ways=asked(since, until, Dimension.CHANNEL, Dimension.QUEUE),
        earlier=asked(before.since, before.until, Dimension.MONTH, Dimension.TOPIC) if before is not None else {},
        promised=tuple(
            Promised(row["month"], row["counted"], row["kept"]) for row in extras.promises(engine, since, until)
        ),
        cases=tuple(Cases(**row) for row in extras.cases(engine, since, until)),
        articles=tuple(Read(**row) for row in extras.articles_read(engine, since, until, most=_MOST)),
        unanswered=tuple(Unanswered(**row) for row in extras.unanswered(engine, since, until, most=_MOST)),
        passed=_passed(extras.aided(engine, since, until)),
        items=tuple(_item(row) for row in extras.survey(engine, since, until)),
        surges=_surges(weeks, span, names[Dimension.TOPIC]),
        formulas={each.key: (each.name, each.formula) for each in report_definitions(settings.formula)},
    )


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
