"""`haedap province`: the figures of many centres, out of their archives read together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from haedap.analytics import AnalyticsError
from haedap.analytics.book.material import Span
from haedap.analytics.cube import Question, Tally, rolled, tallies
from haedap.analytics.dimensions import Dimension
from haedap.analytics.engines.duck import Archive
from haedap.analytics.figures import FigureSettings
from haedap.analytics.measures import fact_measures
from haedap.apps.reports.numbers import written
from haedap.operations import OperationsError
from haedap.operations.yearbook import span_of

_SETTINGS = FigureSettings()
"""Centres may choose their formulas; side by side all have the usual ones, or they could not be compared."""


def run(folders: Sequence[Path], year: int | None, since: str, until: str, *, as_json: bool) -> None:
    """Print every figure of each centre and of all together. Raises OperationsError."""
    span = span_of(year, since, until)
    try:
        archive = Archive([folder.resolve() for folder in folders])
        _refuse_one_twice(archive)
        question = Question(span.since, span.until, (Dimension.CENTRE,))
        found = tallies(archive, question, _SETTINGS)
    except AnalyticsError as error:
        raise OperationsError(str(error)) from None
    nothing = Tally(_SETTINGS, {})
    all_together = rolled(found, ()).get((), nothing)
    columns = {centre: found.get((centre,), nothing) for centre in archive.centres}
    if as_json:
        print(json.dumps(_as_data(archive, span, columns, all_together), ensure_ascii=False))  # noqa: T201 - the output
    else:
        _show(archive, columns, all_together)


def _refuse_one_twice(archive: Archive) -> None:
    """What lies in two archives would count twice."""
    name, times = Counter(archive.centres).most_common(1)[0]
    if times > 1:
        raise OperationsError(
            f"이름이 같은 센터의 보관소가 {times}개입니다: {name or '(이름 없음)'}. 한 센터의 보관소는 하나만 주십시오."
        )


def _as_data(archive: Archive, span: Span, columns: Mapping[str, Tally], all_together: Tally) -> dict[str, Any]:
    """What `--json` prints; docs/reference/commands.md tells it."""
    return {
        "since": span.since.isoformat(),
        "until": span.last.isoformat(),
        "as_of": archive.as_of.isoformat(),
        "centres": [
            {"centre": centre, "synthetic": centre in archive.synthetic, "figures": _figures(tally)}
            for centre, tally in columns.items()
        ],
        "together": _figures(all_together),
    }


def _figures(tally: Tally) -> dict[str, int | float | None]:
    keys = (measure.definition.key for measure in fact_measures(_SETTINGS.formula))
    return {key: tally.value(key) for key in keys}


def _show(archive: Archive, columns: Mapping[str, Tally], all_together: Tally) -> None:
    heads = (f"{centre}\n(가상 자료)" if centre in archive.synthetic else centre for centre in columns)
    table = Table("지표", *heads, "계", box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for measure in fact_measures(_SETTINGS.formula):
        key, unit = measure.definition.key, measure.definition.unit
        values = (written(tally.value(key), unit) for tally in (*columns.values(), all_together))
        table.add_row(measure.definition.name, *values)
    Console(highlight=False, markup=False).print(table)
