"""The archive follows the database, exactly once, and leaves behind who the citizens are."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest

from haedap.analytics.archive import ArchiveError
from haedap.analytics.archive.manifest import Manifest, load, locked
from haedap.analytics.archive.writing import bring_up_to_date
from haedap.analytics.engines import Archive, Engine, Live
from haedap.analytics.sources import ALL, FACTS
from tests.integration.analytics.books import Book, open_book
from tests.integration.analytics.conftest import ARCHIVED_AT
from tests.integration.analytics.varied import NAMES, NUMBERS, TEXT, Varied


@pytest.fixture
def records(database: str) -> Iterator[Varied]:
    """A few of the varied records, in a database of the test's own."""
    with open_book(database) as connection:
        records = Varied(connection)
        records.write(60)
        yield records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def update(database: str, folder: Path, *, anew: bool = False) -> Manifest:
    return bring_up_to_date(database, folder, centre="가온시", now=ARCHIVED_AT, anew=anew)


def said(engine: Engine) -> dict[str, list[str]]:
    """Every row by source, with the same instant written in the same way."""
    return {
        source.name: sorted(
            repr([value.astimezone(UTC) if isinstance(value, datetime) else value for value in row.values()])
            for row in engine.rows(source, lambda table: table.drop("centre"))
        )
        for source in ALL
    }


def contents(folder: Path) -> dict[str, list[str]]:
    return said(Archive([folder], threads=1))


def expected(database: str) -> dict[str, list[str]]:
    with psycopg.connect(database, autocommit=True) as connection, connection.cursor() as cursor:
        return said(Live(cursor))


def journal(folder: Path) -> list[int]:
    """The numbers of the rows of the journal, in the order of the files."""
    parts = [part for parts in load(folder).tables.get("event", {}).values() for part in parts]
    return [seq for part in parts for seq in pq.read_table(folder / part.file, columns=["seq"])["seq"].to_pylist()]


def fact_files(folder: Path) -> dict[str, str]:
    return {month: part.file for month, (part,) in load(folder).tables["fact"].items()}


def changed_months(before: dict[str, str], folder: Path) -> set[str]:
    after = fact_files(folder)
    return {month for month in before.keys() | after.keys() if before.get(month) != after.get(month)}


def test_nothing_is_written_that_has_not_changed(records: Varied, database: str, folder: Path) -> None:
    first = update(database, folder)
    assert set(first.tables["fact"]) == {"2025-12", "2026-01", "2026-02", "2026-03"}
    assert first.due == []
    again = update(database, folder)
    assert again.tables == first.tables
    assert journal(folder) == list(range(1, 81))


@pytest.mark.parametrize(
    ("change", "months"),
    [
        ("UPDATE contact_note SET district = '가온동' WHERE contact = %(contact)s", {"2026-01", "2026-02"}),
        ("UPDATE segment SET wrap_up_seconds = 1 WHERE contact = %(contact)s", {"2026-01", "2026-02"}),
        ("DELETE FROM contact_note WHERE contact = %(contact)s", {"2026-01", "2026-02"}),
        ("DELETE FROM contact WHERE id = %(contact)s", {"2026-01", "2026-02"}),
        ("UPDATE contact SET arrived_at = '2026-05-03Z' WHERE id = %(contact)s", {"2026-01", "2026-02", "2026-05"}),
        ("UPDATE queue SET service_level_seconds = 7 WHERE key = 'tax'", {"2025-12", "2026-01", "2026-02", "2026-03"}),
        ("UPDATE department SET name = '요금팀 2' WHERE id = 2", {"2025-12", "2026-01", "2026-02", "2026-03"}),
    ],
)
def test_a_change_writes_its_month_anew(
    records: Varied, database: str, folder: Path, change: Any, months: set[str]
) -> None:
    update(database, folder)
    before = fact_files(folder)
    sought = """SELECT contact.id FROM contact JOIN contact_note ON contact_note.contact = contact.id
        JOIN segment ON segment.contact = contact.id
        WHERE arrived_at BETWEEN '2026-02-05Z' AND '2026-02-20Z' LIMIT 1"""
    row = records.connection.execute(sought).fetchone()
    assert row is not None
    records.connection.execute(change, {"contact": row["id"]})
    update(database, folder)
    assert changed_months(before, folder) == months
    assert contents(folder) == expected(database)


def test_what_is_not_committed_yet_is_not_forgotten(records: Varied, database: str, folder: Path) -> None:
    with psycopg.connect(database) as slow:
        slow.execute("UPDATE contact_note SET district = '누리읍'")
        update(database, folder)
        slow.commit()
    update(database, folder)
    assert contents(folder) == expected(database)


def test_what_was_promised_and_followed_later_changes_earlier_months(
    records: Varied, database: str, folder: Path
) -> None:
    update(database, folder)
    records.connection.execute("UPDATE promise SET outcome = 'not_reached', ended_at = made_at")
    records.connection.execute("UPDATE citizen SET merged_into = 1 WHERE id = 2")
    records.connection.execute("UPDATE case_file SET state = 'withdrawn'")
    update(database, folder)
    assert contents(folder) == expected(database)


def test_a_promise_that_fails_changes_the_months_of_those_that_were_merged_into_it(
    records: Varied, database: str, folder: Path
) -> None:
    book = Book(records.connection)
    older, younger = (
        book.contact(datetime(2026, month, 9, tzinfo=UTC), queue="tax", queued=0, ended=9, outcome="promised")
        for month in (1, 3)
    )
    stands = book.promise(datetime(2026, 3, 9, tzinfo=UTC), contact=younger)
    book.promise(datetime(2026, 1, 9, tzinfo=UTC), contact=older, outcome="merged", ended=9, into=stands)
    update(database, folder)
    before = fact_files(folder)
    records.connection.execute("UPDATE promise SET outcome = 'not_reached' WHERE id = %s", [stands])
    update(database, folder)
    assert {"2026-01", "2026-03"} <= changed_months(before, folder)
    assert contents(folder) == expected(database)


def test_personal_data_stays_behind(records: Varied, database: str, folder: Path) -> None:
    update(database, folder)
    secrets = {*NAMES, TEXT, *NUMBERS, *(number[3:] for number in NUMBERS), "010-0000-0000"}
    files = sorted(folder.rglob("*.parquet"))
    assert len(files) > 10
    for path in [*files, folder / "manifest.json"]:
        said = path.read_bytes().decode("utf-8", "replace")
        if path.suffix == ".parquet":
            said += json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str)
        assert not [secret for secret in secrets if secret in said], path
    said = json.dumps(records.connection.execute("SELECT * FROM contact, journal").fetchmany(5000), default=str)
    assert any(number in said for number in NUMBERS), "the numbers are in the database"


def test_one_writes_at_a_time(records: Varied, database: str, folder: Path) -> None:
    with locked(folder), pytest.raises(ArchiveError, match="이미 쓰고 있습니다"):
        update(database, folder)
    update(database, folder)


def test_an_unreadable_list_is_said_and_mended(records: Varied, database: str, folder: Path) -> None:
    update(database, folder)
    (folder / "manifest.json").write_bytes(b"{")
    with pytest.raises(ArchiveError, match="--anew"):
        update(database, folder)
    update(database, folder, anew=True)
    assert contents(folder) == expected(database)
    assert journal(folder) == list(range(1, 81))


def test_a_restored_database_makes_the_archive_anew(records: Varied, database: str, folder: Path) -> None:
    update(database, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {"database": "another", "journal": 7}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    records.connection.execute("DELETE FROM contact WHERE arrived_at >= '2026-03-01+09'")
    update(database, folder)
    assert contents(folder) == expected(database)
    assert "2026-03" not in load(folder).tables["fact"]
    assert journal(folder) == list(range(1, 81))


def test_an_empty_centre_has_an_archive_too(database: str, folder: Path) -> None:
    update(database, folder)
    assert contents(folder) == expected(database)
    assert Archive([folder]).rows(FACTS, lambda facts: facts.aggregate(n=facts.count())) == [{"n": 0}]


def test_no_archive_and_no_database_are_said(folder: Path, database: str) -> None:
    with pytest.raises(ArchiveError, match="haedap archive"):
        Archive([folder])
    with pytest.raises(ArchiveError, match="데이터베이스"):
        update("postgresql://nobody@127.0.0.1:9/none?connect_timeout=2", folder)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("how", "stride", "least"), [("kill", 4, 7), ("fail", 7, 3)])
def test_whenever_it_stops_it_goes_on(
    records: Varied, database: str, folder: Path, how: str, stride: int, least: int
) -> None:
    """Each attempt is stopped some file operations later than the one before, and in between the records change."""
    helper = Path(__file__).with_name("stopping.py")
    done = subprocess.run(
        [sys.executable, str(helper), database, str(folder), how, str(stride)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > least, "it was stopped again and again"
    assert contents(folder) == expected(database)
    assert journal(folder) == list(range(1, 81))
    update(database, folder)
    manifest = update(database, folder)
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.parquet*")} == manifest.files()
