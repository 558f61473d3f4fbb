"""Forms of the record."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from haedap.apps.contacts.citizens import choose, citizen_of_contact
from haedap.apps.contacts.models import Citizen, Contact
from haedap.web.seen import SeenMixin


class ReasonForm(forms.Form):
    """Why somebody wants to hear a recording."""

    reason = forms.CharField(
        label=_("Reason for listening"),
        max_length=200,
        min_length=4,
        help_text=_("It is kept in the access log with your name."),
        error_messages={
            "required": _("Say why you need to listen."),
            "min_length": _("Say in a few words why you need to listen."),
        },
    )


class CitizenForm(SeenMixin, forms.Form):
    """Who calls from this number."""

    name = forms.CharField(label=_("Name"), max_length=60)
    memo = forms.CharField(label=_("Memo"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_name(self) -> str:
        """Not blank."""
        name = str(self.cleaned_data["name"]).strip()
        if not name:
            raise ValidationError(_("Write a name."))
        return name

    def save(self, contact: Contact, by: int) -> Citizen:
        """The citizen of `contact`, with this name and memo; a new one when it is not known who it is."""
        citizen = citizen_of_contact(contact) or Citizen()
        citizen.name = self.cleaned_data["name"]
        citizen.memo = self.cleaned_data["memo"]
        citizen.save()
        choose(contact, citizen, by)
        return citizen
