"""The list of articles: which version of each is shown, and which articles a filter leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from haedap.apps.contacts import topic_tree
from haedap.apps.knowledge.models import Article, ArticleVersion
from haedap.apps.offices import api as offices

_State = ArticleVersion.State
SOON = timedelta(days=30)
"""So long before its day a review is due."""


def shown(*, supervisor: bool) -> QuerySet[ArticleVersion]:
    """One version of each article: the one in force; for supervisors also the newest of those that have none."""
    if not supervisor:
        return _with_places(ArticleVersion.objects.filter(pk__in=Article.objects.values("current")))
    newest = ArticleVersion.objects.filter(article=OuterRef("pk")).order_by("-number").values("pk")[:1]
    keys = Article.objects.annotate(shown=Coalesce(F("current"), Subquery(newest))).values("shown")
    return _with_places(ArticleVersion.objects.filter(pk__in=keys))


def filtered(rows: QuerySet[ArticleVersion], chosen: dict[str, Any], today: date) -> QuerySet[ArticleVersion]:
    """What is left of `rows` by the fields of the filter form."""
    if text := chosen.get("q", "").replace("\x00", "").strip():
        rows = rows.alias(asked=_joined("questions"), words=_joined("keywords")).filter(
            Q(title__icontains=text)
            | Q(article__code__icontains=text)
            | Q(asked__icontains=text)
            | Q(words__icontains=text)
            | Q(script__icontains=text)
            | Q(answer__icontains=text)
        )
    if topic := chosen.get("topic"):
        rows = rows.filter(topics__in=topic_tree.below(topic)).distinct()
    if office := chosen.get("office"):
        rows = rows.filter(office__in=offices.below(office))
    if state := chosen.get("state"):
        rows = rows.filter(_STATES[state](today))
    if chosen.get("due"):
        rows = rows.filter(due(today))
    return rows


def due(today: date) -> Q:
    """In force, and to be looked at again soon or since long."""
    return Q(article__current=F("pk"), review_by__lte=today + SOON)


def _joined(column: str) -> Func:
    return Func(F(column), Value("\n"), function="array_to_string", output_field=TextField())


def _coming(today: date) -> Q:
    later = ArticleVersion.objects.filter(article=OuterRef("article"), state=_State.APPROVED, valid_from__gt=today)
    return Q(Exists(later))


_STATES: dict[str, Callable[[date], Q]] = {
    "current": lambda _today: Q(article__current=F("pk")),
    "draft": lambda _today: Q(article__open_version__state=_State.DRAFT),
    "submitted": lambda _today: Q(article__open_version__state=_State.SUBMITTED),
    "coming": _coming,
    "expired": lambda _today: Q(article__current=None, state=_State.EXPIRED),
    "withdrawn": lambda _today: Q(article__current=None, state=_State.WITHDRAWN),
}


def _with_places(rows: QuerySet[ArticleVersion]) -> QuerySet[ArticleVersion]:
    return (
        rows.select_related("article__open_version", "office__parent__parent__parent")
        .prefetch_related("topics__parent__parent")
        .order_by("title", "pk")
    )
