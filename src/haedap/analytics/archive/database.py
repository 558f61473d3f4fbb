"""The live database as the archive reads it: column by column, by ADBC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import pyarrow as pa

from haedap.analytics.archive import ArchiveError


class Database:
    """A connection that reads. Each statement sees what was committed when it began."""

    def __init__(self, connection: adbc_driver_postgresql.dbapi.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All of a small answer."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]

    @contextmanager
    def stream(self, sql: str) -> Iterator[pa.RecordBatchReader]:
        """A large answer, a piece at a time."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            yield cursor.fetch_record_batch()


@contextmanager
def open_database(url: str) -> Iterator[Database]:
    """Raises ArchiveError when it does not answer, or stops to."""
    try:
        with adbc_driver_postgresql.dbapi.connect(url, autocommit=True) as connection:
            yield Database(connection)
    except adbc_driver_manager.OperationalError as error:
        raise ArchiveError(
            "데이터베이스에서 읽지 못했습니다. 센터가 켜져 있는지 확인하고 다시 실행하십시오. "
            "이미 보관한 것은 그대로입니다."
        ) from error
