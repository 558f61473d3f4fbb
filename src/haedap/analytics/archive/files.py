"""Parquet files of an archive: written whole and durably under a name that nothing else ever has."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from haedap.analytics.archive.manifest import WHOLE, Part, sync

ROW_GROUP = 122_880
"""Rows that are written, and later read by one thread, together."""
_UNLIKE = frozenset({"id", "contact", "data"})
"""Columns whose values are seldom the same: a dictionary of them would be in vain."""


def write(folder: Path, table: str, month: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Part | None:
    """Write the rows as a file of the table's month; None, and no file, when there are none."""
    place = folder / table / (f"month={month}" if month != WHOLE else "")
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{uuid.uuid4().hex}.parquet"
    rows = 0
    with path.open("wb") as file:
        often = [name for name in schema.names if name not in _UNLIKE]
        with pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=often) as writer:
            for piece in _pieces(batches, schema):
                rows += piece.num_rows
                writer.write_table(piece, ROW_GROUP)
        file.flush()
        os.fsync(file.fileno())
    if not rows:
        path.unlink()
        return None
    for changed in (place, place.parent, folder):
        sync(changed)
    return Part(str(path.relative_to(folder)), rows, _digest(path))


def _pieces(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows, with the types of `schema`, in pieces of whole row groups."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch.cast(schema))
        rows += batch.num_rows
        if rows >= ROW_GROUP:
            table = pa.Table.from_batches(held, schema)
            whole = rows - rows % ROW_GROUP
            yield table.slice(0, whole)
            held = table.slice(whole).to_batches()
            rows -= whole
    if rows:
        yield pa.Table.from_batches(held, schema)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
