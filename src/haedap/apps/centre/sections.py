"""The simple lists that a centre keeps: what each is called, shows, and is edited with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.forms import ModelForm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haedap.apps.centre import forms
from haedap.apps.centre.models import AwayReason, Flow, Hours, Number, Queue, Skill
from haedap.apps.contacts import api as contacts
from haedap.apps.lookups import api as lookups
from haedap.apps.lookups.purposes import PurposeForm
from haedap.domain.states import OWN_REASONS


@dataclass(frozen=True, slots=True)
class Section:
    """One list. `columns`: heading, and what of a row stands under it."""

    key: str
    model: type[Model]
    form: type[ModelForm]  # type: ignore[type-arg]
    title: str | Promise
    about: str | Promise
    empty: str | Promise
    columns: tuple[tuple[str | Promise, Callable[[Any], object]], ...]
    editor: str = "centre/edit.html"
    is_used: Callable[[Any], bool] | None = None
    """Whether records have the row, which then is never removed."""
    is_own: Callable[[Any], bool] | None = None
    """Whether the centre itself uses the row, which then is never removed."""
    as_csv: bool = False
    reads: tuple[str, ...] = ()
    """What the columns show of other tables, read for all rows at once."""


SECTIONS = {
    section.key: section
    for section in (
        Section(
            "queues",
            Queue,
            forms.QueueForm,
            _("Queues"),
            _("Where citizens wait, and for which skill."),
            _("A queue takes citizens to agents with one skill. Add a skill first, then a queue."),
            (
                (_("Name"), lambda row: row.name),
                (_("Key"), lambda row: row.key),
                (_("Skill"), lambda row: row.skill.name),
                (_("Ring time (s)"), lambda row: row.ring_seconds),
                (_("Wrap-up (s)"), lambda row: row.wrap_up_seconds),
                (_("Service level within (s)"), lambda row: row.service_level_seconds),
            ),
            editor="centre/queue.html",
            reads=("skill",),
        ),
        Section(
            "skills",
            Skill,
            forms.SkillForm,
            _("Skills"),
            _("What agents can answer. Give them to people under People."),
            _("A skill is a field that some agents know, such as taxes. Add the first one."),
            ((_("Name"), lambda row: row.name), (_("Key"), lambda row: row.key)),
        ),
        Section(
            "numbers",
            Number,
            forms.NumberForm,
            _("Numbers"),
            _("Numbers of the centre, and what a caller hears there. A call to any other number is refused."),
            _("Without a number nobody can call. Add a flow first, then the number that it answers."),
            (
                (_("Number"), lambda row: contacts.dialled(row.number)),
                (_("Label"), lambda row: row.label),
                (_("Flow"), lambda row: row.flow.name),
            ),
            reads=("flow",),
        ),
        Section(
            "hours",
            Hours,
            forms.HoursForm,
            _("Opening hours"),
            _("When a flow finds the centre open. Public holidays are known; add the centre's own days."),
            _("Add opening hours, then use their key in a flow."),
            (
                (_("Name"), lambda row: row.name),
                (_("Key"), lambda row: row.key),
                (_("Own days"), lambda row: len(row.special_days.all())),
            ),
            editor="centre/hours.html",
            reads=("special_days",),
        ),
        Section(
            "flows",
            Flow,
            forms.FlowForm,
            _("Flows"),
            _("What a citizen hears and may press before an agent answers."),
            _("A flow leads a call from the welcome to a queue. Add the first one."),
            (
                (_("Name"), lambda row: row.name),
                (_("Key"), lambda row: row.key),
                (_("Steps"), lambda row: len(row.definition.get("steps", {}))),
            ),
            editor="centre/flow.html",
        ),
        Section(
            "away-reasons",
            AwayReason,
            forms.AwayReasonForm,
            _("Away reasons"),
            _("Why an agent takes no contacts."),
            _("Add the reasons that agents choose from, such as a break."),
            (
                (_("Name"), lambda row: row.name),
                (_("Key"), lambda row: row.key),
                (_("Agents may choose it"), lambda row: _("yes") if row.choosable else _("no")),
            ),
            is_used=lambda row: contacts.away_reason_is_used(row.key),
            is_own=lambda row: row.key in OWN_REASONS,
        ),
        Section(
            "dispositions",
            contacts.Disposition,
            forms.DispositionForm,
            _("Dispositions"),
            _("How a contact ended. Agents choose one for each contact; the first ten have a key."),
            _("Add how contacts end, such as answered here or passed on."),
            (
                (_("Name"), lambda row: row.name),
                (_("Key"), lambda row: row.key),
                (_("Self-handled"), lambda row: _("yes") if row.self_handled else _("no")),
                (_("In use"), lambda row: _("yes") if row.active else _("no")),
            ),
            is_used=contacts.disposition_is_used,
            as_csv=True,
        ),
        Section(
            "purposes",
            lookups.Purpose,
            PurposeForm,
            _("Purposes of look-ups"),
            _("Why an agent looks up a citizen's record. One is chosen for each look-up and kept in the access log."),
            _("Without a purpose nothing can be looked up. Add the first one, such as moving settlement."),
            (
                (_("Name"), lambda row: row.name),
                (_("Key"), lambda row: row.key),
                (_("In use"), lambda row: _("yes") if row.active else _("no")),
            ),
            is_used=lookups.purpose_is_used,
        ),
    )
}
