"""The figures of the page out of the database, with names instead of keys."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.analytics import queries
from haedap.analytics.effect import Comparison, Effect, Group, Loss, effect_of
from haedap.analytics.tables import Scope
from haedap.apps.contacts.topic_tree import branches
from haedap.apps.search import api as search
from haedap.clock import centre_time


@dataclass(frozen=True, slots=True)
class Line:
    """A comparison in numbers: with and without. Rates 0 to 1, times in seconds; none where there is nothing to say."""

    name: str
    used: Group
    unused: Group
    rates: tuple[float, float] | None = None
    """Self-handled, standardised by topic."""
    times: tuple[float, float] | None = None
    """Handle time, standardised by topic."""
    comparable: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """A topic that loses calls. `articles`: how many may be found for it today."""

    name: str
    loss: Loss
    articles: int

    @property
    def advice(self) -> str:
        """What would help first."""
        if not self.loss.unaided:
            return _("Aid is used; look at why it did not do.")
        if not self.articles:
            return _("Write an article: there is none for this topic.")
        if self.loss.no_article >= self.loss.no_look_up:
            return _("There are articles: find out why they are not used.")
        return _("Connect a system, or give this topic a look-up.")


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows."""

    effect: Effect
    comparisons: tuple[Line, ...]
    topics: tuple[Line, ...]
    lost: tuple[Lost, ...]


def page_of(since: date, until: date) -> Page:
    """The figures of the days from `since` to `until`, both included, as of now."""
    effect = effect_of(_rows(since, until))
    names = _topic_names()
    articles = _articles()
    by_topic = sorted(effect.either.by_topic.items(), key=lambda item: -(item[1][0].contacts + item[1][1].contacts))
    return Page(
        effect,
        (
            _line(_("Article or look-up"), effect.either),
            _line(_("Article"), effect.article),
            _line(_("Look-up"), effect.look_up),
        ),
        tuple(Line(names.get(topic, _("no topic")), used, unused) for topic, (used, unused) in by_topic),
        tuple(Lost(names.get(loss.topic, _("no topic")), loss, articles[loss.topic]) for loss in effect.losses),
    )


def _line(name: str, comparison: Comparison) -> Line:
    return Line(
        name,
        comparison.used,
        comparison.unused,
        comparison.standardised(lambda group: group.self_handled_rate),
        comparison.standardised(lambda group: group.handle_time),
        comparison.comparable,
    )


def _rows(since: date, until: date) -> list[dict[str, Any]]:
    now = centre_time()
    first, last = Scope.of_day(since, now), Scope.of_day(until, now)
    scope = Scope(first.since, last.since + timedelta(days=1), now)
    rows: list[dict[str, Any]] = []
    with connection.cursor() as cursor:
        for statement in (queries.effect(), queries.effect_times()):
            cursor.execute(statement, scope.values)
            columns = [column.name for column in cursor.description or ()]
            rows += [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return rows


def _topic_names() -> dict[int, str]:
    return {branch.topic.pk: branch.path for branch in branches()}


def _articles() -> Counter[int]:
    """How many articles may be found today, by topic."""
    found = search.filters_on(search.SearchEntry.Kind.ARTICLE, timezone.localdate())
    return Counter(int(topic) for filters in found for topic in filters.get("topic", ()) if str(topic).isdecimal())
