"""The fold of transfers, supervision and steps against abuse: what happens within a live contact."""

from datetime import datetime

from haedap.domain import facts
from haedap.domain.states import ContactState, ProtectionStep, TransferOutcome
from haedap.domain.targets import Target, ToAgent, ToOutside, ToQueue
from haedap.store.record_rows import Changes, LiveContact, ProtectionStepRow, SupervisionRow, TransferRow


def change_talk(contact: LiveContact, fact: facts.AnyFact, at: datetime, seq: int, changes: Changes) -> None:
    """One fact about a contact that is live. What is not of these three is passed over."""
    match fact:
        case facts.ProtectionTaken():
            _protect(contact, fact, at, seq, changes)
        case facts.SupervisionStarted():
            _end_supervision(contact, at, seq, changes)
            _supervise(contact, fact, at, seq, changes)
        case facts.SupervisionEnded():
            _end_supervision(contact, at, seq, changes)
        case facts.TransferStarted():
            _start(contact, fact, at, seq, changes)
        case facts.TransferAnswered() | facts.TransferStepped() | facts.TransferEnded() | facts.ContactReturned():
            _change_transfer(contact, fact, at, seq, changes)


def _change_transfer(
    contact: LiveContact,
    fact: facts.TransferAnswered | facts.TransferStepped | facts.TransferEnded | facts.ContactReturned,
    at: datetime,
    seq: int,
    changes: Changes,
) -> None:
    transfer = contact.transfer
    if transfer is None or transfer.number != fact.transfer:
        return
    match fact:
        case facts.TransferAnswered():
            transfer.answered_at = at
        case facts.TransferStepped():
            transfer.citizen, transfer.consulted = fact.citizen, fact.consulted
        case facts.TransferEnded():
            _end(contact, transfer, fact.outcome, at)
        case facts.ContactReturned():
            transfer.returned_at = at
            contact.row.returned += 1
            contact.row.state = ContactState.WAITING
    transfer.seq = seq
    changes.transfers[transfer.id] = transfer


def is_forwarded(contact: LiveContact) -> bool:
    """Whether the citizen, whom no agent has any more, is with an outside number or being put through to one.

    A consultation that is completed before anybody answers goes on as a blind transfer, and its row says how it began.
    """
    transfer = contact.transfer
    if transfer is None or transfer.target_kind != "outside" or transfer.returned_at is not None:
        return False
    return transfer.outcome in (None, TransferOutcome.COMPLETED)


def _start(contact: LiveContact, fact: facts.TransferStarted, at: datetime, seq: int, changes: Changes) -> None:
    transfer = TransferRow(
        id=seq,
        contact=fact.contact,
        number=fact.transfer,
        segment=fact.segment,
        agent=fact.agent,
        mode=fact.mode,
        target_kind="",
        brief=fact.brief[:64],
        started_at=at,
        seq=seq,
    )
    _aim(transfer, fact.target)
    contact.transfer = changes.transfers[seq] = transfer
    _forward_if_alone(contact)


def _aim(transfer: TransferRow, target: Target) -> None:
    match target:
        case ToAgent(agent=agent):
            transfer.target_kind, transfer.target_agent = "agent", agent
        case ToQueue(queue=queue):
            transfer.target_kind, transfer.target_queue = "queue", queue
        case ToOutside():
            transfer.target_kind, transfer.target_officer = "outside", target.officer
            transfer.target_number, transfer.target_name = target.number[:20], target.name[:100]


def _end(contact: LiveContact, transfer: TransferRow, outcome: TransferOutcome, at: datetime) -> None:
    transfer.ended_at, transfer.outcome = at, outcome
    transfer.citizen = transfer.consulted = False
    if outcome is TransferOutcome.COMPLETED:
        contact.row.transferred = True
        _forward_if_alone(contact)


def _forward_if_alone(contact: LiveContact) -> None:
    if contact.segment is None and is_forwarded(contact):
        contact.row.state = ContactState.FORWARDED


def _protect(contact: LiveContact, fact: facts.ProtectionTaken, at: datetime, seq: int, changes: Changes) -> None:
    contact.row.abusive = True
    if fact.step is ProtectionStep.END:
        # No agent has the citizen any more, who is told why and does not wait for anybody.
        contact.row.state = ContactState.FORWARDED
    changes.protection_steps[seq] = ProtectionStepRow(
        id=seq,
        contact=fact.contact,
        segment=fact.segment,
        agent=fact.agent,
        step=fact.step,
        kind=fact.kind[:40],
        at=at,
    )


def _supervise(contact: LiveContact, fact: facts.SupervisionStarted, at: datetime, seq: int, changes: Changes) -> None:
    contact.supervision = changes.supervisions[seq] = SupervisionRow(
        id=seq,
        contact=fact.contact,
        segment=fact.segment,
        supervisor=fact.supervisor,
        mode=fact.mode,
        started_at=at,
        seq=seq,
    )


def _end_supervision(contact: LiveContact, at: datetime, seq: int, changes: Changes) -> None:
    supervision = contact.supervision
    if supervision is not None:
        supervision.ended_at, supervision.seq = at, seq
        changes.supervisions[supervision.id] = supervision
        contact.supervision = None
