"""Approval: asking an officer, writing an approval down, and the officer's own page."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.knowledge import approvals, drafts
from haedap.apps.knowledge.errors import KnowledgeError
from haedap.apps.knowledge.file_views import as_download
from haedap.apps.knowledge.forms import ApproveForm, OfficerAnswerForm, WordForm
from haedap.apps.knowledge.models import ApprovalRequest
from haedap.apps.knowledge.places import content_of
from haedap.apps.knowledge.views import changes, log_change, page_of, shown_version, to_version, version_of


@access.allow(access.SUPERVISORS)
@require_POST
def ask(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Send the officer a link, or make one to hand over."""
    version = version_of(code, number)
    chosen = {str(officer.pk): officer for officer in approvals.officers_of(version)}
    officer, way = chosen.get(request.POST.get("officer", "")), request.POST.get("way", "")
    if officer is None or way not in ApprovalRequest.Way.values:
        messages.error(request, _("Choose who is to approve it, and how they are asked."))
        return to_version(version)
    try:
        with transaction.atomic():
            asked = approvals.ask(version, officer, ApprovalRequest.Way(way), account_of(request).pk, timezone.now())
            log_change(request, code, "asked", version=number, asked=str(asked.pk))
    except KnowledgeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Asked: %(officer)s.") % {"officer": asked.officer})
    return to_version(version)


@access.allow(access.SUPERVISORS)
@require_POST
def approve(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """In the office's name: who approved it, and how, is written down."""
    version = version_of(code, number)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return page_of(request, version, status=400, approve_form=form)
    decision = drafts.Decision(form.cleaned_data["approver"], account_of(request).pk, form.cleaned_data["comment"])
    try:
        with transaction.atomic():
            drafts.approve(version, decision, timezone.now())
            log_change(request, code, "approved", version=number)
    except KnowledgeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Approved. From its first day on it is found."))
    return to_version(version)


@access.allow(access.SUPERVISORS)
@require_POST
def send_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """In the office's name: not so."""
    version = version_of(code, number)
    form = WordForm(request.POST)
    comment = form.cleaned_data["comment"] if form.is_valid() else ""
    try:
        with transaction.atomic():
            drafts.send_back(version, drafts.Decision("", account_of(request).pk, comment), timezone.now())
            log_change(request, code, "sent_back", version=number)
    except KnowledgeError as error:
        messages.error(request, str(error))
    return to_version(version)


@access.allow(access.EVERYONE)
@require_GET
def officer(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be approved, for whoever holds the link. Each reading is written to the access log."""
    found = approvals.open_request(token)
    if found is None:
        return _closed(request)
    _log(request, found, "article.read")
    return _page(request, found, token, OfficerAnswerForm())


@access.allow(access.EVERYONE)
@require_POST
def officer_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The officer says whether it is right; that settles it."""
    found = approvals.open_request(token)
    if found is None:
        return _closed(request)
    form = OfficerAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, token, form, status=400)
    right = form.cleaned_data["decision"] == "right"
    decision = drafts.Decision(found.officer, None, form.cleaned_data["comment"])
    try:
        with transaction.atomic():
            (drafts.approve if right else drafts.send_back)(found.version, decision, timezone.now())
            _log(request, found, "article.approved" if right else "article.refused")
    except KnowledgeError:
        return _closed(request)
    return redirect("article_approval_done")


@access.allow(access.EVERYONE)
@require_GET
def officer_done(request: HttpRequest) -> HttpResponse:
    """Thanks."""
    return _private(render(request, "knowledge/officer_done.html", {"number": centre.main_number()}))


@access.allow(access.EVERYONE)
@require_GET
def officer_file(request: HttpRequest, token: str, attachment: int) -> HttpResponse | FileResponse:
    """An attachment of what is to be approved."""
    found = approvals.open_request(token)
    if found is None:
        return _closed(request)
    return as_download(get_object_or_404(found.version.attachments, pk=attachment))


def _page(
    request: HttpRequest, found: ApprovalRequest, token: str, form: OfficerAnswerForm, status: int = 200
) -> HttpResponse:
    version = found.version
    current = version.article.current
    context = {
        **shown_version(version),
        "request_row": found,
        "token": token,
        "form": form,
        "changed": changes(content_of(current), content_of(version)) if current else [],
        "number": centre.main_number(),
    }
    return _private(render(request, "knowledge/officer.html", context, status=status))


def _closed(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "knowledge/officer_closed.html", {"number": centre.main_number()}, status=410))


def _private(response: HttpResponse) -> HttpResponse:
    """The address itself is the key: it goes to no search engine."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _log(request: HttpRequest, found: ApprovalRequest, action: str) -> None:
    contacts.log_access(
        action,
        account=None,
        address=access.client_address(request),
        detail={"request": str(found.pk), "article": found.version.article.code, "officer": found.officer},
    )
