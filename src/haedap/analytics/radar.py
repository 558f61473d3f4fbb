"""민원 레이더: what suddenly comes far more often than it should, by topic and by words. Pure: counts come in.

A window (a week, the last half hour) is compared with windows like it before. Of each sign (a word, a topic, a queue …)
is expected what came before, in the same time or to as many other contacts, whichever is more, and more in a season in
which it came more often a year ago. How surprising the rest is, tells the log-likelihood ratio of the Poisson
distribution, widened to the negative binomial by how much the sign varied before. By Chernoff's bound a window without
any surge has a ratio above L with a probability of at most e^-L, so that over `signs` signs together the bound
L = ln(signs / false_alarms) gives at most `false_alarms` of them a window. See docs/explain/radar.md.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from statistics import median, median_low
from typing import Generic, NamedTuple, TypeVar

WEEKS_BEFORE = 8
LEAST_BEFORE = 4
"""With fewer windows to compare with nothing is said."""
YEAR = timedelta(weeks=52)
"""A year ago on the same day of the week."""
_WEEK = timedelta(weeks=1)
_ONE_EVENT = 0.5
"""Two signs are of one event when so much of the rarer one's contacts have both."""
_UNSEEN = 0.5
"""Jeffreys' prior: what never came before is not expected never to come."""
_TRUST = 50.0
"""The sum of expected² from which on a sign's own variation counts more than that of all signs."""

_Id = TypeVar("_Id", bound=Hashable)


class Kind(StrEnum):
    """What a contact can be known by."""

    WORD = "word"
    TOPIC = "topic"
    CHOICE = "choice"
    QUEUE = "queue"
    DISTRICT = "district"
    ALL = "all"


class Sign(NamedTuple):
    """징후. `value`: the word, the topic's code, `flow/step`, the queue; empty for `ALL`, which all contacts have."""

    kind: Kind
    value: str = ""


EVERYTHING = Sign(Kind.ALL)


@dataclass(frozen=True, slots=True)
class Window:
    """How many contacts came in a stretch of time, and how many of them had each sign."""

    contacts: int
    counts: Mapping[Sign, int]

    def of(self, sign: Sign) -> int:
        """How many had the sign."""
        return self.contacts if sign == EVERYTHING else self.counts.get(sign, 0)


@dataclass(frozen=True, slots=True)
class Before:
    """What a window is compared with: windows of its length, and the same for its season.

    `season`: the windows of a year ago round the same day; `before_season`: those that came before them.
    """

    windows: Sequence[Window]
    season: Sequence[Window] = ()
    before_season: Sequence[Window] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """When it is a surge. All must hold.

    `least` contacts have the sign; those above what was expected are `least_share` of all; there are `least_times` as
    many as expected; and of all signs together at most `false_alarms` a window do so by chance.
    """

    least: int = 5
    least_share: float = 0.05
    least_times: float = 2.0
    false_alarms: float = 0.001


@dataclass(frozen=True, slots=True)
class Raised:
    """One sign that came too often. `score`: the log-likelihood ratio."""

    sign: Sign
    observed: int
    expected: float
    score: float


@dataclass(frozen=True, slots=True)
class Surge(Generic[_Id]):
    """급증: signs of one event, the most surprising first. `contacts`: which ones had any of them, as far as known."""

    signs: tuple[Raised, ...]
    contacts: frozenset[_Id] = frozenset()

    @property
    def lead(self) -> Raised:
        """The most surprising sign: `observed` against `expected` is its own."""
        return self.signs[0]

    @property
    def observed(self) -> int:
        return self.lead.observed

    @property
    def expected(self) -> float:
        return self.lead.expected

    def values(self, kind: Kind) -> tuple[str, ...]:
        """The words, or the topics, the most surprising first."""
        return tuple(raised.sign.value for raised in self.signs if raised.sign.kind == kind)


@dataclass(frozen=True, slots=True)
class WeeklySurge(Generic[_Id]):
    """A surge of the week that begins on the Monday `week`.

    `since`: the first of the weeks in which its leading sign was told of, with at most eight between two of them.
    """

    week: date
    since: date
    surge: Surge[_Id]


def window_of(contacts: Mapping[_Id, Collection[Sign]]) -> Window:
    """The counts of these contacts."""
    return Window(len(contacts), Counter(sign for signs in contacts.values() for sign in set(signs)))


def raised(now: Window, before: Before, bounds: Bounds) -> list[Raised]:
    """The signs that came too often in `now`, the most surprising first. Nothing without enough to compare with."""
    if len(before.windows) < LEAST_BEFORE:
        return []
    candidates = [sign for sign in (EVERYTHING, *now.counts) if now.of(sign) >= bounds.least]
    pasts = {sign: _past(sign, before.windows) for sign in candidates}
    usual = _usual_variation(pasts.values())
    bound = math.log((len(now.counts) + 1) / bounds.false_alarms)
    found = [  # of those that may be large: the season only raises what is expected
        _raised(sign, now, past, before, usual)
        for sign, past in pasts.items()
        if now.of(sign) >= bounds.least_times * _expected(now.of(sign), now.contacts, past)
    ]
    kept = [one for one in found if one.score >= bound and _is_large(one, now.contacts, bounds)]
    return sorted(kept, key=lambda one: (-one.score, one.sign))


def surges(
    contacts: Mapping[_Id, Collection[Sign]], before: Before, bounds: Bounds, *, window: Window | None = None
) -> list[Surge[_Id]]:
    """What came too often among these contacts, signs of one event together, the most surprising event first.

    `window`: their counts, if they are known already. That there are more contacts of all kinds is a surge of its own
    only when nothing else explains it; then it shows what most of them have.
    """
    now = window or window_of(contacts)
    found = raised(now, before, bounds)
    having = _having(contacts, [one.sign for one in found])
    told = [one for one in found if one.sign != EVERYTHING]
    if told:
        return [_surge(group, having) for group in _grouped(told, having)]
    return [Surge(tuple(found), frozenset(contacts))] if found else []


def weekly(weeks: Mapping[date, Mapping[_Id, Collection[Sign]]], bounds: Bounds) -> list[WeeklySurge[_Id]]:
    """The surges of each week (by its Monday), in order; a week that is missing between others had no contact."""
    windows = {week: window_of(contacts) for week, contacts in weeks.items()}
    found = (
        (week, surge)
        for week in sorted(weeks)
        for surge in surges(weeks[week], before_week(windows, week), bounds, window=windows[week])
    )
    return _told(found)


def emerging(rows: Iterable[tuple[date, str, int]]) -> list[WeeklySurge[str]]:
    """The emerging issues of a year from counts alone: rows of a week's Monday, a topic's code, contacts.

    Rows of the year before, too, let the season be known. Contacts without a topic have the code ''. Who asks
    `haedap.analytics.cube` by WEEK and TOPIC has such rows. Each topic is an event of its own.
    """
    counts: dict[date, Counter[Sign]] = {}
    sizes: Counter[date] = Counter()
    for week, topic, contacts in rows:
        sizes[week] += contacts
        if topic:
            counts.setdefault(week, Counter())[Sign(Kind.TOPIC, topic)] += contacts
    windows = {week: Window(size, counts.get(week, Counter())) for week, size in sizes.items()}
    found: Iterable[tuple[date, Surge[str]]] = (
        (week, Surge((one,)))
        for week in sorted(windows)
        for one in raised(windows[week], before_week(windows, week), YEARLY)
        if one.sign != EVERYTHING
    )
    return _told(found)


YEARLY = Bounds(least=20, least_share=0.02)
"""For the topics of a year: weeks of hundreds of contacts, in which a whole event is seldom a twentieth."""


def before_week(windows: Mapping[date, Window], week: date) -> Before:
    """The eight weeks before, and those of the year before, as far as the record goes back without a gap at its end."""
    first = min(windows, default=week)
    return Before(
        _weeks(windows, first, [week - n * _WEEK for n in range(1, WEEKS_BEFORE + 1)]),
        _weeks(windows, first, [week - YEAR + n * _WEEK for n in (-1, 0, 1)]),
        _weeks(windows, first, [week - YEAR - n * _WEEK for n in range(2, WEEKS_BEFORE + 2)]),
    )


def _told(found: Iterable[tuple[date, Surge[_Id]]]) -> list[WeeklySurge[_Id]]:
    told: list[WeeklySurge[_Id]] = []
    latest: dict[Sign, WeeklySurge[_Id]] = {}
    for week, surge in found:
        before = latest.get(surge.lead.sign)
        goes_on = before if before and week - before.week <= WEEKS_BEFORE * _WEEK else None
        told.append(WeeklySurge(week, goes_on.since if goes_on else week, surge))
        latest[surge.lead.sign] = told[-1]
    return told


def _weeks(windows: Mapping[date, Window], first: date, weeks: Iterable[date]) -> list[Window]:
    return [windows.get(week, Window(0, {})) for week in weeks if week >= first]


class _Past(NamedTuple):
    """How many contacts had a sign in each of the windows before, of how many."""

    sign: Sign
    counts: Sequence[int]
    sizes: Sequence[int]


def _past(sign: Sign, windows: Sequence[Window]) -> _Past:
    return _Past(sign, [window.of(sign) for window in windows], [window.contacts for window in windows])


def _raised(sign: Sign, now: Window, past: _Past, before: Before, usual: float) -> Raised:
    observed = now.of(sign)
    expected = _expected(observed, now.contacts, past) * _season(sign, before)
    variation = _variation(past, usual) + 1 / (sum(past.counts) + _UNSEEN)
    return Raised(sign, observed, expected, _ratio(observed, expected, 1 / variation))


def _is_large(one: Raised, contacts: int, bounds: Bounds) -> bool:
    above = one.observed - one.expected
    return above >= bounds.least_share * contacts and one.observed >= bounds.least_times * one.expected


def _expected(observed: int, contacts: int, past: _Past) -> float:
    """As many as before, or as many to the contacts without the sign as before, whichever is more.

    To those without it, for a surge itself must not raise what is expected.
    """
    seen = sum(past.counts) + _UNSEEN
    others_before = sum(past.sizes) - sum(past.counts)
    others = contacts - observed
    by_time = seen / len(past.counts)
    if others_before < others:  # too few to compare with
        return by_time
    return max(by_time, seen * others / others_before) if others_before else by_time


def _season(sign: Sign, before: Before) -> float:
    """How many times as often it came in this season a year ago; 1 when not more often, or when nobody knows.

    The middle one of the weeks is taken, so that an event of one week a year ago is no season.
    """
    if not before.season or len(before.before_season) < LEAST_BEFORE:
        return 1.0
    came = median_low(window.of(sign) for window in before.season)
    contacts = round(median(window.contacts for window in before.season))
    return max(1.0, (came + _UNSEEN) / (_expected(came, contacts, _past(sign, before.before_season)) + _UNSEEN))


def _usual_variation(pasts: Iterable[_Past]) -> float:
    """How much signs vary beyond chance: the middle one of those that came often enough to tell."""
    own = [max(0.0, above / weight) for above, weight in map(_moments, pasts) if weight >= _TRUST]
    return median(own) if own else 0.0


def _variation(past: _Past, usual: float) -> float:
    """By how much the variance exceeds chance, in expected²: the sign's own as far as there is enough of it.

    Never less than usual: eight windows that happen to be calm prove little.
    """
    above, weight = _moments(past)
    return max(usual, (above + _TRUST * usual) / (weight + _TRUST))


def _moments(past: _Past) -> tuple[float, float]:
    """Over the windows: how far the squared distances exceed chance, and the squares of what was expected."""
    seen, everybody = sum(past.counts), max(1, sum(past.sizes))
    above = weight = 0.0
    for count, size in zip(past.counts, past.sizes, strict=True):
        expected = seen / len(past.counts) if past.sign == EVERYTHING else seen * size / everybody
        above += (count - expected) ** 2 - expected
        weight += expected**2
    return above, weight


def _ratio(observed: int, expected: float, size: float) -> float:
    """The log-likelihood ratio of a negative binomial of this mean and size; of Poisson's as the size grows."""
    if observed <= expected:
        return 0.0
    return observed * math.log(observed / expected) - (observed + size) * math.log(
        (observed + size) / (expected + size)
    )


def _having(contacts: Mapping[_Id, Collection[Sign]], signs: Sequence[Sign]) -> dict[Sign, frozenset[_Id]]:
    wanted = set(signs)
    found: dict[Sign, set[_Id]] = {sign: set() for sign in signs}
    for contact, of_contact in contacts.items():
        for sign in wanted.intersection(of_contact):
            found[sign].add(contact)
    return {sign: frozenset(those) for sign, those in found.items()}


def _grouped(told: Sequence[Raised], having: Mapping[Sign, frozenset[_Id]]) -> list[list[Raised]]:
    """Signs of one event together: linked by any chain of pairs that share most of their contacts."""
    group = {one.sign: [one] for one in told}
    for one, other in combinations(told, 2):
        if group[one.sign] is not group[other.sign] and _of_one_event(having[one.sign], having[other.sign]):
            group[one.sign].extend(group[other.sign])
            for joined in group[one.sign]:
                group[joined.sign] = group[one.sign]
    groups = {id(members): members for members in group.values()}.values()
    return sorted((sorted(members, key=told.index) for members in groups), key=lambda members: told.index(members[0]))


def _of_one_event(one: frozenset[_Id], other: frozenset[_Id]) -> bool:
    return len(one & other) >= _ONE_EVENT * min(len(one), len(other)) > 0


def _surge(group: Sequence[Raised], having: Mapping[Sign, frozenset[_Id]]) -> Surge[_Id]:
    return Surge(tuple(group), frozenset().union(*(having[one.sign] for one in group)))
