"""Moving settlement (이사정산): what is owed for water from the last reading to the day of the move.

Pure reckoning. A charge is exact until it is complete; then what is less than ten won is cut off, as the bill does.
What the citizen says may be odd: then there is a question for them instead of an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import msgspec

from haedap.connectors.port import Misconfigured, Record
from haedap.connectors.tariff import Charge, ClassTariff, Reduction, Tariff, Tier
from haedap.connectors.template import amount, day, won

CUT_WON = 10
MOST_READING = 9_999_999
_MOST_USAGE = 10_000
"""Cubic metres beyond which a digit too many is likelier, when the usual use is not known …"""
_MOST_TIMES, _NEVER_ODD = 20, 1000
"""… and so many times the usual use, but never less than so many cubic metres."""
_PERCENT = 100
_READING = re.compile(r"([0-9]{1,9})(?:\.[0-9]{0,4})?")
_LABELS: Mapping[Charge, str] = {
    "basic": "구경별 기본요금",
    "water": "상수도 사용요금",
    "sewer": "하수도 사용요금",
    "levy": "물이용부담금",
}


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """What the water works know of a meter. Readings and uses in cubic metres."""

    use_class: str
    pipe_mm: int
    last_reading: int
    last_reading_on: date
    households: int = 1
    """Tiers are as wide for each household that shares the meter."""
    reduction: str = ""
    unpaid: int = 0
    usual_usage: int | None = None
    """In a month."""
    billed_until: date | None = None
    """Where the last bill was an estimate: the day it reaches to, after the last reading."""
    billed_usage: int = 0
    """The use that this bill took for granted since the last reading."""
    replaced: tuple[int, int] | None = None
    """A new meter since the last reading: the old one's last figure, and the new one's first."""


class Step(msgspec.Struct, frozen=True):
    """One line of the working: `20㎥ × 480원 + 2㎥ × 690원`. Amounts of reductions are negative."""

    label: str
    working: str
    won: int


class Settlement(msgspec.Struct, frozen=True):
    """What is owed. `total` is the sum of the steps."""

    days: int
    usage: int
    steps: tuple[Step, ...]
    total: int
    notes: tuple[str, ...]
    """Korean sentences that the agent should say as well."""
    read_out: str


class QuestionCode(StrEnum):
    """What is odd about what the citizen said."""

    UNREADABLE = "unreadable"
    LOWER = "lower"
    HUGE = "huge"
    FUTURE = "future"
    BEFORE_LAST_READING = "before_last_reading"
    BELOW_ESTIMATE = "below_estimate"


class Question(msgspec.Struct, frozen=True):
    """No amount can be told yet: what the agent asks."""

    code: QuestionCode
    sentence: str


class TariffIncomplete(Misconfigured):
    """The tariff lacks the use class, the pipe or the reduction of this meter."""

    def __init__(self, what: str) -> None:
        sentence = (
            "이 사용자의 요금은 요금표에 없어 바로 계산해 드리기 어렵습니다. 상하수도 담당 부서로 확인해 드리겠습니다."
        )
        super().__init__(f"the tariff has no {what}", sentence)


def meter_of(record: Record) -> Meter:
    """The meter in a record's facts, as the capability `moving_settlement` promises them. Raises `Misconfigured`."""
    facts = {name.removeprefix("meter_"): value for name, value in record.facts.items() if value is not None}
    whole = {name: int(value) if isinstance(value, Decimal) else value for name, value in facts.items()}
    try:
        return msgspec.convert(whole, Meter)
    except msgspec.ValidationError:
        sentence = "수도 조회 설정에 이사정산 항목이 빠져 있습니다. 상하수도 담당 부서로 확인해 드리겠습니다."
        raise Misconfigured("the facts of this record are not those of a meter", sentence) from None


def reading_of(text: str) -> int | Question:
    """What the citizen read from the meter: whole cubic metres; the red digits behind the point do not count."""
    found = _READING.fullmatch(re.sub(r"[\s,]|톤|㎥|세제곱미터", "", text))
    if found is None or int(found.group(1)) > MOST_READING:
        return Question(QuestionCode.UNREADABLE, "계량기의 검은 숫자만 왼쪽부터 차례로 읽어 주시겠습니까?")
    return int(found.group(1))


def settle(meter: Meter, tariff: Tariff, reading: int, on: date, today: date) -> Settlement | Question:
    """The settlement for a meter that shows `reading` on the day `on`. Raises `TariffIncomplete`."""
    question = _date_question(meter, on, today)
    if question is not None:
        return question
    usage, days = _usage(meter, reading), (on - _billed_until(meter)).days
    question = _reading_question(meter, reading, _most_usage(meter, tariff, days))
    if question is not None:
        return question
    steps = (*charges(tariff, meter, usage, days), *_unpaid(meter))
    total = sum(step.won for step in steps)
    settlement = Settlement(days, usage, steps, total, tuple(_notes(meter, tariff, usage, days)), "")
    return msgspec.structs.replace(settlement, read_out=_read_out(meter, settlement, on))


def charges(tariff: Tariff, meter: Meter, usage: int, days: int) -> tuple[Step, ...]:
    """The charges for so many cubic metres in so many days, reductions included. Raises `TariffIncomplete`."""
    exact = {charge: found for charge in _LABELS if (found := _charge(tariff, meter, charge, usage, days)) is not None}
    steps = [Step(_LABELS[charge], working, _cut(won_exact)) for charge, (won_exact, working) in exact.items()]
    return (*steps, *_reductions(tariff, meter, usage, days, {charge: found[0] for charge, found in exact.items()}))


def _date_question(meter: Meter, on: date, today: date) -> Question | None:
    if on > today:
        sentence = f"{day(on, today)}은 아직 오지 않았습니다. 이사하시는 날 지침을 읽어 다시 전화해 주시겠습니까?"
        return Question(QuestionCode.FUTURE, sentence)
    until = _billed_until(meter)
    if on < until:
        sentence = f"{day(until, today)}까지는 이미 고지되었습니다. 이사하신 날짜를 다시 확인 부탁드립니다."
        return Question(QuestionCode.BEFORE_LAST_READING, sentence)
    return None


def _reading_question(meter: Meter, reading: int, most: int) -> Question | None:
    least = meter.last_reading if meter.replaced is None else meter.replaced[1]
    if reading < least:
        sentence = (
            f"지난 지침 {least:,}보다 작습니다. 계량기를 바꾸셨습니까, 아니면 검은 숫자를 다시 읽어 주시겠습니까?"
        )
        return Question(QuestionCode.LOWER, sentence)
    usage = _usage(meter, reading)
    if usage < 0:
        sentence = (
            "추정으로 고지된 사용량보다 적습니다. 지침을 다시 읽어 주시겠습니까? 맞다면 담당 부서에서 돌려드립니다."
        )
        return Question(QuestionCode.BELOW_ESTIMATE, sentence)
    if usage > most:
        sentence = (
            f"지난 지침 {least:,}보다 {usage:,}세제곱미터나 많습니다. 검은 숫자를 하나씩 다시 읽어 주시겠습니까? "
            "맞다면 담당 부서에서 누수를 확인해 드립니다."
        )
        return Question(QuestionCode.HUGE, sentence)
    return None


def _most_usage(meter: Meter, tariff: Tariff, days: int) -> int:
    if meter.usual_usage is None:
        return _MOST_USAGE
    return max(_NEVER_ODD, _MOST_TIMES * meter.usual_usage * max(days, 1) // tariff.month_days)


def _usage(meter: Meter, reading: int) -> int:
    if meter.replaced is None:
        return reading - meter.last_reading - meter.billed_usage
    final, first = meter.replaced
    return final - meter.last_reading + reading - first - meter.billed_usage


def _billed_until(meter: Meter) -> date:
    return max(meter.last_reading_on, meter.billed_until or meter.last_reading_on)


def _charge(tariff: Tariff, meter: Meter, charge: Charge, usage: int, days: int) -> tuple[Fraction, str] | None:
    """The exact charge and its working; None where there is none of the kind."""
    if charge == "basic":
        return _basic(tariff, meter.pipe_mm, days)
    if charge == "levy":
        price = Fraction(tariff.levy_per_cubic_metre)
        return (price * usage, f"{usage:,}㎥ × {tariff.levy_per_cubic_metre}원") if price else None
    tiers = getattr(_class_of(tariff, meter), charge)
    return _tiered(tiers, Fraction(usage), _months(tariff, meter, days)) if tiers else None


def _class_of(tariff: Tariff, meter: Meter) -> ClassTariff:
    found = tariff.classes.get(meter.use_class)
    if found is None:
        raise TariffIncomplete("such use class")
    return found


def _basic(tariff: Tariff, pipe_mm: int, days: int) -> tuple[Fraction, str]:
    monthly = next((basic.won for basic in tariff.basic if basic.pipe_mm == pipe_mm), None)
    if monthly is None:
        raise TariffIncomplete("basic charge for such a pipe")
    return Fraction(monthly * days, tariff.month_days), f"{monthly:,}원 × {days}일 ÷ {tariff.month_days}일"


def _months(tariff: Tariff, meter: Meter, days: int) -> Fraction:
    """By how much the ends of tiers are stretched."""
    lasted = max(days, 1)
    months = Fraction(lasted, tariff.month_days)
    if tariff.tiers_by == "months":
        months = Fraction(-(-lasted // tariff.month_days))
    return months * max(meter.households, 1)


def _tiered(tiers: tuple[Tier, ...], usage: Fraction, months: Fraction) -> tuple[Fraction, str]:
    total, below = Fraction(0), Fraction(0)
    parts: list[str] = []
    for tier in tiers:
        end = usage if tier.up_to is None else min(usage, tier.up_to * months)
        if end > below or not parts:
            part = max(end - below, Fraction(0))
            total += part * Fraction(tier.price)
            parts.append(f"{_short(part)}㎥ × {tier.price}원")
            below = end
    return total, " + ".join(parts)


def _reductions(
    tariff: Tariff, meter: Meter, usage: int, days: int, exact: Mapping[Charge, Fraction]
) -> Iterator[Step]:
    """What is taken off each charge, so that charge and reduction together are cut once."""
    if not meter.reduction:
        return
    rule = tariff.reductions.get(meter.reduction)
    if rule is None:
        raise TariffIncomplete("such reduction")
    for charge in rule.of:
        if charge in exact:
            off = min(_off(tariff, meter, rule, charge, usage, days, exact[charge]), exact[charge])
            taken = _cut(exact[charge] - off) - _cut(exact[charge])
            yield Step(f"{meter.reduction} 감면 ({_LABELS[charge]})", _reduction_working(rule), taken)


def _off(
    tariff: Tariff, meter: Meter, rule: Reduction, charge: Charge, usage: int, days: int, exact: Fraction
) -> Fraction:
    off = exact * Fraction(rule.percent, _PERCENT)
    if rule.cubic_metres and charge != "basic":
        months = _months(tariff, meter, days)
        free = min(Fraction(usage), Fraction(rule.cubic_metres) * months)
        if charge == "levy":
            off += free * Fraction(tariff.levy_per_cubic_metre)
        else:
            off += _tiered(getattr(_class_of(tariff, meter), charge), free, months)[0]
    return off


def _reduction_working(rule: Reduction) -> str:
    percent = [f"{rule.percent}%"] if rule.percent else []
    return " + ".join([*percent, *([f"한 달 {rule.cubic_metres}㎥"] if rule.cubic_metres else [])])


def _unpaid(meter: Meter) -> tuple[Step, ...]:
    return (Step("아직 내지 않은 요금", "이미 고지된 것", meter.unpaid),) if meter.unpaid > 0 else ()


def _cut(exact: Fraction) -> int:
    """Whole won without what is less than ten."""
    return int(exact / CUT_WON) * CUT_WON


def _short(value: Fraction) -> str:
    """At most two digits behind the point; shown only, never reckoned with."""
    return amount(Decimal(f"{float(value):.2f}"))


def _notes(meter: Meter, tariff: Tariff, usage: int, days: int) -> Iterator[str]:
    if usage == 0:
        yield "사용량이 없습니다. 지침을 맞게 읽으셨는지 한 번 더 확인 부탁드립니다."
    usual = Fraction(meter.usual_usage or 0, tariff.month_days) * max(days, 1)
    if usual and usage >= tariff.leak_least and usage > usual * tariff.leak_factor:
        yield (
            "평소보다 사용량이 아주 많습니다. 집 안의 물을 모두 잠근 뒤에도 계량기가 돌면 누수입니다. "
            "누수라면 수리 확인서로 요금 감면을 신청하실 수 있습니다."
        )
    if meter.billed_usage:
        yield "지난 고지는 추정 사용량이어서, 그만큼 빼고 계산했습니다."


def _read_out(meter: Meter, settlement: Settlement, on: date) -> str:
    since = day(_billed_until(meter), on)
    parts = ", ".join(f"{step.label} {won(step.won)}" for step in settlement.steps if step.won > 0)
    less = -sum(step.won for step in settlement.steps if step.won < 0)
    taken = f" 감면 {won(less)}을 뺐습니다." if less else ""
    detail = f" {parts}입니다." if parts else ""
    return (
        f"{since}부터 {day(on, on)}까지 {settlement.days}일 동안 {settlement.usage:,}세제곱미터를 쓰셨습니다."
        f"{detail}{taken} 정산하실 금액은 모두 {won(settlement.total)}입니다."
    )
