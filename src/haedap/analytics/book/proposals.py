"""개선 제안: what the figures suggest should be done, each by a rule, with its evidence and its size. Pure.

A proposal's key is its rule and its subject. So it is the same proposal when the book is made again and in next year's
book, and what became of an accepted one is the rule's figure for the same subject a year later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from haedap.analytics.book.counting import contacts, measured
from haedap.analytics.book.korean import BY, SUBJECT, line
from haedap.analytics.book.material import PATH, Cases, Material, Passed, is_known
from haedap.analytics.book.model import Accepted, Evidence, Followed, Number, Proposal, Slice, Unit, number
from haedap.analytics.cube import Tally
from haedap.analytics.dimensions import Dimension, Value

MOST_OF_A_RULE = 3
LEAST_CONTACTS = 30
"""What is smaller is not proposed; it may be chance."""
RISEN = 0.2
"""A topic has risen by so much against the year before …"""
RISEN_SHARE = 0.002
"""… and by so much of all contacts."""
REPEATED_TIMES = 1.2
"""A topic is asked again so many times as often as all topics together."""
LATE = 0.05
"""An office is late with more than this share of its cases …"""
LEAST_LATE = 3
"""… and with so many."""
LEAST_SEARCHES = 5
_TELL = "안내문과 누리집, 자동 안내에 미리 알릴 필요가 있음."
ABANDONED_TIMES = 1.3
"""In an hour so many times as many give up as over the day."""
KEPT = 0.95
"""Callbacks are to be kept to this share."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`find`: its proposals for a year, without a bound. `figure`: what is followed, for any subject of any year."""

    name: str
    find: Callable[[Material], Iterable[Proposal]]
    figure: Callable[[Material, str], Number]


def proposals_of(material: Material) -> tuple[Proposal, ...]:
    """The largest of each rule, the largest first."""
    found: list[Proposal] = []
    for rule in RULES.values():
        found += sorted(rule.find(material), key=_by_size)[:MOST_OF_A_RULE]
    return tuple(sorted(found, key=_by_size))


def followed(material: Material, accepted: Iterable[Accepted]) -> tuple[Followed, ...]:
    """What became of the accepted proposals of earlier books."""
    return tuple(Followed(each, _figure_now(material, each)) for each in accepted)


def _figure_now(material: Material, accepted: Accepted) -> Number:
    name, _, subject = accepted.key.partition(":")
    if name not in RULES:
        return number(accepted.figure.key, None, accepted.figure.unit, accepted.figure.of)
    return RULES[name].figure(material, subject)


def _by_size(proposal: Proposal) -> tuple[float, str]:
    return -(proposal.size.value or 0), proposal.key


def _topic(material: Material, code: Value) -> str:
    return f"'{material.name(Dimension.TOPIC, code).replace(PATH, ' › ')}'"


def _topic_tally(material: Material, code: str) -> Tally:
    return material.topics.get(code, material.nothing)


def _office(material: Material, code: Value) -> str:
    """Whose topic it is, for a sentence."""
    owners = {office: tally for (topic, office), tally in material.by_owner.items() if topic == code and office}
    return f"소관 부서({max(owners, key=lambda each: owners[each].contacts)})" if owners else "소관 부서"


def _rising(material: Material) -> Iterable[Proposal]:
    if material.total_before is None:
        return
    for code, tally in material.topics.items():
        then = material.topics_before.get(code, material.nothing)
        more = tally.contacts - then.contacts
        least = max(LEAST_CONTACTS, RISEN_SHARE * material.total.contacts)
        if not is_known(code) or more < least or then.contacts < LEAST_CONTACTS or more < RISEN * then.contacts:
            continue
        of: Slice = (("topic", str(code)),)
        name = _topic(material, code)
        before = contacts(then, (*of, ("year", "before")))
        yield Proposal(
            key=f"rising:{code}",
            title=f"{name} 상담 증가에 대비한 사전 안내 강화",
            lines=(
                line(f"{name} 상담이 전년 ", before, "에서 ", contacts(tally, of), BY, " 늘어남."),
                line(f"{_office(material, code)}와 늘어난 까닭을 살피고, {_TELL}"),
            ),
            size=number("more_contacts", more, Unit.CONTACTS, of),
            figure=contacts(tally, of),
            figure_name=f"{name} 상담 건수",
            evidence=(
                Evidence("올해 상담", contacts(tally, of), "topics"),
                Evidence("전년 상담", before, "topics"),
            ),
        )


def _contacts_of(material: Material, code: str) -> Number:
    return contacts(_topic_tally(material, code), (("topic", code),))


def _growing(material: Material) -> Iterable[Proposal]:
    """Without a year before: the second half of the book's months against the first."""
    months = material.span.months
    if material.total_before is not None or len(months) < 6:
        return
    half = len(months) // 2
    halves: tuple[dict[Value, int], dict[Value, int]] = ({}, {})
    for (month, code), tally in material.by_month_and_topic.items():
        place = months.index(str(month))
        if place < half or place >= len(months) - half:
            side = halves[0] if place < half else halves[1]
            side[code] = side.get(code, 0) + tally.contacts
    least = max(LEAST_CONTACTS, RISEN_SHARE * material.total.contacts)
    for code, now in halves[1].items():
        then = halves[0].get(code, 0)
        if not is_known(code) or now - then < least or then < LEAST_CONTACTS or now - then < RISEN * then:
            continue
        yield _grown(material, str(code), then, now, half)


def _grown(material: Material, code: str, then: int, now: int, half: int) -> Proposal:
    of: Slice = (("topic", code),)
    name = _topic(material, code)
    first = number("contacts", then, Unit.CONTACTS, (*of, ("half", "first")))
    second = number("contacts", now, Unit.CONTACTS, (*of, ("half", "second")))
    return Proposal(
        key=f"growing:{code}",
        title=f"{name} 상담 증가에 대비한 사전 안내 강화",
        lines=(
            line(f"{name} 상담이 처음 {half}개월 ", first, f"에서 마지막 {half}개월 ", second, BY, " 늘어남."),
            line(f"철에 따른 증가인지 {_office(material, code)}와 살피고, {_TELL}"),
        ),
        size=number("more_contacts", now - then, Unit.CONTACTS, of),
        figure=_contacts_of(material, code),
        figure_name=f"{name} 상담 건수",
        evidence=(
            Evidence(f"처음 {half}개월 상담", first, "topics"),
            Evidence(f"마지막 {half}개월 상담", second, "topics"),
            Evidence("올해 상담", _contacts_of(material, code), "topics"),
        ),
    )


def _unaided(material: Material) -> Iterable[Proposal]:
    for passed in material.passed:
        if not is_known(passed.topic) or passed.unaided < LEAST_CONTACTS:
            continue
        of: Slice = (("topic", passed.topic),)
        name = _topic(material, passed.topic)
        numbers = {
            key: number(key, value, Unit.CONTACTS, of)
            for key, value in (
                ("passed_on", passed.passed_on),
                ("no_article", passed.no_article),
                ("no_look_up", passed.no_look_up),
                ("unaided", passed.unaided),
            )
        }
        title, advice = _aid(passed, name)
        yield Proposal(
            key=f"unaided:{passed.topic}",
            title=title,
            lines=(
                line(
                    f"{name} 상담 가운데 ", numbers["passed_on"], "을 다른 부서로 넘겼으며, 그중 ", numbers["unaided"],
                    "은 상담 지식이나 행정정보 조회 없이 넘김.",
                ),
                line(advice),
            ),
            size=numbers["unaided"],
            figure=numbers["unaided"],
            figure_name=f"{name} 도움 없이 넘긴 건",
            evidence=(
                Evidence("넘긴 건", numbers["passed_on"], "handling"),
                Evidence("상담 지식을 쓰지 않은 건", numbers["no_article"], "handling"),
                Evidence("행정정보 조회가 되지 않은 건", numbers["no_look_up"], "handling"),
            ),
        )  # fmt: skip


def _aid(passed: Passed, name: str) -> tuple[str, str]:
    """What is wanted more, as a title and a sentence."""
    if passed.no_look_up > passed.no_article:
        return (
            f"{name} 행정정보 연계",
            "상담사가 바로 조회하여 답할 수 있도록 해당 행정정보시스템을 연계할 필요가 있음.",
        )
    return (
        f"{name} 상담 지식 보강",
        "상담사가 바로 답할 수 있도록 소관 부서와 함께 상담 지식을 쓰고 다듬을 필요가 있음.",
    )


def _unaided_of(material: Material, code: str) -> Number:
    known = {each.topic: each.unaided for each in material.passed}
    return number("unaided", known.get(code, 0) if material.passed else None, Unit.CONTACTS, (("topic", code),))


def _repeated(material: Material) -> Iterable[Proposal]:
    everywhere = _repeat_rate(material.total, ())
    for code, tally in material.topics.items():
        of: Slice = (("topic", str(code)),)
        rate = _repeat_rate(tally, of)
        again = _repeats(tally)
        if not is_known(code) or again < LEAST_CONTACTS or (rate.value or 0) < REPEATED_TIMES * (everywhere.value or 0):
            continue
        name = _topic(material, code)
        count = number("repeated", again, Unit.CONTACTS, of)
        days = material.settings.repeat_days
        yield Proposal(
            key=f"repeated:{code}",
            title=f"{name} 재상담 줄이기",
            lines=(
                line(
                    f"{name} 상담 뒤 {days}일 안에 같은 민원인이 같은 내용으로 다시 건 상담이 ", count, "(", rate,
                    ")으로, 전체 평균 ", everywhere, "보다 높음.",
                ),
                line("한 번에 끝나지 않는 까닭을 살펴 안내 내용과 절차를 고칠 필요가 있음."),
            ),
            size=count,
            figure=rate,
            figure_name=f"{name} 재상담 비율",
            evidence=(Evidence("다시 건 상담", count, "handling"), Evidence("전체 평균", everywhere, "handling")),
        )  # fmt: skip


def _repeats(tally: Tally) -> int:
    return tally.population("fcr") - tally.hits("fcr")


def _repeat_rate(tally: Tally, of: Slice) -> Number:
    population = tally.population("fcr")
    return number("repeat_rate", _repeats(tally) / population if population else None, Unit.RATE, of)


def _late(material: Material) -> Iterable[Proposal]:
    for each in material.cases:
        rate = _late_rate(each)
        if not each.office or each.late < LEAST_LATE or (rate.value or 0) < LATE:
            continue
        of: Slice = (("office", each.office),)
        late = number("cases_late", each.late, Unit.COUNT, of)
        yield Proposal(
            key=f"late:{each.office}",
            title=f"{each.office} 민원 처리기한 준수",
            lines=(
                line(each.office, SUBJECT, " 처리한 민원 가운데 ", late, "(", rate, ")이 처리기한을 넘김."),
                line("기한이 지나기 전에 알리는 사람과 대직자를 정하고, 늦어지는 민원 유형을 함께 살필 필요가 있음."),
            ),
            size=late,
            figure=rate,
            figure_name=f"{each.office} 기한 초과율",
            evidence=(
                Evidence("접수한 민원", number("cases", each.received, Unit.COUNT, of), "cases"),
                Evidence("기한을 넘긴 민원", late, "cases"),
            ),
        )


def _late_rate(cases: Cases) -> Number:
    done = cases.in_time + cases.late
    return number("late_rate", cases.late / done if done else None, Unit.RATE, (("office", cases.office),))


def _late_of(material: Material, office: str) -> Number:
    for each in material.cases:
        if each.office == office:
            return _late_rate(each)
    return number("late_rate", None, Unit.RATE, (("office", office),))


def _gaps(material: Material) -> Iterable[Proposal]:
    for each in material.unanswered:
        if each.count < LEAST_SEARCHES:
            continue
        count = _searches_of(material, each.words)
        yield Proposal(
            key=f"gap:{each.words}",
            title=f"'{each.words}' 상담 지식 작성",
            lines=(
                line(f"상담사가 '{each.words}'", BY, " 찾았으나 답을 얻지 못한 검색이 ", count, "임."),
                line("소관 부서를 정하여 해당 상담 지식을 쓸 필요가 있음."),
            ),
            size=count,
            figure=count,
            figure_name=f"'{each.words}' 답 없는 검색",
            evidence=(Evidence("답을 찾지 못한 검색", count, "gaps"),),
        )


def _searches_of(material: Material, words: str) -> Number:
    count = sum(each.count for each in material.unanswered if each.words == words)
    return number("searches", count, Unit.COUNT, (("words", words),))


def _peaks(material: Material) -> Iterable[Proposal]:
    everywhere = measured("abandonment")(material.total, ())
    for hour, tally in material.hours.items():
        of: Slice = (("hour", str(hour)),)
        rate = measured("abandonment")(tally, of)
        lost = tally.hits("abandoned")
        if lost < LEAST_CONTACTS or (rate.value or 0) < ABANDONED_TIMES * (everywhere.value or 0):
            continue
        name = f"{hour}시~{int(hour or 0) + 1}시"
        count = number("abandoned", lost, Unit.CONTACTS, of)
        yield Proposal(
            key=f"peak:{hour}",
            title=f"{name} 상담 인력 보강",
            lines=(
                line(
                    f"{name}에 걸려 온 상담 가운데 ",
                    count,
                    "(",
                    rate,
                    ")이 연결되기 전에 끊겨 전체 포기율 ",
                    everywhere,
                    "보다 높음.",
                ),
                line("근무와 휴게 시간을 옮기거나 콜백을 먼저 권하는 방안을 살필 필요가 있음."),
            ),
            size=count,
            figure=rate,
            figure_name=f"{name} 포기율",
            evidence=(Evidence("연결 전에 끊긴 상담", count, "times"), Evidence("전체 포기율", everywhere, "service")),
        )


def _abandonment_of(material: Material, hour: str) -> Number:
    known = {str(value): tally for value, tally in material.hours.items()}
    return measured("abandonment")(known.get(hour, material.nothing), (("hour", hour),))


def _callbacks(material: Material) -> Iterable[Proposal]:
    counted, kept = _promises(material)
    rate = _unkept_of(material, "")
    if counted - kept < LEAST_LATE or kept >= KEPT * counted:
        return
    count = number("promises_not_kept", counted - kept, Unit.CONTACTS)
    yield Proposal(
        key="callbacks:",
        title="콜백 이행 관리 강화",
        lines=(
            line(
                "콜백 약속 ",
                number("promises", counted, Unit.CONTACTS),
                " 가운데 ",
                count,
                "(",
                rate,
                ")을 기한 안에 이행하지 못함.",
            ),
            line("기한이 가까운 약속을 먼저 배분하고 담당자별 이행 현황을 매주 살필 필요가 있음."),
        ),
        size=count,
        figure=rate,
        figure_name="콜백 미이행률",
        evidence=(
            Evidence("콜백 약속", number("promises", counted, Unit.CONTACTS), "callbacks"),
            Evidence("콜백 이행률", number("callback_kept", kept / counted, Unit.RATE), "callbacks"),
        ),
    )


def _promises(material: Material) -> tuple[int, int]:
    return sum(each.counted for each in material.promised), sum(each.kept for each in material.promised)


def _unkept_of(material: Material, _subject: str) -> Number:
    counted, kept = _promises(material)
    return number("unkept_rate", (counted - kept) / counted if counted else None, Unit.RATE)


RULES = {
    rule.name: rule
    for rule in (
        Rule("rising", _rising, _contacts_of),
        Rule("growing", _growing, _contacts_of),
        Rule("unaided", _unaided, _unaided_of),
        Rule(
            "repeated",
            _repeated,
            lambda material, code: _repeat_rate(_topic_tally(material, code), (("topic", code),)),
        ),
        Rule("late", _late, _late_of),
        Rule("gap", _gaps, _searches_of),
        Rule("peak", _peaks, _abandonment_of),
        Rule("callbacks", _callbacks, _unkept_of),
    )
}
