"""Reading: the list, an article, its versions and what differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.contacts import api as contacts
from haedap.apps.knowledge import approvals, gaps, ratings, shelf
from haedap.apps.knowledge.attachments import TYPES
from haedap.apps.knowledge.content import LABELS, Content, missing
from haedap.apps.knowledge.diff import Row, compare
from haedap.apps.knowledge.formats.table import cell
from haedap.apps.knowledge.forms import ApproveForm, FilterForm, ProposalForm, RatingForm, WordForm
from haedap.apps.knowledge.markdown import render as as_html
from haedap.apps.knowledge.models import ApprovalRequest, Article, ArticleVersion
from haedap.apps.knowledge.places import content_of

_PAGE = 50
_State = ArticleVersion.State
BADGES: dict[str, tuple[str, str | Promise]] = {
    "current": ("green", gettext_lazy("in force")),
    _State.DRAFT: ("", _State.DRAFT.label),
    _State.SUBMITTED: ("yellow", _State.SUBMITTED.label),
    _State.APPROVED: ("blue", gettext_lazy("approved, not yet in force")),
    _State.REPLACED: ("", _State.REPLACED.label),
    _State.EXPIRED: ("red", _State.EXPIRED.label),
    _State.WITHDRAWN: ("red", _State.WITHDRAWN.label),
}
"""The colour and the word of each state."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that differs, with its lines side by side."""

    label: str | Promise
    rows: list[Row]


@access.allow(access.SIGNED_IN)
@require_GET
def articles(request: HttpRequest) -> HttpResponse:
    """The list. Agents see what is in force."""
    supervisor = is_supervisor(request)
    form = FilterForm(request.GET or None, supervisor=supervisor)
    rows = shelf.shown(supervisor=supervisor)
    today = timezone.localdate()
    if form.is_valid():
        rows = shelf.filtered(rows, form.cleaned_data, today)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    chosen = {name: value for name, value in request.GET.items() if name != "page" and value}
    context = {
        "form": form,
        "page": page,
        "lines": [(version, badges(version)) for version in page],
        "filtered": bool(chosen),
        "query": urlencode(chosen),
        "due": shelf.shown(supervisor=True).filter(shelf.due(today)).count() if supervisor else 0,
        "soon": today + shelf.SOON,
        "proposal": ProposalForm(),
        **menu(request, "list"),
    }
    return render(request, "knowledge/list.html", context)


@access.allow(access.SIGNED_IN)
@require_GET
def article(request: HttpRequest, code: str) -> HttpResponse:
    """The version in force; for supervisors without one, the newest."""
    found = get_object_or_404(Article.objects.select_related("current", "open_version"), code=code)
    version = found.current or (found.versions.first() if is_supervisor(request) else None)
    if version is None:
        raise Http404
    return page_of(request, version)


@access.allow(access.SUPERVISORS)
@require_GET
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Any version, and what differs from the one before it."""
    return page_of(request, version_of(code, number))


@access.allow(access.SUPERVISORS)
@require_GET
def differences(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What differs between this version and another one (`?with=`, else the one before), in words."""
    found = version_of(code, number)
    wanted = request.GET.get("with", "")
    others = found.article.versions.exclude(pk=found.pk)
    other = others.filter(number=wanted).first() if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else None
    other = other or others.filter(number__lt=found.number).first()
    context = {
        "article": found.article,
        "version": found,
        "other": other,
        "others": others,
        "changed": changes(content_of(other), content_of(found)) if other else [],
        "inline": request.GET.get("how") == "inline",
        **menu(request, ""),
    }
    return render(request, "knowledge/differences.html", context)


def page_of(request: HttpRequest, version: ArticleVersion, *, status: int = 200, **forms: object) -> HttpResponse:
    """The page of a version; `forms`: those that were refused, by their names in the page."""
    supervisor = is_supervisor(request)
    context: dict[str, object] = {
        **shown_version(version),
        "badges": badges(version),
        "versions": version.article.versions.select_related("decided_by") if supervisor else [],
        "supervisor": supervisor,
        "rating_form": RatingForm(),
        **menu(request, ""),
    }
    if supervisor:
        context |= {
            "faults": missing(content_of(version)) if version.state == _State.DRAFT else [],
            "approve_form": ApproveForm(),
            "word_form": WordForm(),
            "officers": approvals.officers_of(version),
            "ways": ApprovalRequest.Way.choices,
            "requests": [(row, approvals.address_of(row)) for row in version.requests.all()],
            "types": ",".join(TYPES),
            "wrong": ratings.open_ratings().filter(version__article=version.article).select_related("agent"),
        }
    return render(request, "knowledge/article.html", context | forms, status=status)


def shown_version(version: ArticleVersion) -> dict[str, object]:
    """What each page of a version shows of it."""
    return {
        "article": version.article,
        "version": version,
        "answer": as_html(version.answer),
        "topics": [contacts.topic_path(topic) for topic in version.topics.all()],
        "files": version.attachments.all(),
    }


def changes(before: Content, after: Content) -> list[Changed]:
    """The fields that differ, in the order in which they are shown."""
    return [
        Changed(label, compare(cell(before, name), cell(after, name)))
        for name, label in LABELS.items()
        if cell(before, name) != cell(after, name)
    ]


def badges(version: ArticleVersion) -> list[tuple[str, str | Promise]]:
    """The state of this version, and that of the article's open one when it is another."""
    article = version.article
    own = "current" if article.current_id == version.pk else version.state
    found = [BADGES[own]]
    if article.open_version is not None and article.open_version_id != version.pk:
        found.append(BADGES[article.open_version.state])
    return found


def version_of(code: str, number: int) -> ArticleVersion:
    """Raises Http404."""
    rows = ArticleVersion.objects.select_related("article__open_version", "office__parent__parent__parent")
    return get_object_or_404(rows, article__code=code, number=number)


def menu(request: HttpRequest, here: str) -> dict[str, object]:
    """What the pages' own menu needs: where we are, and how much work waits."""
    if not is_supervisor(request):
        return {"here": here}
    return {"here": here, "gaps": gaps.count_open(), "wrong_ratings": ratings.open_ratings().count()}


def is_supervisor(request: HttpRequest) -> bool:
    """Whether the person may write articles."""
    return account_of(request).role in access.SUPERVISORS


def to_version(version: ArticleVersion) -> HttpResponse:
    """Where a version is shown to those who write."""
    return redirect("article_version", code=version.article.code, number=version.number)


def log_change(request: HttpRequest, article: str, how: str, **detail: object) -> None:
    """To the access log, with the running transaction."""
    contacts.log_access(
        "knowledge.changed",
        account=account_of(request).pk,
        address=access.client_address(request),
        detail={"article": article, "how": how, **detail},
    )
