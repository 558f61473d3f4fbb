"""Filters of the directory's pages."""

from __future__ import annotations

from django import template

from haedap.apps.directory import wording
from haedap.apps.directory.models import Entry

register = template.Library()


@register.filter
def evidence(entry: Entry) -> str:
    """`호전환 12 · 번호 안내 5`"""
    return wording.evidence(entry)


@register.filter
def problem_of(entry: Entry, problems: dict[str, object]) -> bool:
    """Whether it has a problem."""
    return entry.key in problems
