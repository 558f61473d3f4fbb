"""Archives by DuckDB: one, or those of many centres read as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import ibis

from haedap.analytics.archive import ArchiveError
from haedap.analytics.archive.manifest import FORM, WHOLE, Manifest, load
from haedap.analytics.engines.asking import Ask, Row, on_days
from haedap.analytics.sources import Source, named

if TYPE_CHECKING:
    import duckdb

MEMORY = "1GB"
"""More than this is put aside on the disk."""


class Archive:
    """One or several archives. Raises ArchiveError for a folder that is none, or that was never up to date.

    `threads`: how many DuckDB uses; None: as many as there are processors.
    """

    def __init__(self, folders: Sequence[Path], *, threads: int | None = None) -> None:
        self._folders = {folder: _standing(folder) for folder in folders}
        self._threads = threads

    @property
    def centres(self) -> tuple[str, ...]:
        """What the archives are called."""
        return tuple(manifest.centre for manifest in self._folders.values())

    @property
    def synthetic(self) -> frozenset[str]:
        """Those of them whose contacts are invented."""
        return frozenset(manifest.centre for manifest in self._folders.values() if manifest.synthetic)

    @property
    def as_of(self) -> datetime:
        """When the one that is behind was up to date."""
        return min(manifest.as_of or datetime.min.replace(tzinfo=UTC) for manifest in self._folders.values())

    @property
    def at_once(self) -> int:
        """While Python looks at one answer, DuckDB works on another."""
        return 2

    def rows(self, source: Source, ask: Ask, since: date | None = None, until: date | None = None) -> list[Row]:
        """See `Engine`."""
        statement = _statement(source.name, ask)
        with self._database.cursor() as cursor:
            self._show(cursor, source, since, until)
            columns = cursor.sql(statement).to_arrow_table()
        rows = zip(*(column.to_pylist() for column in columns.columns), strict=True)
        return [dict(zip(columns.column_names, row, strict=True)) for row in rows]

    def files(self, source: str, since: date | None = None, until: date | None = None) -> dict[str, list[Path]]:
        """By centre, the files of a source in which rows of these days may be."""
        return {
            manifest.centre: [folder / file for _month, file in _files(manifest, source, since, until)]
            for folder, manifest in self._folders.items()
        }

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        connection = duckdb.connect(config={"memory_limit": MEMORY})
        if self._threads is not None:
            connection.execute(f"SET threads = {self._threads}")
        return connection

    def _show(self, cursor: duckdb.DuckDBPyConnection, source: Source, since: date | None, until: date | None) -> None:
        """Let the source's name mean its rows of the days to the cursor; without files none, with its columns."""
        columns = ", ".join(f'"{name}"' for name in source.table.columns if name != "centre")
        parts = [
            f"SELECT {_text(centre)} AS centre, {columns} FROM read_parquet([{', '.join(map(_text, files))}],"
            f" hive_partitioning=false){' WHERE ' if days else ''}{days}"
            for (centre, days), files in self._read(source.name, since, until).items()
        ]
        if not parts:
            cursor.register("nothing", source.table.schema().to_pyarrow().empty_table())
        rows = " UNION ALL ".join(parts) or "SELECT * FROM nothing"
        cursor.execute(f'CREATE TEMP VIEW "{source.name}" AS {rows}')

    def _read(self, source: str, since: date | None, until: date | None) -> dict[tuple[str, str], list[Path]]:
        """What is read, by centre and by the condition on its rows: none where the days have all of a month."""
        found: dict[tuple[str, str], list[Path]] = {}
        for folder, manifest in self._folders.items():
            for month, file in _files(manifest, source, since, until):
                days = "" if _inside(month, since, until) else on_days(since, until)
                found.setdefault((manifest.centre, days), []).append(folder / file)
        return found


@lru_cache(maxsize=256)
def _statement(source: str, ask: Ask) -> str:
    """The question in DuckDB's words, whatever the days are."""
    return str(ibis.to_sql(ask(named(source).table), dialect="duckdb"))


def _standing(folder: Path) -> Manifest:
    manifest = load(folder)
    if manifest.as_of is None:
        raise ArchiveError(f"{folder}에 다 만든 보관소가 없습니다. haedap archive를 실행하십시오.")
    if manifest.form != FORM:
        raise ArchiveError(f"{folder}의 보관소는 다른 판에서 만든 것입니다. haedap archive를 실행하십시오.")
    return manifest


def _files(manifest: Manifest, source: str, since: date | None, until: date | None) -> Iterator[tuple[str, str]]:
    """Month and file."""
    for month, parts in sorted(manifest.tables.get(source, {}).items()):
        if month == WHOLE or _overlaps(month, since, until):
            yield from ((month, part.file) for part in parts)


def _overlaps(month: str, since: date | None, until: date | None) -> bool:
    return (since is None or month >= f"{since:%Y-%m}") and (until is None or month <= f"{until:%Y-%m}")


def _inside(month: str, since: date | None, until: date | None) -> bool:
    """Whether all days of the month are between them."""
    return (
        month != WHOLE
        and (since is None or f"{month}-01" >= since.isoformat())
        and (until is None or month < f"{until:%Y-%m}")
    )


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
