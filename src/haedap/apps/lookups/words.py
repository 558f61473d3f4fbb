"""Sentences of refusals and names of what can be chosen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haedap.apps.lookups.policy import Refusal, Way

REFUSALS: dict[Refusal, str | Promise] = {
    Refusal.NOT_LIVE: _("Records can be looked up only for the citizen who is with you now."),
    Refusal.SWITCHED_OFF: _("This system is switched off. Choose another way to answer."),
    Refusal.ROLE: _("Your role does not include this system. If you need it, ask an administrator."),
    Refusal.LEVEL: _("Identify the citizen further first; then this opens."),
    Refusal.PURPOSE: _("Choose the purpose of the look-up first."),
    Refusal.SUBJECT: _("This is another person than the one identified. Identify the citizen again first."),
}

STATUS: dict[Refusal, int] = {
    Refusal.NOT_LIVE: 409,
    Refusal.SWITCHED_OFF: 409,
    Refusal.ROLE: 403,
    Refusal.LEVEL: 409,
    Refusal.PURPOSE: 422,
    Refusal.SUBJECT: 409,
}

WAYS: dict[Way, str | Promise] = {
    Way.NUMBER: _("The number on record"),
    Way.ASKED: _("Questions answered"),
    Way.CALLBACK: _("Called back at the number on record"),
    Way.MOBILE: _("Verified by mobile telephone"),
    Way.CERTIFICATE: _("Verified by certificate"),
}

ASKABLE: dict[str, str | Promise] = {
    "name": _("Name"),
    "birth": _("Date of birth"),
    "address": _("Address"),
    "number": _("Telephone number"),
    "customer_no": _("Customer number"),
    "plate": _("Car number"),
    "last_payment": _("Last payment"),
}
"""What an agent may have asked, in the order of the check boxes."""
