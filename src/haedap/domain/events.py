"""What happens outside, as the router hears it. Every event carries its own time, aware and in UTC.

Events may come late, twice or for things that ended long ago: that is normal, and the router does nothing.
"""

from datetime import datetime

import msgspec

from haedap.domain.ids import AgentId, ContactId, OfferId, PromiseId, QueueKey, RequestId
from haedap.domain.plan import Plan
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    Channel,
    ConsultStep,
    Control,
    EndedBy,
    OfferOutcome,
    PlayOutcome,
    PromiseOutcome,
    PromiseReason,
    ProtectionStep,
    Supervision,
    TransferMode,
)
from haedap.domain.targets import Owner, Target


class Event(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The base of all events."""

    at: datetime


class TimePassed(Event, frozen=True):
    """Time itself: posted when `Router.next_deadline()` has come."""


class PlanChanged(Event, frozen=True):
    """The centre's configuration, whole. The first event of every journal."""

    plan: Plan


# --- the citizen's side


class ContactArrived(Event, frozen=True):
    """A citizen reached the centre. The same contact may be reported again after a restart; that changes nothing."""

    contact: ContactId
    channel: Channel
    called: str
    """The number that was called, E.164 where it can be read as one, else as it came (at most 64 characters)."""
    caller: str | None = None
    """E.164, or None when it is withheld or cannot be read as a telephone number."""
    caller_text: str = ""
    """The caller's number as it came, made safe to show (at most 64 characters)."""
    caller_name: str = ""
    withheld: bool = False


class PlaybackEnded(Event, frozen=True):
    """A `Play` ended by itself, was replaced, or could not be played."""

    contact: ContactId
    request: RequestId
    outcome: PlayOutcome


class DigitPressed(Event, frozen=True):
    """The citizen pressed a key: one of 0-9, *, #, A-D."""

    contact: ContactId
    digit: str


class CitizenLeft(Event, frozen=True):
    """The citizen's leg is gone. `by` CITIZEN (hung up), LINE (vanished), CENTRE (the exchange dropped it)."""

    contact: ContactId
    by: EndedBy = EndedBy.CITIZEN


class CitizenReached(Event, frozen=True):
    """The citizen of an outgoing contact answered; they are joined with the agent who called."""

    contact: ContactId


class CitizenNotReached(Event, frozen=True):
    """The citizen of an outgoing contact did not answer. Never REACHED."""

    contact: ContactId
    outcome: AttemptOutcome


class MessageTaken(Event, frozen=True):
    """What a citizen said to a `TakeMessage` is on tape. 0 seconds: nothing was said."""

    contact: ContactId
    seconds: int


class MessageWritten(Event, frozen=True):
    """A citizen wrote instead of calling. The text itself stays with whoever took it; `promise` names it."""

    promise: PromiseId
    queue: QueueKey
    citizen: str
    """E.164: where to call back."""


# --- the agent's leg


class OfferRinging(Event, frozen=True):
    """The agent's telephone rings."""

    offer: OfferId


class OfferAnswered(Event, frozen=True):
    """The agent answered."""

    offer: OfferId


class OfferFailed(Event, frozen=True):
    """The offer cannot be answered any more: REJECTED, UNREACHABLE, NO_ANSWER (the telephone's own limit) or FAILED.

    Of a `DialOutside` also REFUSED: not the other side declines, but the provider refuses the centre, or it has none.
    """

    offer: OfferId
    outcome: OfferOutcome


class AgentLegEnded(Event, frozen=True):
    """A leg that had been answered is gone. `by` AGENT: hung up on purpose; LINE or CENTRE: lost."""

    offer: OfferId
    by: EndedBy


class Connected(Event, frozen=True):
    """Citizen and agent hear each other."""

    contact: ContactId
    offer: OfferId


class ConnectFailed(Event, frozen=True):
    """They could not be joined; each leg may still live."""

    contact: ContactId
    offer: OfferId


class ChannelReconciled(Event, frozen=True):
    """What is true on a channel now: after a start or a reconnection. What is not named here is gone."""

    channel: Channel
    contacts: tuple[ContactId, ...]
    ringing: tuple[OfferId, ...] = ()
    answered: tuple[OfferId, ...] = ()
    connected: tuple[OfferId, ...] = ()
    """Offers whose leg is joined with its citizen, who is not on hold (a subset of `answered`)."""
    uncalled: tuple[ContactId, ...] = ()
    """Outgoing contacts whose citizen is being called and has not answered (none of `contacts`)."""
    since: datetime | None = None
    """When the exchange began: it dropped the calls from before; who is gone of a later one has left. None: unknown."""
    exchange: str = ""
    """Names this run of the exchange, whatever clocks say: where the last reconciliation had the same one, it has
    dropped nobody since. "": unknown, and `since` has to tell."""


class CentreStopped(Event, frozen=True):
    """The whole centre was off from then on: no call lived, no telephone was registered, nobody worked.

    Found out at the next start; the reconciliation that follows finds nothing from before.
    """

    resumed_at: datetime


class ExchangeStopped(Event, frozen=True):
    """The exchange is off from then on: no call lives, no telephone is registered. Whoever works is still there.

    A reconciliation follows when it is back. A repetition changes nothing.
    """


# --- the agent


class AgentSignedIn(Event, frozen=True):
    """The agent comes on duty: AWAY until they say AVAILABLE."""

    agent: AgentId


class AgentSignedOut(Event, frozen=True):
    """The agent goes off duty. In mid-call it takes effect after the call and its wrap-up."""

    agent: AgentId


class AgentSetAvailable(Event, frozen=True):
    """The agent wants contacts. Ends a wrap-up early; in mid-call it cancels a wish to be away."""

    agent: AgentId


class AgentSetAway(Event, frozen=True):
    """The agent wants no contacts, and says why. In mid-call it takes effect after the call and its wrap-up."""

    agent: AgentId
    reason: str


class WrapUpExtended(Event, frozen=True):
    """The agent needs more time for the wrap-up: `seconds` from now."""

    agent: AgentId
    seconds: int


class AgentReachable(Event, frozen=True):
    """The agent's telephone is registered."""

    agent: AgentId


class AgentUnreachable(Event, frozen=True):
    """The agent's telephone is not registered. Calls in progress go on."""

    agent: AgentId


class AgentReturned(Event, frozen=True):
    """The agent's screen was loaded anew in mid-call and has no leg: give the citizen back to the same agent."""

    agent: AgentId


class ControlRequested(Event, frozen=True):
    """The agent does something to the call. `digits` only with SEND_DIGITS."""

    agent: AgentId
    contact: ContactId
    control: Control
    digits: str = ""


class TransferRequested(Event, frozen=True):
    """The agent passes the citizen on, or first consults whom they would pass them on to."""

    agent: AgentId
    contact: ContactId
    mode: TransferMode
    target: Target
    brief: str = ""
    """The id of the brief that goes with it; empty: none."""
    announcement: str = ""
    """What is spoken to the target before the agent (consult) or the citizen (blind) is heard; empty: nothing."""


class ConsultStepped(Event, frozen=True):
    """The agent does something to the consultation."""

    agent: AgentId
    contact: ContactId
    step: ConsultStep


class Protected(Event, frozen=True):
    """The agent takes a step against abuse. `kind` is the centre's own word for it, at most 40 characters."""

    agent: AgentId
    contact: ContactId
    step: ProtectionStep
    kind: str


# --- the supervisor


class SupervisionRequested(Event, frozen=True):
    """A supervisor wants to take part in a talk, or changes how; None ends it."""

    supervisor: AgentId
    contact: ContactId
    mode: Supervision | None


class TakeOverRequested(Event, frozen=True):
    """A supervisor wants the citizen: from then on they are the agent."""

    supervisor: AgentId
    contact: ContactId


class AgentStateForced(Event, frozen=True):
    """A supervisor sets an agent AVAILABLE, AWAY or SIGNED_OUT. In mid-call it waits, as the agent's own wish does."""

    agent: AgentId
    supervisor: AgentId
    state: AgentState
    reason: str = ""


class MoveRequested(Event, frozen=True):
    """A supervisor wants a waiting contact in another queue; it keeps its place by its time."""

    contact: ContactId
    supervisor: AgentId
    queue: QueueKey


# --- callback promises


class PromiseRequested(Event, frozen=True):
    """Somebody promised a citizen a call. A second one that the same owe to this number merges into the first."""

    promise: PromiseId
    citizen: str
    """E.164."""
    owner: Owner
    reason: PromiseReason
    due_at: datetime | None = None
    """Not before; None: as soon as somebody is free."""
    deadline: datetime | None = None
    """By when it is owed; None: by the centre's rule, whoever owes it."""
    agent: AgentId | None = None
    """Who promised."""
    contact: ContactId | None = None
    """In which talk."""


class PromiseChanged(Event, frozen=True):
    """A promise is put off, hurried or given to somebody else. None leaves a thing as it is."""

    promise: PromiseId
    agent: AgentId | None = None
    owner: Owner | None = None
    due_at: datetime | None = None
    deadline: datetime | None = None


class PromiseAttempted(Event, frozen=True):
    """An officer says what became of a call that they made themselves."""

    promise: PromiseId
    outcome: AttemptOutcome


class PromiseSettled(Event, frozen=True):
    """Somebody says that the promise is over: KEPT (an officer's), CANCELLED or RESOLVED."""

    promise: PromiseId
    outcome: PromiseOutcome
    agent: AgentId | None = None


AnyEvent = (
    TimePassed
    | PlanChanged
    | ContactArrived
    | PlaybackEnded
    | DigitPressed
    | CitizenLeft
    | OfferRinging
    | OfferAnswered
    | OfferFailed
    | AgentLegEnded
    | Connected
    | ConnectFailed
    | ChannelReconciled
    | CentreStopped
    | ExchangeStopped
    | AgentSignedIn
    | AgentSignedOut
    | AgentSetAvailable
    | AgentSetAway
    | WrapUpExtended
    | AgentReachable
    | AgentUnreachable
    | AgentReturned
    | ControlRequested
    | CitizenReached
    | CitizenNotReached
    | MessageTaken
    | MessageWritten
    | TransferRequested
    | ConsultStepped
    | Protected
    | SupervisionRequested
    | TakeOverRequested
    | AgentStateForced
    | MoveRequested
    | PromiseRequested
    | PromiseChanged
    | PromiseAttempted
    | PromiseSettled
)
