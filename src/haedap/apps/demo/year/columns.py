"""Columns of rows, and the text that PostgreSQL's COPY takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

Columns: TypeAlias = Mapping[str, Any]
"""By the column's name: an array or list of values (None: null), or one value for all rows."""

_ROWS_AT_ONCE = 100_000


def times(micro: NDArray[np.int64], missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """Times in microseconds since 1970; null where `missing`."""
    return pa.array(micro.astype(np.int64), pa.timestamp("us", "UTC"), mask=missing)


def values(array: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """An array; null where `missing`."""
    return pa.array(array, mask=missing)


def named(places: NDArray[np.int64], names: Sequence[Any]) -> pa.Array:
    """The names at these places; null for a place below 0."""
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=places < 0), pa.array(list(names))).dictionary_decode()


def table(number: int, columns: Columns) -> pa.Table:
    """The columns as a table of `number` rows."""
    return pa.table({name: _column(number, value) for name, value in columns.items()})


def copy_text(rows: pa.Table) -> Iterator[bytes]:
    """The rows as CSV without a heading, for `COPY … FROM STDIN WITH (FORMAT csv)`."""
    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in rows.to_batches(max_chunksize=_ROWS_AT_ONCE):
        sink = BytesIO()
        csv.write_csv(batch, sink, options)
        yield sink.getvalue()


def _column(number: int, value: Any) -> Any:
    if isinstance(value, pa.Array | pa.ChunkedArray):
        return value
    if isinstance(value, list | np.ndarray):
        return pa.array(value)
    return pa.repeat(pa.scalar(value), number) if value is not None else pa.nulls(number, pa.string())
