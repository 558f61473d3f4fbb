"""An external database that cannot hold a centre is refused before anything is written, in one sentence."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from haedap.config import load_settings
from haedap.operations import OperationsError, checks
from haedap.operations.cluster import Cluster
from haedap.operations.database import reason_in, refuse_unfit_database


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


def test_a_database_without_hangul_is_refused(other_locale: str) -> None:
    with pytest.raises(OperationsError, match="로캘"):
        refuse_unfit_database(other_locale)


def test_why_nobody_answers_is_said_in_korean_and_without_the_password() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://city:s3cret@127.0.0.1:{nobody.getsockname()[1]}/haedap"
        with pytest.raises(OperationsError, match=r"꺼져 있거나 포트가 다릅니다\)") as refusal:
            refuse_unfit_database(url)
    assert "s3cret" not in str(refusal.value)
    assert reason_in(psycopg.OperationalError("something new\nDETAIL")) == "something new"
