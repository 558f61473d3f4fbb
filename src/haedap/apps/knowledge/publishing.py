"""Which version of an article is in force on a day, and putting that one into the search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from haedap.apps.contacts.api import Topic
from haedap.apps.knowledge.markdown import plain
from haedap.apps.knowledge.models import Article, ArticleVersion
from haedap.apps.search import api as search

KIND = "article"
_State = ArticleVersion.State


@dataclass(frozen=True, slots=True)
class Standing:
    """What becomes of the approved versions: one in force or none, those replaced, those whose time is over."""

    current: ArticleVersion | None
    replaced: tuple[ArticleVersion, ...]
    expired: tuple[ArticleVersion, ...]


def standing(approved: Iterable[ArticleVersion], day: date) -> Standing:
    """The newest version that has begun is in force until its end; those before it never come back."""
    begun = sorted((row for row in approved if row.valid_from <= day), key=lambda row: -row.number)
    if not begun:
        return Standing(None, (), ())
    newest, older = begun[0], tuple(begun[1:])
    if newest.holds_on(day):
        return Standing(newest, older, ())
    return Standing(None, older, (newest,))


def settle(article: Article, day: date) -> None:
    """Bring the article's versions, and the search, to where they stand on `day`."""
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        found = standing(article.versions.filter(state=_State.APPROVED), day)
        _put(found.replaced, _State.REPLACED)
        _put(found.expired, _State.EXPIRED)
        article.current = found.current
        article.save(update_fields=["current"])
        if found.current is None:
            search.withdraw(KIND, article.code)
        else:
            search.publish_all([_entry(found.current)])


def settle_due(day: date) -> int:
    """Settle every article whose current version is over or whose next one begins by `day`; returns how many."""
    begun = ArticleVersion.objects.filter(article=OuterRef("pk"), state=_State.APPROVED, valid_from__lte=day)
    newer = begun.exclude(pk=Coalesce(OuterRef("current"), Value(0)))
    due = list(Article.objects.filter(Q(current__valid_until__lt=day) | Exists(newer)))
    for article in due:
        settle(article, day)
    return len(due)


def settle_new(versions: list[ArticleVersion], day: date) -> None:
    """The same for articles that have but this one version, approved, many at once."""
    holding = [version for version in versions if version.holds_on(day)]
    for version in holding:
        version.article.current = version
    Article.objects.bulk_update([version.article for version in holding], ["current"])
    rows = ArticleVersion.objects.filter(pk__in=[version.pk for version in holding])
    rows = rows.select_related("article", f"office__{'__'.join(['parent'] * 4)}")
    search.publish_all(_entry(version) for version in rows.prefetch_related("topics__parent__parent__parent"))
    for version in versions:
        if version not in holding:
            settle(version.article, day)


def _put(versions: Iterable[ArticleVersion], state: ArticleVersion.State) -> None:
    ArticleVersion.objects.filter(pk__in=[version.pk for version in versions]).update(state=state)


def body_of(version: ArticleVersion) -> str:
    """What is searched beside title and questions. Numbers in it are the city's own, and public."""
    facts = [version.script, plain(version.answer), *version.documents, version.fee, *version.law]
    return "\n".join(part for part in facts if part)


def _entry(version: ArticleVersion) -> search.SearchEntry:
    office = version.office.line() if version.office else []
    return search.entry(
        KIND,
        version.article.code,
        title=version.title,
        questions=version.questions,
        body=body_of(version),
        keywords=version.keywords,
        filters={"topic": _with_above(version.topics.all()), "office": [step.pk for step in office]},
        valid_from=version.valid_from,
        valid_until=version.valid_until,
    )


def _with_above(topics: Iterable[Topic]) -> set[int]:
    found: set[int] = set()
    for topic in topics:
        step: Topic | None = topic
        while step is not None:
            found.add(step.pk)
            step = step.parent
    return found
