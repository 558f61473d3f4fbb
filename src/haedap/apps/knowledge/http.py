"""The API of the desk about articles: used, rated, missing. What is found comes from the search."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router

from haedap.apps.accounts.access import AGENTS
from haedap.apps.accounts.api_auth import RoleAuth, caller_of
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.errors import DeskError
from haedap.apps.desk.schemas import Done, ErrorOut
from haedap.apps.knowledge import api, ratings
from haedap.apps.knowledge.errors import RefusedError
from haedap.apps.knowledge.models import Article, ArticleUse, Gap
from haedap.apps.knowledge.schemas import GapIn, RatingIn, UsedOut, UseIn

router = Router(tags=["knowledge"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}


@router.get("/contacts/{uuid:contact}/articles", response={200: list[UsedOut], **_REFUSALS})
def used(request: HttpRequest, contact: UUID) -> list[UsedOut]:
    """The articles that I used in this contact."""
    agent = _mine(request, contact)
    rows = ArticleUse.objects.filter(contact=contact, agent=agent).select_related("article").order_by("at")
    return [UsedOut(article=row.article.code, how=row.how) for row in rows]


@router.post("/articles/{slug:article}/use", response={200: Done, **_REFUSALS})
def use(request: HttpRequest, article: str, body: UseIn) -> Done:
    """I read it, read it out or sent it in this contact. The same twice is one."""
    if not api.used(article, body.contact, _mine(request, body.contact), body.how):
        raise Http404
    return Done()


@router.post("/articles/{slug:article}/rate", response={200: Done, **_REFUSALS, 409: ErrorOut})
def rate(request: HttpRequest, article: str, body: RatingIn) -> Done:
    """Was it right? If not, its office reads what is wrong."""
    found = Article.objects.filter(code=article).select_related("current").first()
    if found is None:
        raise Http404
    agent = caller_of(request).pk if body.contact is None else _mine(request, body.contact)
    try:
        ratings.rate(found, agent, body.contact, right=body.right, text=body.text)
    except RefusedError as refusal:
        raise DeskError(409, "refused", str(refusal)) from refusal
    return Done()


@router.post("/articles/gaps", response={200: Done, **_REFUSALS})
def gap(request: HttpRequest, body: GapIn) -> Done:
    """An article is missing for this."""
    agent = caller_of(request).pk if body.contact is None else _mine(request, body.contact)
    api.gap(body.text, body.contact, agent, Gap.Reason.PROPOSAL)
    return Done()


def _mine(request: HttpRequest, contact: UUID) -> int:
    """The caller, who has or had the contact. Raises Http404."""
    account = caller_of(request)
    if not contacts.may_write(account, contact):
        raise Http404
    return account.pk
