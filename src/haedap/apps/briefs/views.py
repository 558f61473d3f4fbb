"""The page of a brief: for whoever holds its link, without an account."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haedap.apps.accounts import access
from haedap.apps.briefs import links
from haedap.apps.briefs.forms import AnswerForm
from haedap.apps.briefs.models import LONGEST_ANSWER, Brief, BriefAnswer
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.masking import masked
from haedap.apps.desk import api as desk
from haedap.domain.states import AttemptOutcome, PromiseOutcome

_TELL: dict[str, tuple[str, str]] = {
    BriefAnswer.Kind.CALLED: ("settle_promise", PromiseOutcome.KEPT),
    BriefAnswer.Kind.NO_ANSWER: ("promise_attempt", AttemptOutcome.NO_ANSWER),
    BriefAnswer.Kind.SETTLED: ("settle_promise", PromiseOutcome.RESOLVED),
}
"""What the engine is told when the officer owes the citizen a callback."""


@access.allow(access.EVERYONE)
@require_GET
def brief(request: HttpRequest, token: str) -> HttpResponse:
    """상담 요약. Each reading is written to the access log."""
    found = _open(token)
    if found is None:
        return _closed(request)
    Brief.objects.filter(pk=found.pk).update(
        readings=F("readings") + 1, first_read_at=Coalesce(F("first_read_at"), Now())
    )
    contacts.log_access(
        "brief.read",
        account=None,
        address=access.client_address(request),
        contact=found.contact,
        detail={"brief": str(found.pk), "receiver": found.receiver},
    )
    return _page(request, found, AnswerForm())


@access.allow(access.EVERYONE)
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The officer says what became of it. What is sent twice from one page is one answer."""
    found = _open(token)
    if found is None:
        return _closed(request)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    if _keep(found, form.cleaned_data["kind"], form.cleaned_data["text"], form.cleaned_data["seen"] or 0):
        contacts.log_access(
            "brief.answered",
            account=None,
            address=access.client_address(request),
            contact=found.contact,
            detail={"brief": str(found.pk), "kind": form.cleaned_data["kind"]},
        )
    messages.success(request, _("Thank you. The call centre has your answer."))
    return redirect("brief", token=token)


def _keep(brief: Brief, kind: str, text: str, seen: int) -> bool:
    """Whether the answer was new: none of those that came after the `seen` ones of its page says the same."""
    text = masked(text, [brief.citizen_name] if brief.citizen_name else ())[:LONGEST_ANSWER]
    with transaction.atomic():
        locked = Brief.objects.select_for_update().get(pk=brief.pk)
        if (kind, text) in locked.answers.values_list("kind", "text")[seen:]:
            return False
        BriefAnswer.objects.create(brief=locked, kind=kind, text=text)
        if locked.promise is not None:
            command, outcome = _TELL[kind]
            desk.tell(command, promise=str(locked.promise), outcome=str(outcome))
    return True


def _open(token: str) -> Brief | None:
    """The brief of the token, unless it is too late or it was called back."""
    key = links.brief_of(token)
    if key is None:
        return None
    return Brief.objects.filter(pk=key, revoked_at=None, expires_at__gt=timezone.now()).first()


def _closed(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "briefs/closed.html", {"number": centre.main_number()}, status=410))


def _page(request: HttpRequest, brief: Brief, form: AnswerForm, status: int = 200) -> HttpResponse:
    context = {"brief": brief, "form": form, "answers": brief.answers.all(), "number": centre.main_number()}
    return _private(render(request, "briefs/brief.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The address itself is the key: it goes to no search engine. No page's address goes to other sites."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
