"""Forms of departments, officers, duties and absences."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.offices import tree
from haedap.apps.offices.csv_file import MOST_BYTES
from haedap.apps.offices.models import Absence, Department, Duty, Officer, Synonym
from haedap.web.seen import SeenMixin

MOST_DEPUTIES = 5
_YEARS = (2000, 2200)
_YEARS_AHEAD = timedelta(days=5 * 366)


class TelephoneField(forms.CharField):
    """Any written form becomes E.164, and is shown as it is dialled.

    `extension`: there may be one behind it, which the form has to keep.
    """

    def __init__(self, *, extension: bool = False, **kwargs: Any) -> None:
        self._extension = extension
        super().__init__(
            label=_("Telephone number"),
            required=False,
            max_length=30,
            help_text=_("For example 02-0000-1234."),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return contacts.dialled(value) if isinstance(value, str) and value.startswith("+") else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        read = contacts.with_extension(text) if self._extension else None
        number = read[0] if read else contacts.to_e164(text)
        if number is None:
            otherwise = gettext("This is not a telephone number. Write it as 02-000-0000 or +82…")
            raise ValidationError(contacts.why_none(text, otherwise))
        return number


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A department, chosen from the tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Department.objects.filter(active=True), **kwargs)
        self.choices = [("", "–")] if not self.required else []  # set when the form is made

    def offer(self) -> None:
        """The tree as it stands now, indented by its levels."""
        branches = [(node.department.pk, f"{'　' * node.level}{node.department.name}") for node in tree.flat()]
        self.choices = [("", "–"), *branches]


class DepartmentForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    parent = PlaceField(label=_("Part of"), required=False)
    telephone = TelephoneField()
    hours_key = forms.ChoiceField(label=_("Opening hours"), required=False)

    class Meta:
        model = Department
        fields: ClassVar = ["name", "parent", "telephone", "hours_key", "code", "position", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer()  # type: ignore[attr-defined]
        names = centre.hours_names().items()
        self.fields["hours_key"].choices = [("", _("like the department above")), *names]  # type: ignore[attr-defined]

    def clean_active(self) -> bool:
        """A department with people or departments in it is not closed."""
        active: bool = self.cleaned_data["active"]
        if self.instance.pk and not active:
            department = self.instance
            if department.officers.filter(active=True).exists() or department.children.filter(active=True).exists():
                raise ValidationError(
                    gettext(
                        "There are still officers or departments in it. Move them first, then close the department."
                    )
                )
        return active


class OfficerForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    department = PlaceField(label=_("Department"))
    telephone = TelephoneField(extension=True)
    extension = forms.RegexField(
        r"^\d{2,8}\Z",
        label=_("Extension"),
        required=False,
        help_text=_("2 to 8 digits."),
        error_messages={"invalid": _("An extension has 2 to 8 digits.")},
    )

    class Meta:
        model = Officer
        fields: ClassVar = [
            "name", "title", "department", "telephone", "extension", "email", "messenger", "code", "position", "active",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].offer()  # type: ignore[attr-defined]

    def clean_extension(self) -> str:
        """It may stand behind the telephone number instead."""
        field = self.fields["extension"]
        own: str = self.cleaned_data["extension"]
        read = contacts.with_extension(str(self.data.get(self.add_prefix("telephone"), "")))
        if read is None or not read[1] or read[1] == own:
            return own
        if own:
            raise ValidationError(gettext("Another extension stands behind the telephone number. Write one of them."))
        return str(field.clean(read[1]))


class DutyForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Duty
        fields: ClassVar = ["text", "keywords", "officers", "position"]
        widgets: ClassVar = {"officers": forms.CheckboxSelectMultiple}
        help_texts: ClassVar = {
            "keywords": _(
                "What citizens call it, divided by commas: the search looks for it. For example 쓰레기, 분리수거."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_department = Officer.objects.filter(department=self.instance.department_id, active=True)
        self.fields["officers"].queryset = of_department  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        """Each duty once: the form does not hold the department, so Django would not look."""
        text: str = self.cleaned_data["text"]
        same = Duty.objects.filter(department=self.instance.department_id, text=text).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(gettext("This department has this duty already."))
        return text

    def clean_keywords(self) -> str:
        """One comma and a blank between words, none twice."""
        return ", ".join(
            dict.fromkeys(word.strip() for word in self.cleaned_data["keywords"].split(",") if word.strip())
        )


class DeputiesForm(SeenMixin, forms.Form):
    """The deputies in their order, one line each: colleagues in the departments around, and who is one already."""

    def __init__(self, officer: Officer, data: Any = None) -> None:
        super().__init__(data)
        self.officer = officer
        now = list(officer.deputies.values_list("deputy", flat=True))
        around = Q(department__in=_around(officer.department)) | Q(pk__in=now)
        colleagues = Officer.objects.filter(around, active=True).exclude(pk=officer.pk).select_related("department")
        near = sorted(
            colleagues, key=lambda one: (one.department_id != officer.department_id, one.department.name, one.name)
        )
        choices = [("", "–"), *((one.pk, f"{one.name} ({one.department.name})") for one in near)]
        for place in range(MOST_DEPUTIES):
            self.fields[f"deputy_{place}"] = forms.TypedChoiceField(
                label=_("Deputy %(place)s") % {"place": place + 1},
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial=now[place] if place < len(now) else None,
            )

    def chosen(self) -> list[int]:
        """Ids in their order, each once."""
        values = (self.cleaned_data[f"deputy_{place}"] for place in range(MOST_DEPUTIES))
        return list(dict.fromkeys(value for value in values if value is not None))


class AbsenceForm(forms.Form):
    """Days, and times for a part of a day."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Absence.Reason.choices)
    first_day = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    first_time = forms.TimeField(
        label=_("From (time)"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    last_day = forms.DateField(
        label=_("Until and with"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: until further notice."),
    )
    last_time = forms.TimeField(
        label=_("Until (time)"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "first_day" not in cleaned or self.errors:
            return cleaned
        if any(
            not _YEARS[0] <= cleaned[name].year <= _YEARS[1] for name in ("first_day", "last_day") if cleaned.get(name)
        ):
            raise ValidationError(gettext("An absence can last five years at most. Check the year."))
        start = _moment(cleaned["first_day"], cleaned["first_time"] or time())
        end = None
        if last := cleaned.get("last_day"):
            clock = cleaned.get("last_time")
            end = _moment(last, clock) if clock else _moment(last + timedelta(days=1), time())
        elif cleaned.get("last_time"):
            raise ValidationError(gettext("Choose the last day as well, or leave its time out."))
        if end is not None and end <= start:
            raise ValidationError(gettext("The end must come after the beginning."))
        if end is not None and end - start > _YEARS_AHEAD:
            raise ValidationError(gettext("An absence can last five years at most. Check the year."))
        return cleaned | {"starts_at": start, "ends_at": end}


class SynonymForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Synonym
        fields: ClassVar = ["said", "means"]


class CsvForm(forms.Form):
    """The file of an import."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=_("UTF-8 or CP949; commas, tabs or semicolons; at most 5 MB and 20,000 rows."),
        error_messages={"empty": _("The file is empty. Choose a list with a row of headings.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(gettext("The file is larger than 5 MB. Leave out columns that are not needed."))
        return file


def _around(department: Department) -> QuerySet[Department]:
    """The department, those beside it, and those directly above and below."""
    beside = Q(parent=department.parent_id) | Q(pk=department.parent_id) if department.parent_id else Q()
    return Department.objects.filter(Q(pk=department.pk) | Q(parent=department.pk) | beside)


def _moment(day: Any, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
