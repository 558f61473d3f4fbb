"""Trying a system from its page: logged, without a contact, and without showing anybody's data."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from haedap.apps.accounts.api import Account
from haedap.apps.contacts import api as contacts
from haedap.apps.lookups import running, showing
from haedap.apps.lookups.models import LookupUse, System
from haedap.apps.lookups.purposes import TRYING
from haedap.apps.lookups.schemas import RecordOut
from haedap.connectors.port import Answer, ConnectorError, Query


@dataclass(frozen=True, slots=True)
class Tried:
    """What came back. `reason`: for whoever sets the system up, when it failed."""

    took_ms: int
    records: list[RecordOut]
    sentence: str = ""
    reason: str = ""


def try_it(account: Account, address: str | None, system: System, subject: Mapping[str, str]) -> Tried:
    """Ask the system now; personal fields are left out of what is shown, and the subject out of what is kept."""
    with transaction.atomic():
        use = LookupUse.objects.create(agent=account, system=system.pk, purpose=TRYING)
        detail = {"system": system.pk, "purpose": TRYING, "lookup": use.pk}
        contacts.log_access("lookup.tested", account=account.pk, address=address, detail=detail)
    started = time.perf_counter()
    answer, error = async_to_sync(_ask)(system, Query(subject=dict(subject), on=timezone.localdate()))
    took = round((time.perf_counter() - started) * 1000)
    if answer is None:
        LookupUse.objects.filter(pk=use.pk).update(
            outcome=LookupUse.Outcome.FAILED, failure=error.failure.value if error else "", took_ms=took
        )
        return Tried(took, [], error.sentence if error else "", error.reason if error else "")
    outcome = LookupUse.Outcome.OK if answer.records else LookupUse.Outcome.EMPTY
    LookupUse.objects.filter(pk=use.pk).update(outcome=outcome, took_ms=took)
    return Tried(took, _impersonal(system, answer))


async def _ask(system: System, query: Query) -> tuple[Answer | None, ConnectorError | None]:
    try:
        guarded = await running.connections().of(system)
        return await guarded.look_up(query), None
    except ConnectorError as error:
        return None, error


def _impersonal(system: System, answer: Answer) -> list[RecordOut]:
    rules = showing.rules_of(system, running.described(system))
    found = showing.records(answer, rules, frozenset())
    return [RecordOut(title=record.title, values=[one for one in record.values if not one.masked]) for record in found]
