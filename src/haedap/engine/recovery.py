"""The start after a stop or a crash: the state comes back from snapshot and journal, never from memory."""

from collections.abc import Iterable, Iterator, Mapping

import structlog

from haedap.domain.facts import (
    AgentStateChanged,
    AnyFact,
    ContactClosed,
    OfferEnded,
    SegmentEnded,
    SupervisionEnded,
    TransferEnded,
)
from haedap.domain.ids import ContactId
from haedap.domain.states import AgentState, ContactOutcome, EndedBy, OfferOutcome, TransferOutcome
from haedap.engine import UnreadableJournalError
from haedap.engine.core import Core
from haedap.store import StoreError
from haedap.store.connection import Connection
from haedap.store.journal import OpenOffer, read_events
from haedap.store.record_rows import LiveAgent, LiveContact
from haedap.store.snapshots import load_snapshots

_log = structlog.get_logger()


async def recover(connection: Connection, tail: int) -> Core:
    """The core after journal row `tail`, its last.

    Raises UnreadableJournalError when neither snapshot nor journal can be read by this version, and
    StoreUnavailableError.
    """
    core = await restore(connection, tail)
    begun = core.seq
    events = await advance(connection, core, tail)
    _log.info("the journal is replayed", snapshot=begun, events=events, seq=tail)
    return core


async def restore(connection: Connection, tail: int) -> Core:
    """The core of the newest snapshot up to row `tail` that this version can read, else an empty one."""
    for seq, data in await load_snapshots(connection):
        if seq > tail:
            continue
        try:
            return Core.restore(data, seq)
        except UnreadableJournalError:
            _log.warning("a snapshot cannot be read by this version and is passed over", seq=seq)
    return Core()


async def advance(connection: Connection, core: Core, tail: int) -> int:
    """Replay the events behind the core up to row `tail` at least; returns how many. Whatever ends it, the core is
    that of the last event it took.

    Raises UnreadableJournalError and StoreUnavailableError.
    """
    events = 0
    try:
        async for seq, _at, event in read_events(connection, core.seq):
            core.replay(event)
            core.seq = seq
            events += 1
    except StoreError:
        raise
    except Exception as error:
        raise UnreadableJournalError(f"{type(error).__name__} after {events} events") from error
    core.seq = max(core.seq, tail)
    return events


def closing_facts(
    contacts: Iterable[LiveContact], offers: Mapping[ContactId, OpenOffer], agents: Iterable[LiveAgent]
) -> list[AnyFact]:
    """What becomes true when the router cannot go on where it was: all contacts are over with whatever is open in
    them, nobody is on duty. `offers`: the open ones.
    """
    facts: list[AnyFact] = []
    for contact in contacts:
        facts.extend(_ends(contact, offers.get(contact.row.id)))
        facts.append(ContactClosed(contact=contact.row.id, outcome=_outcome(contact), by=EndedBy.CENTRE))
    facts.extend(
        AgentStateChanged(agent=agent.row.agent, state=AgentState.SIGNED_OUT)
        for agent in agents
        if agent.row.state != AgentState.SIGNED_OUT
    )
    return facts


def _ends(contact: LiveContact, offer: OpenOffer | None) -> Iterator[AnyFact]:
    """The ends of all that is open in the contact."""
    key, segment, transfer = contact.row.id, contact.segment, contact.transfer
    if offer is not None:
        yield OfferEnded(contact=key, offer=offer.offer, agent=offer.agent, outcome=OfferOutcome.WITHDRAWN)
    if transfer is not None and transfer.ended_at is None:
        yield TransferEnded(contact=key, transfer=transfer.number, outcome=TransferOutcome.CANCELLED)
    if contact.supervision is not None:
        yield SupervisionEnded(contact=key, supervisor=contact.supervision.supervisor)
    if segment is not None:
        yield SegmentEnded(contact=key, segment=segment.number, agent=segment.agent, by=EndedBy.CENTRE)


def _outcome(contact: LiveContact) -> ContactOutcome:
    if contact.row.segments:
        return ContactOutcome.ANSWERED
    return ContactOutcome.ABANDONED if contact.row.queued_at else ContactOutcome.LEFT_IN_FLOW
