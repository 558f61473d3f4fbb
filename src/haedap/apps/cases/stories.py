"""A case in words: how near its end is, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.accounts import api as accounts
from haedap.apps.cases import acting, counting
from haedap.apps.cases.models import Case, CaseEvent, CaseState
from haedap.apps.cases.opening import REPEATED
from haedap.flows.terms import DayCount
from haedap.flows.workdays import Reason

OVERDUE = "overdue"
NEAR = "near"
_NEAR = timedelta(days=1)
_Event = CaseEvent.Kind


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the history."""

    at: datetime
    kind: Any
    who: str
    text: str
    more: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day of the term that did not count whole, and why."""

    day: Any
    why: str


def urgency(case: Case, now: datetime) -> str:
    """OVERDUE, NEAR or empty; of what the office owes."""
    if case.state not in acting.NEW | acting.AT_WORK:
        return ""
    if case.due_at < now:
        return OVERDUE
    return NEAR if case.due_at - _NEAR <= now else ""


def history(case: Case) -> list[EventLine]:
    """What happened, in its order."""
    events = list(case.events.all())
    people = accounts.names({event.account_id for event in events if event.account_id is not None})
    return [
        EventLine(
            event.at, event.get_kind_display(), people.get(event.account_id or 0, event.who), event.text, _more(event)
        )
        for event in events
    ]


def uncounted_days(case: Case) -> list[DayLine]:
    """The days of the term that do not count, for whoever asks why it ends when it does."""
    return [
        DayLine(day.day, _why(day))
        for day in counting.counted(case).days
        if day.amount == 0 and day.reason not in {Reason.SATURDAY, Reason.SUNDAY}
    ]


def page_of(case: Case) -> dict[str, Any]:
    """What every page of a case shows, for the template."""
    return {
        "case": case,
        "urgency": urgency(case, timezone.now()),
        "history": history(case),
        "uncounted": uncounted_days(case),
        "is_over": case.state in acting.OVER,
        "repeated": case.earlier_alike >= REPEATED,
        "waits": case.state == CaseState.SUSPENDED,
    }


def _why(day: DayCount) -> str:
    return day.name or str(_REASONS[day.reason]())


_REASONS = {
    Reason.CLOSED: lambda: _("no work"),
    Reason.AFTER_HOURS: lambda: _("received after work"),
    Reason.SUSPENDED: lambda: _("waited for the citizen"),
    Reason.NEXT_WORKDAY: lambda: _("the next working day"),
    Reason.HOLIDAY: lambda: _("holiday"),
    Reason.OWN_DAY: lambda: _("own day"),
}


def _more(event: CaseEvent) -> str:
    said = [_SAID[name]() for name in _SAID if event.data.get(name)]
    if event.data.get("told") is False:
        said.append(_("no message could be sent: tell the citizen yourselves"))
    if event.kind in {_Event.PASSED_ON, _Event.PASSED_ON_AGENCY}:
        said.insert(0, f"{event.data['from']} → {event.data['to']}")
    elif event.kind in {_Event.EXTENDED, _Event.RESUMED}:
        said.insert(0, f"{_time(event.data['from'])} → {_time(event.data['to'])}")
    return " · ".join(said)


_SAID = {
    "late": lambda: _("after the term"),
    "consent": lambda: _("with the citizen's consent"),
    "missing": lambda: _("proposed for the knowledge base"),
    "told": lambda: _("the citizen was sent a message"),
}


def _time(text: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"
