"""`haedap terms`: until when an office may take, by the law, and which days counted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from haedap.domain.plan import Hours, SpecialDay
from haedap.flows import terms
from haedap.flows.errors import ErrorCode, FlowsError
from haedap.flows.terms import Count, DayCount, Term, Unit
from haedap.flows.week import parse_periods
from haedap.flows.workdays import Reason, Span
from haedap.operations import OperationsError
from haedap.operations.usage import HELP, run_command

app = typer.Typer(
    name="haedap terms",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=HELP,
)
_SEOUL = ZoneInfo("Asia/Seoul")
_YEARS = range(2000, 2100)
"""The years whose holidays are known."""
_WEEKDAYS = "월화수목금토일"
_KOREAN = {
    "즉시": Term.IMMEDIATE,
    "기타": Term.IMMEDIATE,
    "질의": Term.QUESTION,
    "법령질의": Term.LAW_QUESTION,
    "건의": Term.PROPOSAL,
    "고충": Term.GRIEVANCE,
    "이송": Term.PASS_ON,
    "기관이송": Term.PASS_ON_AGENCY,
}
_REASONS = {
    Reason.COUNTED: "셈",
    Reason.HOLIDAY: "공휴일",
    Reason.OWN_DAY: "자체 휴무일",
    Reason.SATURDAY: "토요일",
    Reason.SUNDAY: "일요일",
    Reason.CLOSED: "근무 없음",
    Reason.AFTER_HOURS: "근무시간 뒤",
    Reason.SUSPENDED: "산입하지 않는 기간",
    Reason.NEXT_WORKDAY: "다음 근무일로 넘김",
}
_SENTENCES = {
    ErrorCode.TERM: (
        f"처리기간은 3h(시간), 7d(일), 2w(주), 1m(월), 1y(연)처럼 쓰거나 민원의 종류({', '.join(Term)})로 쓰십시오."
    ),
    ErrorCode.TERM_TOO_LONG: "처리기간이 너무 깁니다. %(most)s까지 쓸 수 있습니다.",
    ErrorCode.TERM_ENDLESS: "근무일이 없어 처리기한을 셈할 수 없습니다. 근무시간과 산입하지 않는 기간을 확인하십시오.",
    ErrorCode.EXTENSION_UNIT: "연장은 처리기간과 같은 방식(시간, 일, 주·월·연)으로 쓰십시오.",
    ErrorCode.EXTENSION_TOO_LONG: "연장은 처리기간(%(most)s)을 넘을 수 없습니다. 더 짧게 쓰십시오.",
    ErrorCode.EXTENSIONS_MANY: "연장은 한 번, 민원인이 동의하면 한 번 더, 모두 두 번까지 할 수 있습니다.",
    ErrorCode.EXTENSION_CONSENT: "두 번째 연장에는 민원인의 동의가 필요합니다. 동의를 받았으면 --consent를 붙이십시오.",
    ErrorCode.SUSPENSION: "산입하지 않는 기간은 끝이 시작보다 뒤여야 합니다.",
}
_BAD_TIME = "시각은 2026-09-23T17:30처럼 쓰십시오(%(what)s): %(text)s"

Many = list[str]


def main(arguments: list[str]) -> None:
    """Run `haedap terms` with these arguments. Raises OperationsError with the sentence of what is wrong."""
    try:
        run_command(app, arguments, "haedap terms")
    except FlowsError as error:
        first = error.errors[0]
        sentence = _SENTENCES.get(first.code, "근무시간은 09:00-12:00,13:00-18:00처럼 쓰십시오.")
        raise OperationsError(sentence % first.args) from None


@app.command()
def count(
    *,
    received: Annotated[str, typer.Option(help="접수 시각: 2026-09-23T17:30 (시간대가 없으면 한국 시각)")] = "",
    term: Annotated[str, typer.Option(help="처리기간: 3h, 5d, 2w, 1m, 1y, question, law_question, 고충 …")] = "",
    extension: Annotated[Many | None, typer.Option(help="연장 기간, 두 번까지")] = None,
    consent: Annotated[bool, typer.Option("--consent", help="두 번째 연장에 민원인이 동의했음")] = False,
    suspend: Annotated[Many | None, typer.Option(help="산입하지 않는 기간 시작/끝, 날짜만 쓰면 그날 끝까지")] = None,
    closed: Annotated[Many | None, typer.Option(help="임시공휴일 등 근무하지 않는 날, 여러 번 쓸 수 있음")] = None,
    hours: Annotated[str, typer.Option(help="하루 근무시간")] = "09:00-12:00,13:00-18:00",
    as_json: Annotated[bool, typer.Option("--json", help="기계가 읽을 JSON으로 출력")] = False,
) -> None:
    """처리기한과 셈에 넣은 날을 보여 줍니다"""
    if not received or not term:
        raise OperationsError("접수 시각과 처리기간을 주십시오: haedap terms --received 2026-09-23T17:30 --term 5d")
    at = _time(received, "접수 시각")
    counted = terms.count(
        _length(term),
        at,
        extensions=[_length(text) for text in extension or ()],
        consent=consent,
        suspensions=[_span(text) for text in suspend or ()],
        calendar=_calendar(hours, closed or ()),
    )
    if counted.days[-1].day.year not in _YEARS:
        raise OperationsError(f"처리기한이 {_YEARS.stop - 1}년을 넘어 셈할 수 없습니다: 그 뒤의 공휴일을 모릅니다.")
    _say(json.dumps(_as_data(counted, at, term), ensure_ascii=False) if as_json else _as_text(counted))


def _length(text: str) -> terms.Length:
    wanted = text.strip()
    return terms.LENGTHS[_KOREAN[wanted]] if wanted in _KOREAN else terms.parse_length(wanted.lower())


def _time(text: str, what: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise OperationsError(_BAD_TIME % {"what": what, "text": text[:40]}) from None
    if at.year not in _YEARS:
        raise OperationsError(f"{_YEARS.start}년부터 {_YEARS.stop - 1}년까지의 시각만 셈할 수 있습니다({what}).")
    return at if at.tzinfo else at.replace(tzinfo=_SEOUL)


def _span(text: str) -> Span:
    begin, slash, end = text.partition("/")
    if not slash:
        raise OperationsError("산입하지 않는 기간은 2026-09-28/2026-09-30처럼 시작과 끝을 /로 나누어 쓰십시오.")
    until = _time(end, "산입하지 않는 기간의 끝")
    return _time(begin, "산입하지 않는 기간의 시작"), until + timedelta(days=1) if _is_day(end) else until


def _is_day(text: str) -> bool:
    return "T" not in text.strip().upper() and ":" not in text


def _calendar(hours: str, closed: Iterable[str]) -> Hours:
    workday = parse_periods([part.strip().split("-") for part in hours.split(",")])
    days = {_day(text) for text in closed}
    return msgspec.structs.replace(
        terms.OFFICE_HOURS,
        week=(workday,) * 5 + ((), ()),
        special_days=tuple(SpecialDay(day, "자체 휴무일") for day in sorted(days)),
    )


def _day(text: str) -> date:
    return _time(text, "근무하지 않는 날").date()


def _as_data(counted: Count, received: datetime, term: str) -> dict[str, Any]:
    due = counted.due.astimezone(_SEOUL)
    return {
        "received": received.astimezone(_SEOUL).isoformat(),
        "term": term,
        "due": due.isoformat(),
        "unit": _UNITS[counted.unit],
        "counted": counted.amount,
        "days": [_day_as_data(day) for day in counted.days],
    }


_UNITS = {Unit.HOURS: "hours", Unit.DAYS: "days"}


def _day_as_data(day: DayCount) -> dict[str, Any]:
    return {
        "date": day.day.isoformat(),
        "weekday": _WEEKDAYS[day.day.weekday()],
        "counted": day.amount,
        "reason": day.reason.value,
        "why": _why(day),
    }


def _why(day: DayCount) -> str:
    return f"{_REASONS[day.reason]}: {day.name}" if day.name else _REASONS[day.reason]


def _as_text(counted: Count) -> str:
    unit = "시간" if counted.unit is Unit.HOURS else "일"
    lines = [f"{day.day} ({_WEEKDAYS[day.day.weekday()]})  {day.amount:g}{unit}  {_why(day)}" for day in counted.days]
    due = counted.due.astimezone(_SEOUL)
    return "\n".join([*lines, f"처리기한: {due:%Y-%m-%d} ({_WEEKDAYS[due.weekday()]}) {due:%H:%M}"])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
