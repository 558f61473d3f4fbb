"""Forms of the rules by which queues help each other, and of the pauses between attempts to call back."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.centre.models import Queue, QueueOverflow, QueueWidening

_BETWEEN = re.compile(r"[\s,;]+")
_MOST_PAUSES = 10
_LONGEST_PAUSE = 7 * 24 * 60


class PausesField(forms.CharField):
    """`10, 60, 240` to `[10, 60, 240]`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=100, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Minutes as text; text as it was typed."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        """Raises ValidationError."""
        parts = [part for part in _BETWEEN.split(super().clean(value).strip()) if part]
        if len(parts) > _MOST_PAUSES or not all(part.isascii() and part.isdigit() for part in parts):
            raise ValidationError(_("Write at most 10 whole numbers of minutes, such as 10, 60, 240."))
        minutes = [int(part) for part in parts]
        if any(not 1 <= pause <= _LONGEST_PAUSE for pause in minutes):
            raise ValidationError(_("A pause lasts from one minute to a week (10080). Correct the numbers."))
        return minutes


class OverflowForm(forms.ModelForm):  # type: ignore[type-arg]
    """When contacts of `instance.queue` go to another queue."""

    class Meta:
        model = QueueOverflow
        fields: ClassVar = ["to", "after_seconds", "longer_than", "nobody"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues = forms.ModelChoiceField(
            Queue.objects.exclude(pk=self.instance.queue_id), label=gettext_lazy("To the queue")
        )
        self.fields["to"] = queues

    def clean(self) -> dict[str, Any]:
        """At least one condition, and each queue once."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and data["after_seconds"] is None and data["longer_than"] is None and not data["nobody"]:
            raise ValidationError(_("Set at least one condition: a wait, a length, or nobody signed in."))
        if "to" in data and QueueOverflow.objects.filter(queue=self.instance.queue_id, to=data["to"]).exists():
            self.add_error("to", _("There is a rule for this queue already. Remove it first."))
        return data


class WideningForm(forms.ModelForm):  # type: ignore[type-arg]
    """From when on agents with one more skill serve contacts of `instance.queue`."""

    class Meta:
        model = QueueWidening
        fields: ClassVar = ["skill", "after_seconds"]

    def clean_skill(self) -> Any:
        """Each skill once, and not the queue's own."""
        skill = self.cleaned_data["skill"]
        queue = self.instance.queue
        if skill.pk == queue.skill_id or QueueWidening.objects.filter(queue=queue, skill=skill).exists():
            raise ValidationError(_("Agents with this skill serve the queue already. Choose another skill."))
        return skill


def rule_forms(queue: Queue) -> dict[str, Any]:
    """The empty forms of the queue's page."""
    return {
        "overflow_form": OverflowForm(instance=QueueOverflow(queue=queue)),
        "widening_form": WideningForm(instance=QueueWidening(queue=queue)),
    }
