"""What time does to cases: reminders of their terms, and the calls by which answers are told. For the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haedap.apps.briefs.sending import State
from haedap.apps.cases import acting, notices, telling
from haedap.apps.cases.acting import Actor
from haedap.apps.cases.errors import CaseError
from haedap.apps.cases.models import Case, CaseEvent, CaseNotice, CaseState
from haedap.apps.contacts import api as contacts
from haedap.domain.states import PromiseOutcome

_DAY = timedelta(days=1)
_SHORT = timedelta(days=2)
"""A term that ends sooner is reminded of only when it is over."""
_About = CaseNotice.About
_RUNNING = acting.NEW | acting.AT_WORK
_NOBODY = Actor("")


def follow(now: datetime) -> None:
    """Do what is due at `now`. May run twice without harm."""
    remind(now)
    _follow_calls()


def reminder(received: datetime, due: datetime, now: datetime) -> CaseNotice.About | None:
    """What the officer should be reminded of at `now`: the latest of what has come, None before the first."""
    if now >= due:
        return _About.OVERDUE
    if due - received < _SHORT:
        return None
    if now >= due - _DAY:
        return _About.TOMORROW
    return _About.HALF if now >= received + (due - received) / 2 else None


def remind(now: datetime) -> int:
    """Remind the officers of cases that run; returns how many were reminded now. Each is told once of each due time."""
    running = Case.objects.filter(ended_at=None, state__in=_RUNNING)
    reminded = 0
    for case in running.order_by("due_at"):
        about = reminder(case.received_at, case.due_at, now)
        if about is not None:
            reminded += _remind(case, about)
    return reminded


def delivered(notice: CaseNotice) -> None:
    """A message was sent, or given up: an answer that was sent closes its case, one that was not becomes a call."""
    if notice.about != _About.ANSWER:
        return
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=notice.case_id)
        if case.state != CaseState.ANSWERED:
            return
        if notice.state == State.SENT:
            acting.told(case, _NOBODY, _("by text message"))
            return
        acting.note(case, CaseEvent.Kind.NOT_TOLD, _NOBODY, text=_("The text message could not be sent."))
        telling.promise_call(case)


def _remind(case: Case, about: CaseNotice.About) -> int:
    """Once for each due time: the history knows, also where no message can be sent."""
    what = {"about": about.value, "due": case.due_at.isoformat(), "link": case.link}
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if locked.events.filter(kind=CaseEvent.Kind.REMINDED, data=what).exists():
            return 0
        notices.tell_office(locked, about)
        acting.note(locked, CaseEvent.Kind.REMINDED, _NOBODY, text=str(about.label), data=what)
    return 1


def _follow_calls() -> None:
    for case in Case.objects.filter(state=CaseState.ANSWERED).exclude(promise=None):
        promise = contacts.promise_now(case.promise)
        if promise is None or promise.outcome is None:
            continue
        try:
            _follow_call(case, PromiseOutcome(promise.outcome))
        except CaseError:
            continue  # somebody was quicker


def _follow_call(case: Case, outcome: PromiseOutcome) -> None:
    if outcome is PromiseOutcome.KEPT:
        acting.told(case, _NOBODY, _("by a call"))
        return
    if outcome is PromiseOutcome.RESOLVED:
        return  # the citizen called: the agent who talked to them says whether they were told
    with transaction.atomic():
        acting.note(case, CaseEvent.Kind.NOT_TOLD, _NOBODY, text=_("The citizen was not reached."))
        Case.objects.filter(pk=case.pk).update(promise=None)
