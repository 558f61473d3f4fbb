"""Work lists: what is missing, what is said to be wrong, what agents tell."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.knowledge import api, drafts, gaps, ratings
from haedap.apps.knowledge.content import LONGEST_ITEM, MOST_ITEMS
from haedap.apps.knowledge.errors import KnowledgeError, RefusedError
from haedap.apps.knowledge.forms import ProposalForm, RatingForm
from haedap.apps.knowledge.models import Article, ArticleVersion, Gap
from haedap.apps.knowledge.views import log_change, menu, page_of

_SHOWN = 200


@access.allow(access.SUPERVISORS)
@require_GET
def missing(request: HttpRequest) -> HttpResponse:
    """Searches that found nothing, proposals, answers that offices had to give."""
    titles = Article.objects.exclude(current=None).values_list("code", "current__title").order_by("current__title")
    context = {"lines": gaps.open_gaps()[:_SHOWN], "titles": titles, **menu(request, "gaps")}
    return render(request, "knowledge/gaps.html", context)


@access.allow(access.SUPERVISORS)
@require_POST
def settle_gap(request: HttpRequest, source: str, gap: int) -> HttpResponse:
    """Take it as a question form of an article (`article`: its code), or dismiss it."""
    text, code = gaps.text_of(source, gap), request.POST.get("article", "")
    article = get_object_or_404(Article, code=code) if code else None
    account = account_of(request).pk
    try:
        with transaction.atomic():
            if article is not None and text:
                _add_question(article, text, account)
                log_change(request, code, "question_added")
            settled = gaps.settle(source, gap, account, article)
    except KnowledgeError as error:
        messages.error(request, str(error))
        return redirect("article_gaps")
    if not settled:
        messages.error(request, _("Somebody else has seen to it already."))
    elif article is not None:
        messages.success(request, _("Added to the draft of “%(code)s”. Its office approves it.") % {"code": code})
    return redirect("article_gaps")


@access.allow(access.SUPERVISORS)
@require_GET
def wrong(request: HttpRequest) -> HttpResponse:
    """What agents found wrong, for the owning offices."""
    rows = ratings.open_ratings().select_related("agent", "version__article", "version__office__parent__parent")
    return render(request, "knowledge/ratings.html", {"rows": rows[:_SHOWN], **menu(request, "ratings")})


@access.allow(access.SUPERVISORS)
@require_POST
def settle_rating(request: HttpRequest, rating: int) -> HttpResponse:
    """Somebody has seen to it."""
    if not ratings.settle(rating, account_of(request).pk):
        messages.error(request, _("Somebody else has seen to it already."))
    return redirect("article_ratings")


@access.allow(access.SIGNED_IN)
@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """'Was this right?' on the article's page."""
    article = get_object_or_404(Article.objects.select_related("current"), code=code)
    form = RatingForm(request.POST)
    if article.current is None:
        raise Http404
    if form.is_valid():
        right = form.cleaned_data["right"] == "yes"
        try:
            ratings.rate(article, account_of(request).pk, None, right=right, text=form.cleaned_data["text"])
        except RefusedError as error:
            form.add_error("text", str(error))
    if form.errors:
        return page_of(request, article.current, status=400, rating_form=form)
    messages.success(request, _("Thank you. Its office reads it."))
    return redirect("article", code=code)


@access.allow(access.SIGNED_IN)
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """An article is missing."""
    form = ProposalForm(request.POST)
    if form.is_valid():
        api.gap(form.cleaned_data["text"], None, account_of(request).pk, Gap.Reason.PROPOSAL)
        messages.success(request, _("Thank you. It is on the list of what is missing."))
    else:
        messages.error(request, _("Write in a few words what citizens ask."))
    return redirect("articles")


def _add_question(article: Article, text: str, account: int) -> None:
    """To the article's draft. Raises RefusedError."""
    version = drafts.open_draft(article, account, timezone.now())
    if version.state != ArticleVersion.State.DRAFT:
        raise RefusedError(
            _("“%(title)s” waits for its office's approval. Take it back first.") % {"title": version.title}
        )
    question = text[:LONGEST_ITEM]
    if len(version.questions) >= MOST_ITEMS:
        raise RefusedError(_("The article has too many question forms already. Take some out first."))
    if question not in version.questions:
        version.questions.append(question)
        version.revision += 1
        version.save(update_fields=["questions", "revision"])
