"""The form of purposes. It stands apart from the other forms because the centre's lists name it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from haedap.apps.lookups.models import Purpose
from haedap.web.seen import SeenMixin

TRYING = "test"
"""What trying a system is logged as: nobody can choose it."""


class PurposeForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    """조회 목적."""

    class Meta:
        model = Purpose
        fields: ClassVar = ["key", "name", "active", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["key"].disabled = True

    def clean_key(self) -> str:
        """`test` is what trying a system is logged as."""
        key: str = self.cleaned_data["key"]
        if key == TRYING:
            raise ValidationError(_("This key is used by trying systems. Choose another."))
        return key
