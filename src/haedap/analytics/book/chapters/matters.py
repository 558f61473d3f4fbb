"""Cases and their terms, articles, searches without an answer, emerging issues, and what the figures mean."""

from __future__ import annotations

from collections.abc import Sequence

from haedap.analytics.book.counting import TOTAL, bars
from haedap.analytics.book.korean import BY, line
from haedap.analytics.book.material import Cases, Material, Surge
from haedap.analytics.book.model import Block, Line, Number, Part, Section, Slice, Table, Unit, number

_MOST_OFFICES = 20
_MOST_ARTICLES = 20
_MOST_WORDS = 20
_MOST_ISSUES = 20
_NAMES = {"contacts": "상담 건수"}
_SHOWN = frozenset(
    {
        "contacts",
        "offered",
        "answered",
        "answer_rate",
        "abandoned",
        "short_abandoned",
        "abandonment",
        "service_level",
        "asa_seconds",
        "aht_seconds",
        "self_handled",
        "transferred",
        "referred",
        "transfer_rate",
        "fcr",
        "callback_kept",
        "survey_response",
    }
)
"""The figures of the book, by the keys of their formulas."""


def cases(material: Material) -> Section:
    """민원 처리와 처리기한."""
    title = "민원 처리와 처리기한"
    received = [each for each in material.cases if each.received]
    received.sort(key=lambda each: (-each.received, each.office))
    if not received:
        return Section("cases", title)
    rest = received[_MOST_OFFICES:] if len(received) > _MOST_OFFICES + 1 else []
    shown = received[: len(received) - len(rest)]
    rows = [_case_row(each.office or "소관 부서 미지정", [each], (("office", each.office),)) for each in shown]
    if rest:
        rows.append(_case_row(f"그 밖 {len(rest)}개 부서", rest, (("office", f"cases+{len(rest)}"),)))
    rows.append(_case_row(TOTAL, received, ()))
    headings = ("처리 부서", "접수", "기한 내", "기한 초과", "처리 중", "기한 내 처리율", "평균 처리일")
    return Section(
        "cases",
        title,
        tuple(_cases_said(received)),
        (Table("cases", "처리 부서별 민원 처리", headings, tuple(rows), total=True),),
    )


def _case_numbers(cases: Sequence[Cases], of: Slice) -> dict[str, Number]:
    in_time, late = sum(each.in_time for each in cases), sum(each.late for each in cases)
    done = [(each.mean_days, each.in_time + each.late) for each in cases if each.mean_days is not None]
    weight = sum(count for _days, count in done)
    days = sum(days * count for days, count in done) / weight if weight else None
    return {
        "cases": number("cases", sum(each.received for each in cases), Unit.COUNT, of),
        "in_time": number("cases_in_time", in_time, Unit.COUNT, of),
        "late": number("cases_late", late, Unit.COUNT, of),
        "open": number("cases_open", sum(each.open for each in cases), Unit.COUNT, of),
        "rate": number("cases_in_time_rate", in_time / (in_time + late) if in_time + late else None, Unit.RATE, of),
        "days": number("case_days", days, Unit.DAYS, of),
    }


def _case_row(name: str, cases: Sequence[Cases], of: Slice) -> tuple[Part, ...]:
    return (name, *_case_numbers(cases, of).values())


def _cases_said(received: Sequence[Cases]) -> list[Line]:
    numbers = _case_numbers(received, ())
    said = [line("민원 ", numbers["cases"], "을 소관 부서로 넘김.")]
    if numbers["rate"].value is not None:
        rate, late = numbers["rate"], numbers["late"]
        said.append(line("처리가 끝난 민원의 ", rate, "를 처리기한 안에 처리하고, ", late, "은 기한을 넘김."))
    if numbers["days"].value is not None:
        said.append(line("처리에는 평균 ", numbers["days"], "이 걸림."))
    return said


def articles(material: Material) -> Section:
    """많이 본 상담 지식."""
    title = "많이 본 상담 지식"
    read = sorted((each for each in material.articles if each.uses), key=lambda each: (-each.uses, each.title))
    if not read:
        return Section("articles", title)
    rows = tuple(
        (f"{place}. {each.title}", number("uses", each.uses, Unit.COUNT, (("article", each.code),)))
        for place, each in enumerate(read[:_MOST_ARTICLES], start=1)
    )
    first = read[0]
    uses = number("uses", first.uses, Unit.COUNT, (("article", first.code),))
    said = (line("상담에 가장 많이 쓴 지식은 ", f"'{first.title}'", BY, " ", uses, "임."),)
    return Section("articles", title, said, (Table("articles", "많이 본 상담 지식", ("상담 지식", "사용(건)"), rows),))


def gaps(material: Material) -> Section:
    """답을 찾지 못한 검색."""
    title = "답을 찾지 못한 검색"
    sought = sorted((each for each in material.unanswered if each.count), key=lambda each: (-each.count, each.words))
    if not sought:
        return Section("gaps", title)
    rows = tuple(
        (f"{place}. {each.words}", number("searches", each.count, Unit.COUNT, (("words", each.words),)))
        for place, each in enumerate(sought[:_MOST_WORDS], start=1)
    )
    first = sought[0]
    count = number("searches", first.count, Unit.COUNT, (("words", first.words),))
    said = (line("답을 찾지 못하고 가장 자주 찾은 말은 ", f"'{first.words}'", BY, " ", count, "임."),)
    return Section("gaps", title, said, (Table("gaps", "답을 찾지 못한 검색어", ("검색어", "검색(건)"), rows),))


def issues(material: Material) -> Section:
    """올해의 현안."""
    title = "올해의 현안"
    if not material.surges:
        return Section("issues", title)
    surges = sorted(material.surges, key=lambda each: (each.usual - each.contacts, each.since, each.name))
    largest = surges[:_MOST_ISSUES]
    rows = tuple(
        (_days(material, each), each.name, *_surge_numbers(each))
        for each in sorted(largest, key=lambda each: (each.since, each.name))
    )
    first, (count, usual) = largest[0], _surge_numbers(largest[0])
    said = (
        line("평소보다 상담이 크게 늘어난 현안은 ", number("surges", len(material.surges), Unit.COUNT), "임."),
        line(
            f"가장 크게 늘어난 것은 '{first.name}' 상담으로, {_days(material, first)}에 ", count, "을 접수함(평소 ",
            usual, ").",
        ),
    )  # fmt: skip
    names = [f"{each.name} ({_days(material, each)})" for each in largest]
    numbers = [_surge_numbers(each)[0] for each in largest]
    note = "앞선 8주와 전년 같은 철에 견주어 뚜렷이 늘어난 상담유형을 주 단위로 찾음."
    blocks: tuple[Block, ...] = (
        *bars("issues", "현안별 상담 건수", list(zip(names, numbers, strict=True))[:10]),
        Table("issues", "올해의 현안", ("기간", "상담유형", "상담(건)", "평소(건)"), rows, note=note),
    )
    return Section("issues", title, said, blocks)


def _surge_numbers(surge: Surge) -> tuple[Number, Number]:
    of = (("surge", f"{surge.since} {surge.name}"),)
    usual = number("surge_usual", round(surge.usual), Unit.CONTACTS, of)
    return number("surge", surge.contacts, Unit.CONTACTS, of), usual


def _days(material: Material, surge: Surge) -> str:
    """With the year where the book has several."""
    has_years = material.span.since.year != material.span.last.year
    first, last = (
        f"{day.year}년 {day.month}월 {day.day}일" if has_years else f"{day.month}월 {day.day}일"
        for day in (surge.since, surge.last)
    )
    return f"{first}~{last}"


def definitions(material: Material) -> Section:
    """지표의 정의."""
    rows = tuple(
        (_NAMES.get(key, name), formula) for key, (name, formula) in material.formulas.items() if key in _SHOWN
    )
    said = (
        line("모든 지표는 상담이 접수된 시각을 기준으로 셈: 언제 끝났든 접수된 달에 속함."),
        line("비율은 소수 둘째 자리에서 반올림하여 합이 100.0%가 아닐 수 있음."),
    )
    table = Table("definitions", "지표의 정의", ("지표", "산식"), rows)
    return Section("definitions", "지표의 정의", said, (table,))
