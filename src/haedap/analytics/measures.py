"""What each figure is. The only place: screens, reports and the reference page read it from here.

A figure is a count, a share or a mean over the contacts of a cohort. What it counts are conditions on a contact, so
that every figure can be opened down to the contacts behind it: a share's `population` below the line, its `hits` above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ibis.expr.types import BooleanValue, IntegerValue, NumericValue, Table

from haedap.analytics.conditions import (
    MICROSECONDS,
    Condition,
    abandoned,
    answered,
    answered_in_time,
    came_in,
    closed_by_flow,
    handled,
    left_in_flow,
    left_queue,
    left_queue_but_short,
    left_queue_in_time,
    offered,
    offered_but_short,
    referred,
    self_handled,
    short_abandoned,
    solved_at_once,
    survey_answered,
    surveyed,
    transferred,
    was_promised,
    was_resumed,
    was_returned,
)
from haedap.domain.states import PromiseOutcome

ARRIVAL_COHORT = "접수 시각 기준: 그 구간에 걸려 온 상담 건은 언제 끝나든 그 구간에 속합니다."
LIVE = "현재 시각 기준: 지금 대기 중인 상담 건입니다."
PROMISE_COHORT = "약속 시각 기준: 그 구간에 한 콜백 약속은 언제 끝나든 그 구간에 속합니다."
CLOCK = "시각 기준: 그 구간 안에서 흐른 시간만 셉니다."


class Unit(StrEnum):
    """What a figure's number means. A ratio is 0 to 1 and is shown as a percentage; points are 0 to 100."""

    CONTACTS = "contacts"
    RATIO = "ratio"
    SECONDS = "seconds"
    POINTS = "points"


class ServiceLevelFormula(StrEnum):
    """The published formulas of the service level; the centre chooses one."""

    STANDARD = "standard"
    GENESYS = "genesys"
    SL1 = "sl1"
    SL2 = "sl2"
    CONNECT = "connect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """How a figure is called and explained beside its number."""

    key: str
    name: str
    unit: Unit
    formula: str
    cohort: str = ARRIVAL_COHORT
    settings: tuple[str, ...] = ()
    """The settings of the centre or of the queue that change the number."""


@dataclass(frozen=True, slots=True)
class Mean:
    """What a mean adds up and by what it divides: `total` ÷ `each` over the population, ÷ `weight` (None: contacts)."""

    total: Callable[[Table], IntegerValue]
    each: int = 1
    weight: Callable[[Table], IntegerValue] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure over a cohort. Without `mean` it is a count (unit CONTACTS) or a share (unit RATIO)."""

    definition: Definition
    population: Condition
    hits: Condition
    mean: Mean | None = None

    def value(self, contacts: Table) -> NumericValue:
        """The figure; none when there is nothing to divide by."""
        if self.mean is not None:
            return self.mean.total(contacts).mean(where=self.population(contacts)) / self.mean.each
        hits = contacts.count(where=self.hits(contacts))
        if self.definition.unit is Unit.CONTACTS:
            return hits
        return hits / contacts.count(where=self.population(contacts)).nullif(0)


def _count(key: str, name: str, formula: str, condition: Condition, settings: tuple[str, ...] = ()) -> Measure:
    return Measure(
        Definition(key=key, name=name, unit=Unit.CONTACTS, formula=formula, settings=settings), condition, condition
    )


_SERVICE_LEVELS: dict[ServiceLevelFormula, tuple[str, Condition, Condition]] = {
    ServiceLevelFormula.STANDARD: (
        "목표 시간 안에 응대한 건 ÷ (인입 − 단기 포기)",
        offered_but_short,
        answered_in_time,
    ),
    ServiceLevelFormula.GENESYS: (
        "목표 시간 안에 응대한 건 ÷ (응대 + 포기 − 단기 포기) (Genesys)",
        left_queue_but_short,
        answered_in_time,
    ),
    ServiceLevelFormula.SL1: ("목표 시간 안에 응대한 건 ÷ 응대 (app_queue SL1)", answered, answered_in_time),
    ServiceLevelFormula.SL2: (
        "(목표 시간 안에 응대한 건 + 목표 시간 안에 포기한 건) ÷ (응대 + 포기) (app_queue SL2)",
        left_queue,
        left_queue_in_time,
    ),
    ServiceLevelFormula.CONNECT: (
        "목표 시간 안에 대기열을 떠난 건(응대 또는 포기) ÷ 인입 (Amazon Connect)",
        offered,
        left_queue_in_time,
    ),
}


def service_level(formula: ServiceLevelFormula) -> Measure:
    """The service level by one of the published formulas."""
    text, population, hits = _SERVICE_LEVELS[formula]
    definition = Definition(
        key="service_level",
        name="서비스레벨",
        unit=Unit.RATIO,
        formula=text,
        settings=("service_level_formula", "service_level_seconds", "short_abandon_seconds"),
    )
    return Measure(definition, population, hits)


_FIXED = (
    _count("offered", "인입", "상담사 연결을 요청한 건(대기열에 들어온 건)", offered),
    _count("answered", "응대", "상담사와 연결된 건", answered),
    Measure(
        Definition(key="answer_rate", name="응대율", unit=Unit.RATIO, formula="응대 ÷ 인입"),
        offered,
        answered,
    ),
    _count("abandoned", "포기", "대기 중에 끊긴 건(단기 포기 포함)", abandoned),
    _count(
        "short_abandoned",
        "단기 포기",
        "대기열에 들어온 뒤 단기 포기 기준 시간 안에 끊긴 건",
        short_abandoned,
        ("short_abandon_seconds",),
    ),
    Measure(
        Definition(key="abandonment", name="포기율", unit=Unit.RATIO, formula="포기 ÷ 인입"),
        offered,
        abandoned,
    ),
    Measure(
        Definition(
            key="asa_seconds",
            name="평균응답대기시간",
            unit=Unit.SECONDS,
            formula="응대한 건의 대기 시간 합 ÷ 응대 (기다리지 않은 건 포함)",
        ),
        answered,
        answered,
        Mean(lambda contact: contact.answer_wait, MICROSECONDS),
    ),
    _count(
        "closed_by_flow",
        "자동 안내 종결",
        "상담사를 요청하지 않고 자동 안내로 끝난 건(인입에 넣지 않음)",
        closed_by_flow,
    ),
    _count("left_in_flow", "안내 중 종료", "자동 안내를 듣다가 끊은 건(인입에 넣지 않음)", left_in_flow),
    _count(
        "promised",
        "콜백 약속",
        "콜백을 약속하고 끝난 건. 약속이 끝내 지켜지지 않으면 포기에도 넣음",
        was_promised,
    ),
    _count("resumed", "재인입", "끊긴 뒤 다시 걸어 이전 순서를 이어받은 건", was_resumed),
    _count("transferred", "호전환", "응대한 건 가운데 다른 상담사, 대기열, 담당자에게 넘겨준 건", transferred),
    Measure(
        Definition(key="transfer_rate", name="호전환율", unit=Unit.RATIO, formula="호전환 ÷ 응대"),
        answered,
        transferred,
    ),
    _count("returned", "되돌아온 호", "즉시 호전환이 이어지지 않아 상담사에게 되돌아온 건", was_returned),
    _count("referred", "부서 이관", "응대한 건 가운데 담당자의 회신을 약속했거나 민원으로 넘긴 건", referred),
    Measure(
        Definition(
            key="self_handled",
            name="자체처리율",
            unit=Unit.RATIO,
            formula="호전환도 부서 이관도 없이 끝난 건 ÷ 응대",
        ),
        answered,
        self_handled,
    ),
)


def _promise_is_counted(promise: Table) -> BooleanValue:
    outcome = promise.outcome.fill_null("")
    in_time = promise.ended_at <= promise.deadline
    void = outcome.isin([PromiseOutcome.MERGED.value, PromiseOutcome.CANCELLED.value])
    served_before = (outcome == PromiseOutcome.RESOLVED.value) & in_time
    decided = promise.ended_at.notnull() | (promise.deadline <= promise.now)
    return decided & ~void & ~served_before


def _promise_is_kept(promise: Table) -> BooleanValue:
    return (promise.outcome.fill_null("") == PromiseOutcome.KEPT.value) & (promise.ended_at <= promise.deadline)


CALLBACK_KEPT = Measure(
    Definition(
        key="callback_kept",
        name="콜백 이행률",
        unit=Unit.RATIO,
        formula=(
            "기한 안에 민원인과 연결된 약속 ÷ 약속. 합치거나 취소한 약속, 기한 안에 민원인이 먼저 전화한 약속, "
            "아직 기한이 남은 약속은 넣지 않음"
        ),
        cohort=PROMISE_COHORT,
    ),
    _promise_is_counted,
    _promise_is_kept,
)
"""Over the promises of a scope, not over its contacts."""


PASSED_ON = Definition(
    key="passed_on",
    name="넘긴 건",
    unit=Unit.CONTACTS,
    formula="호전환되었거나 담당자의 회신을 약속했거나 민원으로 넘긴 건 (응대하고 끝난 건 − 자체처리)",
)
UNAIDED = Definition(
    key="unaided",
    name="도움 없이 넘긴 건",
    unit=Unit.CONTACTS,
    formula="넘긴 건 가운데 상담 지식도 쓰지 않고 행정정보 조회도 되지 않은 건",
)
AVOIDABLE = Definition(
    key="avoidable",
    name="줄일 수 있는 건",
    unit=Unit.CONTACTS,
    formula=(
        "(쓴 건의 자체처리율 − 쓰지 않은 건의 자체처리율) × 쓰지 않은 건, 다만 도움 없이 넘긴 건을 넘지 않음. "
        "쓴 건이 20건보다 적은 유형은 센터 전체를 유형별로 표준화한 차이로 셈"
    ),
)

HANDLE_TIME = Definition(
    key="aht_seconds",
    name="평균처리시간",
    unit=Unit.SECONDS,
    formula="(통화 + 보류 + 후처리) ÷ 처리한 건. 후처리까지 끝난 상담 구간만 셈. 연결되지 않은 콜백은 넣지 않음",
)
OCCUPANCY = Definition(
    key="occupancy",
    name="점유율",
    unit=Unit.RATIO,
    formula="처리 시간(상담중 + 후처리) ÷ (처리 시간 + 대기 시간). 호가 울리는 시간은 어느 쪽에도 넣지 않음",
    cohort=CLOCK,
)
WAITING = Definition(
    key="waiting",
    name="대기",
    unit=Unit.CONTACTS,
    formula="대기열에 있고 아직 상담사와 연결되지 않은 건(상담사 전화가 울리는 중인 건 포함)",
    cohort=LIVE,
)


CONTACTS = _count(
    "contacts",
    "접수",
    "걸려 온 모든 건. 상담사를 요청하지 않고 끝난 건도 넣고, 센터가 건 전화는 넣지 않음",
    came_in,
)
"""All that every other figure is part of."""
_OF_FACTS = (
    Measure(HANDLE_TIME, handled, handled, Mean(lambda contact: contact.handle_time, MICROSECONDS)),
    Measure(
        Definition(
            key="fcr",
            name="1차 처리율",
            unit=Unit.RATIO,
            formula=(
                "같은 민원인이 같은 유형으로 정한 날수 안에 다시 문의하지 않은 건 ÷ 응대. "
                "유형이 없거나 누구인지 모르는 건은 다시 문의하지 않은 것으로 봄"
            ),
            settings=("repeat_days",),
        ),
        answered,
        solved_at_once,
    ),
    Measure(
        Definition(
            key="survey",
            name="만족도",
            unit=Unit.POINTS,
            formula="응답한 항목의 점수 합 ÷ 응답한 항목의 수 (항목마다 0~100점)",
        ),
        survey_answered,
        survey_answered,
        Mean(lambda contact: contact.survey_total, weight=lambda contact: contact.survey_items),
    ),
    Measure(
        Definition(
            key="survey_response",
            name="만족도 응답률",
            unit=Unit.RATIO,
            formula="만족도 조사에 답한 건 ÷ 조사를 요청한 건",
        ),
        surveyed,
        survey_answered,
    ),
)
"""What takes more than a contact's own row, and time to become known: in reports, not on the wallboard."""


def cohort_measures(formula: ServiceLevelFormula) -> tuple[Measure, ...]:
    """The figures over the arrival cohort, in the order in which they are shown."""
    return (*_FIXED[:6], service_level(formula), *_FIXED[6:])


def fact_measures(formula: ServiceLevelFormula) -> tuple[Measure, ...]:
    """Every figure over facts (`haedap.analytics.facts`), in the order in which they are shown."""
    return (CONTACTS, *cohort_measures(formula), *_OF_FACTS)


def effect_definitions() -> tuple[Definition, ...]:
    """The explanations of the page of the effect."""
    shared = (measure.definition for measure in _FIXED if measure.definition.key == "self_handled")
    return (*shared, HANDLE_TIME, PASSED_ON, UNAIDED, AVOIDABLE)


def definitions(formula: ServiceLevelFormula) -> tuple[Definition, ...]:
    """The explanations of the wallboard's figures, in the order in which they are shown."""
    of_contacts = (measure.definition for measure in cohort_measures(formula))
    return (WAITING, *of_contacts, CALLBACK_KEPT.definition, HANDLE_TIME, OCCUPANCY)


def report_definitions(formula: ServiceLevelFormula) -> tuple[Definition, ...]:
    """The explanations of all that is reported about a time that is over."""
    of_facts = (measure.definition for measure in fact_measures(formula))
    return (*of_facts, CALLBACK_KEPT.definition)
