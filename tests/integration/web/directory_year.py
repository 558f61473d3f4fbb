"""A quarter of a small city, whose most wanted numbers are known."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from haedap.analytics.directory.quarters import Quarter
from haedap.apps.accounts.models import Account
from haedap.apps.centre.models import Flow, Number
from haedap.apps.contacts.models import CallbackPromise, ContactNote, Transfer
from haedap.apps.knowledge.models import Article, ArticleUse, ArticleVersion
from haedap.apps.offices.models import Department, Duty, Officer

from .records import add_contact

NOW = Quarter.of(timezone.localdate())
"""The quarter of today, in which all contacts of the tests are."""


def add_city() -> dict[str, Department]:
    """상하수도과 with 요금팀, 세정과, 여권과; the centre's own number."""
    water = Department.objects.create(name="상하수도과", telephone="+82200001300")
    bills = Department.objects.create(name="요금팀", parent=water)
    tax = Department.objects.create(name="세정과", telephone="+82200001200")
    passport = Department.objects.create(name="민원여권과", telephone="+82200001100")
    Duty.objects.create(department=bills, text="이사정산 및 명의변경")
    Duty.objects.create(department=tax, text="재산세 부과")
    flow = Flow.objects.create(key="main", name="대표", definition={"start": "end", "steps": {}})
    Number.objects.create(number="+82200000120", label="대표번호", flow=flow)
    return {"water": water, "bills": bills, "tax": tax, "passport": passport}


def wanted(agent: Account, office: Department, times: int) -> None:
    """So many contacts were put through to an officer of the office."""
    officer = Officer.objects.create(name="담당", department=office)
    for _time in range(times):
        contact = add_contact(agent, ago=timedelta(seconds=1))
        Transfer.objects.create(
            contact=contact.pk,
            number=1,
            segment=1,
            agent=agent,
            mode="blind",
            target_kind="outside",
            target_officer=officer.pk,
            target_number="+82200009001",
            started_at=contact.arrived_at,
            seq=1,
        )


def referred(agent: Account, number: str, times: int) -> None:
    """So many citizens are owed a call by whoever has the number."""
    for _time in range(times):
        contact = add_contact(agent, ago=timedelta(seconds=1))
        at = contact.arrived_at
        CallbackPromise.objects.create(
            id=uuid4(),
            citizen="+821000000001",
            owner_kind="outside",
            owner_number=number,
            reason="officer",
            state="waiting",
            made_at=at,
            place_at=at,
            due_at=at,
            deadline=at,
            contact=contact.pk,
            seq=1,
        )


def written(agent: Account, text: str, times: int = 1) -> None:
    """So many notes say this."""
    for _time in range(times):
        ContactNote.objects.create(contact=add_contact(agent, ago=timedelta(seconds=1)).pk, text=text)


def read(agent: Account, office: Department, title: str, times: int) -> None:
    """So many contacts were answered by an article of the office."""
    article = Article.objects.create(code=f"article-{office.pk}-{Article.objects.count()}")
    version = ArticleVersion.objects.create(
        article=article, number=1, title=title, office=office, valid_from=timezone.localdate()
    )
    for _time in range(times):
        contact = add_contact(agent, ago=timedelta(seconds=1)).pk
        ArticleUse.objects.create(contact=contact, article=article, version=version, agent=agent, how="read")


def a_quarter(agent: Account) -> dict[str, Department]:
    """Water 5.2 requests, tax 3.5, passport 2, and 1577-1000 told 3 times."""
    city = add_city()
    wanted(agent, city["bills"], 4)
    read(agent, city["bills"], "이사정산", 4)
    referred(agent, "+82200001200", 3)
    written(agent, "세정과 위치 안내")
    referred(agent, "+82200001100", 2)
    written(agent, "건강보험공단 1577-1000 안내", 3)
    return city
