"""What became true in the centre because of an event: the material of records, figures and screens.

The time of a fact is the time of the event that caused it. Replaying the events gives the same facts.
"""

from datetime import datetime

import msgspec

from haedap.domain.ids import AgentId, ContactId, FlowKey, OfferId, QueueKey
from haedap.domain.states import AgentState, Channel, ContactOutcome, Control, EndedBy, OfferOutcome


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


class FlowStepEntered(Fact, frozen=True):
    """The flow reached a step; `digit` is the key that led here, if one did."""

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


class AgentStateChanged(Fact, frozen=True):
    """An agent's state from now on. `until`: when it ends by itself; `pending`: what the agent asked to be next."""

    agent: AgentId
    state: AgentState
    reason: str = ""
    contact: ContactId | None = None
    until: datetime | None = None
    pending: AgentState | None = None
    pending_reason: str = ""


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
)
