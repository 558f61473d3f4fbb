"""How reports write their figures."""

from __future__ import annotations

from django import template

from haedap.analytics.measures import Definition, Unit
from haedap.apps.reports import numbers
from haedap.apps.reports.asking import Compared
from haedap.apps.reports.lines import Line

register = template.Library()


@register.filter
def figure(line: Line, definition: Definition) -> str:
    """The line's figure."""
    return numbers.written(line.values[definition.key], definition.unit)


@register.filter
def now(compared: Compared) -> str:
    """The figure of the period."""
    return numbers.written(compared.now, compared.definition.unit)


@register.filter
def before(compared: Compared) -> str:
    """The figure of the period before."""
    return numbers.written(compared.before, compared.definition.unit)


@register.filter
def year_before(compared: Compared) -> str:
    """The figure of the year before."""
    return numbers.written(compared.year_before, compared.definition.unit)


@register.filter
def since_before(compared: Compared) -> str:
    """The change since the period before."""
    return numbers.change(compared.now, compared.before, compared.definition.unit)


@register.filter
def since_year_before(compared: Compared) -> str:
    """The change since the year before."""
    return numbers.change(compared.now, compared.year_before, compared.definition.unit)


@register.filter
def grown(line: Line, earlier: int | None) -> str:
    """The change of the line's contacts; empty where they cannot be compared."""
    return "" if earlier is None else numbers.change(line.contacts, earlier, _COUNT)


_COUNT = Unit.CONTACTS
