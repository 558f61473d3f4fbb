"""A kind of centre (센터 유형): what a city has published, and the invented city round it. Data of the package."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import msgspec

from haedap.apps.demo.year import YearError

KEYS = ("icheon", "gunpo", "ansan", "jeongseon", "hwaseong")


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days from `since` until before `until`, and their contacts: in all, or on a working day on average."""

    since: date
    until: date
    contacts: int = 0
    a_working_day: int = 0

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.since + timedelta(days=n) for n in range((self.until - self.since).days))


class Root(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A root of the topic tree that only this city has."""

    code: str
    name: str


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An owning office with its topics, and how many contacts are about them: exactly, by share or by weight.

    `office`: the names from the top down. `topics`: codes, each with all that is below. `share`: per cent of all
    contacts. Fields by `weight` divide what the others leave.
    """

    office: tuple[str, ...]
    topics: tuple[str, ...]
    contacts: int | None = None
    share: float | None = None
    weight: float = 0.0
    root: Root | None = None


class District(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """읍면동. `kind`: one of the catalogue's."""

    name: str
    kind: str
    weight: float


class Surge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """급증: `part` of a topic's contacts of the span come within a few days, for one cause, in words of their own."""

    key: str
    name: str
    day: date
    days: int
    hours: tuple[int, int]
    topic: str
    part: float
    district: str
    issues: tuple[str, ...]


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What citizens ask about, see the catalogue's `about`."""

    weight: float
    season: str
    talk: float
    needs: float
    issues: tuple[str, ...]
    system: str = ""
    purpose: str = ""


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is the same in every city."""

    about: str
    seasons: dict[str, tuple[float, ...]]
    districts: dict[str, dict[str, float]]
    teams: dict[str, str]
    leaves: dict[str, Leaf]

    def team(self, code: str) -> str:
        """Who answers for the topic: by the longest code above it."""
        return self.teams[max((known for known in self.teams if below(code, known)), key=len)]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of centre. Rates are per cent; `talk` scales the catalogue's seconds; `survey` is the mean of points.

    `on_duty`: the part of the agents who are there at the same time on a working day."""

    key: str
    centre: str
    published: str
    spans: tuple[Span, ...]
    week: list[list[list[str]]]
    open_on_holidays: bool
    area: str
    agents: int
    on_duty: float
    answer_rate: float
    self_handled: float
    flow_share: float
    talk: float
    wrap_up: float
    survey: float
    lookups: float
    fields: tuple[Field, ...]
    districts: tuple[District, ...]
    surges: tuple[Surge, ...]

    def field_of(self, code: str) -> int:
        """Which field the topic belongs to: the one that names the most of its code."""
        named = [(topic, place) for place, field in enumerate(self.fields) for topic in field.topics]
        return max((len(topic), place) for topic, place in named if below(code, topic))[1]


def below(code: str, above: str) -> bool:
    """Whether the topic is `above` or lies below it."""
    return code == above or code.startswith(f"{above}_")


@cache
def catalogue() -> Catalogue:
    """The one of the package."""
    return msgspec.json.decode(_read("catalogue.json"), type=Catalogue)


@cache
def profile(key: str) -> Profile:
    """Raises YearError for a key that is none of KEYS."""
    if key not in KEYS:
        raise YearError(f"--profile에 센터 유형 하나를 쓰십시오: {', '.join(KEYS)}.")
    return msgspec.json.decode(_read(f"profiles/{key}.json"), type=Profile)


def _read(name: str) -> bytes:
    return files("haedap.apps.demo.year").joinpath("data", name).read_bytes()
