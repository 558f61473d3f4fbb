"""From a number of the book to the page with its formula and the contacts behind it."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from haedap.analytics.book.counting import REST
from haedap.analytics.book.model import Book, Number
from haedap.analytics.dimensions import Dimension
from haedap.apps.reports.forms import LONGEST, NUMBERS, Asked
from haedap.apps.reports.periods import Kind, Period

_FIGURES = {
    **{
        key: key
        for key in (
            "contacts",
            "offered",
            "answered",
            "answer_rate",
            "service_level",
            "abandonment",
            "abandoned",
            "asa_seconds",
            "aht_seconds",
            "self_handled",
            "transfer_rate",
            "transferred",
            "referred",
            "fcr",
        )
    },
    "share": "contacts",
    "handled_here": "self_handled",
}
"""Which figure of the reports a number of the book opens."""
_SIDES = frozenset(
    {
        Dimension.TOPIC,
        Dimension.QUEUE,
        Dimension.OFFICE,
        Dimension.DISTRICT,
        Dimension.CHANNEL,
        Dimension.HOUR,
        Dimension.WEEKDAY,
    }
)
_MONTH = "month"


def address_of(number: Number, book: Book) -> str:
    """Where the number is opened; empty for one that is not of contacts of this book, or of several values together."""
    figure, of = _FIGURES.get(number.key), dict(number.of)
    days = _days(book, of.pop(_MONTH, ""))
    if figure is None or not days or not all(_opens(dimension, value) for dimension, value in of.items()):
        return ""
    asked = Asked(Period(Kind.RANGE, *days))
    for name, value in of.items():
        dimension = Dimension(name)
        asked = asked.of(dimension, int(value) if dimension in NUMBERS else value)
    return f"{reverse('report_figure', args=[figure])}?{asked.query}"


def _opens(dimension: str, value: str) -> bool:
    return dimension in _SIDES and not value.startswith(REST)


def _days(book: Book, month: str) -> tuple[date, date] | None:
    """The first day and the one after the last; none when a report could not have so many."""
    since, until = book.since, book.until
    if month:
        first = date.fromisoformat(f"{month}-01")
        after = (first + timedelta(days=31)).replace(day=1)
        since, until = max(since, first), min(until, after)
    return (since, until) if (until - since).days <= LONGEST else None
