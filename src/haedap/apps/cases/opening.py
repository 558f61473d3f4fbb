"""Opening a case out of a contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.cases import counting, notices
from haedap.apps.cases.errors import CaseError
from haedap.apps.cases.models import LONGEST_TEXT, Case, CaseEvent, CaseNotice, CaseState, CaseYear, Kind, Reply
from haedap.apps.cases.offices import Office
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.masking import masked_of_contact
from haedap.flows import terms

REPEATED = 2
"""Art. 23: after so many answered cases about the same matter the next one may be closed."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What the agent asks for. `number`: where the citizen is told the answer, E.164; empty: where they called from."""

    kind: Kind
    text: str
    reply: Reply
    number: str = ""


def open_case(contact: contacts.Contact, office: Office, matter: Matter, account: int) -> Case:
    """The new case, whose officer is told. The same matter of the same contact for the same office twice is one case.

    Raises CaseError when there is nothing to do or nobody to answer to.
    """
    number = matter.number or contact.caller or ""
    if not number:
        raise CaseError(_("There is no number at which the citizen can be told. Ask for one."))
    citizen = contacts.citizen_of_contact(contact)
    text = masked_of_contact(matter.text.strip(), contact)[:LONGEST_TEXT]
    if not text:
        raise CaseError(_("Write what the office is to do."))
    now = timezone.now()
    with transaction.atomic():
        new_number = _Numbers(now)  # from here on nobody else opens one
        known = Case.objects.filter(contact=contact.pk, department=office.department, kind=matter.kind, text=text)
        if (same := known.exclude(state=CaseState.WITHDRAWN).first()) is not None:
            return same
        topic = contacts.note_of(contact.pk).topic
        case = Case(
            number=new_number.take(),
            contact=contact.pk,
            citizen=citizen.pk if citizen else None,
            citizen_name=citizen.name if citizen else "",
            citizen_number=number,
            topic=topic.pk if topic else None,
            topic_path=contacts.topic_path(topic)[:200],
            kind=matter.kind,
            term=str(counting.length_of(matter.kind)),
            text=text,
            department=office.department,
            office=office.place,
            officer=office.officer,
            officer_name=office.officer_name,
            reply=matter.reply,
            opened_by_id=account,
            received_at=now,
            due_at=terms.count(counting.length_of(matter.kind), now, calendar=counting.calendar()).due,
        )
        case.earlier_alike = _answered_before(case)
        case.save(force_insert=True)
        CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.OPENED, account_id=account, who=case.office)
        notices.tell_office(case, CaseNotice.About.YOURS)
    return case


class _Numbers:
    """The numbers of a year, which nobody else takes from until the transaction ends."""

    def __init__(self, now: datetime) -> None:
        year = timezone.localtime(now).year
        CaseYear.objects.bulk_create([CaseYear(year=year)], ignore_conflicts=True)
        self._row = CaseYear.objects.select_for_update().get(pk=year)

    def take(self) -> str:
        self._row.last += 1
        self._row.save(update_fields=["last"])
        return str(self._row)


def _answered_before(case: Case) -> int:
    """How often the same citizen got an answer about the same topic from the same office."""
    if case.topic is None:
        return 0
    alike = Case.objects.filter(department=case.department, topic=case.topic).exclude(answered_at=None)
    same = {"citizen": case.citizen} if case.citizen is not None else {"citizen_number": case.citizen_number}
    return alike.filter(**same).count()
