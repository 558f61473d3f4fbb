"""Forms of log-in, password and people."""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from haedap.apps.accounts.models import Account, Role, Telephone
from haedap.apps.centre import api as centre
from haedap.web.seen import SeenMixin

_LONGEST = 128
_HANGUL_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters by their category, and yet nothing is to be seen."""


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=_LONGEST)


class LoginForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = _password(_("Password"), "current-password")

    def clean_username(self) -> str:
        """User names are small letters, whatever the caps lock says."""
        return str(self.cleaned_data["username"]).lower()


class PasswordForm(forms.Form):
    """A new password, twice, by who knows the old one."""

    old = _password(_("Current password"), "current-password")
    new = _password(_("New password"), "new-password")
    again = _password(_("New password again"), "new-password")

    def __init__(self, account: Account, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.request = request
        self.fields["new"].help_text = " ".join(password_validators_help_texts())

    def clean_old(self) -> str:
        """Raises ValidationError when it is not the account's password; counted as at the log-in."""
        old = str(self.cleaned_data["old"])
        if authenticate(self.request, username=self.account.username, password=old) is None:
            raise ValidationError(_("This is not your current password."))
        return old

    def clean(self) -> dict[str, Any]:
        """The two must be equal, new, and by the rules."""
        cleaned = super().clean() or {}
        new = cleaned.get("new")
        if new is None or "again" not in cleaned:
            return cleaned
        if new != cleaned["again"]:
            self.add_error("again", _("The two new passwords differ. Type the same twice."))
        if new == cleaned.get("old"):
            self.add_error("new", _("Choose a password that differs from the current one."))
        try:
            validate_password(new, self.account)
        except ValidationError as error:
            self.add_error("new", error)
        return cleaned


class SearchPeopleForm(forms.Form):
    """Part of a name or user name."""

    q = forms.CharField(required=False, max_length=60)


class AccountForm(SeenMixin, forms.Form):
    """One person: who, role, telephone, and a level for each skill (0: does not have it)."""

    username = forms.CharField(label=_("User name"), max_length=40, help_text=_("3 to 40 small letters, digits, . _ -"))
    name = forms.CharField(label=_("Name"), max_length=40)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    telephone = forms.ChoiceField(label=_("Telephone"), choices=Telephone.choices)
    desk_extension = forms.CharField(
        label=_("Extension"), max_length=16, required=False, help_text=_("Shown to colleagues; may be empty.")
    )
    is_active = forms.BooleanField(label=_("May log in"), required=False, initial=True)

    levels: ClassVar = [(0, _("none")), (1, _("first")), (2, _("second")), (3, _("third"))]

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.skills = {f"skill_{skill.key}": skill for skill in centre.skills()}
        held = centre.skills_of(account.pk) if account.pk else {}
        for field, skill in self.skills.items():
            self.fields[field] = forms.TypedChoiceField(
                label=skill.name, choices=self.levels, coerce=int, required=False, initial=held.get(skill.key, 0)
            )

    @classmethod
    def of(cls, account: Account, sent: QueryDict | None = None) -> AccountForm:
        """The form filled with what is known of `account`, or with what was `sent` to replace that."""
        shown = ("username", "name", "role", "telephone", "desk_extension", "is_active")
        return cls(account, sent, initial={name: getattr(account, name) for name in shown})

    def skill_fields(self) -> list[Any]:
        """The bound fields of the skills."""
        return [self[name] for name in self.skills]

    def clean_name(self) -> str:
        """One that can be read: nothing invisible in it, and nothing that turns the line round."""
        shown = (each for each in self.cleaned_data["name"] if unicodedata.category(each) != "Cf")
        name = "".join(each for each in shown if each not in _HANGUL_FILLERS).strip()
        if not name:
            raise ValidationError(_("Write a name."))
        return name

    def clean(self) -> dict[str, Any]:
        """The model's own rules, beside the fields'."""
        cleaned = super().clean() or {}
        for name in ("username", "name", "role", "telephone", "desk_extension", "is_active"):
            if name in cleaned:
                setattr(self.account, name, cleaned[name])
        try:
            self.account.full_clean(exclude=[*(set(self.fields) - set(cleaned)), "password", "password_changed_at"])
        except ValidationError as error:
            self.add_error(None, error) if not hasattr(error, "error_dict") else self._add_errors(error)
        return cleaned

    def levels_chosen(self) -> dict[str, int]:
        """Level by skill key, without the skills that the person does not have."""
        chosen = {skill.key: self.cleaned_data.get(field) or 0 for field, skill in self.skills.items()}
        return {key: level for key, level in chosen.items() if level}

    def _add_errors(self, error: ValidationError) -> None:
        for name, problems in error.error_dict.items():
            self.add_error(name if name in self.fields else None, problems)
