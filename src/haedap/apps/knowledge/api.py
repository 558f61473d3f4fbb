"""What other apps may ask of the centre's knowledge.

`ArticleUse`, who read which article in which contact, may be read; only `used` writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from haedap.apps.contacts import api as contacts
from haedap.apps.knowledge import gaps
from haedap.apps.knowledge.markdown import render
from haedap.apps.knowledge.models import LONGEST_ANSWER, LONGEST_TITLE, Article, ArticleUse, ArticleVersion, Gap
from haedap.apps.knowledge.publishing import KIND, body_of

__all__ = ["KIND", "LONGEST_ANSWER", "LONGEST_TITLE", "ArticleUse", "Card", "FileOut", "cards", "gap", "used"]


@dataclass(frozen=True, slots=True)
class FileOut:
    """An attachment, and the address under which people who are logged in get it."""

    name: str
    bytes: int
    address: str


@dataclass(frozen=True, slots=True)
class Card:
    """An article in force, as the desk shows it. `key`: its code, as the search knows it.

    `title`, `questions` (one a line) and `body` are the fields as published, in which the search marks what matched.
    `script` is what to say first; `answer_html` is safe to put into a page. `topics`, `office`: paths of names.
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


def cards(keys: Sequence[str], at: date) -> list[Card]:
    """The articles of these keys that are in force on `at`, in the order of `keys`; the others are left out."""
    rows = (
        Article.objects.filter(code__in=keys)
        .exclude(current=None)
        .select_related("current__office__parent__parent__parent")
        .prefetch_related("current__topics__parent__parent", "current__attachments")
    )
    by_key = {row.code: row.current for row in rows if row.current is not None and row.current.holds_on(at)}
    return [_card(key, by_key[key]) for key in keys if key in by_key]


def used(article: str, contact: UUID, agent: int, how: str = ArticleUse.How.READ) -> bool:
    """Note that the agent used the article of this key in the contact; the same twice is one.

    False when there is no such article in force.
    """
    found = Article.objects.filter(code=article).select_related("current").first()
    if found is None or found.current is None:
        return False
    ArticleUse.objects.bulk_create(
        [ArticleUse(contact=contact, article=found, version=found.current, agent_id=agent, how=ArticleUse.How(how))],
        ignore_conflicts=True,
    )
    return True


def gap(text: str, contact: UUID | None, agent: int | None, reason: str = Gap.Reason.CASE) -> None:
    """Put onto the work list that an article is missing for `text`, which is masked here; the same text is one line."""
    gaps.note(text, contact, agent, Gap.Reason(reason))


def _card(key: str, version: ArticleVersion) -> Card:
    return Card(
        key=key,
        title=version.title,
        questions="\n".join(version.questions),
        body=body_of(version),
        script=version.script,
        answer_html=render(version.answer),
        documents=version.documents,
        fee=version.fee,
        law=version.law,
        topics=[contacts.topic_path(topic) for topic in version.topics.all()],
        office=version.office.place if version.office else "",
        office_id=version.office_id,
        valid_until=version.valid_until,
        review_by=version.review_by,
        files=[
            FileOut(file.name, file.bytes, reverse("article_file", args=[file.key]))
            for file in version.attachments.all()
        ],
    )
