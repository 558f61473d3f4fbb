"""The pages of the yearbook: all editions, one with its progress and its texts, the book to read, its files."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.analytics.book.edits import Decision
from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.yearbook import documents, editions, showing
from haedap.apps.yearbook.editing import page_of
from haedap.apps.yearbook.errors import TextChangedError, YearbookError
from haedap.apps.yearbook.forms import SpanForm
from haedap.apps.yearbook.models import Edition, EditionFile

_MEDIA_TYPES = {EditionFile.Form.PDF: "application/pdf", EditionFile.Form.HWPX: "application/hwp+zip"}


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def yearbooks(request: HttpRequest) -> HttpResponse:
    """All editions, and the form that has one made."""
    form = SpanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        edition = editions.order(form.cleaned_data["span"])
        _log(request, edition, "ordered")
        return redirect("yearbook", edition=edition.pk)
    rows = Edition.objects.defer("book")
    return render(request, "yearbook/list.html", {"form": form, "editions": rows}, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_GET
def yearbook(request: HttpRequest, edition: int) -> HttpResponse:
    """One edition: how far it is, its texts and its proposals."""
    return _page(request, get_object_or_404(Edition, pk=edition), {})


def _page(request: HttpRequest, row: Edition, typed: dict[str, str], status: int = 200) -> HttpResponse:
    found = editions.opened(row)
    files = set(row.files.values_list("form", flat=True))
    page = page_of(found, typed) if found is not None else None
    context: dict[str, object] = {"edition": row, "files": files, "page": page}
    if found is not None:
        context["synthetic"] = found.book.synthetic or centre.synthetic()
    return render(request, "yearbook/edition.html", context, status=status)


@access.allow(access.SUPERVISORS)
@require_POST
def text(request: HttpRequest, edition: int) -> HttpResponse:
    """Write over a text, or back to the generated one."""
    row = get_object_or_404(Edition, pk=edition)
    key, typed = request.POST.get("key", ""), request.POST.get("text", "")
    wanted = "" if "generated" in request.POST else typed
    try:
        editions.write(row, key, wanted, account_of(request).pk, request.POST.get("seen", ""))
    except TextChangedError as error:
        messages.error(request, str(error))
        return _page(request, row, {key: typed}, status=409)
    except YearbookError as error:
        messages.error(request, str(error))
    else:
        _log(request, row, "written")
        messages.success(request, _("Saved. Make the documents anew when you are done."))
    return redirect("yearbook", edition=row.pk)


@access.allow(access.SUPERVISORS)
@require_POST
def proposal(request: HttpRequest, edition: int) -> HttpResponse:
    """Accept or drop a proposal, or leave it open."""
    row = get_object_or_404(Edition, pk=edition)
    try:
        decision = Decision(request.POST.get("decision", ""))
    except ValueError:
        messages.error(request, _("Choose what becomes of the proposal."))
        return redirect("yearbook", edition=row.pk)
    try:
        editions.decide(row, request.POST.get("key", ""), decision, account_of(request).pk)
    except YearbookError as error:
        messages.error(request, str(error))
    else:
        _log(request, row, decision.value)
        messages.success(request, _("Saved. Make the documents anew when you are done."))
    return redirect("yearbook", edition=row.pk)


@access.allow(access.SUPERVISORS)
@require_POST
def make(request: HttpRequest, edition: int) -> HttpResponse:
    """Have it made anew, from the figures on or only its documents."""
    row = get_object_or_404(Edition, pk=edition)
    try:
        editions.order_again(row, figures="figures" in request.POST)
    except YearbookError as error:
        messages.error(request, str(error))
    else:
        _log(request, row, "ordered")
    return redirect("yearbook", edition=row.pk)


@access.allow(access.SUPERVISORS)
@require_GET
def book(request: HttpRequest, edition: int) -> HttpResponse:
    """The book as a page, with everything that was written into it so far."""
    row = get_object_or_404(Edition, pk=edition)
    found = editions.opened(row)
    if found is None:
        raise Http404
    published = found.published
    context = {
        "edition": row,
        "book": published,
        "synthetic": published.synthetic or centre.synthetic(),
        "chapters": showing.chapters(published),
        "period": documents.period(published),
        "nothing": showing.NOTHING,
        "linked": True,
    }
    return render(request, "yearbook/book.html", context)


@access.allow(access.SUPERVISORS)
@require_GET
def download(request: HttpRequest, edition: int, form: str) -> HttpResponse:
    """A finished document. Written to the access log."""
    row = get_object_or_404(Edition, pk=edition)
    if form not in EditionFile.Form.values:
        raise Http404
    file = get_object_or_404(EditionFile, edition=row, form=form)
    _log(request, row, f"downloaded {form}")
    response = HttpResponse(bytes(file.content), content_type=_MEDIA_TYPES[EditionFile.Form(form)])
    response["Content-Disposition"] = f'attachment; filename="{row.file_name(form)}"'
    return response


def _log(request: HttpRequest, edition: Edition, how: str) -> None:
    contacts.log_access(
        "yearbook.changed" if not how.startswith("downloaded") else "yearbook.exported",
        account=account_of(request).pk,
        address=access.client_address(request),
        detail={"since": edition.since.isoformat(), "until": edition.until.isoformat(), "how": how},
    )
