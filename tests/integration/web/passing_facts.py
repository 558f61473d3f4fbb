"""One of each fact of transfers, supervision, protection and promises, all of one contact."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from haedap.domain import facts
from haedap.domain.ids import AgentId, ContactId, OfficerId, PromiseId, QueueKey
from haedap.domain.states import (
    AttemptOutcome,
    MoveCause,
    PromiseOutcome,
    PromiseReason,
    ProtectionStep,
    Supervision,
    TransferMode,
    TransferOutcome,
)
from haedap.domain.targets import ToAgent, ToOutside

PROMISE = PromiseId(str(UUID(int=7)))
OFFICE = ToOutside("7012", OfficerId(3), "세무과 재산세팀")
DUE = datetime(2026, 11, 23, 1, tzinfo=UTC)


def passing_facts(contact: ContactId, agent: AgentId) -> list[facts.AnyFact]:
    tax = QueueKey("tax")
    return [
        facts.CitizenCalled(contact=contact, segment=1, agent=agent),
        facts.CitizenAnswered(contact=contact, segment=1, agent=agent),
        facts.MessageLeft(contact=contact, seconds=17),
        facts.ContactMoved(contact=contact, queue=tax, cause=MoveCause.WAIT),
        facts.TransferStarted(
            contact=contact, transfer=1, segment=1, agent=agent, mode=TransferMode.CONSULT, target=OFFICE
        ),
        facts.TransferAnswered(contact=contact, transfer=1),
        facts.TransferStepped(contact=contact, transfer=1, citizen=True, consulted=False),
        facts.TransferEnded(contact=contact, transfer=1, outcome=TransferOutcome.NO_ANSWER),
        facts.ContactReturned(contact=contact, transfer=1, agent=agent),
        facts.SupervisionStarted(contact=contact, segment=1, supervisor=agent, mode=Supervision.WHISPER),
        facts.SupervisionEnded(contact=contact, supervisor=agent),
        facts.ProtectionTaken(contact=contact, segment=1, agent=agent, step=ProtectionStep.WARN, kind="욕설"),
        facts.PromiseMade(
            promise=PROMISE,
            citizen="+821000001234",
            owner=OFFICE,
            reason=PromiseReason.OFFICER,
            made_at=DUE,
            due_at=DUE,
            deadline=DUE,
            agent=agent,
            contact=contact,
        ),
        facts.PromiseAltered(promise=PROMISE, owner=ToAgent(agent), due_at=DUE, deadline=DUE),
        facts.AttemptStarted(promise=PROMISE, attempt=1, contact=contact),
        facts.AttemptEnded(promise=PROMISE, attempt=1, outcome=AttemptOutcome.BUSY, again_at=DUE),
        facts.PromiseEscalated(promise=PROMISE),
        facts.PromiseEnded(promise=PROMISE, outcome=PromiseOutcome.KEPT, contact=contact),
    ]
