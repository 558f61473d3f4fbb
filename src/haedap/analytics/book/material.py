"""What a book is made of: the tallies of its days, of the year before, and what stands beside the contacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from haedap.analytics import AnalyticsError
from haedap.analytics.cube import Tally, rolled
from haedap.analytics.dimensions import Dimension, Group, Value
from haedap.analytics.figures import FigureSettings

FIRST_YEAR, LAST_YEAR = 2000, 2199
LONGEST_YEARS = 3
PATH = " > "
"""Between the names of a topic and of those above it."""
UNNAMED = {
    Dimension.TOPIC: "유형 미지정",
    Dimension.OFFICE: "소관 부서 미지정",
    Dimension.DISTRICT: "지역 미확인",
    Dimension.QUEUE: "상담사 연결 없음",
}
"""What contacts are called whose value is not known."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a book, `until` exclusive. Raises AnalyticsError for none or too many."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since.year < FIRST_YEAR or self.until > date(LAST_YEAR + 1, 1, 1):
            raise AnalyticsError(f"연감의 기간은 {FIRST_YEAR}년부터 {LAST_YEAR}년까지입니다. 기간을 다시 고르십시오.")
        if self.since >= self.until:
            raise AnalyticsError("연감의 첫날이 마지막 날보다 늦습니다. 기간을 다시 고르십시오.")
        if self.until > _years_on(self.since, LONGEST_YEARS):
            raise AnalyticsError(f"연감은 {LONGEST_YEARS}년까지 담습니다. 기간을 줄이십시오.")

    @classmethod
    def of_year(cls, year: int) -> Span:
        """The whole of a calendar year."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise AnalyticsError(f"연감의 연도는 {FIRST_YEAR}년부터 {LAST_YEAR}년까지입니다. 연도를 다시 고르십시오.")
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @property
    def last(self) -> date:
        """The last day, included."""
        return self.until - timedelta(days=1)

    @property
    def name(self) -> str:
        """`2023년`, `2023년 3월`, `2023년 3월 2일`, or from when to when."""
        if self == Span.of_year(self.since.year):
            return f"{self.since.year}년"
        first, last = self.since, self.last
        if first.day == 1 and self.until.day == 1:
            ends = (f"{day.year}년 {day.month}월" for day in (first, last))
        else:
            ends = (f"{day.year}년 {day.month}월 {day.day}일" for day in (first, last))
        return "~".join(dict.fromkeys(ends))

    @property
    def months(self) -> tuple[str, ...]:
        """All of them, `2023-01`, even those without contacts."""
        first, last = _month_number(self.since), _month_number(self.last)
        return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1))

    @property
    def before(self) -> Span | None:
        """The same days a year earlier; none when that would overlap."""
        since, until = _years_on(self.since, -1), _years_on(self.until, -1)
        return Span(since, until) if until <= self.since and since.year >= 2000 else None

    def month_name(self, month: str) -> str:
        """`1월`, with the year where the book has several."""
        year, number = month.split("-")
        return f"{int(number)}월" if self.since.year == self.last.year else f"{year}년 {int(number)}월"


@dataclass(frozen=True, slots=True)
class Promised:
    """The callbacks promised in a month that are decided, and those of them that were kept."""

    month: str
    counted: int
    kept: int


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases that an office received: answered `in_time` or `late`, or `open`."""

    office: str
    received: int
    in_time: int
    late: int
    open: int
    mean_days: float | None


@dataclass(frozen=True, slots=True)
class Read:
    """In how many contacts an article was used."""

    code: str
    title: str
    uses: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Words that were searched for without an answer, and how often."""

    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Passed:
    """What was passed on of a topic, and without which aid. `unaided`: with neither article nor look-up."""

    topic: str
    contacts: int
    passed_on: int
    no_article: int
    no_look_up: int
    unaided: int


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the survey: how many answered it, and their points of 100 each together."""

    name: str
    answers: int
    points: int


@dataclass(frozen=True, slots=True)
class Surge:
    """급증: days on which something was asked about far more often than usual."""

    name: str
    since: date
    last: date
    contacts: int
    usual: float


@dataclass(frozen=True)
class Material:
    """Everything the book says follows from this.

    `cube`: by month, topic and office; `earlier`: the same a year before; `places`: by district, topic and office;
    `slots`: by weekday, hour, channel and queue. Each has the figures that the book shows by it. `worked`: the days on
    which agents answered anything. `names`: what the values of a dimension are called; a topic by its whole path.
    """

    span: Span
    settings: FigureSettings
    centre: str
    synthetic: str
    names: Mapping[Dimension, Mapping[Value, str]]
    cube: Mapping[Group, Tally]
    earlier: Mapping[Group, Tally]
    places: Mapping[Group, Tally]
    slots: Mapping[Group, Tally]
    worked: tuple[date, ...] = ()
    promised: tuple[Promised, ...] = ()
    cases: tuple[Cases, ...] = ()
    articles: tuple[Read, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    passed: tuple[Passed, ...] = ()
    items: tuple[Item, ...] = ()
    surges: tuple[Surge, ...] = ()
    formulas: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Name and formula of each figure by its key."""

    @cached_property
    def total(self) -> Tally:
        """All contacts of the book."""
        return self.added(self.by_owner)

    @cached_property
    def total_before(self) -> Tally | None:
        """All contacts of the year before; none unless each month that has contacts now had some then, too."""
        before = (str(month) for month, tally in self.months_before.items() if tally.contacts)
        had = {f"{int(month[:4]) + 1}{month[4:]}" for month in before}
        has = {month for month, tally in self.months.items() if tally.contacts}
        return self.added(self.earlier) if has and has <= had else None

    @cached_property
    def months(self) -> dict[Value, Tally]:
        """Every month of the book."""
        found = _by(self.by_month_and_topic, 0)
        return {month: found.get(month, self.nothing) for month in self.span.months}

    @cached_property
    def topics(self) -> dict[Value, Tally]:
        """By code, most contacts first."""
        return _ranked(_by(self.by_owner, 0))

    @cached_property
    def roots(self) -> dict[Value, Tally]:
        """By the name of the topmost topic, most contacts first."""
        return _ranked(self.grouped({code: self.root(code) for code in self.topics}))

    @cached_property
    def offices(self) -> dict[Value, Tally]:
        """By name, most contacts first."""
        return _ranked(_by(self.by_owner, 1))

    @cached_property
    def districts(self) -> dict[Value, Tally]:
        """By name, most contacts first."""
        return _ranked(_by(self.places, 0))

    @cached_property
    def topics_before(self) -> dict[Value, Tally]:
        """A year earlier, by code."""
        return _by(self.earlier, 1)

    @cached_property
    def months_before(self) -> dict[Value, Tally]:
        """A year earlier, by the month of then."""
        return _by(self.earlier, 0)

    @cached_property
    def by_owner(self) -> dict[Group, Tally]:
        """By topic and owning office."""
        return _crossed(self.cube, 1, 2)

    @cached_property
    def by_month_and_topic(self) -> dict[Group, Tally]:
        """By month and topic."""
        return _crossed(self.cube, 0, 1)

    @cached_property
    def by_district_and_topic(self) -> dict[Group, Tally]:
        """By district and topic."""
        return _crossed(self.places, 0, 1)

    @cached_property
    def by_district_and_office(self) -> dict[Group, Tally]:
        """By district and owning office."""
        return _crossed(self.places, 0, 2)

    @cached_property
    def by_weekday_and_hour(self) -> dict[Group, Tally]:
        """By weekday, 0 is Monday, and hour."""
        return _crossed(self.slots, 0, 1)

    @cached_property
    def channels(self) -> dict[Value, Tally]:
        """By channel."""
        return _by(self.slots, 2)

    @cached_property
    def queues(self) -> dict[Value, Tally]:
        """By the queue that was asked for."""
        return _by(self.slots, 3)

    @cached_property
    def weekdays(self) -> dict[Value, Tally]:
        """By weekday, in order."""
        return _in_order(_by(self.by_weekday_and_hour, 0))

    @cached_property
    def hours(self) -> dict[Value, Tally]:
        """By hour, in order."""
        return _in_order(_by(self.by_weekday_and_hour, 1))

    @cached_property
    def nothing(self) -> Tally:
        """A tally of no contacts."""
        return Tally(self.settings, {})

    def added(self, tallies: Mapping[Group, Tally]) -> Tally:
        """All of them together."""
        return rolled(tallies, ()).get((), self.nothing)

    def grouped(self, names: Mapping[Value, Value]) -> dict[Value, Tally]:
        """The topics' tallies added up by the name that each code has in `names`."""
        found: dict[Value, Tally] = {}
        for code, tally in self.topics.items():
            name = names[code]
            found[name] = found[name] + tally if name in found else tally
        return found

    def root(self, code: Value) -> str:
        """The name of the topmost topic above the one of that code, or its own."""
        return self.name(Dimension.TOPIC, code).split(PATH)[0]

    def name(self, dimension: Dimension, value: Value) -> str:
        """What a value is called in the book."""
        if value in {"", None}:
            return UNNAMED.get(dimension, "미확인")
        return self.names.get(dimension, {}).get(value) or str(value)


def _by(tallies: Mapping[Group, Tally], place: int) -> dict[Value, Tally]:
    """By one dimension, where contacts came in."""
    return {value: tally for (value,), tally in _crossed(tallies, place).items()}


def _in_order(tallies: Mapping[Value, Tally]) -> dict[Value, Tally]:
    """Those of weekdays or hours, by their numbers."""
    return dict(sorted(tallies.items(), key=lambda item: int(item[0] or 0)))


def _crossed(tallies: Mapping[Group, Tally], *places: int) -> dict[Group, Tally]:
    """By fewer dimensions, where contacts came in: the centre's own calls have a place in the total alone."""
    return {group: tally for group, tally in rolled(tallies, places).items() if tally.contacts}


def is_known(value: Value) -> bool:
    """Whether a value says anything: not that of contacts whose topic, office or district nobody knows."""
    return value not in {"", None, *UNNAMED.values()}


def _ranked(tallies: Mapping[Value, Tally]) -> dict[Value, Tally]:
    """Most contacts first; those whose value is not known last."""
    return dict(sorted(tallies.items(), key=lambda item: (not is_known(item[0]), -item[1].contacts, str(item[0]))))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _years_on(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
