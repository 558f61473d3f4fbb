"""The legs that are known to be on the wire. The truth is in Asterisk, and is read anew on each connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from haedap.domain.ids import ContactId, OfferId, RequestId


@dataclass(slots=True, kw_only=True)
class Call:
    """A citizen's leg and what the citizen hears: a sound, music, an agent or nothing."""

    contact: ContactId
    channel: str
    name: str
    created: datetime
    answered: bool = False
    sound: RequestId | None = None
    music: bool | None = False
    """None: nobody knows, for the call was taken over."""
    joined: OfferId | None = None
    """The offer whose bridge this call belongs to, on hold or not."""
    held: bool = False
    spoke: bool = False
    """Whether anybody was ever joined with the citizen: only then there is a recording."""
    ended_here: bool = False


@dataclass(slots=True, kw_only=True)
class Leg:
    """An agent's leg. Its channel's id is the offer's."""

    offer: OfferId
    rang: bool = False
    answered: bool = False
    join: bool = False
    """Whether answering means being joined with the citizen; not for a leg that was taken over."""
    confirmed: bool = False
    """Whether the router asked for the join."""
    replaced_music: bool = False
    """Whether the join took the place of music."""
    ended_here: bool = False


@dataclass(slots=True)
class Calls:
    """All of them, by the names that the wire and the router use."""

    by_contact: dict[ContactId, Call] = field(default_factory=dict)
    by_channel: dict[str, Call] = field(default_factory=dict)
    legs: dict[OfferId, Leg] = field(default_factory=dict)

    def add(self, call: Call) -> None:
        self.by_contact[call.contact] = call
        self.by_channel[call.channel] = call

    def remove(self, channel: str) -> Call | None:
        call = self.by_channel.pop(channel, None)
        if call is not None:
            self.by_contact.pop(call.contact, None)
        return call


def contact_of(offer: OfferId) -> ContactId:
    """The contact that `offer` puts to an agent."""
    return ContactId(offer.rpartition(".")[0])


def bridge_of(offer: OfferId) -> str:
    """The id of the bridge in which citizen and agent of `offer` hear each other."""
    return f"{_BRIDGE}{offer}"


def offer_of_bridge(bridge: str) -> OfferId | None:
    """The offer that a bridge was made for, or None when it is not one of ours."""
    return OfferId(bridge.removeprefix(_BRIDGE)) if bridge.startswith(_BRIDGE) else None


_BRIDGE = "talk-"
