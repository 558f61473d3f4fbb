"""Flagging numbers: by itself after a talk that was ended for abuse, and by supervisors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise

from haedap.apps.accounts.api import Account
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.api import Contact, ProtectionStep
from haedap.apps.supervision.models import FlaggedNumber
from haedap.clock import centre_time
from haedap.domain.states import ProtectionStep as Step


@dataclass(frozen=True, slots=True)
class Flag:
    """What is known of a flagged number: the kind of abuse in words, and how long it stays flagged."""

    kind: str | Promise
    until: datetime


def term() -> timedelta:
    """How long a number stays flagged when nobody says otherwise."""
    return timedelta(days=settings.HAEDAP.abuse_flag_days)


def kind_word(kind: str) -> str | Promise:
    """The kind of abuse in words; a word that the centre made up itself stays as it is."""
    return dict(FlaggedNumber.Kind.choices).get(kind, kind)


def kinds() -> list[tuple[str, str | Promise]]:
    """The kinds of abuse, each with its word, in their order."""
    return [*FlaggedNumber.Kind.choices]


def live() -> QuerySet[FlaggedNumber]:
    """The flags that hold now."""
    return FlaggedNumber.objects.filter(lifted_at=None, until__gt=centre_time())


def flag_of(number: str | None) -> Flag | None:
    """The flag of a number that holds longest; None when there is none."""
    found = live().filter(number=number).order_by("-until").first() if number else None
    return Flag(kind_word(found.kind), found.until) if found else None


def flag_ended_talks() -> int:
    """Flag the caller of every talk that was ended for abuse within the term; returns how many are new.

    A contact is flagged once: doing it again, also after a supervisor has lifted the flag, changes nothing.
    """
    since = centre_time() - term()
    done = FlaggedNumber.objects.filter(by=None, contact__isnull=False).values("contact")
    steps = ProtectionStep.objects.filter(step=Step.END, at__gt=since).exclude(contact__in=done)
    made = 0
    for step in steps.order_by("id"):
        number = Contact.objects.filter(pk=step.contact).values_list("caller", flat=True).first()
        made += bool(number) and _flag_ended(step, str(number))
    return made


def flag_by_hand(
    account: Account, address: str | None, number: str, kind: str, days: int, reason: str, contact: UUID | None
) -> FlaggedNumber:
    """A supervisor flags a number, E.164. Written to the access log."""
    now = centre_time()
    with transaction.atomic():
        row = FlaggedNumber.objects.create(
            number=number,
            kind=kind,
            reason=reason,
            since=now,
            until=now + timedelta(days=days),
            contact=contact,
            by=account,
        )
        _log("number.flagged", account, address, row, reason, days=days, kind=kind)
    return row


def extend(account: Account, address: str | None, row: FlaggedNumber, days: int) -> None:
    """Flagged so many days from now on. Written to the access log."""
    until = centre_time() + timedelta(days=days)
    with transaction.atomic():
        FlaggedNumber.objects.filter(pk=row.pk).update(until=until, lifted_at=None, lifted_by=None)
        _log("number.flag_extended", account, address, row, "", days=days)


def lift(account: Account, address: str | None, row: FlaggedNumber, reason: str) -> None:
    """The number is not flagged any more, whatever flagged it. Written to the access log."""
    with transaction.atomic():
        live().filter(number=row.number).update(lifted_at=centre_time(), lifted_by=account)
        _log("number.flag_lifted", account, address, row, reason)


def _flag_ended(step: ProtectionStep, number: str) -> bool:
    _row, made = FlaggedNumber.objects.get_or_create(
        contact=step.contact,
        by=None,
        defaults={"number": number, "kind": step.kind, "since": step.at, "until": step.at + term()},
    )
    if made:
        contacts.log_access(
            "number.flagged", account=None, address=None, contact=step.contact, detail={"kind": step.kind}
        )
    return made


def _log(
    action: str, account: Account, address: str | None, row: FlaggedNumber, reason: str, **detail: str | int
) -> None:
    contacts.log_access(
        action,
        account=account.pk,
        address=address,
        contact=row.contact,
        reason=reason,
        detail={"flag": row.pk, **detail},
    )
