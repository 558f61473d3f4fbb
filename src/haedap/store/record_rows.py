"""The rows of the read models, and what can still change of them."""

from datetime import datetime

import msgspec

from haedap.domain.ids import AgentId, ContactId, PromiseId
from haedap.domain.states import Direction


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
    direction: str = Direction.IN
    promise: PromiseId | None = None
    """The promise that an outgoing contact is to keep."""
    resumes: ContactId | None = None
    asked_queue: str | None = None
    """The queue that was asked for first, in whose figures the contact counts wherever it is moved."""
    transferred: bool = False
    """Whether a transfer was completed."""
    referred: bool = False
    """Whether an officer owes or owed a call because of it."""
    returned: int = 0
    """How often a blind transfer came to nothing and the citizen came back."""
    moved: int = 0
    """How often it was put into another queue while it waited."""
    abusive: bool = False
    """Whether an agent took a step against abuse."""
    message_seconds: int | None = None
    """How long the message is that the citizen left."""
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
    talk_from: datetime | None = None
    """Since when agent and citizen hear each other: of an outgoing contact, since the citizen answered."""
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


class TransferRow(msgspec.Struct, kw_only=True):
    """A row of the table `transfer`; `id` is the number of the journal row that began it."""

    id: int
    contact: ContactId
    number: int
    segment: int
    agent: AgentId
    mode: str
    target_kind: str
    """`agent`, `queue` or `outside`."""
    target_agent: AgentId | None = None
    target_queue: str | None = None
    target_number: str | None = None
    target_officer: int | None = None
    target_name: str = ""
    brief: str = ""
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    returned_at: datetime | None = None
    """When the citizen was on the way back to the agent."""
    citizen: bool = False
    """Whether the agent who consults talks to the citizen now."""
    consulted: bool = False
    """Whether the agent who consults talks to whom they consult now."""
    seq: int


class ProtectionStepRow(msgspec.Struct, kw_only=True):
    """A row of the table `protection_step`; `id` is the number of the journal row."""

    id: int
    contact: ContactId
    segment: int
    agent: AgentId
    step: str
    kind: str
    at: datetime


class SupervisionRow(msgspec.Struct, kw_only=True):
    """A row of the table `supervision`: one supervisor in one mode; `id` is the number of the journal row."""

    id: int
    contact: ContactId
    segment: int
    supervisor: AgentId
    mode: str
    started_at: datetime
    ended_at: datetime | None = None
    seq: int


class PromiseRow(msgspec.Struct, kw_only=True):
    """A row of the table `promise`."""

    id: PromiseId
    citizen: str
    owner_kind: str = ""
    """`agent`, `queue` or `outside`: an officer."""
    owner_queue: str | None = None
    owner_agent: AgentId | None = None
    owner_officer: int | None = None
    owner_name: str = ""
    owner_number: str | None = None
    reason: str
    state: str
    made_at: datetime
    place_at: datetime
    """Whose place in the queue it has: that of the contact it stands for."""
    due_at: datetime
    deadline: datetime
    attempts: int = 0
    """How many were made; those that failed by the centre's own fault do not count."""
    escalated_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    into: PromiseId | None = None
    """Which stands for it; never one that was merged itself."""
    contact: ContactId | None = None
    """In which it was made."""
    kept_in: ContactId | None = None
    """In which the citizen was reached or served."""
    made_by: AgentId | None = None
    ended_by: AgentId | None = None
    seq: int


class PromiseAttemptRow(msgspec.Struct, kw_only=True):
    """A row of the table `promise_attempt`; `id` is the number of the journal row that began it."""

    id: int
    promise: PromiseId
    number: int
    contact: ContactId | None
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    again_at: datetime | None = None
    seq: int


class LiveContact(msgspec.Struct, kw_only=True):
    """A contact that can still change."""

    row: ContactRow
    segment: SegmentRow | None = None
    """The segment that is open."""
    hold_since: datetime | None = None
    last_agent: AgentId | None = None
    """Whose segment was the last one."""
    transfer: TransferRow | None = None
    """The last one."""
    supervision: SupervisionRow | None = None
    """The one that is open."""


class LiveAgent(msgspec.Struct, kw_only=True):
    """An agent, the period that is open, and the segment whose wrap-up is not over."""

    row: AgentStatusRow
    period: AgentPeriodRow | None = None
    wrap_up: SegmentRow | None = None


class LivePromise(msgspec.Struct, kw_only=True):
    """A promise that is not over, and the attempt that is being made."""

    row: PromiseRow
    attempt: PromiseAttemptRow | None = None


class Changes(msgspec.Struct, frozen=True):
    """The rows that differ from the tables, each once, as they stand now."""

    contacts: dict[ContactId, ContactRow] = msgspec.field(default_factory=dict)
    segments: dict[int, SegmentRow] = msgspec.field(default_factory=dict)
    agents: dict[AgentId, AgentStatusRow] = msgspec.field(default_factory=dict)
    periods: dict[int, AgentPeriodRow] = msgspec.field(default_factory=dict)
    recordings: dict[ContactId, RecordingRow] = msgspec.field(default_factory=dict)
    transfers: dict[int, TransferRow] = msgspec.field(default_factory=dict)
    protection_steps: dict[int, ProtectionStepRow] = msgspec.field(default_factory=dict)
    supervisions: dict[int, SupervisionRow] = msgspec.field(default_factory=dict)
    promises: dict[PromiseId, PromiseRow] = msgspec.field(default_factory=dict)
    attempts: dict[int, PromiseAttemptRow] = msgspec.field(default_factory=dict)
    referred: dict[ContactId, int] = msgspec.field(default_factory=dict)
    """Contacts that had ended when they were referred, each with the number of the journal row; none of `contacts`."""
