"""Archives out of plain rows, for tests of what is counted over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis
import pyarrow as pa

from haedap.analytics.archive import files, manifest
from haedap.analytics.archive.manifest import WHOLE, Manifest
from haedap.analytics.archive.writing import schema_of
from haedap.analytics.facts import with_flags
from haedap.analytics.sources import ALL, FACTS, Source
from haedap.analytics.tables import SEOUL

NOW = datetime(2030, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
Row = dict[str, Any]

_FACT: Row = {
    "channel": "voice",
    "direction": "in",
    "state": "ended",
    "outcome": "handled",
    "queue": "general",
    "topic": "",
    "office": "",
    "district": "",
    "agent": 1,
    "answer_wait": 8 * SECOND,
    "abandon_wait": 100 * SECOND,
    "promise": 20 * SECOND,
    "transferred": False,
    "referred": False,
    "returned": 0,
    "promise_failed": False,
    "article": False,
    "looked_up": False,
    "handle_time": 150 * SECOND,
    "surveyed": False,
    "survey_items": 0,
    "survey_total": 0,
}


def seoul(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time of the clocks in Seoul."""
    return datetime(year, month, day, hour, minute, tzinfo=SEOUL)


def fact(at: datetime, **others: Any) -> Row:
    """A contact that arrived at `at`, answered at once unless `others` says otherwise."""
    local = at.astimezone(SEOUL)
    times = {"arrived_at": local, "queued_at": local, "answered_at": local, "ended_at": local}
    place = {"id": str(uuid4()), "day": local.date(), "hour": local.hour, "weekday": local.weekday()}
    return _FACT | times | place | others


def abandoned(at: datetime, **others: Any) -> Row:
    """A contact that nobody answered."""
    missing = {"answered_at": None, "answer_wait": None, "handle_time": None, "agent": None}
    return fact(at, **missing, outcome="abandoned", **others)


def an_archive(folder: Path, rows: Mapping[str, Iterable[Row]], centre: str = "", synthetic: str = "") -> Path:
    """An archive with these rows by the name of their table; a column that a row does not have is null."""
    made = Manifest(centre=centre, synthetic=synthetic, as_of=NOW)
    for source in ALL:
        table = _table(source, list(rows.get(source.name, ())))
        months = [f"{day:%Y-%m}" if source.monthly else WHOLE for day in _days(source, table)]
        for month in sorted(set(months)):
            those = table.filter([each == month for each in months])
            part = files.write(folder, source.name, month, those.to_batches(), table.schema)
            if part is not None:
                made.tables.setdefault(source.name, {})[month] = [part]
    folder.mkdir(parents=True, exist_ok=True)
    manifest.save(folder, made)
    return folder


def _table(source: Source, rows: list[Row]) -> pa.Table:
    schema = schema_of(source)
    for row in rows:
        assert set(row) <= set(schema.names), source.name
    whole = [{name: row.get(name) for name in schema.names} | {"centre": ""} for row in rows]
    table = pa.Table.from_pylist(whole, schema)
    if source is FACTS and rows:
        table = with_flags(ibis.memtable(table).drop("flags")).select(*schema.names).to_pyarrow().cast(schema)
    return table


def _days(source: Source, table: pa.Table) -> list[Any]:
    return table["day"].to_pylist() if source.monthly else [None] * table.num_rows
