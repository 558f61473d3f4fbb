"""By topic, by district, by owning office, and crossed."""

from __future__ import annotations

from collections.abc import Mapping

from haedap.analytics.book.counting import (
    Axis,
    Column,
    axis,
    bars,
    change,
    contacts,
    matrix,
    measured,
    ranking,
    share_of,
    table,
)
from haedap.analytics.book.korean import line
from haedap.analytics.book.material import PATH, Material, is_known
from haedap.analytics.book.model import Block, Chart, Line, Section, Slice
from haedap.analytics.cube import Tally
from haedap.analytics.dimensions import Dimension, Value

MOST_BARS = 10
MOST_TOPICS = 30
_MOST_ROOTS = 7
_MOST_OFFICES = 25


def topics(material: Material) -> Section:
    """상담유형별 상담."""
    title = "상담유형별 상담"
    if not any(is_known(root) for root in material.roots):
        return Section("topics", title)
    total = material.total
    roots = axis("root", material.roots, str)
    few_roots = axis("root", material.roots, str, _MOST_ROOTS)
    columns = [Column("상담(건)", contacts), Column("구성비", share_of(total))]
    if material.total_before is not None:
        columns += _against(material)
    columns += [Column("자체처리율", measured("self_handled")), Column("평균처리시간", measured("aht_seconds"))]
    blocks: list[Block] = [
        *_first_bars("roots", "상담유형별 상담 건수", material.roots),
        table("roots", "상담유형(대분류)별 상담 현황", "상담유형", roots, material.roots, columns, total),
    ]
    if len(material.topics) > len(material.roots):
        leaves = axis("topic", material.topics, lambda code: _leaf(material, code), MOST_TOPICS)
        detail = (*columns[:2], *columns[-2:])
        blocks.append(
            table("topics", "상담유형(세분류)별 상담 현황", "상담유형", leaves, material.topics, detail, total)
        )
    months = axis("month", material.span.months, lambda month: material.span.month_name(str(month)))
    cells = _rooted(material, material.by_month_and_topic)
    blocks.append(matrix("month_root", "월별·상담유형별 상담 건수", "월", months, few_roots, cells))
    return Section("topics", title, tuple(_topics_said(material)), tuple(blocks))


def _leaf(material: Material, code: Value) -> str:
    return material.name(Dimension.TOPIC, code).replace(PATH, " › ")


def _against(material: Material) -> list[Column]:
    """Each topmost topic's contacts of the year before, and the change."""
    before: dict[Slice, Tally] = {(): material.total_before or material.nothing}
    for code, tally in material.topics_before.items():
        of = (("root", material.root(code)),)
        before[of] = before[of] + tally if of in before else tally
    return [
        Column("전년(건)", lambda _tally, of: contacts(before.get(of, material.nothing), (*of, ("year", "before")))),
        Column("증감", lambda tally, of: change(tally.contacts, before.get(of, material.nothing).contacts, of)),
    ]


def _rooted(material: Material, cells: Mapping[tuple[Value, ...], Tally]) -> dict[tuple[Value, ...], Tally]:
    """The same cells with the topmost topic in the place of each topic, which comes last."""
    found: dict[tuple[Value, ...], Tally] = {}
    for (value, code), tally in cells.items():
        place = (value, material.root(code))
        found[place] = found[place] + tally if place in found else tally
    return found


def _topics_said(material: Material) -> list[Line]:
    named = [root for root in material.roots if is_known(root)]
    total = material.total
    said = list(ranking("상담유형", "root", named[:4], material.roots, total))
    if len(named) > 3:
        three = material.nothing
        for root in named[:3]:
            three += material.roots[root]
        said.append(line("상위 세 유형이 전체 상담의 ", share_of(total)(three, (("root", "first three"),)), "임."))
    unknown = material.topics.get("")
    if unknown is not None:
        said.append(line("상담유형이 기록되지 않은 상담은 ", contacts(unknown, (("topic", ""),)), "임."))
    return said


def districts(material: Material) -> Section:
    """읍면동별 상담."""
    title = "읍면동별 상담"
    named = [district for district in material.districts if is_known(district)]
    if not named:
        return Section("districts", title)
    total = material.total
    rows = axis("district", material.districts, lambda value: material.name(Dimension.DISTRICT, value))
    roots = axis("root", material.roots, str, _MOST_ROOTS)
    cells = _rooted(material, material.by_district_and_topic)
    columns = (
        Column("상담(건)", contacts),
        Column("구성비", share_of(total)),
        Column("응대율", measured("answer_rate")),
        Column("자체처리율", measured("self_handled")),
    )
    blocks: tuple[Block, ...] = (
        *_first_bars("districts", "읍면동별 상담 건수", material.districts),
        table("districts", "읍면동별 상담 현황", "읍면동", rows, material.districts, columns, total),
        matrix("district_root", "읍면동별·상담유형별 상담 건수", "읍면동", rows, roots, cells),
    )
    said = [*ranking("읍면동", "district", named[:3], material.districts, total), *_known_share(material)]
    return Section("districts", title, tuple(said), blocks)


def _known_share(material: Material) -> list[Line]:
    unknown = material.districts.get("")
    if unknown is None:
        return []
    share = share_of(material.total)(unknown, (("district", ""),))
    return [line("읍면동이 확인되지 않은 상담은 ", contacts(unknown, (("district", ""),)), "(", share, ")임.")]


def offices(material: Material) -> Section:
    """소관 부서별 상담."""
    title = "소관 부서별 상담"
    named = [office for office in material.offices if is_known(office)]
    if not named:
        return Section("offices", title)
    total = material.total
    rows = _offices(material, _MOST_OFFICES)
    columns = (
        Column("상담(건)", contacts),
        Column("구성비", share_of(total)),
        Column("응대", measured("answered")),
        Column("호전환", measured("transferred")),
        Column("부서 이관", measured("referred")),
        Column("자체처리율", measured("self_handled")),
    )
    blocks: tuple[Block, ...] = (
        *_first_bars("offices", "소관 부서별 상담 건수", material.offices),
        table("offices", "소관 부서별 상담 현황", "소관 부서", rows, material.offices, columns, total),
    )
    return Section("offices", title, ranking("소관 부서", "office", named[:4], material.offices, total), blocks)


def _offices(material: Material, most: int) -> Axis:
    return axis("office", material.offices, lambda value: material.name(Dimension.OFFICE, value), most, "개 부서")


def crossed(material: Material) -> Section:
    """읍면동과 소관 부서의 교차."""
    title = "읍면동·소관 부서 교차"
    known = any(is_known(each) for each in material.offices) and any(is_known(each) for each in material.districts)
    if not known:
        return Section("crossed", title)
    rows = axis("district", material.districts, lambda value: material.name(Dimension.DISTRICT, value))
    columns = _offices(material, _MOST_ROOTS)
    cells = material.by_district_and_office
    named = {place: tally for place, tally in cells.items() if all(is_known(value) for value in place)}
    said = []
    if named:
        (district, office), tally = min(named.items(), key=lambda item: (-item[1].contacts, str(item[0])))
        of = (("district", str(district)), ("office", str(office)))
        both = f"읍면동과 소관 부서를 함께 보면 {district}의 {office} 소관 상담이 "
        said.append(line(both, contacts(tally, of), "으로 가장 많음."))
    return Section(
        "crossed", title, tuple(said),
        (matrix("district_office", "읍면동별·소관 부서별 상담 건수", "읍면동", rows, columns, cells),),
    )  # fmt: skip


def _first_bars(key: str, caption: str, tallies: Mapping[Value, Tally]) -> tuple[Chart, ...]:
    """The first ones that are known."""
    shown = [(str(value), contacts(tally)) for value, tally in tallies.items() if is_known(value)]
    return bars(key, caption, shown[:MOST_BARS])
