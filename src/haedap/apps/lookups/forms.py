"""Forms of systems, of their fields and secrets, and of trying a system."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.accounts.api import Role
from haedap.apps.centre import api as centre
from haedap.apps.lookups import configuring, keeping, running, vault
from haedap.apps.lookups.models import System
from haedap.connectors.configuration import Configuration, ConfiguredField
from haedap.connectors.port import Setting
from haedap.web.seen import SeenMixin

_LONGEST_SECRET = 4000
_PERSONAL, _ROLES, _SECRET = "personal_", "roles_", "secret_"


def role_choices() -> list[tuple[str, Any]]:
    """Who a system or a field can be given to: roles, and skills."""
    roles = [(role.value, role.label) for role in (Role.AGENT, Role.SUPERVISOR)]
    return roles + [(f"skill:{skill.key}", _("Skill: %(name)s") % {"name": skill.name}) for skill in centre.skills()]


class SystemForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A system. Its key is chosen once, in the configuration, because records name it."""

    configuration = forms.CharField(
        label=gettext_lazy("Configuration (JSON)"),
        strip=False,
        max_length=configuring.LONGEST,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "hd-code"}),
    )
    tariff = forms.CharField(
        label=gettext_lazy("Tariff of water and sewer"),
        required=False,
        strip=False,
        max_length=configuring.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "hd-code"}),
        help_text=gettext_lazy("JSON, for systems that give what a moving settlement needs; empty: none is offered."),
    )
    roles = forms.MultipleChoiceField(label=gettext_lazy("Who may ask it"), widget=forms.CheckboxSelectMultiple)
    cache_seconds = forms.IntegerField(
        label=gettext_lazy("Answers are kept (s)"),
        min_value=60,
        max_value=900,
        initial=300,
        help_text=gettext_lazy("Encrypted, for this contact only, and gone with it: 60 to 900."),
    )

    class Meta:
        model = System
        fields: ClassVar = ["configuration", "tariff", "level", "roles", "cache_seconds", "position", "enabled"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._key = self.instance.pk
        self.fields["roles"].choices = role_choices()  # type: ignore[attr-defined]

    def clean_configuration(self) -> str:
        """The text as it was typed. Raises ValidationError with every mistake at its line."""
        text: str = self.cleaned_data["configuration"]
        found = configuring.read(text).configuration
        if self._key and found.key != self._key:
            raise ValidationError(_("The key stays %(key)s: records name it.") % {"key": self._key})
        if not self._key and System.objects.filter(pk=found.key).exists():
            raise ValidationError(_("There is a system with the key %(key)s already.") % {"key": found.key})
        self.instance.key, self.instance.title, self.instance.kind = found.key, found.title, found.kind
        return text

    def clean_tariff(self) -> str:
        """The text as it was typed. Raises ValidationError with every mistake at its line."""
        text: str = self.cleaned_data["tariff"]
        if text.strip():
            configuring.read_tariff(text)
        return text.strip()


class FieldsForm(SeenMixin, forms.Form):
    """Which fields are personal, and who gets them. What the configuration calls personal stays so."""

    def __init__(self, data: Any, system: System, about: Configuration) -> None:
        super().__init__(data)
        self._about = about.answer.fields
        for field in self._about:
            own: dict[str, Any] = system.fields.get(field.name, {})
            self.fields[_PERSONAL + field.name] = forms.BooleanField(
                label=_("Personal: %(field)s") % {"field": field.label},
                required=False,
                initial=field.personal or own.get("personal") is True,
                disabled=field.personal,
            )
            self.fields[_ROLES + field.name] = forms.MultipleChoiceField(
                label=_("Only for: %(field)s") % {"field": field.label},
                choices=role_choices(),
                required=False,
                initial=own.get("roles", []),
                widget=forms.CheckboxSelectMultiple,
            )

    def rows(self) -> Iterable[tuple[ConfiguredField, forms.BoundField, forms.BoundField]]:
        """For the page: the field, and its two questions."""
        return [(field, self[_PERSONAL + field.name], self[_ROLES + field.name]) for field in self._about]

    def rules(self) -> dict[str, dict[str, Any]]:
        """As `System.fields` has them: only what differs from the configuration."""
        found = {}
        for field in self._about:
            own: dict[str, Any] = {}
            if self.cleaned_data[_PERSONAL + field.name] and not field.personal:
                own["personal"] = True
            if roles := self.cleaned_data[_ROLES + field.name]:
                own["roles"] = roles
            if own:
                found[field.name] = own
        return found


class SecretsForm(forms.Form):
    """Secrets can be written and never read: an empty field leaves what is there."""

    def __init__(self, data: Any, system: System, settings: Iterable[Setting]) -> None:
        super().__init__(data)
        self._system = system
        try:
            self._known = keeping.secrets_of(system)
        except vault.VaultError:
            self._known = {}
        for setting in settings:
            there = bool(self._known.get(setting.name))
            self.fields[_SECRET + setting.name] = forms.CharField(
                label=setting.label,
                required=False,
                max_length=_LONGEST_SECRET,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                help_text=_("Is set. Type only to replace it.") if there else _("Is not set yet."),
            )

    def save(self) -> None:
        """Seal what was typed beside what is there."""
        typed = {name.removeprefix(_SECRET): text for name, text in self.cleaned_data.items() if text}
        keeping.set_secrets(self._system, {**self._known, **typed})
        self._system.save(update_fields=["sealed_secrets"])


class TryForm(forms.Form):
    """A subject to try the system with."""

    def __init__(self, data: Any, system: System) -> None:
        super().__init__(data)
        for field in running.described(system).subject:
            self.fields[field.name] = forms.CharField(
                label=field.label, help_text=field.hint, required=field.required, max_length=field.longest
            )
