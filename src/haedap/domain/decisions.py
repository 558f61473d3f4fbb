"""What the router asks of a channel. Each request has an id and may be performed twice without harm.

A citizen hears one thing at a time: `Play`, `PlayMusic` and `Connect` each replace what went before. A channel answers
the citizen's call, if it has not been answered, with the first of these.
"""

import msgspec

from haedap.domain.ids import AgentId, ContactId, OfferId, PromptKey, QueueKey, RequestId
from haedap.domain.states import Control, RefusalCause


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


class EndLeg(Decision, frozen=True):
    """End the agent's leg `offer`, in whatever stage it is. The citizen's leg stays."""

    offer: OfferId


class Connect(Decision, frozen=True):
    """Join citizen and agent, then report `Connected` or `ConnectFailed`."""

    offer: OfferId


class ApplyControl(Decision, frozen=True):
    """Do to the call what the agent asked. Never `Control.END`: that becomes `EndContact`."""

    offer: OfferId
    control: Control
    digits: str = ""


class EndContact(Decision, frozen=True):
    """End every leg of the contact. The channel reports `CitizenLeft` when the citizen's leg is gone."""


AnyDecision = Refuse | Play | PlayMusic | OfferContact | EndLeg | Connect | ApplyControl | EndContact
