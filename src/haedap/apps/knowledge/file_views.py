"""Files: import with its preview, export, the starting articles, attachments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.contacts import api as contacts
from haedap.apps.knowledge import attachments, importing, shelf, starting
from haedap.apps.knowledge.content import LABELS, Content
from haedap.apps.knowledge.errors import KnowledgeError, StaleError
from haedap.apps.knowledge.formats import Read
from haedap.apps.knowledge.formats.archive import write_archive
from haedap.apps.knowledge.formats.document_writing import write_document
from haedap.apps.knowledge.formats.front_matter import write_markdown
from haedap.apps.knowledge.formats.table import write_table
from haedap.apps.knowledge.forms import FilterForm, ImportForm
from haedap.apps.knowledge.importing import Kind, Step
from haedap.apps.knowledge.models import ArticleVersion, Attachment, ImportDraft
from haedap.apps.knowledge.places import Places, content_of
from haedap.apps.knowledge.views import is_supervisor, menu

_SHOWN = 500
_Writer = Callable[[Iterable[Content]], bytes]
_FORMS: dict[str, tuple[_Writer, str]] = {
    "zip": (write_archive, "application/zip"),
    "csv": (write_table, "text/csv; charset=utf-8"),
    "hwpx": (write_document, "application/hwp+zip"),
}
_KINDS = (
    (Kind.NEW, gettext_lazy("New")),
    (Kind.CHANGED, gettext_lazy("Changed")),
    (Kind.SAME, gettext_lazy("Unchanged")),
)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a file; what was read is kept for the preview."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read = importing.read_file(str(file.name), file.read())
            return _keep(request, importing.checked(read, Places()), str(file.name))
        except KnowledgeError as error:
            form.add_error("file", str(error))
    context = {"form": form, **menu(request, "files")}
    return render(request, "knowledge/import.html", context, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_POST
def starting_set(request: HttpRequest) -> HttpResponse:
    """The articles that come with the software, to the same preview; unknown topics and offices are left out."""
    read = importing.checked(starting.starting_articles(), Places(), lenient=True)
    return _keep(request, read, _("The articles that come with the software"))


@access.allow(access.SUPERVISORS)
@require_GET
def preview(request: HttpRequest, draft: UUID) -> HttpResponse:
    """What would be new and changed, and which places of the file cannot be taken."""
    found = get_object_or_404(ImportDraft, pk=draft, account_id=account_of(request).pk)
    steps, problems = importing.steps_of_draft(found), importing.problems_of(found)
    lists = [
        (kind.value, title, sum(step.kind is kind for step in steps), _shown(steps, kind)) for kind, title in _KINDS
    ]
    context = {
        "draft": found,
        "lists": lists,
        "problems": problems[:_SHOWN],
        "problem_count": len(problems),
        "digest": importing.digest(steps),
        "changes": any(step.kind is not Kind.SAME for step in steps),
        **menu(request, "files"),
    }
    return render(request, "knowledge/preview.html", context)


@access.allow(access.SUPERVISORS)
@require_POST
def confirm(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Write what the preview showed: as drafts, or approved in somebody's name."""
    approver = request.POST.get("approver", "").strip()[:100] if request.POST.get("how") == "approved" else ""
    if request.POST.get("how") == "approved" and not approver:
        messages.error(request, _("Write down who has approved these articles."))
        return redirect("article_import_preview", draft=draft)
    account = account_of(request).pk
    try:
        with transaction.atomic():
            steps = importing.confirm(draft, account, request.POST.get("digest", ""), approver, timezone.now())
            counts = {kind.value: sum(step.kind is kind for step in steps) for kind in Kind}
            _log(request, "knowledge.imported", {**counts, "approved": bool(approver)})
    except KnowledgeError as error:
        messages.error(request, str(error))
        exists = ImportDraft.objects.filter(pk=draft, account_id=account).exists()
        stale = isinstance(error, StaleError) and not exists
        return redirect("article_files") if stale else redirect("article_import_preview", draft=draft)
    messages.success(request, _("Imported: %(new)d new, %(changed)d changed.") % counts)
    return redirect("articles")


@access.allow(access.SUPERVISORS)
@require_GET
def export(request: HttpRequest, form: str) -> HttpResponse:
    """What the list's filter leaves, as a file: zip (Markdown), csv or hwpx."""
    if form not in _FORMS:
        raise Http404
    chosen = FilterForm(request.GET or None, supervisor=True)
    rows = shelf.shown(supervisor=True)
    if chosen.is_valid():
        rows = shelf.filtered(rows, chosen.cleaned_data, timezone.localdate())
    writer, media_type = _FORMS[form]
    try:
        data = writer([content_of(version) for version in rows])
    except KnowledgeError as error:
        messages.error(request, str(error))
        return redirect("articles")
    _log(request, "knowledge.exported", {"form": form, "articles": len(rows)})
    return _download(data, f"articles-{timezone.localdate():%Y%m%d}.{form}", media_type)


@access.allow(access.SIGNED_IN)
@require_GET
def export_one(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """One article as md or hwpx."""
    rows = shelf.shown(supervisor=is_supervisor(request))
    version = get_object_or_404(rows, article__code=code)
    if form == "md":
        return _download(write_markdown(content_of(version)), f"{code}.md", "text/markdown; charset=utf-8")
    if form == "hwpx":
        return _download(write_document([content_of(version)]), f"{code}.hwpx", "application/hwp+zip")
    raise Http404


@access.allow(access.SIGNED_IN)
@require_GET
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    """An attachment: for agents of what is in force, for supervisors of any version."""
    versions = ArticleVersion.objects.all()
    if not is_supervisor(request):
        versions = shelf.shown(supervisor=False)
    return as_download(get_object_or_404(Attachment.objects.filter(versions__in=versions).distinct(), key=key))


def as_download(attachment: Attachment) -> HttpResponse:
    """The file, as nothing that a browser would run. Raises Http404 when it is not there any more."""
    try:
        data = attachments.path_of(attachment).read_bytes()
    except OSError as error:
        raise Http404 from error
    return _download(data, attachment.name, attachment.media_type)


def _keep(request: HttpRequest, read: Read, origin: str) -> HttpResponse:
    draft = importing.keep_draft(read, origin, account_of(request).pk, timezone.now())
    return redirect("article_import_preview", draft=draft.pk)


def _shown(steps: Iterable[Step], kind: Kind) -> list[tuple[Content, str]]:
    """The articles of this kind, and the names of the fields that change."""
    found = [step for step in steps if step.kind is kind]
    return [(step.content, ", ".join(str(LABELS[name]) for name in step.fields)) for step in found[:_SHOWN]]


def _download(data: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _log(request: HttpRequest, action: str, detail: dict[str, object]) -> None:
    contacts.log_access(action, account=account_of(request).pk, address=access.client_address(request), detail=detail)
