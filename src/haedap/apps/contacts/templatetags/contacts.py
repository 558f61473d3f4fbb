"""How numbers, lengths of time and outcomes look on pages."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from haedap.apps.contacts import numbers, words
from haedap.domain.states import ContactOutcome, ContactState

register = template.Library()


@register.filter
def telephone(number: str | None) -> str:
    """As people write it."""
    return numbers.dialled(number) if number else ""


@register.filter
def telephone_link(number: str) -> SafeString:
    """As people write it; on a telephone a finger calls it."""
    return format_html('<a class="hd-number" href="tel:{}">{}</a>', number, telephone(number))


@register.filter
def masked(number: str | None) -> str:
    """With its middle hidden."""
    return numbers.masked(number) if number else ""


@register.filter
def clock(seconds: float | None) -> str:
    """`3:07`, `1:02:45`; empty for None."""
    if seconds is None:
        return ""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


@register.filter
def moment(at: datetime | None) -> str:
    """`11-21 09:05`, with the year where it is not the present one; empty for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{local:%m-%d %H:%M}" if local.year == timezone.localtime().year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def how_it_ended(outcome: str | None, state: str) -> SafeString:
    """A badge: the outcome, or the state of a contact that lives."""
    if outcome:
        known = ContactOutcome(outcome)
        return format_html('<span class="hd-badge {}">{}</span>', words.OUTCOME_COLOURS[known], words.OUTCOMES[known])
    return format_html('<span class="hd-badge purple">{}</span>', words.CONTACT_STATES[ContactState(state)])
