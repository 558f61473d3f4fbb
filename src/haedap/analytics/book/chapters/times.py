"""By weekday and by hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from haedap.analytics.book.counting import Axis, Column, axis, bars, contacts, matrix, measured, share_of, table
from haedap.analytics.book.korean import BY, line
from haedap.analytics.book.material import Material
from haedap.analytics.book.model import Block, Line, Number, Section, Slice, Unit, number
from haedap.analytics.cube import Tally
from haedap.analytics.dimensions import Value
from haedap.analytics.rounding import whole

WEEKDAYS = ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일")


_FEW = 0.005
"""An hour with a smaller share of the contacts has no row of its own."""


def times(material: Material) -> Section:
    """요일별·시간대별 상담."""
    title = "요일별·시간대별 상담"
    total = material.total
    if not total.contacts:
        return Section("times", title)
    by_weekday = material.weekdays
    days = axis("weekday", range(7), lambda value: WEEKDAYS[int(value or 0)])
    hours = _hours(material)
    shown = (
        Column("상담(건)", contacts),
        Column("구성비", share_of(total)),
        Column("응대율", measured("answer_rate")),
        Column("서비스레벨", measured("service_level")),
        Column("평균응답대기", measured("asa_seconds")),
    )
    daily = [(WEEKDAYS[int(day or 0)], contacts(tally)) for day, tally in by_weekday.items()]
    hourly = [(hours.names[key], contacts(tally)) for key, tally in hours.folded(material.hours).items()]
    hourly.sort(key=lambda item: list(hours.names.values()).index(item[0]))
    blocks: tuple[Block, ...] = (
        *bars("weekdays", "요일별 상담 건수", daily),
        table(
            "weekdays",
            "요일별 상담 현황",
            "요일",
            days,
            by_weekday,
            (*shown[:2], _per_day(material), *shown[2:]),
            total,
        ),
        *bars("hours", "시간대별 상담 건수", hourly),
        table("hours", "시간대별 상담 현황", "시간대", hours, material.hours, shown, total),
        matrix("weekday_hour", "시간대·요일별 상담 건수", "시간대", hours, days, _turned(material)),
    )
    return Section("times", title, tuple(_said(material, by_weekday)), blocks)


def _turned(material: Material) -> dict[tuple[Value, ...], Tally]:
    return {(hour, day): tally for (day, hour), tally in material.by_weekday_and_hour.items()}


def _per_day(material: Material) -> Column:
    """Over the days on which agents answered."""
    days = Counter(str(day.weekday()) for day in material.worked)

    def fill(tally: Tally, of: Slice) -> Number:
        over = days[of[0][1]] if of else days.total()
        return number("mean_day", whole(tally.contacts / over) if over else None, Unit.CONTACTS, of)

    return Column("하루 평균", fill)


def _hours(material: Material) -> Axis:
    """Each hour by itself; those with next to no contacts, by night mostly, together at the end."""
    least = _FEW * material.total.contacts
    usual = [hour for hour, tally in material.hours.items() if tally.contacts >= least]
    few = [hour for hour in material.hours if hour not in usual]
    if len(few) < 2:
        usual, few = list(material.hours), []
    return axis("hour", [*usual, *few], lambda value: f"{int(value or 0)}시", len(usual), "개 시간대")


def _said(material: Material, by_weekday: Mapping[Value, Tally]) -> list[Line]:
    day = max(by_weekday, key=lambda value: by_weekday[value].contacts)
    hour = max(material.hours, key=lambda value: material.hours[value].contacts)
    total = material.total
    of_day, of_hour = (("weekday", str(day)),), (("hour", str(hour)),)
    return [
        line(
            "상담이 가장 많은 요일은 ", WEEKDAYS[int(day or 0)], BY, " ", contacts(by_weekday[day], of_day), "(",
            share_of(total)(by_weekday[day], of_day), ")임.",
        ),
        line(
            f"상담이 가장 많은 시간대는 {hour}시부터 {int(hour or 0) + 1}시까지로 ",
            contacts(material.hours[hour], of_hour), "(", share_of(total)(material.hours[hour], of_hour), ")임.",
        ),
    ]  # fmt: skip
