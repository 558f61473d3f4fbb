"""`haedap audit` on journals in a real PostgreSQL: right ones, corrupted ones, and none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from haedap.config import Settings, load_settings
from haedap.operations.audit import Audited, examine
from haedap.operations.cluster import centre_cluster
from haedap.operations.services import database_of
from haedap.operations.users import service_user
from tests.support.engine import make_centre, read_models
from tests.support.journals import LongJournal, plan_of
from tests.support.own_cluster import put_prepared
from tests.support.patience import LONG_PATIENCE

ROWS = 6000


@pytest.fixture
def books(database: str) -> str:
    """A database with a busy day in its journal."""
    make_centre(database, agents=20)
    LongJournal(plan_of(database), waiting=10).write(database, ROWS)
    return database


def _haedap(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "haedap", "audit", *arguments),
        env={**os.environ, "DATABASE_URL": url, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=LONG_PATIENCE,
        check=False,
    )


def _corrupt(url: str, *statements: str) -> None:
    """Change the journal as only a superuser can, who takes its guard away first."""
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE journal DISABLE TRIGGER journal_append_only")
        for statement in statements:
            assert connection.execute(statement.encode()).rowcount > 0
        connection.execute("ALTER TABLE journal ENABLE TRIGGER journal_append_only")


def test_a_right_journal_is_right_and_replays_identically(books: str) -> None:
    done = _haedap(books, "journal", "--json", "--replay")
    report: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 0, done
    assert report["ok"] is True
    assert report["replayed"] is True
    assert report["broken"] == []
    assert report["rows"] >= ROWS
    assert report["arrived"] == report["opened"] == report["closed"] + report["live"]
    assert report["live"] > 0
    said = _haedap(books, "journal")
    assert said.returncode == 0
    assert "빠지거나 두 번 센 상담 건이 없습니다" in said.stdout


def _at(name: str, statement: str) -> str:
    """The statement with `%s` standing for the first row of this name that lies well inside the journal."""
    return statement % f"(SELECT min(seq) FROM journal WHERE seq > 3000 AND name = '{name}')"  # noqa: S608


_GAP = (
    "(SELECT max(j.seq) FROM journal j WHERE j.seq > 1"
    " AND NOT EXISTS (SELECT 1 FROM journal b WHERE b.seq = j.seq - 1))"
)


def _remove(name: str) -> tuple[str, ...]:
    """Take one row out and close the gap, so that only what it told is missing."""
    return (
        _at(name, "UPDATE journal SET seq = 0 WHERE seq = %s"),
        f"UPDATE journal SET seq = -(seq - 1) WHERE seq >= {_GAP}",  # noqa: S608
        "UPDATE journal SET seq = -seq WHERE seq < 0",
        "DELETE FROM journal WHERE seq = 0",
    )


@pytest.mark.parametrize(
    ("corruption", "rule"),
    [
        (_remove("ContactOpened"), "arrived_not_opened"),
        (_remove("OfferEnded"), "offer_left_open"),
        (_remove("SegmentEnded"), "segment_left_open"),
        (_remove("SegmentStarted"), "segment_ended_without_beginning"),
        (_remove("ContactOffered"), "offered_without_offer"),
        ((_at("Connected", "DELETE FROM journal WHERE seq = %s"),), "seq_gap"),
        ((_at("Connected", "UPDATE journal SET at = at - interval '1 hour' WHERE seq = %s"),), "time_back"),
        ((_at("SegmentEnded", "UPDATE journal SET data = '{}' WHERE seq = %s"),), "unreadable_fact"),
    ],
)
def test_a_corrupted_journal_is_told_with_row_and_rule(books: str, corruption: tuple[str, ...], rule: str) -> None:
    _corrupt(books, *corruption)
    outcome = examine(books)
    assert not outcome.ok
    assert any(breach["rule"] == rule and int(breach["seq"] or 0) >= 3000 for breach in outcome.broken)


def test_a_decision_that_the_router_would_not_make_is_found_by_the_replay(books: str) -> None:
    _corrupt(
        books,
        "UPDATE journal SET data = jsonb_set(data, '{agent}', '1000') WHERE seq = "
        "(SELECT min(seq) FROM journal WHERE seq > 3000 AND name = 'OfferContact')",
    )
    assert examine(books).ok, "no rule of conservation is about whom a contact was put to"
    assert _rules(examine(books, replay=True)) == {"replay_differs"}


def test_what_is_missing_at_the_very_end_is_found_by_the_replay(books: str) -> None:
    _corrupt(books, "DELETE FROM journal WHERE seq >= (SELECT max(seq) FROM journal WHERE role = 'D')")
    assert _rules(examine(books, replay=True)) == {"replay_differs"}


def test_a_contact_that_was_opened_again_much_later_is_found(books: str) -> None:
    _corrupt(
        books,
        "INSERT INTO journal (seq, at, role, name, contact, agent, data) SELECT (SELECT max(seq) FROM journal) + n,"
        " (SELECT max(at) FROM journal) + interval '1 day', role, name, contact, agent, data FROM"
        " (SELECT j.*, row_number() OVER (ORDER BY j.seq) AS n FROM journal j WHERE role = 'F' AND name IN"
        " ('ContactOpened', 'ContactClosed') AND contact = (SELECT contact FROM journal j WHERE name = 'ContactClosed'"
        " AND data->>'outcome' = 'refused' UNION ALL SELECT contact FROM journal WHERE name = 'ContactClosed' LIMIT 1))"
        " again",
    )
    assert {"contact_opened_twice", "contact_closed_twice"} <= _rules(examine(books))


def test_the_breaches_are_printed_and_the_exit_code_says_so(books: str) -> None:
    _corrupt(books, *_remove("SegmentEnded"))
    done = _haedap(books, "journal")
    assert done.returncode == 1
    assert "segment_left_open 상담 건" in done.stdout
    assert "어긋난 곳이" in done.stdout
    report = json.loads(_haedap(books, "journal", "--json").stdout)
    assert report["breaches"] == len(report["broken"]) > 0


def test_an_empty_journal_is_right(database: str) -> None:
    outcome = examine(database, replay=True)
    assert outcome.ok
    assert outcome.rows == 0


async def test_the_read_models_are_made_anew(books: str) -> None:
    assert _haedap(books, "rebuild").returncode == 0
    before = await read_models(books)
    assert before["contact"]
    with psycopg.connect(books, autocommit=True) as connection:
        connection.execute("UPDATE contact SET queue = NULL")
    done = _haedap(books, "rebuild")
    assert done.returncode == 0
    assert "새로 만들었습니다" in done.stdout
    assert await read_models(books) == before


@pytest.fixture
def stopped_centre() -> Iterator[Settings]:
    """One that has data, and does not run."""
    with tempfile.TemporaryDirectory(prefix="hd-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        settings = load_settings({"HAEDAP_STATE": name, "HAEDAP_RUNTIME": f"{name}/run"})
        cluster = centre_cluster(settings, service_user())
        put_prepared(cluster.data)
        cluster.prepare()
        yield settings


async def test_a_database_that_is_started_for_a_command_logs_no_personal_data(stopped_centre: Settings) -> None:
    """As the one of a running centre: PostgreSQL quotes the values that it cannot take."""
    url = stopped_centre.database_url
    async with database_of(stopped_centre):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.DataError):
            connection.execute("SELECT '010-0000-1234'::int")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    log = (stopped_centre.logs / "postgresql.log").read_text(encoding="utf-8")
    assert "invalid input syntax" in log
    assert "010-0000-1234" not in log


def test_a_rebuild_under_a_working_engine_is_refused_in_one_sentence(books: str) -> None:
    with psycopg.connect(books, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (0x48616564,))
        done = _haedap(books, "rebuild")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "센터를 끝내고" in done.stderr


def test_without_a_database_it_says_so_in_one_sentence() -> None:
    for command in ("journal", "rebuild"):
        done = _haedap("postgresql://haedap@127.0.0.1:1/haedap", command)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1, done.stderr


def _rules(outcome: Audited) -> set[str]:
    return {str(breach["rule"]) for breach in outcome.broken}
