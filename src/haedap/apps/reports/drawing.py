"""The charts of a report, the same on the page and on paper."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from haedap.analytics.dimensions import Dimension
from haedap.apps.reports import names
from haedap.apps.reports.asking import Report
from haedap.apps.reports.forms import SIDES
from haedap.web import charts
from haedap.web.charts import Chart

_MOST_BARS = 15


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart under its heading."""

    heading: str
    chart: Chart
    wide: bool = False
    """It needs the page's whole width."""


def drawings_of(report: Report) -> tuple[Drawing, ...]:
    """Over time; then from the side that was asked for."""
    if report.empty:
        return ()
    return _over_time(report), _from_side(report)


def _over_time(report: Report) -> Drawing:
    curve, heading = report.curve, _("Offered and answered over time")
    series = {_("Offered"): curve.offered, _("Answered"): curve.answered}
    if curve.before:
        series[_("Offered, period before")] = curve.before
    aside = tuple(series)[2:]
    return Drawing(heading, charts.lines(heading, curve.labels, series, aside=aside))


def _from_side(report: Report) -> Drawing:
    side = SIDES[report.asked.by]
    if report.week:
        heading = _("Contacts by weekday and hour")
        hours = _busy_hours(report)
        rows = [names.name_of(Dimension.WEEKDAY, weekday) for weekday in range(7)]
        cells = [[line[hour] for hour in hours] for line in report.week]
        columns = [names.name_of(Dimension.HOUR, hour) for hour in hours]
        return Drawing(heading, charts.heat(heading, rows, columns, cells), wide=True)
    if report.asked.by is Dimension.AGENT and not report.named:
        heading = _("Answered by agents: quarters and median")
        return Drawing(
            heading, charts.bars(heading, [(line.name, line.values["answered"]) for line in report.lines[1:]])
        )
    heading = _("Contacts by %(side)s") % {"side": side}
    lines = [line for line in report.lines if line.level == 1]
    lines.sort(key=lambda line: -line.contacts)
    if len(lines) > _MOST_BARS:
        heading = _("Contacts by %(side)s, the %(most)d with most") % {"side": side, "most": _MOST_BARS}
    return Drawing(heading, charts.bars(heading, [(line.name, line.contacts) for line in lines[:_MOST_BARS]]))


def _busy_hours(report: Report) -> range:
    """From the first hour to the last in which anything came."""
    hours = [hour for hour in range(24) if any(line[hour] for line in report.week)]
    return range(min(hours), max(hours) + 1) if hours else range(9, 18)
