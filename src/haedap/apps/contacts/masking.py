"""What people type, without the personal data in it, as it may be kept: see docs/decisions/0035."""

from __future__ import annotations

from collections.abc import Collection

from haedap.apps.contacts.models import Citizen, Contact, ContactCitizen
from haedap.apps.contacts.numbers import to_e164
from haedap.apps.offices.published import published_among
from haedap.language.masking import Kind, find, mask


def masked(text: str, names: Collection[str] = ()) -> str:
    """`text` with labels for the personal data in it; numbers that the centre or its offices publish stay.

    `names`: of the people whom the text is known to be about.
    """
    telephones = {to_e164(text[span.start : span.end]) for span in find(text, names) if span.type is Kind.PHONE}
    return mask(text, names, published_among({number for number in telephones if number}))


def masked_of_contact(text: str, contact: Contact) -> str:
    """The same for a text about `contact`: whoever it may be of is known by name."""
    chosen = ContactCitizen.objects.filter(pk=contact.pk).values_list("citizen__name", flat=True)
    return masked(text, [name for name in (*chosen, *_names(contact.caller), contact.caller_name) if name])


def masked_of_number(text: str, number: str) -> str:
    """The same for a text from whoever has this number (E.164)."""
    return masked(text, _names(number))


def _names(number: str | None) -> list[str]:
    if not number:
        return []
    known = Citizen.objects.filter(numbers__number=number).exclude(name="")
    return list(known.values_list("name", flat=True).distinct())
