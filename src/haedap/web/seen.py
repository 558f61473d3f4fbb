"""Two people who change the same thing at once: whoever saves second is told, and takes back nothing unawares."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    _Base = forms.Form
else:
    _Base = object


class SeenMixin(_Base):
    """A form of something that is there already; its page sends the mark `seen` back in a hidden field of that name.

    What is saved by now is what the form would be filled with: read the row, under a lock, with the request. After a
    refusal the page has the new mark: who saves again knows what they replace. Without a mark nothing is compared,
    which is how something new is added.
    """

    @property
    def seen(self) -> str:
        """A mark of all that is saved by now."""
        saved = [(name, str(self.get_initial_for_field(field, name))) for name, field in self.fields.items()]
        return sha256(repr(saved).encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when somebody else has saved something else since the page was opened."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        mark = self.data.get("seen")
        if mark and mark != self.seen and self.changed_data:
            raise ValidationError(
                _(
                    "Somebody else has changed this since you opened it, and nothing of yours is saved yet. What you"
                    " typed stands below; it differs from what is saved in: %(fields)s. Save again to replace that."
                )
                % {"fields": ", ".join(str(self.fields[name].label or name) for name in self.changed_data)}
            )
        return data
