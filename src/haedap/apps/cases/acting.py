"""What is done to a case, by its office and by the centre: each step checked, kept in the history, and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.cases import counting, knowing, notices, telling
from haedap.apps.cases.errors import CaseError
from haedap.apps.cases.models import LONGEST_TEXT, Case, CaseEvent, CaseNotice, CaseState, CaseSuspension
from haedap.apps.cases.offices import Office
from haedap.apps.contacts.masking import masked

_Event = CaseEvent.Kind
_P = ParamSpec("_P")
NEW = frozenset({CaseState.OPEN, CaseState.PASSED_ON})
AT_WORK = frozenset({CaseState.ACCEPTED, CaseState.EXTENDED})
OVER = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN})
_MAY: dict[CaseEvent.Kind, frozenset[CaseState]] = {
    _Event.ACCEPTED: NEW,
    _Event.PASSED_ON: NEW | AT_WORK,
    _Event.PASSED_ON_AGENCY: NEW | AT_WORK,
    _Event.EXTENDED: NEW | AT_WORK,
    _Event.SUSPENDED: NEW | AT_WORK,
    _Event.RESUMED: frozenset({CaseState.SUSPENDED}),
    _Event.ANSWERED: NEW | AT_WORK | {CaseState.SUSPENDED},
    _Event.TOLD: frozenset({CaseState.ANSWERED}),
    _Event.WITHDRAWN: frozenset(CaseState) - OVER,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it. `account`: who works here; without one it is the office, by its address."""

    name: str
    account: int | None = None


def may(case: Case, step: CaseEvent.Kind) -> bool:
    """Whether the step makes sense as the case stands."""
    return CaseState(case.state) in _MAY[step]


def _step(
    kind: CaseEvent.Kind,
) -> Callable[[Callable[Concatenate[Case, Actor, _P], dict[str, Any]]], Callable[Concatenate[Case, Actor, _P], Case]]:
    """Makes a step of a function that changes the case and returns what its history says of it: `text`, `data`.

    The step takes the case as anybody has read it, does its work on the row that stands, and returns that. It raises
    CaseError when the case has gone on meanwhile; then nothing has changed.
    """

    def declare(work: Callable[Concatenate[Case, Actor, _P], dict[str, Any]]) -> Callable[..., Case]:
        @wraps(work)
        def step(case: Case, actor: Actor, *args: _P.args, **kwargs: _P.kwargs) -> Case:
            with transaction.atomic():
                locked = Case.objects.select_for_update().get(pk=case.pk)
                if not may(locked, kind):
                    raise CaseError(
                        _("The case has gone on meanwhile: %(state)s. Look at it again.")
                        % {"state": locked.get_state_display()}
                    )
                said = work(locked, actor, *args, **kwargs)
                locked.save()
                CaseEvent.objects.create(case=locked, kind=kind, account_id=actor.account, who=actor.name[:100], **said)
            return locked

        return step

    return declare


@_step(_Event.ACCEPTED)
def accept(case: Case, _actor: Actor) -> dict[str, Any]:
    """The office takes it."""
    case.state = CaseState.ACCEPTED
    return {}


@_step(_Event.PASSED_ON)
def pass_on(case: Case, _actor: Actor, office: Office, reason: str) -> dict[str, Any]:
    """To the office whose matter it is. The term goes on: it runs from the receipt, not from here."""
    if office.department == case.department:
        raise CaseError(_("The case is with this office already. Choose another."))
    data = {"from": case.office, "to": office.place, "late": timezone.now() > counting.pass_on_by(_came_at(case))}
    case.department, case.office = office.department, office.place
    case.officer, case.officer_name = office.officer, office.officer_name
    case.state, case.link = CaseState.PASSED_ON, case.link + 1
    case.save()
    notices.tell_office(case, CaseNotice.About.YOURS)
    return {"text": _reason(reason), "data": data}


@_step(_Event.PASSED_ON_AGENCY)
def pass_on_to_agency(case: Case, _actor: Actor, agency: str, reason: str) -> dict[str, Any]:
    """Another agency answers the citizen: here it ends, and the citizen is told who has it now."""
    case.answer = _("Your matter was passed on to %(agency)s, who answer you.") % {"agency": agency}
    case.state, case.answered_at = CaseState.ANSWERED, timezone.now()
    case.save()
    telling.tell_answer(case)
    return {"text": _reason(reason), "data": {"from": case.office, "to": agency}}


@_step(_Event.EXTENDED)
def extend(case: Case, _actor: Actor, length: str, reason: str, *, consent: bool = False) -> dict[str, Any]:
    """By at most the term itself, before it is over; a second time with the citizen's consent, and never a third."""
    if timezone.now() > case.due_at:
        raise CaseError(_("The term is over: it cannot be extended any more. Answer the citizen."))
    if len(case.extensions) == 1 and not consent:
        raise CaseError(_("A second extension needs the citizen's consent."))
    before = case.due_at
    case.extensions = [*case.extensions, length]
    case.due_at = counting.counted(case).due
    case.state = CaseState.EXTENDED
    case.save()
    told = telling.tell_extension(case, _reason(reason))
    data = {"from": before.isoformat(), "to": case.due_at.isoformat(), "length": length, "told": told}
    return {"text": _reason(reason), "data": data | ({"consent": True} if consent else {})}


@_step(_Event.SUSPENDED)
def suspend(case: Case, _actor: Actor, reason: str) -> dict[str, Any]:
    """The citizen is asked to complete the matter: the time until they have does not count."""
    CaseSuspension.objects.create(case=case, begins_at=timezone.now())
    case.state = CaseState.SUSPENDED
    told = telling.ask_for(case, _reason(reason))
    return {"text": _reason(reason), "data": {"told": told}}


@_step(_Event.RESUMED)
def resume(case: Case, _actor: Actor) -> dict[str, Any]:
    """What was missing is there: the term goes on."""
    before = case.due_at
    _end_suspension(case)
    case.state = CaseState.EXTENDED if case.extensions else CaseState.ACCEPTED
    return {"data": {"from": before.isoformat(), "to": case.due_at.isoformat()}}


@_step(_Event.ANSWERED)
def answer(case: Case, _actor: Actor, text: str, *, missing: bool = False) -> dict[str, Any]:
    """The office has done its part. `missing`: nothing about it stood in the knowledge base."""
    said = masked(text.strip(), (case.citizen_name,) if case.citizen_name else ())[:LONGEST_TEXT]
    if not said:
        raise CaseError(_("Write what the citizen is to be told."))
    if case.state == CaseState.SUSPENDED:
        _end_suspension(case)
    case.answer, case.answered_at, case.state = said, timezone.now(), CaseState.ANSWERED
    case.save()
    telling.tell_answer(case)
    if missing:
        knowing.propose(case)
    return {"text": said, "data": {"missing": missing, "late": case.answered_at > case.due_at}}


@_step(_Event.TOLD)
def told(case: Case, _actor: Actor, how: str) -> dict[str, Any]:
    """The citizen has the answer: it is over. `how`: in the words of the history."""
    telling.need_not_call(case)
    case.state, case.ended_at = CaseState.CLOSED, timezone.now()
    return {"text": how}


@_step(_Event.WITHDRAWN)
def withdraw(case: Case, _actor: Actor, reason: str) -> dict[str, Any]:
    """Nobody owes an answer any more: the citizen wants none, or it was opened in error."""
    if case.state == CaseState.SUSPENDED:
        _end_suspension(case)
    telling.call_off(case)
    case.state, case.ended_at = CaseState.WITHDRAWN, timezone.now()
    return {"text": _reason(reason)}


def note(case: Case, kind: CaseEvent.Kind, actor: Actor, **said: Any) -> None:
    """Something that happened without changing how the case stands."""
    CaseEvent.objects.create(case=case, kind=kind, account_id=actor.account, who=actor.name[:100], **said)


def _end_suspension(case: Case) -> None:
    CaseSuspension.objects.filter(case=case, ends_at=None).update(ends_at=timezone.now())
    case.due_at = counting.counted(case).due


def _came_at(case: Case) -> datetime:
    """When the case came to the office that has it."""
    moved = case.events.filter(kind=_Event.PASSED_ON).last()
    return moved.at if moved else case.received_at


def _reason(text: str) -> str:
    cleaned = masked(text.strip())
    if not cleaned:
        raise CaseError(_("Say why in a few words."))
    return cleaned
