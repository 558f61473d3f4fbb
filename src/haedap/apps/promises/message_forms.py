"""The form on which a citizen writes. A robot is told by what it fills in and by how quick it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.contacts import api as contacts
from haedap.apps.promises.message_keeping import callable_number
from haedap.apps.promises.models import LONGEST_TEXT

QUICKEST = timedelta(seconds=3)
_OPEN_FOR = timedelta(hours=12)
_signer = TimestampSigner(salt="haedap.message")


def new_form_key() -> str:
    """Names this form and the moment at which it was opened; the name becomes the promise's id."""
    return _signer.sign(uuid4().hex)


class MessageForm(forms.Form):
    """Number and text, and the citizen's consent."""

    number = forms.CharField(
        label=gettext_lazy("Telephone number"),
        max_length=30,
        help_text=gettext_lazy("An agent calls you at this number."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy(
            "At most 1,000 characters. Leave out resident registration numbers and account numbers: the agent asks for"
            " what is needed."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("I agree that my number and my message are kept for the call and the record of it."),
        error_messages={"required": gettext_lazy("Without your consent nobody may call you. Tick the box to go on.")},
    )
    homepage = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    """People do not see it."""
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    is_stale = False
    """Whether its key opens nothing any more. A form that was sent too quickly keeps its key and its clock."""

    def clean_number(self) -> str:
        """In E.164, and one that the centre may call."""
        typed = self.cleaned_data["number"]
        number = callable_number(typed)
        if number is None:
            otherwise = _("Write a Korean telephone number with its area code, such as 010-0000-0000.")
            raise ValidationError(contacts.why_none(typed, otherwise))
        return number

    def clean_text(self) -> str:
        """Not blank."""
        text = str(self.cleaned_data["text"]).replace("\x00", "").strip()
        if not text:
            raise ValidationError(_("Write in a few words what it is about."))
        return text

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for a robot, and for a form that was opened long ago."""
        data = super().clean() or {}
        if data.get("homepage"):
            raise ValidationError(_("This could not be accepted. Load the page anew and write again, or call us."))
        try:
            data["promise"] = self._promise(str(data.get("key", "")))
        except (BadSignature, ValueError) as error:
            self.is_stale = True
            raise ValidationError(
                _("The page was open for too long. What you wrote stands here: send it again.")
            ) from error
        return data

    def _promise(self, key: str) -> UUID:
        promise = UUID(hex=_signer.unsign(key, max_age=_OPEN_FOR))
        # What was opened in the future was opened before the machine's clock was set back.
        if _is_younger(key, QUICKEST) and not _is_younger(key, -QUICKEST):
            raise ValidationError(_("That was very quick. Wait a moment and send it again."))
        return promise


def _is_younger(key: str, age: timedelta) -> bool:
    try:
        _signer.unsign(key, max_age=age)
    except SignatureExpired:
        return False
    return True
