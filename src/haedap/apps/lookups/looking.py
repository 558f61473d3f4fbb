"""One look-up: checked, written to the access log, asked or taken from what is kept, and shown masked.

It is logged before the system is asked, so that no question goes out that nobody can account for. While the system
takes its time, no database connection is held: one system that hangs must not take them from everybody else.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.contacts import api as contacts
from haedap.apps.desk.errors import DeskError
from haedap.apps.lookups import asking, identifying, keeping, running, showing
from haedap.apps.lookups.asking import Asker
from haedap.apps.lookups.masking import masked
from haedap.apps.lookups.models import LookupUse, System
from haedap.apps.lookups.policy import Refusal, Standing
from haedap.apps.lookups.schemas import AnswerOut, LookUpIn, UnmaskIn
from haedap.connectors.configuration import Configuration
from haedap.connectors.port import Answer, ConnectorError, Query, Record, TemporaryFailure

_log = structlog.get_logger(__name__)
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Ground:
    """What the look-ups of one request go by, read once for all of them. `citizen`: for the access log."""

    standing: Standing
    purpose_known: bool
    known: Mapping[str, str]
    citizen: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """A look-up that is allowed and written down. `kept`: the answer of a moment ago."""

    asker: Asker
    ground: Ground
    system: System
    about: Configuration
    use: LookupUse
    subject: dict[str, str]
    kept: Answer | None
    started: float = field(default_factory=time.perf_counter)

    def took_ms(self) -> int:
        return round((time.perf_counter() - self.started) * 1000)


def system_of(key: str) -> System:
    """Raises Http404."""
    found = System.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def ground_of(asker: Asker, purpose: str) -> Ground:
    """Where the asker stands now, and what is known of the citizen."""
    return Ground(
        standing=asking.standing_of(asker),
        purpose_known=asking.is_purpose(purpose),
        known=identifying.known_subject(asker),
        citizen=asking.citizen_id(asker.contact),
    )


async def look_up(asker: Asker, key: str, body: LookUpIn, ground: Ground | None = None) -> AnswerOut:
    """Raises Http404, or DeskError for what the rules refuse. A system that fails is an answer, too.

    `ground`: that of this request, where several systems are asked.
    """
    question = await sync_to_async(_begin)(asker, key, body, ground)
    if question.kept is not None:
        return await sync_to_async(_answered)(question, question.kept)
    try:
        guarded = await running.connections().of(question.system)
        answer = await guarded.look_up(Query(subject=question.subject, on=timezone.localdate()))
    except ConnectorError as error:
        return await sync_to_async(_failed)(question, error)
    return await sync_to_async(_answered)(question, answer)


def unmask(asker: Asker, key: str, body: UnmaskIn) -> Any:
    """The value of one field, for a reason that is logged. Raises Http404 or DeskError."""
    system, record, roles = found_again(asker, key, body.lookup, body.record)
    rule = showing.rules_of(system, running.described(system)).get(body.field)
    if rule is None or not rule.personal or not rule.visible(roles):
        raise asking.log_refusal(asker, key, Refusal.ROLE)
    if record.values.get(body.field) is None:
        raise Http404
    contacts.log_access(
        "lookup.unmasked",
        account=asker.account.pk,
        address=asker.address,
        contact=asker.contact,
        citizen=asking.citizen_id(asker.contact),
        reason=body.reason,
        detail={"system": key, "field": body.field, "lookup": body.lookup, "record": body.record},
    )
    return showing.plain(record.values[body.field])


def found_again(asker: Asker, key: str, lookup: int, place: int) -> tuple[System, Record, frozenset[str]]:
    """A record of a look-up that this agent has made for this contact, while it is kept.

    Raises Http404 for a look-up of another agent, contact or system, and DeskError 409 when it is not kept any more.
    """
    system = system_of(key)
    standing = asking.check(asker, system)
    made = LookupUse.objects.filter(pk=lookup, contact=asker.contact, agent=asker.account, system=key).first()
    if made is None:
        asking.log_refusal(asker, key, Refusal.SUBJECT)
        raise Http404
    answer = keeping.kept(asker.contact, key, made.digest)
    if answer is None:
        raise DeskError(409, "gone", _("This answer is not kept any more. Look it up again."))
    if place >= len(answer.records):
        raise Http404
    return system, answer.records[place], standing.roles


def _begin(asker: Asker, key: str, body: LookUpIn, given: Ground | None) -> Question:
    system = system_of(key)
    ground = given or ground_of(asker, body.purpose)
    asking.check_standing(asker, system, ground.standing, purpose_known=ground.purpose_known)
    try:
        about = running.described(system)
    except ConnectorError as error:
        _log.warning("lookup_misconfigured", system=key, reason=error.reason)
        raise DeskError(409, error.failure.value, error.sentence) from error
    names = frozenset(field.name for field in about.subject)
    subject = identifying.merged(asker, key, ground.known, body.subject, names)
    missing = [field.label for field in about.subject if field.required and field.name not in subject]
    if missing:
        sentence = _("Still missing: %(what)s. Ask the citizen.") % {"what": ", ".join(missing)}
        raise DeskError(422, "subject_missing", sentence)
    digest = keeping.digest_of(asker.contact, system, subject)
    kept = None if body.fresh else keeping.kept(asker.contact, key, digest)
    shown = ", ".join(
        f"{field.label} {masked(subject[field.name])}" for field in about.subject if field.name in subject
    )
    with transaction.atomic():
        use = LookupUse.objects.create(
            contact=asker.contact,
            agent=asker.account,
            system=key,
            purpose=body.purpose,
            subject=shown[:_LONGEST_SUBJECT],
            digest=digest,
            cached=kept is not None,
        )
        contacts.log_access(
            "lookup.made",
            account=asker.account.pk,
            address=asker.address,
            contact=asker.contact,
            citizen=ground.citizen,
            detail={"system": key, "purpose": body.purpose, "subject": use.subject, "lookup": use.pk},
        )
    _give_back()
    return Question(asker, ground, system, about, use, subject, kept)


def _answered(question: Question, answer: Answer) -> AnswerOut:
    """What the agent sees, unless the citizen has gone to somebody else while the system was asked."""
    if not asking.has_now(question.asker):
        _settle(question, LookupUse.Outcome.FAILED, Refusal.NOT_LIVE.value)
        raise asking.log_refusal(question.asker, question.system.pk, Refusal.NOT_LIVE)
    if question.kept is None:
        keeping.keep(question.asker.contact, question.system, question.use.digest, answer)
    took = _settle(question, LookupUse.Outcome.OK if answer.records else LookupUse.Outcome.EMPTY)
    rules = showing.rules_of(question.system, question.about)
    return AnswerOut(
        lookup=question.use.pk,
        state="ok" if answer.records else "empty",
        records=showing.records(answer, rules, question.ground.standing.roles),
        read_out=showing.sentence(answer.read_out, answer, rules, question.ground.standing.roles),
        took_ms=took,
        cached=question.kept is not None,
        fetched_at=answer.fetched_at,
    )


def _failed(question: Question, error: ConnectorError) -> AnswerOut:
    _log.warning("lookup_failed", system=question.system.pk, failure=error.failure.value, reason=error.reason)
    took = _settle(question, LookupUse.Outcome.FAILED, error.failure.value)
    return AnswerOut(
        lookup=question.use.pk,
        state="failed",
        sentence=error.sentence,
        failure=error.failure.value,
        again=isinstance(error, TemporaryFailure),
        took_ms=took,
    )


def _give_back() -> None:
    """Return the database connection while a system is asked, and between the answers of several."""
    if not connection.in_atomic_block:
        connection.close()


def _settle(question: Question, outcome: LookupUse.Outcome, failure: str = "") -> int:
    took = question.took_ms()
    LookupUse.objects.filter(pk=question.use.pk).update(outcome=outcome, failure=failure, took_ms=took)
    _give_back()
    return took
