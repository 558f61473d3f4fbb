"""The page of a case at its office: for whoever holds its link, without an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haedap.apps.accounts import access
from haedap.apps.cases import acting, links, offices, stories
from haedap.apps.cases.acting import Actor
from haedap.apps.cases.errors import CaseError
from haedap.apps.cases.forms import AnswerForm, ExtendForm, PassOnForm, SuspendForm
from haedap.apps.cases.models import Case, CaseEvent
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts

_Event = CaseEvent.Kind


@access.allow(access.EVERYONE)
@require_GET
def case_at_office(request: HttpRequest, token: str) -> HttpResponse:
    """민원. Each opening is written to the access log, the first of each office to the history."""
    found = links.case_of(token, timezone.now())
    if found is None:
        return _closed(request)
    if not found.events.filter(kind=_Event.READ, data={"link": found.link}).exists():
        acting.note(found, _Event.READ, _actor(found), data={"link": found.link})
    _log(request, found, "case.read", {})
    return _page(request, found)


@access.allow(access.EVERYONE)
@require_POST
def act_at_office(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """The office accepts, passes on, extends, asks the citizen, goes on, or answers."""
    found = links.case_of(token, timezone.now())
    if found is None:
        return _closed(request)
    if step not in _STEPS:
        raise Http404
    form_of, act = _STEPS[step]
    form = form_of(request.POST, found)
    if not form.is_valid():
        return _page(request, found, {step: form}, status=400)
    try:
        done = act(found, _actor(found), form.cleaned_data)
    except CaseError as error:
        form.add_error(None, error.sentence)
        found.refresh_from_db()
        return _page(request, found, {step: form}, status=409)
    _log(request, done, "case.changed", {"step": step})
    if done.link != found.link:
        return _private(render(request, "cases/passed_on.html", {"case": done}))
    messages.success(request, _("Thank you. The call centre has it."))
    return redirect("case_at_office", token=token)


def _accept(case: Case, actor: Actor, _data: dict[str, Any]) -> Case:
    return acting.accept(case, actor)


def _pass_on(case: Case, actor: Actor, data: dict[str, Any]) -> Case:
    if not data["department"]:
        return acting.pass_on_to_agency(case, actor, data["agency"].strip(), data["reason"])
    office = offices.of_department(data["department"], timezone.now())
    if office is None:
        raise CaseError(_("This department is closed. Choose another."))
    return acting.pass_on(case, actor, office, data["reason"])


def _extend(case: Case, actor: Actor, data: dict[str, Any]) -> Case:
    return acting.extend(case, actor, data["length"], data["reason"], consent=data["consent"])


def _suspend(case: Case, actor: Actor, data: dict[str, Any]) -> Case:
    return acting.suspend(case, actor, data["reason"])


def _resume(case: Case, actor: Actor, _data: dict[str, Any]) -> Case:
    return acting.resume(case, actor)


def _answer(case: Case, actor: Actor, data: dict[str, Any]) -> Case:
    return acting.answer(case, actor, data["text"], missing=data["missing"])


_STEPS: dict[str, tuple[Callable[[Any, Case], forms.Form], Callable[[Case, Actor, dict[str, Any]], Case]]] = {
    "accept": (lambda data, _case: forms.Form(data), _accept),
    "pass-on": (lambda data, _case: PassOnForm(data), _pass_on),
    "extend": (ExtendForm, _extend),
    "suspend": (lambda data, _case: SuspendForm(data), _suspend),
    "resume": (lambda data, _case: forms.Form(data), _resume),
    "answer": (lambda data, _case: AnswerForm(data), _answer),
}


def _page(
    request: HttpRequest, case: Case, given: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    given = given or {}
    context = stories.page_of(case) | {
        "accept_form": given.get("accept"),
        "resume_form": given.get("resume"),
        "pass_on_form": given.get("pass-on") or PassOnForm(),
        "extend_form": given.get("extend") or ExtendForm(None, case),
        "suspend_form": given.get("suspend") or SuspendForm(),
        "answer_form": given.get("answer") or AnswerForm(),
        "opened": next(iter(given), ""),
        "may": {step.value: acting.may(case, step) for step in _Event if step in _CAN},
        "closes_at": links.closes_at(case),
        "number": centre.main_number(),
    }
    return _private(render(request, "cases/office.html", context, status=status))


_CAN = (_Event.ACCEPTED, _Event.PASSED_ON, _Event.EXTENDED, _Event.SUSPENDED, _Event.RESUMED, _Event.ANSWERED)


def _closed(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "cases/closed.html", {"number": centre.main_number()}, status=410))


def _actor(case: Case) -> Actor:
    return Actor(" ".join(part for part in (case.office.rpartition(" > ")[2], case.officer_name) if part))


def _log(request: HttpRequest, case: Case, action: str, detail: dict[str, str]) -> None:
    contacts.log_access(
        action,
        account=None,
        address=access.client_address(request),
        contact=case.contact,
        citizen=case.citizen,
        detail={"case": case.number, "office": case.office, **detail},
    )


def _private(response: HttpResponse) -> HttpResponse:
    """The address itself is the key: it goes to no search engine."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
