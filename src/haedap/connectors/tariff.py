"""A city's prices for water: basic charges, tiers, the levy and reductions, as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from haedap.connectors.schema import ConfigurationInvalid, Problem, read_struct

_Price = Annotated[str, Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,4})?$")]
"""Won as text, so that 162.15 stays what it is."""
Charge = Literal["water", "sewer", "levy", "basic"]


class Tier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The price of a cubic metre up to so many a month; the last tier has no end."""

    price: _Price
    up_to: Annotated[int, Meta(ge=1)] | None = None


class ClassTariff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The prices of one use class; a flat price is one tier. No sewer: the place is not connected to one."""

    water: Annotated[tuple[Tier, ...], Meta(min_length=1, max_length=10)]
    sewer: Annotated[tuple[Tier, ...], Meta(max_length=10)] = ()


class Basic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The basic charge of a month by the diameter of the pipe."""

    pipe_mm: Annotated[int, Meta(ge=1, le=1000)]
    won: Annotated[int, Meta(ge=0)]


class Reduction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So much per cent of the charges named, or the first so many cubic metres a month free in them."""

    of: Annotated[tuple[Charge, ...], Meta(min_length=1)]
    percent: Annotated[int, Meta(ge=0, le=100)] = 0
    cubic_metres: Annotated[int, Meta(ge=0)] = 0


class Tariff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A city's prices. `tiers_by`: whether the ends of tiers go by days (× days / month) or by months begun."""

    name: str
    classes: dict[str, ClassTariff]
    basic: tuple[Basic, ...]
    levy_per_cubic_metre: _Price = "0"
    reductions: dict[str, Reduction] = {}
    tiers_by: Literal["days", "months"] = "days"
    month_days: Annotated[int, Meta(ge=28, le=31)] = 30
    leak_factor: Annotated[int, Meta(ge=1)] = 3
    """So many times the usual use a day looks like a leak …"""
    leak_least: Annotated[int, Meta(ge=0)] = 20
    """… when it is at least so many cubic metres."""


def read_tariff(data: object) -> Tariff:
    """The tariff. Raises `ConfigurationInvalid` with place and reason of each mistake."""
    tariff = read_struct(data, Tariff)
    problems = tuple(_tariff_problems(tariff))
    if problems:
        raise ConfigurationInvalid(problems)
    return tariff


def demo_tariff() -> Tariff:
    """The invented tariff of 해답시."""
    return read_tariff(json.loads((files("haedap.connectors") / "tariffs/haedap.json").read_text(encoding="utf-8")))


def _tariff_problems(tariff: Tariff) -> Iterator[Problem]:
    if not tariff.classes:
        yield Problem("classes", "업종이 하나는 있어야 합니다.")
    for name, prices in tariff.classes.items():
        for charge in ("water", "sewer"):
            yield from _tier_problems(getattr(prices, charge), f"classes.{name}.{charge}")
    pipes = [basic.pipe_mm for basic in tariff.basic]
    if len(set(pipes)) < len(pipes):
        yield Problem("basic", "같은 구경이 두 번 있습니다.")
    for name, rule in tariff.reductions.items():
        if not rule.percent and not rule.cubic_metres:
            yield Problem(f"reductions.{name}", "percent나 cubic_metres 가운데 하나는 있어야 합니다.")


def _tier_problems(tiers: tuple[Tier, ...], place: str) -> Iterator[Problem]:
    ends = [tier.up_to for tier in tiers]
    if tiers and (ends[-1] is not None or None in ends[:-1]):
        yield Problem(place, "마지막 단계만 up_to가 없어야 합니다.")
    known = [end for end in ends if end is not None]
    if known != sorted(set(known)):
        yield Problem(place, "단계의 up_to는 점점 커져야 합니다.")
