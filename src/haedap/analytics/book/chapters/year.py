"""The year in figures, and month by month."""

from __future__ import annotations

from haedap.analytics.book.counting import (
    Column,
    Fill,
    axis,
    change,
    contacts,
    curves,
    grown,
    measured,
    share_of,
    table,
)
from haedap.analytics.book.korean import BY, SUBJECT, line
from haedap.analytics.book.material import Material, is_known
from haedap.analytics.book.model import Line, Part, Section, Slice, Table, Unit, number
from haedap.analytics.cube import Tally
from haedap.analytics.dimensions import Dimension
from haedap.analytics.rounding import whole

BEFORE: Slice = (("year", "before"),)
"""Of the same days a year earlier."""
_INDICATORS = (
    "offered",
    "answered",
    "answer_rate",
    "service_level",
    "abandonment",
    "asa_seconds",
    "aht_seconds",
    "self_handled",
    "transfer_rate",
    "fcr",
)


def glance(material: Material) -> Section:
    """한눈에 보는 한 해."""
    title = f"한눈에 보는 {material.span.name}"
    if not material.total.contacts:
        return Section("glance", title)
    lines = (*_the_year(material), *_answering(material.total), *_firsts(material))
    return Section("glance", title, lines, (_indicators(material), *_channels(material)))


def _channels(material: Material) -> tuple[Table, ...]:
    """By channel, where there are several."""
    ways = material.channels
    ranked = sorted(ways, key=lambda value: -ways[value].contacts)
    rows = axis("channel", ranked, lambda value: material.name(Dimension.CHANNEL, value))
    columns = (Column("상담(건)", contacts), Column("구성비", share_of(material.total)))
    if len(ways) < 2:
        return ()
    shown = table("channels", "접수 경로별 상담", "접수 경로", rows, ways, columns, material.total)
    return (shown,)


def _indicators(material: Material) -> Table:
    before = material.total_before
    rows = []
    for key in ("contacts", *_INDICATORS):
        fill: Fill = contacts if key == "contacts" else measured(key)
        name = "상담 건수" if key == "contacts" else material.formulas[key][0]
        now = fill(material.total, ())
        cells: tuple[Part, ...] = (name, now)
        if before is not None:
            then = fill(before, BEFORE)
            cells += (then, _difference(key, material.total, before))
        rows.append(cells)
    headings: tuple[str, ...] = ("지표", material.span.name)
    if before is not None and material.span.before is not None:
        headings += (material.span.before.name, "증감")
    return Table("indicators", "주요 지표", headings, tuple(rows), note="산식은 책 끝의 '지표의 정의'에 있음.")


def _difference(key: str, now: Tally, before: Tally) -> Part:
    """Of rates in points, of anything else in per cent."""
    if key == "contacts":
        return change(now.contacts, before.contacts)
    one, other = now.value(key), before.value(key)
    if measured(key)(now, ()).unit is not Unit.RATE:
        return change(one, other, key=key)
    return number(f"change_of_{key}", None if one is None or other is None else one - other, Unit.POINTS)


def _the_year(material: Material) -> list[Line]:
    total, span = material.total, material.span
    months = sum(1 for tally in material.months.values() if tally.contacts)
    each_month = number("mean_month", whole(total.contacts / months), Unit.CONTACTS)
    said = [line(f"{span.name} 접수한 상담은 모두 ", contacts(total), "으로, 한 달 평균 ", each_month, "임.")]
    days = len(material.worked)
    if days:
        each_day = number("mean_day", whole(total.contacts / days), Unit.CONTACTS)
        worked = number("days", days, Unit.WHOLE_DAYS)
        said.append(line("상담사가 응대한 ", worked, "을 기준으로 하루 평균 ", each_day, "을 접수함."))
    before = material.total_before
    if before is not None and before.contacts == total.contacts:
        said.append(line("전년 같은 기간과 건수가 같음."))
    elif before is not None:
        said.append(line("전년 같은 기간(", contacts(before, BEFORE), ")보다 ", *grown(total, before), "함."))
    return said


def _answering(total: Tally) -> list[Line]:
    said = []
    if total.population("answer_rate"):
        said.append(
            line(
                "상담사 연결을 요청한 ", measured("offered")(total, ()), " 가운데 ", measured("answered")(total, ()),
                "에 응대하여 응대율은 ", measured("answer_rate")(total, ()), "임.",
            )
        )  # fmt: skip
    if total.population("self_handled"):
        said.append(
            line("응대한 상담의 ", measured("self_handled")(total, ()), "를 호전환이나 부서 이관 없이 센터에서 처리함.")
        )
    return said


def _firsts(material: Material) -> list[Line]:
    """Of which topic, office and district there was most."""
    said = []
    for word, dimension, ranked in (
        ("상담유형", "root", material.roots),
        ("소관 부서", "office", material.offices),
        ("읍면동", "district", material.districts),
    ):
        first = next(iter(ranked))
        if is_known(first):
            of = ((dimension, str(first)),)
            count, share = contacts(ranked[first], of), share_of(material.total)(ranked[first], of)
            said.append(line(f"{word}별로는 ", str(first), SUBJECT, " ", count, "(", share, ")으로 가장 많음."))
    return said


def months(material: Material) -> Section:
    """월별 상담."""
    title = "월별 상담"
    total, span = material.total, material.span
    if not total.contacts:
        return Section("months", title)
    rows = axis("month", span.months, lambda month: span.month_name(str(month)))
    columns = [
        Column("상담(건)", contacts),
        Column("구성비", share_of(total)),
        Column("인입", measured("offered")),
        Column("응대", measured("answered")),
        Column("응대율", measured("answer_rate")),
        Column("자체처리율", measured("self_handled")),
    ]
    drawn = {span.name: [contacts(tally, (("month", str(month)),)) for month, tally in material.months.items()]}
    before = material.total_before
    if before is not None and span.before is not None:
        earlier = _earlier_by_month(material)
        columns.append(Column("전년 같은 달", lambda _tally, of: contacts(earlier[of], (*of, *BEFORE))))
        columns.append(Column("증감", lambda tally, of: change(tally.contacts, earlier[of].contacts, of)))
        drawn[span.before.name] = [contacts(earlier[(("month", month),)]) for month in span.months]
    by_month = table("months", "월별 상담 현황", "월", rows, material.months, columns, total)
    labels = [span.month_name(month) for month in span.months]
    chart = curves("months", "월별 상담 건수", labels, drawn)
    return Section("months", title, tuple(_months_said(material)), (*chart, by_month))


def _earlier_by_month(material: Material) -> dict[Slice, Tally]:
    """The tally of the year before by what the row of a month, or of the total, is of."""
    found: dict[Slice, Tally] = {(): material.total_before or material.nothing}
    for month in material.span.months:
        then = f"{int(month[:4]) - 1}{month[4:]}"
        found[(("month", month),)] = material.months_before.get(then, material.nothing)
    return found


def _months_said(material: Material) -> list[Line]:
    span = material.span
    with_contacts = {str(month): tally for month, tally in material.months.items() if tally.contacts}
    most = max(with_contacts, key=lambda month: with_contacts[month].contacts)
    least = min(with_contacts, key=lambda month: with_contacts[month].contacts)
    said = [
        line(
            "상담이 가장 많은 달은 ", span.month_name(most), BY, " ", contacts(with_contacts[most], (("month", most),)),
            "임.",
        )
    ]  # fmt: skip
    if least != most:
        said.append(
            line(
                "가장 적은 달은 ", span.month_name(least), BY, " ", contacts(with_contacts[least], (("month", least),)),
                "임.",
            )
        )  # fmt: skip
    return said
