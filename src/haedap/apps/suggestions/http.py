"""The API of the desk about suggestions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from haedap.apps.accounts.access import AGENTS
from haedap.apps.accounts.api_auth import RoleAuth, caller_of
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.schemas import Done, ErrorOut, Nothing
from haedap.apps.suggestions import guessing

router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}


class TopicIdeaOut(Schema):
    """A guess at the topic. `probability`: 0 to 1."""

    id: int
    name: str
    probability: float


class OfficeIdeaOut(Schema):
    """A department. `went`: how many like contacts went there."""

    id: int
    place: str
    telephone: str
    went: int


class ArticleIdeaOut(Schema):
    key: str
    title: str


class SimilarOut(Schema):
    """A closed contact like this one, masked, of whomever."""

    closed_at: datetime
    topic: str
    disposition: str
    note_first_line: str
    offices: list[str]


class SuggestionsOut(Schema):
    """Each list the best first. `whole`: nothing is missing for want of time."""

    topics: list[TopicIdeaOut]
    offices: list[OfficeIdeaOut]
    articles: list[ArticleIdeaOut]
    contacts: list[SimilarOut]
    whole: bool


@router.get("/contacts/{uuid:contact}/suggestions", response={200: SuggestionsOut, **_REFUSALS})
def suggestions(request: HttpRequest, contact: UUID) -> guessing.Suggestions:
    """What the note of my contact, as saved, and its transcript suggest: by a third of a second, as far as it got."""
    deadline = guessing.Deadline(guessing.LIMIT_SECONDS)
    return guessing.suggest(_mine(request, contact), guessing.text_of(contact), deadline)


@router.post("/contacts/{uuid:contact}/suggestions/taken", response={200: Done, **_REFUSALS})
def taken(request: HttpRequest, contact: UUID, body: Nothing) -> Done:  # noqa: ARG001 - an empty body
    """I took a guess as the topic of my contact."""
    guessing.take(_mine(request, contact).pk)
    return Done()


def _mine(request: HttpRequest, contact: UUID) -> contacts.Contact:
    """The contact that the caller has or had. Raises Http404."""
    found = contacts.Contact.objects.filter(pk=contact).first()
    if found is None or not contacts.may_write(caller_of(request), contact):
        raise Http404
    return found
