"""What became true in the centre because of an event: the material of records, figures and screens.

The time of a fact is the time of the event that caused it. Replaying the events gives the same facts.
"""

from datetime import datetime

import msgspec

from haedap.domain.ids import AgentId, ContactId, FlowKey, OfferId, PromiseId, QueueKey
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    Channel,
    ContactOutcome,
    Control,
    Direction,
    EndedBy,
    MoveCause,
    OfferOutcome,
    PromiseOutcome,
    PromiseReason,
    ProtectionStep,
    Supervision,
    TransferMode,
    TransferOutcome,
)
from haedap.domain.targets import Owner, Target


class Fact(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The base of all facts."""


class ContactOpened(Fact, frozen=True):
    """A contact began."""

    contact: ContactId
    channel: Channel
    called: str
    caller: str | None
    caller_text: str
    caller_name: str
    withheld: bool
    flow: FlowKey | None
    direction: Direction = Direction.IN
    promise: PromiseId | None = None
    """The promise that an outgoing contact is to keep."""
    resumes: ContactId | None = None
    """The citizen was cut off or gave up, called again, and has the place of that contact."""


class FlowStepEntered(Fact, frozen=True):
    """The flow reached a step; `digit` holds the keys that led here, if any did."""

    contact: ContactId
    flow: FlowKey
    step: str
    digit: str = ""


class ContactQueued(Fact, frozen=True):
    """The citizen asked for a person: from here on the contact counts as offered (인입) in the figures."""

    contact: ContactId
    queue: QueueKey
    priority: int


class ContactOffered(Fact, frozen=True):
    """The contact was put to an agent."""

    contact: ContactId
    offer: OfferId
    agent: AgentId
    queue: QueueKey


class OfferEnded(Fact, frozen=True):
    """What became of an offer."""

    contact: ContactId
    offer: OfferId
    agent: AgentId
    outcome: OfferOutcome


class SegmentStarted(Fact, frozen=True):
    """An agent has the citizen: one agent's part of the contact begins. `segment` counts from 1."""

    contact: ContactId
    segment: int
    agent: AgentId
    queue: QueueKey
    offer: OfferId


class ControlApplied(Fact, frozen=True):
    """The agent did something to the call."""

    contact: ContactId
    segment: int
    agent: AgentId
    control: Control
    digits: str = ""


class LegLost(Fact, frozen=True):
    """The agent's leg was lost in mid-call; the citizen hears music and is kept for this agent."""

    contact: ContactId
    segment: int
    agent: AgentId
    held: bool = False
    muted: bool = False
    """Whether the hold and the mute go on with the agent's next leg; else they end with this one."""


class LegRegained(Fact, frozen=True):
    """The same agent has the citizen back; the segment goes on."""

    contact: ContactId
    segment: int
    agent: AgentId


class SegmentEnded(Fact, frozen=True):
    """The agent's part of the contact is over; wrap-up begins."""

    contact: ContactId
    segment: int
    agent: AgentId
    by: EndedBy


class ContactClosed(Fact, frozen=True):
    """The contact ended."""

    contact: ContactId
    outcome: ContactOutcome
    by: EndedBy


class CitizenCalled(Fact, frozen=True):
    """The agent of an outgoing contact is there, and the citizen's telephone is being called."""

    contact: ContactId
    segment: int
    agent: AgentId


class CitizenAnswered(Fact, frozen=True):
    """The citizen of an outgoing contact answered: the talk begins."""

    contact: ContactId
    segment: int
    agent: AgentId


class MessageLeft(Fact, frozen=True):
    """The citizen's spoken message is on tape."""

    contact: ContactId
    seconds: int


class ContactMoved(Fact, frozen=True):
    """The contact waits in another queue. Its place goes by the time it has waited in all."""

    contact: ContactId
    queue: QueueKey
    cause: MoveCause
    by: AgentId | None = None


class TransferStarted(Fact, frozen=True):
    """The agent of the segment passes the citizen on. `transfer` counts the contact's transfers from 1."""

    contact: ContactId
    transfer: int
    segment: int
    agent: AgentId
    mode: TransferMode
    target: Target
    brief: str = ""


class TransferAnswered(Fact, frozen=True):
    """Whom the agent called is there."""

    contact: ContactId
    transfer: int


class TransferStepped(Fact, frozen=True):
    """Whom the agent talks to now: the citizen, the consulted, or both at once."""

    contact: ContactId
    transfer: int
    citizen: bool
    consulted: bool


class TransferEnded(Fact, frozen=True):
    """What became of the transfer. After COMPLETED to an outside number the contact is FORWARDED."""

    contact: ContactId
    transfer: int
    outcome: TransferOutcome


class ContactReturned(Fact, frozen=True):
    """A blind transfer came to nothing and the citizen is on the way back to the agent, first of all who wait."""

    contact: ContactId
    transfer: int
    agent: AgentId


class SupervisionStarted(Fact, frozen=True):
    """A supervisor takes part in the talk, or changes how."""

    contact: ContactId
    segment: int
    supervisor: AgentId
    mode: Supervision


class SupervisionEnded(Fact, frozen=True):
    """The supervisor's leg is out of the talk."""

    contact: ContactId
    supervisor: AgentId


class ProtectionTaken(Fact, frozen=True):
    """A step against abuse was taken."""

    contact: ContactId
    segment: int
    agent: AgentId
    step: ProtectionStep
    kind: str


class PromiseMade(Fact, frozen=True):
    """The centre or an officer owes the citizen a call."""

    promise: PromiseId
    citizen: str
    owner: Owner
    reason: PromiseReason
    made_at: datetime
    """Whose place in the queue it has: that of the contact it stands for."""
    due_at: datetime
    deadline: datetime
    agent: AgentId | None = None
    contact: ContactId | None = None


class PromiseAltered(Fact, frozen=True):
    """Owner, due time or deadline are these from now on."""

    promise: PromiseId
    owner: Owner
    due_at: datetime
    deadline: datetime
    agent: AgentId | None = None


class AttemptStarted(Fact, frozen=True):
    """A contact was opened to keep the promise, or an officer called. `attempt` counts from 1."""

    promise: PromiseId
    attempt: int
    contact: ContactId | None


class AttemptEnded(Fact, frozen=True):
    """What became of the attempt; `again_at`: when the next one is due, None if there is none."""

    promise: PromiseId
    attempt: int
    outcome: AttemptOutcome
    again_at: datetime | None


class PromiseEscalated(Fact, frozen=True):
    """The deadline is near and nobody was reached: supervisors are told, and it goes before others in its queue."""

    promise: PromiseId


class PromiseEnded(Fact, frozen=True):
    """How the promise ended."""

    promise: PromiseId
    outcome: PromiseOutcome
    into: PromiseId | None = None
    """MERGED: the promise that stands for it."""
    contact: ContactId | None = None
    """KEPT, RESOLVED: in which contact."""
    agent: AgentId | None = None


class AgentStateChanged(Fact, frozen=True):
    """An agent's state from now on. `until`: when it ends by itself; `pending`: what the agent asked to be next."""

    agent: AgentId
    state: AgentState
    reason: str = ""
    contact: ContactId | None = None
    until: datetime | None = None
    pending: AgentState | None = None
    pending_reason: str = ""
    by: AgentId | None = None
    """The supervisor who forced it."""


class AgentReachabilityChanged(Fact, frozen=True):
    """Whether the agent's telephone is registered."""

    agent: AgentId
    reachable: bool


AnyFact = (
    ContactOpened
    | FlowStepEntered
    | ContactQueued
    | ContactOffered
    | OfferEnded
    | SegmentStarted
    | ControlApplied
    | LegLost
    | LegRegained
    | SegmentEnded
    | ContactClosed
    | AgentStateChanged
    | AgentReachabilityChanged
    | CitizenCalled
    | CitizenAnswered
    | MessageLeft
    | ContactMoved
    | TransferStarted
    | TransferAnswered
    | TransferStepped
    | TransferEnded
    | ContactReturned
    | SupervisionStarted
    | SupervisionEnded
    | ProtectionTaken
    | PromiseMade
    | PromiseAltered
    | AttemptStarted
    | AttemptEnded
    | PromiseEscalated
    | PromiseEnded
)
