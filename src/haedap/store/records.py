"""The read models as one fold of the journal's facts: contacts, segments, agents' states. Pure.

The rules:
* A contact's clocks come from the times of rows only, so that a rebuild gives the same figures.
* `answered_at` is the first segment's start; `queued_at` the first entry into a queue.
* Hold ends with the leg, with the segment, or when the agent ends it; talk ends when the call leaves the agent.
* Wrap-up is what an agent spends in WRAP_UP after a segment: 0 when the agent went straight to something else.
* A period of an agent begins when state, reason or contact changes; a new limit or wish alone begins none.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from haedap.domain import facts
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.states import AgentState, Channel, ContactState, Control, OfferOutcome

_log = structlog.get_logger()


class ContactRow(msgspec.Struct, kw_only=True):
    """A row of the table `contact`."""

    id: ContactId
    channel: str
    state: str
    outcome: str | None = None
    ended_by: str | None = None
    called: str
    caller: str | None
    caller_text: str
    caller_name: str
    withheld: bool
    flow: str | None
    queue: str | None = None
    priority: int = 0
    arrived_at: datetime
    queued_at: datetime | None = None
    offered_at: datetime | None = None
    """When it was last put to an agent."""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    agent: AgentId | None = None
    """The agent who has it or is offered it, else the last who had it."""
    segments: int = 0
    hold_seconds: float = 0.0
    held: bool = False
    muted: bool = False
    recording_paused: bool = False
    recorded: bool = False
    seq: int


class SegmentRow(msgspec.Struct, kw_only=True):
    """A row of the table `segment`; `id` is the number of the journal row that began it."""

    id: int
    contact: ContactId
    number: int
    agent: AgentId
    queue: str
    offer: str
    started_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    hold_seconds: float = 0.0
    wrap_up_seconds: float | None = None
    seq: int


class AgentStatusRow(msgspec.Struct, kw_only=True):
    """A row of the table `agent_status`."""

    agent: AgentId
    state: str
    reason: str = ""
    since: datetime
    until: datetime | None = None
    pending: str | None = None
    pending_reason: str = ""
    contact: ContactId | None = None
    reachable: bool = False
    seq: int


class AgentPeriodRow(msgspec.Struct, kw_only=True):
    """A row of the table `agent_period`; `id` is the number of the journal row that began it."""

    id: int
    agent: AgentId
    state: str
    reason: str
    contact: ContactId | None
    started_at: datetime
    ended_at: datetime | None = None


class RecordingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A new row of the table `recording`; what becomes of the file is noted there by others."""

    contact: ContactId
    file: str
    started_at: datetime
    status: str = "writing"


class LiveContact(msgspec.Struct, kw_only=True):
    """A contact that can still change."""

    row: ContactRow
    segment: SegmentRow | None = None
    """The segment that is open."""
    hold_since: datetime | None = None
    last_agent: AgentId | None = None
    """Whose segment was the last one."""


class LiveAgent(msgspec.Struct, kw_only=True):
    """An agent, the period that is open, and the segment whose wrap-up is not over."""

    row: AgentStatusRow
    period: AgentPeriodRow | None = None
    wrap_up: SegmentRow | None = None


class Changes(msgspec.Struct, frozen=True):
    """The rows that differ from the tables, each once, as they stand now."""

    contacts: dict[ContactId, ContactRow] = msgspec.field(default_factory=dict)
    segments: dict[int, SegmentRow] = msgspec.field(default_factory=dict)
    agents: dict[AgentId, AgentStatusRow] = msgspec.field(default_factory=dict)
    periods: dict[int, AgentPeriodRow] = msgspec.field(default_factory=dict)
    recordings: dict[ContactId, RecordingRow] = msgspec.field(default_factory=dict)


def recording_file(contact: ContactId, arrived_at: datetime, zone: ZoneInfo) -> str:
    """Where the voice channel records this contact, relative to the recordings folder: by the local day."""
    return f"{arrived_at.astimezone(zone):%Y/%m/%d}/{contact}.wav"


class Records:
    """The fold. `contacts` and `agents` are those that can still change; `changes` what is to be written.

    `recorded_in`: the time zone by whose days recordings are filed; None when conversations are not recorded.
    """

    def __init__(
        self, *, recorded_in: ZoneInfo | None, contacts: Iterable[LiveContact] = (), agents: Iterable[LiveAgent] = ()
    ) -> None:
        self._recorded_in = recorded_in
        self.contacts = {contact.row.id: contact for contact in contacts}
        self.agents = {agent.row.agent: agent for agent in agents}
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
            case _:
                self._contact_fact(fact, at, seq)

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
            seq=seq,
        )
        self.contacts[fact.contact] = LiveContact(row=row)
        self.changes.contacts[fact.contact] = row

    def _contact_fact(self, fact: facts.AnyFact, at: datetime, seq: int) -> None:
        contact = self.contacts.get(getattr(fact, "contact", ContactId("")))
        if contact is None:
            _log.warning("a fact about a contact that is not open is passed over", fact=type(fact).__name__, seq=seq)
            return
        contact.row.seq = seq
        self.changes.contacts[contact.row.id] = contact.row
        if isinstance(fact, facts.SegmentStarted):
            self._start_segment(contact, fact, at, seq)
        elif isinstance(fact, facts.SegmentEnded):
            self._end_segment(contact, fact, at)
        else:
            _change(contact, fact, at)
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
        if row.answered_at is None:
            row.answered_at = at
            self._record(row)

    def _record(self, row: ContactRow) -> None:
        if self._recorded_in is not None and row.channel == Channel.VOICE:
            row.recorded = True
            file = recording_file(row.id, row.arrived_at, self._recorded_in)
            self.changes.recordings[row.id] = RecordingRow(contact=row.id, file=file, started_at=row.arrived_at)

    def _end_segment(self, contact: LiveContact, fact: facts.SegmentEnded, at: datetime) -> None:
        _end_hold(contact, at)
        contact.row.muted = False
        if contact.row.state != ContactState.ENDED:
            contact.row.state = ContactState.WAITING
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
            _lose_leg(contact, at)
        case facts.LegRegained():
            contact.row.state = ContactState.ENGAGED
        case facts.ContactClosed():
            _close(contact, fact, at)


def _queue(row: ContactRow, fact: facts.ContactQueued, at: datetime) -> None:
    row.state, row.queue, row.priority = ContactState.WAITING, fact.queue, fact.priority
    row.queued_at = row.queued_at or at


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


def _lose_leg(contact: LiveContact, at: datetime) -> None:
    _end_hold(contact, at)
    contact.row.muted = False
    contact.row.state = ContactState.RECONNECTING


def _close(contact: LiveContact, fact: facts.ContactClosed, at: datetime) -> None:
    _end_hold(contact, at)
    row = contact.row
    row.state, row.outcome, row.ended_by, row.ended_at = ContactState.ENDED, fact.outcome, fact.by, at
