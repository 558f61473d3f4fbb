"""An external database that cannot hold a centre is refused before anything is written, in one sentence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from haedap.config import load_settings
from haedap.operations import OperationsError, checks
from haedap.operations import database as module
from haedap.operations.cluster import Cluster
from haedap.operations.database import has_administrator, reason_in, refuse_unfit_database
from haedap.operations.lock import only_one
from haedap.operations.services import worker_service
from haedap.operations.users import ServiceUser, current_user, make_folder, refuse_unreachable, refuse_unreadable


@pytest.fixture
def other_locale(postgres: Cluster) -> Iterator[str]:
    name = "haedap_wrong_locale"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        database = sql.Identifier(name)
        connection.execute(sql.SQL("CREATE DATABASE {} LOCALE 'C' TEMPLATE template0").format(database))
        yield postgres.url(name)
        connection.execute(sql.SQL("DROP DATABASE {}").format(database))


def test_a_fit_database_is_taken(database: str) -> None:
    refuse_unfit_database(database)


@pytest.mark.parametrize(
    ("option", "sentence"), [("default_transaction_read_only=on", "읽기 전용"), ("role=pg_monitor", "OWNER TO")]
)
def test_a_database_that_takes_no_tables_is_refused(database: str, tmp_path: Path, option: str, sentence: str) -> None:
    url = f"{database}&options=-c{option.replace('=', '%3D')}"
    with pytest.raises(OperationsError, match=sentence):
        refuse_unfit_database(url)
    settings = load_settings({"HAEDAP_STATE": str(tmp_path), "DATABASE_URL": url})
    assert sentence in checks.database(settings).mend


def test_a_database_with_too_few_connections_is_refused(postgres: Cluster, database: str) -> None:
    """A worker that found none was told to be gone, half a minute into the start."""
    name = conninfo_to_dict(database)["dbname"]
    limit = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}").format
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(limit(sql.Identifier(str(name)), 8))
        with pytest.raises(OperationsError, match="8개까지만"):
            refuse_unfit_database(database)
        connection.execute(limit(sql.Identifier(str(name)), -1))


@pytest.mark.parametrize("answering", [[1, 1, 1], [1, 2, 3]])
def test_a_pooler_that_lends_a_connection_for_a_statement_is_refused(
    database: str, monkeypatch: pytest.MonkeyPatch, answering: list[int]
) -> None:
    """The lock of one engine stayed with whoever came next, and engines died of each other's statements."""
    monkeypatch.setattr(module, "_server_process", lambda _connection: answering.pop(0))
    with pytest.raises(OperationsError, match="pool_mode를 session"):
        refuse_unfit_database(database)


async def test_the_worker_is_ready_whatever_the_clock_of_the_databases_machine_says(
    database: str, tmp_path: Path
) -> None:
    """It signs on by the database's clock: a centre whose database was two minutes late did not start."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA late")
        connection.execute(
            "CREATE FUNCTION late.now() RETURNS timestamptz STABLE LANGUAGE sql"
            " AS $$ SELECT pg_catalog.now() - interval '1 hour' $$"
        )
        connection.execute("CREATE TABLE late.procrastinate_workers (last_heartbeat timestamptz NOT NULL)")
    late = f"{database}&options=-csearch_path%3Dlate,pg_catalog"
    settings = load_settings({"HAEDAP_STATE": str(tmp_path), "DATABASE_URL": late})
    with psycopg.connect(late, autocommit=True) as connection:
        sign_on = "INSERT INTO procrastinate_workers VALUES (now())"
        connection.execute(sign_on)
        ready = worker_service(settings, current_user(), {}).ready
        assert ready is not None
        assert not await ready(), "an earlier one has signed on"
        connection.execute(sign_on)
        assert await ready()


def test_a_database_without_hangul_is_refused(other_locale: str) -> None:
    with pytest.raises(OperationsError, match="로캘"):
        refuse_unfit_database(other_locale)


def prepare(database: str, tmp_path: Path, environment: str = "demo") -> None:
    done = _prepared(database, tmp_path, environment)
    assert done.returncode == 0, done.stdout + done.stderr


def _prepared(database: str, tmp_path: Path, environment: str = "demo") -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DATABASE_URL": database, "HAEDAP_STATE": str(tmp_path), "HAEDAP_ENVIRONMENT": environment}
    command = (sys.executable, "-m", "haedap.operations.prepare")
    return subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)


def test_a_database_of_a_newer_program_is_left_alone(database: str, tmp_path: Path) -> None:
    """Nor does what an app that is gone has left behind make a database newer."""
    with psycopg.connect(database, autocommit=True) as connection:
        applied = "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())"
        connection.execute(applied, ("gone", "0001_initial"))
        connection.execute(applied, ("contacts", "9999_of_tomorrow"))
        done = _prepared(database, tmp_path)
        prompts = connection.execute("SELECT count(*) FROM prompt").fetchone()
    assert done.returncode == 1
    assert "더 새로운 판의 것입니다(contacts.9999_of_tomorrow)" in done.stderr
    assert done.stderr.count("\n") == 1
    assert prompts == (0,)


def test_the_prompts_are_there_before_anybody_calls(database: str, tmp_path: Path) -> None:
    """The first citizens of a slow machine heard nothing: the worker had not spoken yet."""
    prepare(database, tmp_path)
    with psycopg.connect(database) as connection:
        texts: dict[str, str] = dict(connection.execute("SELECT key, text FROM prompt").fetchall())
    there = {path.name.partition(".")[0] for path in (tmp_path / "prompts").glob("*.wav")}
    assert {"welcome", "main_menu", "position"} <= texts.keys() <= there


def test_nobody_logs_in_to_a_centre_in_production_with_a_password_of_the_demonstration(
    database: str, tmp_path: Path
) -> None:
    """Who goes on with the state folder of a demonstration: what somebody gave a password of their own stays."""
    (tmp_path / "prompts").write_text("no folder")  # they would take most of the time
    prepare(database, tmp_path)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "UPDATE account SET password = %s WHERE username = 'supervisor'", (make_password("Own-1234!"),)
        )
        prepare(database, tmp_path, "production")
        active = connection.execute("SELECT username FROM account WHERE is_active").fetchall()
        logged = connection.execute("SELECT count(*) FROM access_log WHERE action = 'account.changed'").fetchone()
    assert active == [("supervisor",)]
    assert logged == (4,)
    assert not has_administrator(database)


def test_prompts_that_cannot_be_written_stop_no_centre(database: str, tmp_path: Path) -> None:
    (tmp_path / "prompts").write_text("no folder")
    prepare(database, tmp_path)


def test_why_nobody_answers_is_said_in_korean_and_without_the_password() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://city:s3cret@127.0.0.1:{nobody.getsockname()[1]}/haedap"
        with pytest.raises(OperationsError, match=r"꺼져 있거나 포트가 다릅니다\)") as refusal:
            refuse_unfit_database(url)
    assert "s3cret" not in str(refusal.value)
    assert reason_in(psycopg.OperationalError("something new\nDETAIL")) == "something new"


@pytest.mark.parametrize(
    ("said", "korean"),
    [
        ('root certificate file "/a/root.crt" does not exist\nEither provide the file', "sslrootcert의 인증서 파일"),
        ('could not read root certificate file "/a/root.crt": Permission denied', "sslrootcert의 인증서 파일"),
        ("SSL error: certificate verify failed", "서명되지 않았습니다"),
        ('server certificate for "a.example" does not match host name "192.0.2.1"', "이름이 주소와 다릅니다"),
        ('database "no" does not exist', "그 이름의 데이터베이스나 계정"),
        ("server closed the connection unexpectedly", "길이 없거나"),
        ("session is read-only", "읽기 전용"),
        ("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", "다 찼습니다"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_not_taken_for_a_missing_database(said: str, korean: str) -> None:
    error = f'connection failed: connection to server at "192.0.2.1", port 5432 failed: {said}'
    assert korean in reason_in(psycopg.OperationalError(error))


def test_the_doctor_says_why_an_external_database_does_not_answer(database: str, tmp_path: Path) -> None:
    known = conninfo_to_dict(database)
    url = f"postgresql://{known['user']}@/no_such?host={known['host']}"
    settings = load_settings({"HAEDAP_STATE": str(tmp_path), "DATABASE_URL": url})
    assert "그 이름의 데이터베이스나 계정이 없습니다" in checks.database(settings).mend


def test_the_doctor_asks_nobody_to_start_a_centre_that_runs(tmp_path: Path) -> None:
    settings = load_settings({"HAEDAP_STATE": str(tmp_path), "HAEDAP_RUNTIME": str(tmp_path)})
    assert "make run" in checks.database(settings).mend
    with only_one(tmp_path / "haedap.lock"):
        assert "postgresql.log" in checks.database(settings).mend


@pytest.mark.parametrize("version", [b"", b"\xff\xfe"])
def test_a_damaged_data_folder_is_named(tmp_path: Path, version: bytes) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/PG_VERSION").write_bytes(version)
    with pytest.raises(OperationsError, match="손상"):
        Cluster(tmp_path, tmp_path / "data", tmp_path / "run", current_user()).prepare()


def test_root_is_told_of_a_folder_that_its_servers_cannot_reach(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "private", current_user(), mode=0o700) / "state"
    folder.mkdir()
    nobody = ServiceUser("nobody", 65534, 65534)
    expected = pytest.raises(OperationsError, match="HAEDAP_STATE") if os.geteuid() == 0 else nullcontext()
    with expected:
        refuse_unreachable(folder, nobody if os.geteuid() == 0 else current_user())


def test_root_is_told_of_a_certificate_that_its_servers_cannot_read(tmp_path: Path) -> None:
    """Asterisk would start, and not listen for TLS at all."""
    file = tmp_path / "key.pem"
    file.touch(mode=0o600)
    nobody = ServiceUser("nobody", 65534, 65534)
    expected = pytest.raises(OperationsError, match="sip_tls_certificate") if os.geteuid() == 0 else nullcontext()
    with expected:
        refuse_unreadable(file, nobody if os.geteuid() == 0 else current_user(), "sip_tls_certificate")
