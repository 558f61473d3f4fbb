"""What the router asks of a channel. Each request has an id and may be performed twice without harm.

A citizen hears one thing at a time: `Play`, `PlayMusic`, `TakeMessage`, `Connect` and `Gather` each replace what went
before. A channel answers the citizen's call, if it has not been answered, with the first of these.
"""

import msgspec

from haedap.domain.ids import AgentId, ContactId, OfferId, PromptKey, QueueKey, RequestId
from haedap.domain.states import Control, RefusalCause, Supervision


class Saying(msgspec.Struct, frozen=True):
    """One piece of speech: a prompt of the centre, or `number` spoken inside a prompt's frame (position, minutes).

    `Saying("welcome")` plays the prompt `welcome`; `Saying("position", 3)` says "대기 순번은 3번입니다".
    """

    prompt: PromptKey
    number: int | None = None


class Decision(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The base of all decisions."""

    id: RequestId
    contact: ContactId


class Refuse(Decision, frozen=True):
    """Refuse the call before it is answered."""

    cause: RefusalCause


class Play(Decision, frozen=True):
    """Play the sayings in order, then report `PlaybackEnded`."""

    sayings: tuple[Saying, ...]


class PlayMusic(Decision, frozen=True):
    """Music until something replaces it."""


class OfferContact(Decision, frozen=True):
    """Ring the agent's telephone; the leg's id is `offer`.

    `auto_answer`: the agent was talking to this citizen already, so their screen need not ask.
    """

    offer: OfferId
    agent: AgentId
    endpoint: str
    queue: QueueKey
    caller: str | None
    ring_seconds: int
    auto_answer: bool = False
    join: bool = True
    """Whether answering means being joined with the citizen. Not so for a colleague who is consulted, for a supervisor,
    for the agent of a callback, whose citizen has not been called yet, and for one who is muted or holds."""


class DialOutside(Decision, frozen=True):
    """Ring an officer's extension or an outside number as the leg `offer`; never joined by its answer alone.

    Reports as `OfferContact` does: `OfferRinging`, `OfferAnswered`, `OfferFailed`, later `AgentLegEnded`.
    """

    offer: OfferId
    number: str
    caller: str | None
    """What the called telephone shows, E.164: the citizen's number, or None for the centre's own."""
    ring_seconds: int


class CallCitizen(Decision, frozen=True):
    """Call the citizen of an outgoing contact. The agent's leg, which hears the ringing tone meanwhile, is `offer`.

    Reports `CitizenReached` or `CitizenNotReached`, later `CitizenLeft`.
    """

    offer: OfferId
    number: str
    ring_seconds: int


class Gather(Decision, frozen=True):
    """These legs hear each other from now on; a leg that is not named hears music.

    Reports `Connected`, or `ConnectFailed`, with the last of `offers`; nothing when one of them is gone, whose end is
    reported. `Connect` gathers the citizen and one leg.
    """

    offers: tuple[OfferId, ...]
    citizen: bool


class Announce(Decision, frozen=True):
    """Speak a text to one leg alone, before anything else reaches it; then report `PlaybackEnded`."""

    offer: OfferId
    text: str
    """Korean, at most 300 characters."""


class Supervise(Decision, frozen=True):
    """The supervisor's answered leg `offer` takes part in the talk of the leg `watched`, or changes how it does.

    LISTEN: hears all and is heard by nobody. WHISPER: is heard by `watched` alone. BARGE: is heard by all.
    """

    offer: OfferId
    watched: OfferId
    mode: Supervision


class TakeMessage(Decision, frozen=True):
    """Record what the citizen says after a tone, until silence, `#` or `most_seconds`; then report `MessageTaken`."""

    most_seconds: int


class EndLeg(Decision, frozen=True):
    """End the agent's leg `offer`, in whatever stage it is. The citizen's leg stays."""

    offer: OfferId


class Connect(Decision, frozen=True):
    """Join citizen and agent, then report `Connected` or `ConnectFailed`; the end alone of a citizen who is gone."""

    offer: OfferId


class ApplyControl(Decision, frozen=True):
    """Do to the call what the agent asked. Never `Control.END`: that becomes `EndContact`."""

    offer: OfferId
    control: Control
    digits: str = ""


class EndContact(Decision, frozen=True):
    """End every leg of the contact. The channel reports `CitizenLeft` when the citizen's leg is gone."""


AnyDecision = (
    Refuse
    | Play
    | PlayMusic
    | OfferContact
    | DialOutside
    | CallCitizen
    | EndLeg
    | Connect
    | Gather
    | Announce
    | Supervise
    | TakeMessage
    | ApplyControl
    | EndContact
)
