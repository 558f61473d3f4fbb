"""Writing: new, change, preview, submit, take back, discard, withdraw, attach."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.knowledge import attachments, drafts, gaps
from haedap.apps.knowledge.errors import KnowledgeError, RefusedError, StaleError
from haedap.apps.knowledge.forms import ArticleForm, CodeForm, WordForm
from haedap.apps.knowledge.markdown import render as as_html
from haedap.apps.knowledge.models import LONGEST_ANSWER, Article, ArticleVersion, Attachment
from haedap.apps.knowledge.places import Places, content_of
from haedap.apps.knowledge.views import log_change, menu, to_version, version_of


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new article, empty but for its title; `?source=&gap=` name the line of the work list that it is to answer."""
    source, gap = request.GET.get("source", ""), request.GET.get("gap", "")
    wanted = gaps.text_of(source, int(gap)) if gap.isascii() and gap.isdigit() and len(gap) < 10 else ""
    form = CodeForm(request.POST or None, initial={"title": wanted})
    if request.method == "POST" and form.is_valid():
        account = account_of(request).pk
        try:
            with transaction.atomic():
                version = drafts.new_article(form.cleaned_data["code"], account, timezone.now())
                version.title = form.cleaned_data["title"]
                version.questions = [wanted[:200]] if wanted else []
                version.save(update_fields=["title", "questions"])
                if wanted:
                    gaps.settle(source, int(gap), account, version.article)
                log_change(request, version.article.code, "added")
        except KnowledgeError as error:
            form.add_error("code", str(error))
        else:
            return redirect("article_edit", code=version.article.code)
    context = {"form": form, "wanted": wanted, **menu(request, "new")}
    return render(request, "knowledge/new.html", context, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The draft; there is one from the moment on that something is saved. What was sent is never thrown away."""
    article = get_object_or_404(Article.objects.select_related("open_version"), code=code)
    version = article.open_version or article.versions.first()
    if version is None or (version.state == ArticleVersion.State.SUBMITTED and request.method == "GET"):
        messages.error(request, _waits())
        return redirect("article", code=code)
    form = ArticleForm(content_of(version), _revision(article), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, article, form)
        except StaleError as error:
            now = _revision(Article.objects.select_related("open_version").get(pk=article.pk))
            form.data = {**request.POST.dict(), "topics": request.POST.getlist("topics"), "revision": now}
            form.add_error(None, str(error))
        except KnowledgeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved as a draft."))
            return to_version(saved)
    context = {"form": form, "article": article, "preview": as_html(version.answer), **menu(request, "")}
    return render(request, "knowledge/edit.html", context, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """`{"html"}` of the Markdown in `answer`."""
    return JsonResponse({"html": as_html(request.POST.get("answer", "")[:LONGEST_ANSWER])})


@access.allow(access.SUPERVISORS)
@require_POST
def submit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """To be approved."""
    return _done(request, version_of(code, number), "submitted")


@access.allow(access.SUPERVISORS)
@require_POST
def take_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """No longer to be approved: a draft again."""
    return _done(request, version_of(code, number), "taken_back")


@access.allow(access.SUPERVISORS)
@require_POST
def discard(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Throw the draft away."""
    version = version_of(code, number)
    try:
        with transaction.atomic():
            drafts.discard(version)
            log_change(request, code, "discarded", version=number)
        attachments.remove_unused()
    except KnowledgeError as error:
        messages.error(request, str(error))
        return to_version(version)
    messages.success(request, _("The draft is gone."))
    exists = Article.objects.filter(code=code).exists()
    return redirect("article", code=code) if exists else redirect("articles")


@access.allow(access.SUPERVISORS)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Out of use at once."""
    article = get_object_or_404(Article, code=code)
    form = WordForm(request.POST)
    comment = form.cleaned_data["comment"] if form.is_valid() else ""
    try:
        with transaction.atomic():
            drafts.withdraw(article, drafts.Decision("", account_of(request).pk, comment), timezone.now())
            log_change(request, code, "withdrawn")
    except KnowledgeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is out of use and is not found any more."))
    return redirect("article", code=code)


@access.allow(access.SUPERVISORS)
@require_POST
def attach(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Add a file to the draft."""
    version, file = version_of(code, number), request.FILES.get("file")
    try:
        if file is None or file.size is None or file.size > attachments.MOST_BYTES:
            messages.error(request, _("Choose a file of at most 10 MB."))
        else:
            with transaction.atomic():
                attachments.attach(version, str(file.name), file.read(), account_of(request).pk)
                log_change(request, code, "attached", version=number)
    except KnowledgeError as error:
        messages.error(request, str(error))
    return to_version(version)


@access.allow(access.SUPERVISORS)
@require_POST
def detach(request: HttpRequest, code: str, number: int, attachment: int) -> HttpResponse:
    """Take a file off the draft."""
    version = version_of(code, number)
    found = get_object_or_404(Attachment, pk=attachment, versions=version)
    try:
        attachments.detach(version, found)
        log_change(request, code, "detached", version=number)
    except KnowledgeError as error:
        messages.error(request, str(error))
    return to_version(version)


def _save(request: HttpRequest, article: Article, form: ArticleForm) -> ArticleVersion:
    """Raises KnowledgeError."""
    with transaction.atomic():
        version = drafts.open_draft(article, account_of(request).pk, timezone.now())
        if version.state == ArticleVersion.State.SUBMITTED:
            raise RefusedError(_waits())
        drafts.write(version, form.content(), Places(), form.cleaned_data["revision"])
        log_change(request, article.code, "changed", version=version.number)
    return version


def _revision(article: Article) -> int:
    """Of the draft that a text is written upon; 0 while there is none: a new one begins with it."""
    return article.open_version.revision if article.open_version else 0


def _waits() -> str:
    return _("It waits for its office's approval. Take it back before you change it.")


def _done(request: HttpRequest, version: ArticleVersion, how: str) -> HttpResponse:
    """A step of the draft; its refusal is said on the page."""
    try:
        with transaction.atomic():
            if how == "submitted":
                drafts.submit(version, timezone.now())
            else:
                drafts.take_back(version)
            log_change(request, version.article.code, how, version=version.number)
    except KnowledgeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return to_version(version)
