from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from haedap.analytics.archive.writing import bring_up_to_date
from tests.conftest import TEMPLATE
from tests.integration.analytics.books import Book, open_book
from tests.integration.analytics.varied import DAYS, FIRST, Varied

if TYPE_CHECKING:
    from haedap.operations.cluster import Cluster

ARCHIVED_AT = FIRST + timedelta(days=DAYS)


@pytest.fixture
def book(database: str) -> Iterator[Book]:
    with open_book(database) as connection:
        opened = Book(connection)
        opened.queue("tax", 20)
        opened.settings()
        yield opened


@pytest.fixture(scope="module")
def varied(postgres: Cluster) -> Iterator[str]:
    """The address of a database with the varied records, for a whole module that only reads them."""
    name = f"v_{uuid.uuid4().hex[:12]}"
    copy, drop = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", "DROP DATABASE {} WITH (FORCE)"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(copy).format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        with open_book(postgres.url(name)) as opened:
            Varied(opened).write()
        yield postgres.url(name)
        connection.execute(sql.SQL(drop).format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def archived(varied: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive of it."""
    folder = tmp_path_factory.mktemp("archive")
    bring_up_to_date(varied, folder, centre="가온시", now=ARCHIVED_AT)
    return folder
