"""What people type, without the personal data in it, as it may be kept: see docs/decisions/0035."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Q, QuerySet

from haedap.apps.contacts.citizens import chosen_for, citizens_of
from haedap.apps.contacts.models import Citizen, Contact
from haedap.apps.contacts.numbers import to_e164
from haedap.apps.offices.published import published_among
from haedap.language.masking import Kind, find, mask

_BATCH = 500


def masked(text: str, names: Collection[str] = ()) -> str:
    """`text` with labels for the personal data in it; numbers that the centre or its offices publish stay.

    `names`: of the people whom the text is known to be about.
    """
    telephones = {to_e164(text[span.start : span.end]) for span in find(text, names) if span.type is Kind.PHONE}
    return mask(text, names, published_among({number for number in telephones if number}))


def masked_of_contact(text: str, contact: Contact) -> str:
    """The same for a text about `contact`: whoever it may be of is known by name."""
    chosen = chosen_for(contact.pk)
    people = [*citizens_of(contact.caller), *([chosen] if chosen else [])]
    return masked(text, [*_names(people), *([contact.caller_name] if contact.caller_name else [])])


def masked_of_number(text: str, number: str) -> str:
    """The same for a text from whoever has this number (E.164)."""
    return masked(text, _names(citizens_of(number)))


def mask_again(rows: QuerySet[Any], mask: Callable[[Any], str]) -> int:
    """Mask the `text` of rows that were saved before masking was there, or by older rules; returns how many changed.

    May be stopped and run again: what is masked stays.
    """
    return sum(_replaced(row, mask(row)) for row in rows.order_by("pk").iterator(chunk_size=_BATCH))


def _replaced(row: Any, text: str) -> int:
    """1 when the row had another text and still has it, so that nothing typed meanwhile is lost."""
    if text == row.text:
        return 0
    return int(type(row).objects.filter(pk=row.pk, text=row.text).update(text=text))


def _names(people: Collection[Citizen]) -> list[str]:
    """All names that these people are known by: their own, and those of rows that were merged into them."""
    keys = [one.pk for one in people]
    rows = Citizen.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).exclude(name="")
    return list(rows.values_list("name", flat=True).distinct())
