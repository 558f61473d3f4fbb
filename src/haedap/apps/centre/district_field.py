"""The list of the city's districts, as an administrator writes it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from haedap.apps.centre.models import LONGEST_DISTRICT

_BETWEEN = re.compile(r"[\n\r,]+")
_MOST = 300


class DistrictsField(forms.CharField):
    """Names, one a line or divided by commas, to a list in that order, each once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Names as lines; text as it was typed."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Raises ValidationError."""
        names = [" ".join(name.split()) for name in _BETWEEN.split(super().clean(value))]
        found = list(dict.fromkeys(name for name in names if name))
        if len(found) > _MOST or any(len(name) > LONGEST_DISTRICT for name in found):
            raise ValidationError(
                _("Write at most %(most)d names of at most %(longest)d letters each, one a line.")
                % {"most": _MOST, "longest": LONGEST_DISTRICT}
            )
        return found
