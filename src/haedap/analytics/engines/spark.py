"""Archives by Spark, for who has more of them than one machine reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis

from haedap.analytics.engines.asking import Ask, Row, on_days
from haedap.analytics.engines.duck import Archive
from haedap.analytics.sources import Source


class Spark:
    """One or several archives, by a session (`pyspark.sql.SparkSession`) whose executors all see the folders."""

    def __init__(self, session: Any, folders: Sequence[Path]) -> None:
        self._session = session
        self._archive = Archive(folders)

    @property
    def at_once(self) -> int:
        """A source has one name in a session."""
        return 1

    @property
    def as_of(self) -> datetime:
        """When the one that is behind was up to date."""
        return self._archive.as_of

    @property
    def centres(self) -> tuple[str, ...]:
        """What the archives are called."""
        return self._archive.centres

    def rows(self, source: Source, ask: Ask, since: date | None = None, until: date | None = None) -> list[Row]:
        """See `Engine`."""
        frame = self._frame(source, since, until)
        days = on_days(since, until)
        (frame.where(days) if days else frame).createOrReplaceTempView(source.name)
        text = str(ibis.to_sql(ask(source.table), dialect="pyspark"))
        return [row.asDict() for row in self._session.sql(text).collect()]

    def _frame(self, source: Source, since: date | None, until: date | None) -> Any:
        from pyspark.sql import functions

        columns = [name for name in source.table.columns if name != "centre"]
        found = None
        for centre, files in self._archive.files(source.name, since, until).items():
            if not files:
                continue
            read = self._session.read.parquet(*map(str, files)).select(*columns)
            named = read.withColumn("centre", functions.lit(centre))
            found = named if found is None else found.unionByName(named)
        return found if found is not None else self._session.createDataFrame([], _schema(source))


@contextmanager
def session(master: str, folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Any]:
    """A session of its own, of this machine alone: `local[2]`, or `local-cluster[2,1,1024]` for real executors.

    `folder`: for what does not fit into the memory. `settings`: Spark's own, beside ours. It needs Java; the session is
    over with the block.
    """
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("haedap")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.debug.maxToStringFields": "200",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.local.dir": str(folder),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        **(settings or {}),
    }.items():
        builder = builder.config(name, value)
    opened = builder.getOrCreate()
    opened.sparkContext.setLogLevel("ERROR")
    try:
        yield opened
    finally:
        opened.stop()


def _schema(source: Source) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(source.table.schema().to_pyarrow())
