"""The read models as one fold of the journal's facts: contacts, segments, agents' states. Pure.

Transfers, supervision and protection are folded in `transfer_records`, promises in `promise_records`.

The rules:
* A contact's clocks come from the times of rows only, so that a rebuild gives the same figures.
* `answered_at` is the first segment's start, of an outgoing contact the citizen's answer; `queued_at` the first entry
  into a queue.
* The facts of a contact come before its `ContactClosed`; what comes later is passed over.
* Hold ends with the segment, or when the agent ends it; with a lost leg, unless the fact says that it goes on. Talk
  ends when the call leaves the agent.
* Wrap-up is what an agent spends in WRAP_UP after a segment: 0 when the agent went straight to something else.
* A period of an agent begins when state, reason or contact changes; a new limit or wish alone begins none.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from haedap.domain import facts
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.states import AgentState, Channel, ContactState, Control, Direction, MoveCause, OfferOutcome
from haedap.recording_files import recording_file
from haedap.store.promise_records import PROMISE_FACTS, change_promise
from haedap.store.record_rows import (
    AgentPeriodRow,
    AgentStatusRow,
    Changes,
    ContactRow,
    LiveAgent,
    LiveContact,
    LivePromise,
    RecordingRow,
    SegmentRow,
)
from haedap.store.transfer_records import change_talk, is_forwarded

_log = structlog.get_logger()


class Records:
    """The fold. `contacts`, `agents` and `promises` are those that can still change; `changes` what is to be written.

    `recorded_in`: the time zone by whose days recordings are filed; None when conversations are not recorded.
    """

    def __init__(
        self,
        *,
        recorded_in: ZoneInfo | None,
        contacts: Iterable[LiveContact] = (),
        agents: Iterable[LiveAgent] = (),
        promises: Iterable[LivePromise] = (),
    ) -> None:
        self._recorded_in = recorded_in
        self.contacts = {contact.row.id: contact for contact in contacts}
        self.agents = {agent.row.agent: agent for agent in agents}
        self.promises = {promise.row.id: promise for promise in promises}
        self.changes = Changes()

    def take_changes(self) -> Changes:
        """The rows to write, which are then forgotten here, as are the contacts that ended."""
        changes, self.changes = self.changes, Changes()
        for contact, row in changes.contacts.items():
            if row.state == ContactState.ENDED:
                self.contacts.pop(contact, None)
        return changes

    def apply(self, fact: facts.AnyFact, at: datetime, seq: int) -> None:
        """One fact became true at `at`, in journal row `seq`."""
        match fact:
            case facts.ContactOpened():
                self._open(fact, at, seq)
            case facts.AgentStateChanged():
                self._agent_state(fact, at, seq)
            case facts.AgentReachabilityChanged():
                self._agent(fact.agent, at, seq).row.reachable = fact.reachable
            case facts.FlowStepEntered():
                pass
            case _ if isinstance(fact, PROMISE_FACTS):
                self._promise_fact(fact, at, seq)
            case _:
                self._contact_fact(fact, at, seq)

    def _promise_fact(self, fact: PROMISE_FACTS, at: datetime, seq: int) -> None:
        promise = change_promise(self.promises, fact, at, seq, self.changes)
        if promise is not None and promise.contact is not None and promise.owner_kind == "outside":
            self._refer(promise.contact, seq)

    def _refer(self, contact: ContactId, seq: int) -> None:
        """A contact may be referred after its end, when its agent writes it up."""
        live = self.contacts.get(contact)
        if live is None:
            self.changes.referred.setdefault(contact, seq)
            return
        if not live.row.referred:
            live.row.referred, live.row.seq = True, seq
            self.changes.contacts[contact] = live.row

    def _open(self, fact: facts.ContactOpened, at: datetime, seq: int) -> None:
        row = ContactRow(
            id=fact.contact,
            channel=fact.channel,
            state=ContactState.IN_FLOW,
            called=fact.called[:64],
            caller=fact.caller[:20] if fact.caller else None,
            caller_text=fact.caller_text[:64],
            caller_name=fact.caller_name[:200],
            withheld=fact.withheld,
            flow=fact.flow,
            arrived_at=at,
            direction=fact.direction,
            promise=fact.promise,
            resumes=fact.resumes,
            seq=seq,
        )
        self.contacts[fact.contact] = LiveContact(row=row)
        self.changes.contacts[fact.contact] = row

    def _contact_fact(self, fact: facts.AnyFact, at: datetime, seq: int) -> None:
        contact = self.contacts.get(getattr(fact, "contact", ContactId("")))
        if contact is None or contact.row.state == ContactState.ENDED:
            _log.warning("a fact about a contact that is not open is passed over", fact=type(fact).__name__, seq=seq)
            return
        contact.row.seq = seq
        self.changes.contacts[contact.row.id] = contact.row
        match fact:
            case facts.SegmentStarted():
                self._start_segment(contact, fact, at, seq)
            case facts.SegmentEnded():
                self._end_segment(contact, fact, at)
            case facts.CitizenAnswered():
                self._citizen_answered(contact, at)
            case facts.MessageLeft():
                contact.row.message_seconds = fact.seconds
                self._record(contact.row, contact.row.arrived_at)
            case _:
                _change(contact, fact, at)
                change_talk(contact, fact, at, seq, self.changes)
        if contact.segment is not None:
            contact.segment.seq = seq
            self.changes.segments[contact.segment.id] = contact.segment
            if contact.segment.ended_at is not None:
                contact.segment = None

    def _start_segment(self, contact: LiveContact, fact: facts.SegmentStarted, at: datetime, seq: int) -> None:
        row = contact.row
        row.state, row.agent, row.segments = ContactState.ENGAGED, fact.agent, fact.segment
        contact.last_agent = fact.agent
        contact.segment = SegmentRow(
            id=seq,
            contact=fact.contact,
            number=fact.segment,
            agent=fact.agent,
            queue=fact.queue,
            offer=fact.offer,
            started_at=at,
            seq=seq,
        )
        if row.direction == Direction.OUT and row.answered_at is None:
            return
        contact.segment.talk_from = at
        if row.answered_at is None:
            row.answered_at = at
            self._record(row, row.arrived_at)

    def _citizen_answered(self, contact: LiveContact, at: datetime) -> None:
        contact.row.answered_at = at
        if contact.segment is not None:
            contact.segment.talk_from = at
        self._record(contact.row, at)

    def _record(self, row: ContactRow, since: datetime) -> None:
        if self._recorded_in is not None and row.channel == Channel.VOICE:
            row.recorded = True
            file = recording_file(row.id, since, self._recorded_in)
            self.changes.recordings[row.id] = RecordingRow(contact=row.id, file=file, started_at=since)

    def _end_segment(self, contact: LiveContact, fact: facts.SegmentEnded, at: datetime) -> None:
        _end_hold(contact, at)
        contact.row.muted = False
        if contact.row.state != ContactState.FORWARDED:
            contact.row.state = ContactState.FORWARDED if is_forwarded(contact) else ContactState.WAITING
        if contact.segment is not None:
            contact.segment.ended_at, contact.segment.ended_by = at, fact.by
            agent = self.agents.get(fact.agent)
            if agent is not None:
                agent.wrap_up = contact.segment

    def _agent(self, agent: AgentId, at: datetime, seq: int) -> LiveAgent:
        live = self.agents.get(agent)
        if live is None:
            row = AgentStatusRow(agent=agent, state=AgentState.SIGNED_OUT, since=at, seq=seq)
            live = self.agents[agent] = LiveAgent(row=row)
        live.row.seq = seq
        self.changes.agents[agent] = live.row
        return live

    def _agent_state(self, fact: facts.AgentStateChanged, at: datetime, seq: int) -> None:
        live = self._agent(fact.agent, at, seq)
        row, reason = live.row, fact.reason[:40]
        row.until, row.pending, row.pending_reason = fact.until, fact.pending, fact.pending_reason[:40]
        if live.period is not None and (row.state, row.reason, row.contact) == (fact.state, reason, fact.contact):
            return
        self._end_wrap_up(live, fact.state, at, seq)
        self._change_period(live, fact, at, seq)
        row.state, row.reason, row.contact, row.since = fact.state, reason, fact.contact, at

    def _end_wrap_up(self, live: LiveAgent, state: AgentState, at: datetime, seq: int) -> None:
        segment = live.wrap_up
        if segment is None or segment.ended_at is None or state is AgentState.WRAP_UP:
            return
        worked = live.row.state == AgentState.WRAP_UP
        segment.wrap_up_seconds = (at - segment.ended_at).total_seconds() if worked else 0.0
        segment.seq = seq
        self.changes.segments[segment.id] = segment
        live.wrap_up = None

    def _change_period(self, live: LiveAgent, fact: facts.AgentStateChanged, at: datetime, seq: int) -> None:
        if live.period is not None:
            live.period.ended_at = at
            self.changes.periods[live.period.id] = live.period
        live.period = AgentPeriodRow(
            id=seq, agent=fact.agent, state=fact.state, reason=fact.reason[:40], contact=fact.contact, started_at=at
        )
        self.changes.periods[seq] = live.period


def _change(contact: LiveContact, fact: facts.AnyFact, at: datetime) -> None:
    """What changes the contact alone."""
    match fact:
        case facts.ContactQueued():
            _queue(contact.row, fact, at)
        case facts.ContactOffered():
            _offer(contact, fact, at)
        case facts.OfferEnded():
            _end_offer(contact, fact)
        case facts.ControlApplied():
            _control(contact, fact.control, at)
        case facts.LegLost():
            _lose_leg(contact, fact, at)
        case facts.LegRegained():
            contact.row.state = ContactState.ENGAGED
        case facts.ContactMoved():
            _move(contact.row, fact)
        case facts.TransferStarted():
            _end_hold(contact, at)
            contact.row.muted = False
        case facts.ContactClosed():
            _close(contact, fact, at)


def _queue(row: ContactRow, fact: facts.ContactQueued, at: datetime) -> None:
    row.state, row.queue, row.priority = ContactState.WAITING, fact.queue, fact.priority
    row.queued_at = row.queued_at or at
    row.asked_queue = row.asked_queue or fact.queue


def _move(row: ContactRow, fact: facts.ContactMoved) -> None:
    row.state, row.queue = ContactState.WAITING, fact.queue
    row.moved += fact.cause is not MoveCause.TRANSFER


def _offer(contact: LiveContact, fact: facts.ContactOffered, at: datetime) -> None:
    row = contact.row
    row.offered_at = at
    if contact.segment is None:
        row.state, row.agent = ContactState.OFFERED, fact.agent


def _end_offer(contact: LiveContact, fact: facts.OfferEnded) -> None:
    row = contact.row
    if contact.segment is None and fact.outcome is not OfferOutcome.ANSWERED:
        row.agent = contact.last_agent
        if row.state == ContactState.OFFERED:
            row.state = ContactState.WAITING


def _control(contact: LiveContact, control: Control, at: datetime) -> None:
    row = contact.row
    match control:
        case Control.HOLD if not row.held:
            row.held, contact.hold_since = True, at
        case Control.UNHOLD:
            _end_hold(contact, at)
        case Control.MUTE | Control.UNMUTE:
            row.muted = control is Control.MUTE
        case Control.PAUSE_RECORDING | Control.RESUME_RECORDING:
            row.recording_paused = control is Control.PAUSE_RECORDING


def _end_hold(contact: LiveContact, at: datetime) -> None:
    if contact.hold_since is not None:
        seconds = (at - contact.hold_since).total_seconds()
        contact.row.hold_seconds += seconds
        if contact.segment is not None:
            contact.segment.hold_seconds += seconds
    contact.row.held, contact.hold_since = False, None


def _lose_leg(contact: LiveContact, fact: facts.LegLost, at: datetime) -> None:
    if not fact.held:
        _end_hold(contact, at)
    contact.row.muted = fact.muted
    contact.row.state = ContactState.RECONNECTING


def _close(contact: LiveContact, fact: facts.ContactClosed, at: datetime) -> None:
    _end_hold(contact, at)
    row = contact.row
    row.state, row.outcome, row.ended_by, row.ended_at = ContactState.ENDED, fact.outcome, fact.by, at
