"""The API of the desk's search."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from haedap.apps.accounts.api_auth import AGENTS, RoleAuth, caller_of
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.schemas import Done, EarlierOut, ErrorOut
from haedap.apps.search import desk
from haedap.apps.search.finding import LONGEST
from haedap.apps.search.missing import missed
from haedap.clock import centre_time

router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
_LARGEST_ID = 2**63 - 1


class SearchIn(Schema):
    """What is looked for; of a longer text the beginning."""

    q: str = ""
    contact: UUID | None = None
    kind: Literal["", "article", "office", "contact"] = ""
    topic: int | None = Field(None, ge=1, le=_LARGEST_ID)
    office: int | None = Field(None, ge=1, le=_LARGEST_ID)


class MissIn(Schema):
    """What was looked for in vain."""

    text: str = Field(min_length=1, max_length=1000)


class MarkOut(Schema):
    """Characters `start` until before `end` of the article's title, questions or body."""

    field: str
    start: int
    end: int


class FileOut(Schema):
    name: str
    bytes: int
    address: str


class ArticleOut(Schema):
    """An article as the desk shows it. `sure`: it has what was asked, not only something like it.

    `pinned`: it was pinned for what many citizens call about at the moment, and stands on top.
    """

    key: str
    title: str
    questions: str
    body: str
    script: str
    answer_html: str
    documents: list[str]
    fee: str
    law: list[str]
    topics: list[str]
    office: str
    office_id: int | None
    valid_until: date | None
    review_by: date | None
    files: list[FileOut]
    marks: list[MarkOut]
    why: list[str]
    sure: bool
    pinned: bool


class PersonOut(Schema):
    id: int
    name: str
    title: str


class DepartmentOut(Schema):
    id: int
    name: str
    place: str


class AnswersOut(Schema):
    """Who answers there at the moment; without an officer the department's number."""

    officer: PersonOut | None
    telephone: str
    extension: str
    reason: str


class OfficeOut(Schema):
    """An office, as `/offices/search` gives it."""

    department: DepartmentOut
    duty: str | None
    officer: PersonOut | None
    answers: AnswersOut


class FoundOut(Schema):
    """Each list the best first. `simple`: only letters were compared, for the language process does not answer."""

    articles: list[ArticleOut]
    offices: list[OfficeOut]
    contacts: list[EarlierOut]
    simple: bool


@router.post("/search", response={200: FoundOut, **_REFUSALS})
def search(request: HttpRequest, asked: SearchIn) -> FoundOut:
    """Articles, offices, and what the citizen of my contact asked before. What is typed stays out of the address."""
    contact = None
    if asked.contact is not None:
        contact = contacts.opened(caller_of(request), asked.contact)
        if contact is None:
            raise Http404
    filters = {name: value for name in ("topic", "office") if (value := getattr(asked, name)) is not None}
    # A page that cuts a text may leave half a character, which no UTF-8 has.
    text = asked.q.encode(errors="replace").decode().replace("\0", " ").strip()[:LONGEST]
    found = desk.find(desk.Asked(text, asked.kind, filters), contact, centre_time())
    return FoundOut(**found)


@router.post("/search/missed", response={200: Done, **_REFUSALS})
def not_found(request: HttpRequest, body: MissIn) -> Done:  # noqa: ARG001 - the same for everybody
    """I looked for this, and nothing of use was there. It goes to the work list, masked."""
    missed(body.text)
    return Done()
