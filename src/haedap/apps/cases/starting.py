"""The demo's cases at the offices of its invented city: one in each state that somebody should have seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_DNS, uuid5

from django.db import transaction

from haedap.apps.accounts.api import Account, Role
from haedap.apps.cases import counting, offices
from haedap.apps.cases.models import Case, CaseEvent, CaseState, CaseSuspension, CaseYear, Kind, Reply
from haedap.apps.contacts import api as contacts
from haedap.apps.offices.api import Officer
from haedap.flows import terms

_Event = CaseEvent.Kind
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Demo:
    """A case: of whom, about what, at which officer's; and what happened so many days after it came in."""

    citizen: str
    topic: str
    officer: str
    kind: Kind
    text: str
    days_ago: float
    state: CaseState
    steps: tuple[tuple[float, CaseEvent.Kind, str], ...] = ()
    reply: Reply = Reply.CALLBACK
    extensions: tuple[str, ...] = ()


_DEMO = (
    _Demo(
        "+821000000101", "water_sewer_smell", "H019", Kind.GRIEVANCE,
        "상가 앞 맨홀에서 악취가 심합니다. 낮에 더 심하다고 하십니다.", 0.1, CaseState.OPEN,
    ),
    _Demo(
        "+821000000102", "water_bill_name", "H015", Kind.QUESTION,
        "세입자 명의로 바꾼 뒤에도 고지서가 예전 이름으로 나옵니다.", 2, CaseState.ACCEPTED,
        ((0.1, _Event.ACCEPTED, ""),), Reply.MESSAGE,
    ),
    _Demo(
        "+821000000103", "water_supply_quality", "H017", Kind.GRIEVANCE,
        "수돗물이 사흘째 흐리다고 하십니다. 수질검사를 원하십니다.", 5, CaseState.EXTENDED,
        ((0.2, _Event.ACCEPTED, ""), (3, _Event.EXTENDED, "수질검사 결과를 기다리고 있습니다.")),
        extensions=("5d",),
    ),
    _Demo(
        "+821000000104", "tax_local_property", "H007", Kind.LAW_QUESTION,
        "상속받은 주택의 재산세 납세의무자가 누구인지 물으십니다.", 4, CaseState.SUSPENDED,
        ((0.3, _Event.ACCEPTED, ""), (1, _Event.SUSPENDED, "상속 관계를 알 수 있는 서류가 필요합니다.")),
    ),
    _Demo(
        "+821000000105", "water_bill_leak", "H014", Kind.QUESTION,
        "누수를 고쳤는데 요금 감면을 받을 수 있는지 물으십니다.", 6, CaseState.ANSWERED,
        (
            (0.1, _Event.ACCEPTED, ""),
            (2, _Event.ANSWERED, "누수 공사 영수증과 사진을 내시면 감면됩니다. 다음 고지서에 반영합니다."),
        ),
    ),
)  # fmt: skip


def put_demo(now: datetime) -> int:
    """When there is no case yet and the offices of the demo are there; returns how many were added."""
    agent = Account.objects.filter(role=Role.AGENT).order_by("pk").first()
    if agent is None or Case.objects.exists():
        return 0
    with transaction.atomic():
        return sum(_put(each, number, agent, now) for number, each in enumerate(_DEMO, 1))


def _put(demo: _Demo, number: int, agent: Account, now: datetime) -> int:
    topic = contacts.Topic.objects.filter(code=demo.topic).first()
    officer = Officer.objects.filter(code=demo.officer).first()
    office = offices.of_officer(officer.pk, now) if officer else None
    if office is None:
        return 0
    received = now - demo.days_ago * _DAY
    year, _new = CaseYear.objects.get_or_create(year=received.year)
    year.last += 1
    year.save()
    case = Case(
        number=str(year),
        contact=uuid5(NAMESPACE_DNS, f"case-{number}.demo.invalid"),
        citizen_number=demo.citizen,
        topic=topic.pk if topic else None,
        topic_path=contacts.topic_path(topic)[:200],
        kind=demo.kind,
        term=str(counting.length_of(demo.kind)),
        text=demo.text,
        department=office.department,
        office=office.place,
        officer=office.officer,
        officer_name=office.officer_name,
        reply=demo.reply,
        opened_by=agent,
        received_at=received,
        due_at=received,
        state=demo.state,
        extensions=list(demo.extensions),
    )
    case.save(force_insert=True)
    _tell(case, demo, agent)
    case.due_at = counting.counted(case).due
    case.save()
    return 1


def _tell(case: Case, demo: _Demo, agent: Account) -> None:
    """The history, as the steps would have left it."""
    who = " ".join(part for part in (case.office.rpartition(" > ")[2], case.officer_name) if part)
    CaseEvent.objects.create(case=case, at=case.received_at, kind=_Event.OPENED, account=agent, who=case.office)
    due = counting.counted(case).due
    whole = terms.count(counting.length_of(case.kind), case.received_at, calendar=counting.calendar()).due
    for days, kind, text in demo.steps:
        at = case.received_at + days * _DAY
        data: dict[str, str] = {}
        if kind is _Event.EXTENDED:
            data = {"from": whole.isoformat(), "to": due.isoformat(), "length": demo.extensions[0]}
        if kind is _Event.SUSPENDED:
            CaseSuspension.objects.create(case=case, begins_at=at)
        if kind is _Event.ANSWERED:
            case.answer, case.answered_at = text, at
        CaseEvent.objects.create(case=case, at=at, kind=kind, who=who, text=text, data=data)
