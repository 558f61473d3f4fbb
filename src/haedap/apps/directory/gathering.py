"""Out of the record: the organisation tree, and which contacts needed which number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import chain

from django.utils import timezone

from haedap.analytics.directory import notes
from haedap.analytics.directory.finding import Request, Source
from haedap.analytics.directory.notes import NoteReader
from haedap.analytics.directory.quarters import Quarter
from haedap.analytics.directory.tree import OFFICE, Office, Officer, Target, ToNumber, ToOffice, ToOfficer, Tree
from haedap.apps.cases.api import Case
from haedap.apps.centre.api import Number
from haedap.apps.contacts import api as contacts
from haedap.apps.directory.models import Entry
from haedap.apps.knowledge.api import ArticleUse
from haedap.apps.offices import api as offices

_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment until before the last."""

    since: datetime
    until: datetime

    @classmethod
    def of(cls, quarter: Quarter) -> Period:
        """The quarter in the centre's time."""
        return cls(_midnight(quarter.since), _midnight(quarter.until))


def tree_of(quarter: Quarter) -> Tree:
    """The tree of today, which also knows the numbers that offices had in the editions up to `quarter`."""
    earlier = Entry.objects.filter(edition__quarter__lte=str(quarter), key__startswith=OFFICE).exclude(number="")
    return Tree(
        (
            Office(pk, name, telephone, parent, active)
            for pk, name, telephone, parent, active in offices.Department.objects.values_list(
                "pk", "name", "telephone", "parent", "active"
            )
        ),
        (
            Officer(pk, office, telephone, extension)
            for pk, office, telephone, extension in offices.Officer.objects.values_list(
                "pk", "department", "telephone", "extension"
            )
        ),
        own=list(Number.objects.values_list("number", flat=True)),
        former=dict(earlier.order_by("edition__quarter").values_list("number", "key")),
    )


def requests(period: Period, tree: Tree) -> Iterator[Request]:
    """All of the period, in no order, each about its contact's topic if it has one; no text of a note leaves here."""
    topics = _topics(period)
    reader = NoteReader(tree, _duties(), contacts.to_e164)
    for request in chain(_transfers(period), _referrals(period), _articles(period), _notes(period, reader)):
        topic = topics.get(request.contact)
        yield replace(request, about=topic) if topic else request


def duties_of(departments: list[int]) -> list[str]:
    """What these offices do, in the tree's order."""
    return list(
        offices.Duty.objects.filter(department__in=departments)
        .order_by("department__position", "department", "position", "pk")
        .values_list("text", flat=True)
    )


def _transfers(period: Period) -> Iterator[Request]:
    for passed in contacts.passed_outside(period.since, period.until):
        yield Request(str(passed.contact), Source.TRANSFER, _aimed(passed))


def _referrals(period: Period) -> Iterator[Request]:
    for passed in contacts.promised_outside(period.since, period.until):
        yield Request(str(passed.contact), Source.REFERRAL, _aimed(passed))
    cases = Case.objects.filter(received_at__gte=period.since, received_at__lt=period.until)
    for contact, department in cases.values_list("contact", "department").iterator(_AT_ONCE):
        yield Request(str(contact), Source.REFERRAL, ToOffice(department))


def _articles(period: Period) -> Iterator[Request]:
    rows = ArticleUse.objects.filter(at__gte=period.since, at__lt=period.until).exclude(version__office=None)
    for contact, office, title in rows.values_list("contact", "version__office", "version__title").iterator(_AT_ONCE):
        yield Request(str(contact), Source.ARTICLE, ToOffice(office or 0), title)


def _notes(period: Period, reader: NoteReader) -> Iterator[Request]:
    rows = contacts.notes_between(period.since, period.until).exclude(text="").values_list("contact", "text")
    for contact, text in rows.iterator(_AT_ONCE):
        for mention in reader.read(text):
            yield Request(str(contact), mention.source, mention.target, mention.about)


def _topics(period: Period) -> dict[str, str]:
    """By contact, what it was about."""
    written = contacts.notes_between(period.since, period.until)
    rows = written.exclude(topic=None).values_list("contact", "topic__name")
    return {str(contact): name or "" for contact, name in rows.iterator(_AT_ONCE)}


def _duties() -> Iterator[notes.Duty]:
    for duty in offices.Duty.objects.all():
        yield notes.Duty(duty.department_id, duty.text, duty.words)


def _aimed(passed: contacts.Passed) -> Target:
    return ToOfficer(passed.officer) if passed.officer is not None else ToNumber(passed.number)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
