"""How long the figures of a yearbook take out of an archive of many contacts.

An archive of one year is made of invented facts, by the archive's own writer of files. Then, over these files and in
this order: one plain group-by of DuckDB (year × topic × office); the whole book, by a process of its own so that its
memory is its own; the same group-by by PostgreSQL over the same rows. `--spark` makes the book once more by
Spark with two executors, and says whether it is the same.

Prints one line of JSON: `seconds` of the book, `scan_seconds` and `postgres_seconds` of the group-by, each over all
`contacts`; `ratio` of the first two; `peak_mib` of the process that made the book; `statements`: the seconds of each.
`cpu_seconds`, `scan_cpu_seconds` and `cpu_ratio` are the same in processor time, which others on the machine disturb
less. Libraries are loaded before a clock starts, for the scan and for the book. With `--spark`, `spark_seconds`, and
`spark_same`: whether its book is the same to the last figure (`digest`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import ibis.backends.sql.compilers  # noqa: F401 - loaded late otherwise
import msgspec
import pyarrow as pa

from bench.options import Options, positive
from bench.yearbook_facts import SOURCES, YEAR, statement
from haedap.analytics import sources
from haedap.analytics.archive import files
from haedap.analytics.archive.manifest import WHOLE, Manifest, load, save
from haedap.analytics.archive.writing import schema_of
from haedap.analytics.book.asking import book_of
from haedap.analytics.book.material import Span
from haedap.analytics.book.model import Book
from haedap.analytics.engines import Archive, Engine, Row, Spark
from haedap.analytics.engines.asking import Ask
from haedap.analytics.engines.spark import session
from haedap.analytics.figures import FigureSettings
from haedap.analytics.sources import Source

AS_OF = datetime(YEAR + 1, 1, 8, tzinfo=UTC)
SPAN = Span.of_year(YEAR)
GROUP_BY = "SELECT year(day), topic, office, count(*) FROM {} GROUP BY ALL"
_ROUNDS = 3


def main() -> None:
    parser = Options(prog="haedap bench yearbook")
    parser.add_argument("--contacts", type=positive, default=1_000_000)
    parser.add_argument("--spark", action="store_true", help="the same book by Spark, local-cluster[2,1,1024]")
    parser.add_argument("--no-postgres", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--folder", type=Path, help="keep the archive here, and use it when it is there already")
    parser.add_argument("--json", action="store_true", help="one line of JSON (the only form)")
    parser.add_argument("--book", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.book:
        print(json.dumps(_book_alone(options.book)))
        return
    with tempfile.TemporaryDirectory(prefix="hd-book-") as name:
        folder = options.folder or Path(name) / "archive"
        print(json.dumps(_measured(folder, options)))


def _measured(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    made = _timed(lambda: _make(folder, options.contacts))
    rounds = [_timed(lambda: _scan(folder)) for _round in range(_ROUNDS)]
    scan, scan_cpu = (statistics.median(times) for times in zip(*rounds, strict=True))
    done = subprocess.run((sys.executable, "-m", "bench.yearbook", "--book", folder), capture_output=True, check=True)
    alone = json.loads(done.stdout)
    found = {
        "contacts": options.contacts,
        "archive_mib": sum(path.stat().st_size for path in folder.rglob("*.parquet")) // 2**20,
        "make_seconds": round(made[0], 1),
        "scan_seconds": round(scan, 3),
        "scan_cpu_seconds": round(scan_cpu, 3),
        **alone,
        "ratio": round(alone["seconds"] / scan, 1),
        "cpu_ratio": round(alone["cpu_seconds"] / scan_cpu, 1),
    }
    if not options.no_postgres:
        found["postgres_seconds"] = round(_by_postgres(folder), 2)
    if options.spark:
        found |= _by_spark(folder, alone["digest"])
    return found


def _make(folder: Path, contacts: int) -> None:
    """An archive as `haedap archive` leaves it; nothing when it is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    if load(folder).as_of is not None:
        return
    manifest = Manifest(centre="가온시", as_of=AS_OF)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name in SOURCES:
        source = sources.named(name)
        for month in range(1, 13) if source.monthly else (0,):
            _make_month(connection, folder, manifest, source, month, contacts)
    save(folder, manifest)


def _make_month(
    connection: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, source: Source, month: int, contacts: int
) -> None:
    batches: Iterable[pa.RecordBatch] = connection.sql(statement(source, month, contacts)).to_arrow_reader()
    place = f"{YEAR}-{month:02}" if month else WHOLE
    part = files.write(folder, source.name, place, batches, schema_of(source))
    if part is not None:
        manifest.tables.setdefault(source.name, {})[place] = [part]


def _facts_in(folder: Path) -> str:
    quoted = str(folder).replace("'", "''")
    return f"read_parquet('{quoted}/fact/*/*.parquet')"


def _scan(folder: Path) -> None:
    connection = duckdb.connect()
    connection.execute(GROUP_BY.format(_facts_in(folder))).fetchall()


class Counting(Archive):
    """Counts what it is asked."""

    def __init__(self, folders: list[Path]) -> None:
        super().__init__(folders)
        self.asked: dict[str, float] = {}

    def rows(self, source: Source, ask: Ask, since: date | None = None, until: date | None = None) -> list[Row]:
        begun = time.perf_counter()
        found = super().rows(source, ask, since, until)
        self.asked[f"{len(self.asked) + 1} {source.name}"] = round(time.perf_counter() - begun, 2)
        return found


def _book_alone(folder: Path) -> dict[str, Any]:
    engine = Counting([folder])
    books: list[Book] = []
    seconds, cpu = _timed(lambda: books.append(_book(engine)))
    peak = _peak_kib() // 1024
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "peak_mib": peak,
        "statements": engine.asked,
        "digest": _digest(books[0]),
    }


def _peak_kib() -> int:
    """The most memory that this program held; `getrusage` would count what its parent held when it began."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1])


def _book(engine: Engine) -> Book:
    return book_of(engine, SPAN, FigureSettings(), centre="가온시")


def _digest(book: Book) -> str:
    return hashlib.sha256(msgspec.json.encode(book)).hexdigest()


def _by_spark(folder: Path, digest: str) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(prefix="hd-spark-") as name,
        session("local-cluster[2,1,1024]", Path(name)) as spark,
    ):
        engine = Spark(spark, [folder])
        begun = time.perf_counter()
        same = _digest(_book(engine)) == digest
        return {"spark_seconds": round(time.perf_counter() - begun, 1), "spark_same": same}


def _by_postgres(folder: Path) -> float:
    """The group-by over the same rows in a table of PostgreSQL."""
    import adbc_driver_postgresql.dbapi

    from bench.webside import own_database

    with own_database() as (url, _folder), adbc_driver_postgresql.dbapi.connect(url, autocommit=True) as connection:
        rows = duckdb.connect().sql("SELECT day, topic, office FROM " + _facts_in(folder))
        with connection.cursor() as cursor:
            cursor.adbc_ingest("scanned", rows.to_arrow_reader(), mode="create")
            cursor.execute("ANALYZE scanned")
            text = "SELECT extract(year FROM day), topic, office, count(*) FROM scanned GROUP BY 1, 2, 3"

            def ask() -> None:
                cursor.execute(text)
                cursor.fetchall()

            return statistics.median(_timed(ask)[0] for _round in range(_ROUNDS))


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of this process's processors."""
    begun, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - cpu


if __name__ == "__main__":
    main()
