"""PostgreSQL, DuckDB and Spark say the same, to the last contact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from haedap.analytics import extras
from haedap.analytics.cube import Question, behind, rolled, tallies
from haedap.analytics.dimensions import Dimension
from haedap.analytics.engines import Archive, Engine, Live, Row, Spark
from haedap.analytics.figures import FigureSettings
from haedap.analytics.measures import ServiceLevelFormula, fact_measures
from haedap.analytics.sources import ALL, FACTS, Source
from tests.integration.analytics.conftest import ARCHIVED_AT

pytestmark = pytest.mark.timeout(600)
"""Java takes its time to start where others are at work."""
QUICKLY = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
"""Hundreds of rows are sooner counted than Java is compiled for them; the bench counts with it."""
ALL_DAYS = (date(2025, 12, 1), date(2026, 4, 1))
SOME_DAYS = (date(2025, 12, 31), date(2026, 2, 3))
D = Dimension


class LiveThen(Live):
    """The live database, asked as if it were the moment of the archive."""

    @property
    def as_of(self) -> datetime:
        return ARCHIVED_AT


@pytest.fixture(scope="module")
def live(varied: str) -> Iterator[Engine]:
    with psycopg.connect(varied, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SET TimeZone TO 'America/New_York'")  # whatever the session says, days are Seoul's
        yield LiveThen(cursor)


@pytest.fixture(scope="module")
def archive(archived: Path) -> Engine:
    return Archive([archived], threads=1)


@pytest.fixture(scope="module")
def spark(archived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    from haedap.analytics.engines.spark import session

    with session("local[1]", tmp_path_factory.mktemp("spark"), QUICKLY) as opened:
        yield Spark(opened, [archived])


def all_rows(engine: Engine, source: Source) -> list[Row]:
    """In an order of their own, with the same instant written in the same way."""
    found = engine.rows(source, lambda table: table.drop("centre"))
    same = [
        {name: value.astimezone(UTC) if isinstance(value, datetime) else value for name, value in row.items()}
        for row in found
    ]
    return sorted(same, key=repr)


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.name)
def test_the_archive_has_every_row_as_the_database_has_it(live: Engine, archive: Engine, source: Source) -> None:
    rows = all_rows(live, source)
    assert rows
    assert all_rows(archive, source) == rows


QUESTIONS = {
    "all": Question(*ALL_DAYS),
    "some days": Question(*SOME_DAYS),
    "the book's cube": Question(*ALL_DAYS, (D.MONTH, D.TOPIC, D.OFFICE, D.DISTRICT)),
    "days and hours": Question(*SOME_DAYS, (D.DAY, D.HOUR)),
    "weeks": Question(*ALL_DAYS, (D.WEEK, D.WEEKDAY)),
    "years and queues": Question(*ALL_DAYS, (D.YEAR, D.QUEUE, D.CHANNEL)),
    "agents": Question(*ALL_DAYS, (D.AGENT,)),
    "some": Question(*ALL_DAYS, (D.OFFICE,), {D.QUEUE: ("tax", None), D.MONTH: ("2026-01", "2025-12")}),
    "a week": Question(*ALL_DAYS, (D.TOPIC,), {D.WEEK: ("2026-01-05",), D.TOPIC: ("move", "")}),
    "some agents and days": Question(*ALL_DAYS, (), {D.AGENT: (None, 2), D.DAY: ("2026-01-05", "2026-01-06")}),
    "nothing": Question(date(2020, 1, 1), date(2021, 1, 1), (D.DAY,)),
    "none of nothing": Question(date(2020, 1, 1), date(2021, 1, 1)),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_live_and_archive_say_the_same(live: Engine, archive: Engine, name: str) -> None:
    same(live, archive, name)


@pytest.mark.parametrize("name", ["the book's cube", "weeks", "some", "some agents and days", "nothing"])
def test_archive_and_spark_say_the_same(archive: Engine, spark: Engine, name: str) -> None:
    same(archive, spark, name)


def same(one: Engine, other: Engine, name: str) -> None:
    settings = FigureSettings(short_abandon_seconds=5, repeat_days=11)
    found, again = (tallies(engine, QUESTIONS[name], settings) for engine in (one, other))
    assert again == found
    assert bool(found) == (name != "nothing")


@pytest.mark.parametrize("formula", ServiceLevelFormula)
def test_every_figure_by_every_formula(live: Engine, archive: Engine, formula: ServiceLevelFormula) -> None:
    settings = FigureSettings(formula=formula)
    (one,), (other,) = (tallies(engine, Question(*ALL_DAYS), settings).values() for engine in (live, archive))
    for measure in fact_measures(formula):
        value = one.value(measure.definition.key)
        assert value == other.value(measure.definition.key)
        assert value, measure.definition.key
    (alone,) = tallies(archive, Question(*ALL_DAYS), settings, ["service_level"]).values()
    assert alone.value("service_level") == one.value("service_level")


def test_adding_up_is_counting_together(archive: Engine) -> None:
    settings = FigureSettings()
    fine = tallies(archive, Question(*ALL_DAYS, (D.MONTH, D.TOPIC, D.OFFICE)), settings)
    for keep, by in (((2,), (D.OFFICE,)), ((1, 0), (D.TOPIC, D.MONTH)), ((), ())):
        assert rolled(fine, keep) == tallies(archive, Question(*ALL_DAYS, by), settings)


@pytest.mark.parametrize("place", range(3))
def test_figures_asked_for_alone_are_the_same(live: Engine, archive: Engine, place: int) -> None:
    settings, question = FigureSettings(), Question(*ALL_DAYS, (D.TOPIC,))
    some = [measure.definition.key for measure in fact_measures(settings.formula)][place::3]
    whole, alone = tallies(archive, question, settings), tallies((archive, live)[place % 2], question, settings, some)
    assert {group: [one.value(key) for key in some] for group, one in alone.items()} == {
        group: [one.value(key) for key in some] for group, one in whole.items()
    }


Extra = Callable[[Engine, date, date], list[dict[str, Any]]]
EXTRAS: tuple[Extra, ...] = (
    extras.promises,
    extras.cases,
    extras.articles_read,
    extras.unanswered,
    extras.aided,
    extras.survey,
)


@pytest.mark.parametrize("extra", EXTRAS, ids=lambda extra: extra.__name__)
def test_extras_are_the_same_everywhere(live: Engine, archive: Engine, spark: Engine, extra: Extra) -> None:
    def said(engine: Engine) -> list[Any]:
        return sorted((tuple(row.items()) for row in extra(engine, *SOME_DAYS)), key=repr)

    found = said(live)
    assert found
    assert said(archive) == found
    assert said(spark) == found


def test_names_are_the_same_everywhere(live: Engine, archive: Engine, spark: Engine) -> None:
    for dimension, value, name in ((D.TOPIC, "move", "상하수도 > 요금 > 이사정산"), (D.QUEUE, "tax", "tax 대기열")):
        said = [extras.names(engine, dimension) for engine in (live, archive, spark)]
        assert said[0][value] == name
        assert said == said[:1] * 3
    assert extras.names(archive, D.HOUR) == {}


@pytest.mark.parametrize("key", ["service_level", "fcr", "survey", "contacts"])
@pytest.mark.parametrize("counted", [None, True, False])
def test_the_contacts_behind_are_those_that_were_counted(
    live: Engine, archive: Engine, key: str, counted: bool | None
) -> None:
    settings, question = FigureSettings(), Question(*ALL_DAYS, (), {D.QUEUE: ("tax", "water")})
    found = behind(live, question, settings, key, counted=counted, limit=1000)
    assert [row["id"] for row in behind(archive, question, settings, key, counted=counted, limit=1000)] == [
        row["id"] for row in found
    ]
    tally = tallies(live, question, settings)[()]
    whole = {True: tally.hits(key), None: tally.population(key), False: tally.population(key) - tally.hits(key)}
    assert len(found) == whole[counted]
    assert [row["id"] for row in behind(live, question, settings, key, counted=counted, limit=2, offset=1)] == [
        row["id"] for row in found[1:3]
    ]


def test_archives_of_many_centres_are_read_as_one(archived: Path, varied: str, tmp_path: Path, archive: Engine) -> None:
    from haedap.analytics.archive.writing import bring_up_to_date

    bring_up_to_date(varied, tmp_path, centre="누리'군", now=ARCHIVED_AT)
    province = Archive([archived, tmp_path])
    settings = FigureSettings()
    alone = tallies(archive, Question(*ALL_DAYS), settings)[()]
    assert province.centres == ("가온시", "누리'군")
    assert tallies(province, Question(*ALL_DAYS), settings) == {(): alone + alone}
    assert tallies(province, Question(*ALL_DAYS, (D.CENTRE,)), settings) == {("가온시",): alone, ("누리'군",): alone}
    one = Question(*ALL_DAYS, (), {D.CENTRE: ("누리'군",)})
    assert tallies(province, one, settings) == {(): alone}
    assert len(province.rows(FACTS, lambda facts: facts.select("id"))) == 800
