"""Offices, a contact and cases, as the tests of cases need them. The fixtures stand in `conftest`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.cases import api as cases
from haedap.apps.cases.acting import Actor
from haedap.apps.cases.models import Case, Kind, Reply
from haedap.apps.centre.models import Queue, Skill
from haedap.apps.contacts.models import Citizen, CitizenNumber, Contact, ContactNote, Topic
from haedap.apps.offices.models import Department, Officer

from .records import add_contact

NUMBER = "+821000000001"
OFFICE = Actor("도로과 이하늘")


def add_roads() -> Department:
    """도로과, with an officer; and 하수과, to which a case may be passed on."""
    bureau = Department.objects.create(name="안전도시국")
    department = Department.objects.create(name="도로과", parent=bureau)
    Department.objects.create(name="하수과", parent=bureau)
    Officer.objects.create(name="이하늘", department=department, email="haneul@city.invalid", title="주무관")
    return department


def add_contact_with_note(agent: Account) -> Contact:
    """Of a citizen who is known by name, about a topic, with a note."""
    Queue.objects.create(key="tax", name="세무", skill=Skill.objects.create(key="tax", name="세무"))
    found = add_contact(agent)
    citizen = Citizen.objects.create(name="홍가람")
    CitizenNumber.objects.create(number=NUMBER, citizen=citizen)
    topic = Topic.objects.create(code="lamp", name="가로등")
    ContactNote.objects.create(contact=found.pk, text="홍가람 님 댁 앞 가로등이 꺼짐", version=1, topic=topic)
    return found


def opened(contact: Contact, people: dict[str, Account], **changed: Any) -> Case:
    """A grievance for 도로과, answered by a call."""
    office = cases.of_department(Department.objects.get(name="도로과").pk, timezone.now())
    assert office is not None
    what = {"kind": Kind.GRIEVANCE, "text": "가로등이 꺼짐", "reply": Reply.CALLBACK, **changed}
    return cases.open_case(contact, office, cases.Matter(**what), people["agent1"].pk)
