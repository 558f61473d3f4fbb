"""What the router remembers: one record for each live contact, each agent on the plan and each queue.

Records refer to each other by id only, so they are a tree, travel as JSON and make a snapshot by being copied.
Only the modules of this package change them. `gc=False`: no cycles are possible, so the collector need not look.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from haedap.domain.decisions import Saying
from haedap.domain.events import PromiseChanged
from haedap.domain.ids import AgentId, ContactId, FlowKey, OfferId, PromiseId, QueueKey, RequestId, SkillKey
from haedap.domain.plan import Queue
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    Channel,
    ContactState,
    Control,
    PromiseReason,
    PromiseState,
    ProtectionStep,
    Supervision,
    TransferMode,
)
from haedap.domain.targets import Owner, Target, ToOutside
from haedap.flows import FlowRun

ContactKey = tuple[bool, int, int, ContactId]
"""A contact's place among those who wait, over all queues: the least is served first. See `ContactRecord.key`."""

NOBODY = AgentId(0)
"""Whose leg an officer's or an outside number's is."""

NO_FLOW = FlowKey("")
NO_QUEUE = QueueKey("")
"""The flow and the queue of a contact that has entered none."""


class LegStage(StrEnum):
    """How far a leg has come."""

    RINGING = "ringing"
    ANSWERED = "answered"
    """Answered; `Connect` or `Gather` was asked, or something is announced to it first."""
    JOINED = "joined"
    """It hears whom it is to hear."""


class Sound(StrEnum):
    """What the citizen was last given to hear."""

    NOTHING = "nothing"
    SAYINGS = "sayings"
    MUSIC = "music"


class Leg(msgspec.Struct, gc=False, kw_only=True):
    """A leg beside the citizen's. A contact has one agent's, one consulted and one supervisor's at a time at most."""

    offer: OfferId
    agent: AgentId
    """Whose it is; `NOBODY` for an officer's extension or an outside number."""
    stage: LegStage = LegStage.RINGING
    until: datetime | None = None
    """While RINGING: when the router stops waiting for an answer."""
    announcing: RequestId | None = None
    """While something is spoken to it before anybody is heard: the `Announce` whose end is still to be reported."""


class Transfer(msgspec.Struct, gc=False, kw_only=True):
    """The one transfer of a contact that is under way; kept after its end while the citizen is FORWARDED by it."""

    number: int
    mode: TransferMode
    """BLIND from the moment that the agent is out of it and nobody else has the citizen yet."""
    target: Target
    agent: AgentId
    """Who passes the citizen on, and to whom the citizen returns."""
    announcement: str
    citizen: bool = False
    consulted: bool = False
    """Whom the agent hears."""
    ended: bool = False


class Watch(msgspec.Struct, gc=False, kw_only=True):
    """A supervisor's part in a talk."""

    leg: Leg
    mode: Supervision
    take_over: bool = False
    """While RINGING: with the answer the citizen becomes the supervisor's."""
    told: bool = False
    """Whether it is known that the supervisor takes part."""


class ContactRecord(msgspec.Struct, gc=False, kw_only=True):
    """A contact from arrival to end."""

    id: ContactId
    channel: Channel
    called: str
    caller: str | None
    called_at: datetime
    """When the citizen's leg began; an outgoing contact has it from the answer on."""
    state: ContactState = ContactState.IN_FLOW

    flow: FlowKey = NO_FLOW
    run: FlowRun | None = None
    """While IN_FLOW: where in the flow."""
    flow_until: datetime | None = None
    message_to: QueueKey | None = None
    """Whose agents hear the message that the citizen was leaving as its flow was changed or went."""

    queue: QueueKey = NO_QUEUE
    priority: int = 0
    order: int = 0
    """Counts the entries into queues, so it tells who came earlier."""
    front: bool = False
    """An agent lost this citizen for good: served before everybody to whom that did not happen."""
    preferred: AgentId | None = None
    """While set: only this agent is asked. See `waiting.prefer`."""
    preferred_until: datetime | None = None
    """When anybody may be asked; None while `preferred` is set: not before the preference is taken back."""
    resumes: ContactId | None = None
    """The contact that broke off or was given up, and whose place this one has."""
    last_agent: AgentId | None = None
    """Whose segment was the latest."""
    promise: PromiseId | None = None
    """The promise that this outgoing contact is to keep; None: the citizen called."""
    reached: bool = False
    """Whether the citizen of an outgoing contact answered."""
    calling_until: datetime | None = None
    """While the citizen is being called: when the router stops waiting for a report."""
    attempt: AttemptOutcome | None = None
    """What became of the call to the citizen."""
    recall_at: datetime | None = None
    """When the hours end in which an outgoing contact that waits may be served."""
    promises: tuple[PromiseId, ...] = ()
    """What was promised in this contact. Nobody is called back while they are still on the line."""
    asking: bool = False
    """While WAITING or OFFERED: the citizen is being asked whether to be called back; `run` tells how far it is."""
    callback_offered: bool = False
    """The citizen was told that `1` keeps the place."""
    been: tuple[QueueKey, ...] = ()
    """The queues that the contact overflowed from: it never flows back."""
    queue_since: datetime | None = None
    """When it came into the queue of now."""
    overflow_at: datetime | None = None
    widen_at: datetime | None = None
    wide: tuple[SkillKey, ...] = ()
    """The skills beside its queue's whose agents may serve it by now."""
    music: bool = True
    """Whether it is heard while waiting: not in a silent queue, nor by whom nobody has called yet; after any talk."""
    waiting_since: datetime | None = None
    """When it entered its first queue."""
    announce_at: datetime | None = None

    sound: Sound = Sound.NOTHING
    sayings: tuple[Saying, ...] = ()
    playing: RequestId | None = None
    """The `Play` whose end is still to be reported; reports of any other are stale."""

    requests: int = 0
    offers: int = 0
    leg: Leg | None = None
    agent: AgentId | None = None
    """Whose segment is open: from the answer to the segment's end, a lost leg included."""
    segments: int = 0
    held: bool = False
    muted: bool = False
    recording_paused: bool = False
    applied: tuple[Control, ...] = ()
    """What was ever done to a talk of this contact: all that the exchange may know otherwise."""
    reconnect_until: datetime | None = None
    retry_at: datetime | None = None
    connect_failures: int = 0
    transfer: Transfer | None = None
    transfers: int = 0
    consult: Leg | None = None
    """Of whom the agent consults or, while FORWARDED, of whom the citizen is put through to."""
    watch: Watch | None = None
    protection: ProtectionStep | None = None
    """The last step that was taken against abuse."""
    parting: bool = False
    """While FORWARDED: the citizen is told why the call is ended."""

    @property
    def key(self) -> ContactKey:
        """Given back by a lost leg first, then higher priority, then earlier in the queue."""
        return (not self.front, -self.priority, self.order, self.id)

    @property
    def uncalled(self) -> bool:
        """Whether it is an outgoing contact whose citizen is not on the line (yet)."""
        return self.promise is not None and not self.reached


class AgentRecord(msgspec.Struct, gc=False, kw_only=True):
    """An agent of the plan; one that left the plan stays until their call and its wrap-up are over."""

    id: AgentId
    endpoint: str
    levels: dict[SkillKey, int]
    """Skill to level, 1 is asked first."""
    state: AgentState = AgentState.SIGNED_OUT
    reason: str = ""
    reachable: bool = False
    contact: ContactId | None = None
    """While OFFERED, ENGAGED or WRAP_UP: the contact that the state is about."""
    until: datetime | None = None
    """While OFFERED or WRAP_UP: when it ends by itself."""
    pending: AgentState | None = None
    """While ENGAGED or WRAP_UP: AWAY or SIGNED_OUT, asked to be next."""
    pending_reason: str = ""
    idle_order: int = 0
    """Counts the times that anybody became available after work or absence, so it tells who is idle longest."""
    cooling: dict[ContactId, datetime]
    """Contacts that are not put to this agent before that time: their offer failed for technical reasons, or the agent
    passed them on."""
    faults: list[datetime] = []
    """When offers to this agent failed for technical reasons of late."""
    rest_until: datetime | None = None
    """After an abusive call: AVAILABLE is not taken before."""
    absent_at: datetime | None = None
    """While AVAILABLE without a telephone: when they are taken for gone."""
    supervising: bool = False
    """Takes part in somebody else's talk, or is rung for it: the state stays, and nothing is offered."""
    by: AgentId | None = None
    pending_by: AgentId | None = None
    """The supervisor who forced the state, and the pending one."""
    removed: bool = False

    @property
    def idle(self) -> bool:
        """Whether a contact may be offered."""
        return self.state is AgentState.AVAILABLE and self.reachable and not self.supervising


class QueueRecord(msgspec.Struct, gc=False, kw_only=True):
    """A queue; one that left the plan stays, with its last rules, until its contacts are closed."""

    rules: Queue
    removed: bool = False
    contacts: int = 0
    """How many live contacts entered it."""
    answers: list[datetime]
    """When its latest contacts were answered, oldest first."""


class PromiseRecord(msgspec.Struct, gc=False, kw_only=True):
    """A callback that is owed."""

    id: PromiseId
    citizen: str
    owner: Owner
    reason: PromiseReason
    state: PromiseState = PromiseState.OPEN
    queue: QueueKey
    """Where its contacts wait; it may have left the plan."""
    skill: SkillKey
    """The skill that the queue asks for, by which its successor is found."""
    priority: int = 0
    order: int
    """The place that was promised: among all who wait it counts as this old."""
    since: datetime
    """Since when the citizen waits."""
    due_at: datetime
    deadline: datetime
    contact: ContactId | None = None
    """In which contact it was made, or which one it repairs."""
    agent: AgentId | None = None
    """DROPPED: who had the citizen and is asked first."""
    wake_at: datetime | None = None
    """While OPEN: when it is due, hours considered. None: when something else happens first."""
    escalate_at: datetime
    escalated: bool = False
    calling: ContactId | None = None
    """While WAITING: the contact that stands for it."""
    attempts: int = 0
    failures: int = 0
    """Attempts that count: the citizen was called and not reached."""
    handover: PromiseChanged | None = None
    """Asked while the citizen is being called: whose it is to be if they are not reached."""

    @property
    def debtor(self) -> tuple[str, str]:
        """The citizen, and who owes the call: the centre (empty), or the officer's number."""
        return self.citizen, self.owner.number if isinstance(self.owner, ToOutside) else ""

    @property
    def key_priority(self) -> int:
        """The priority of its contacts."""
        return self.priority + (ESCALATED if self.escalated else 0)


ESCALATED = 100
"""By how much an escalated promise goes before others."""


class GoneRecord(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A citizen who was cut off or gave up, and whose place is kept for a while."""

    contact: ContactId
    caller: str
    at: datetime
    queue: QueueKey
    priority: int
    order: int
    agent: AgentId | None


class ClosedRecord(msgspec.Struct, gc=False, kw_only=True):
    """A contact that is over, remembered for a while: a late report must not open it anew."""

    id: ContactId
    at: datetime
    requests: int
