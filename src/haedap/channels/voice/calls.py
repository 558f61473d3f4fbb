"""The legs that are known to be on the wire. The truth is in Asterisk, and is read anew on each connection."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from haedap.domain.ids import ContactId, OfferId, RequestId
from haedap.domain.states import Supervision


@dataclass(slots=True, kw_only=True)
class Call:
    """A citizen's leg and what the citizen hears: a sound, music, an agent or nothing."""

    contact: ContactId
    channel: str
    name: str
    created: datetime
    call_id: str = ""
    answered: bool = False
    sound: RequestId | None = None
    music: bool | None = False
    """None: nobody knows, for the call was taken over."""
    joined: tuple[OfferId, ...] = ()
    """The legs in its bridge, whether the citizen is in it or not."""
    bridged: bool = False
    """Whether its bridge is there, with anybody in it or nobody."""
    held: bool = False
    """Whether the citizen is out of the bridge: on hold, or while the agent consults."""
    called_by: OfferId | None = None
    """The leg of the agent who hears it ring, where the centre calls the citizen."""
    rang: bool = False
    supervisor: OfferId | None = None
    """The leg of a supervisor who takes part in this talk."""
    message: bool = False
    """Whether the citizen is leaving a message."""
    paused: bool = False
    """Whether its recording holds silence, as an agent wishes."""
    spoke: bool = False
    """Whether anybody was ever joined with the citizen: only then there is a recording."""
    ended_here: bool = False


@dataclass(slots=True, kw_only=True)
class Leg:
    """A leg beside the citizen's: an agent's, an officer's, a supervisor's. Its channel's id is the offer's."""

    offer: OfferId
    endpoint: str = ""
    rang: bool = False
    answered: bool = False
    join: bool = False
    """Whether answering means being joined with the citizen; not for a leg that was taken over."""
    confirmed: bool = False
    """Whether the router asked for the join."""
    replaced_music: bool = False
    """Whether the join took the place of music."""
    ended_here: bool = False
    music: bool | None = False
    tone: bool | None = False
    """Whether it hears the ringing tone. None: nobody knows, for the leg was taken over."""
    announcement: RequestId | None = None
    announced: Path | None = None
    """The file that is being played, to be deleted when it has been heard."""
    mode: Supervision | None = None
    """What a supervisor does; None on everybody else's leg."""
    watched: OfferId | None = None
    snoop: str | None = None
    """The channel through which a supervisor listens or whispers."""
    watch: str | None = None
    """The bridge in which they hear it."""


@dataclass(slots=True)
class Calls:
    """All of them, by the names that the wire and the router use."""

    by_contact: dict[ContactId, Call] = field(default_factory=dict)
    by_channel: dict[str, Call] = field(default_factory=dict)
    by_call_id: dict[str, Call] = field(default_factory=dict)
    """Of calls that came in."""
    legs: dict[OfferId, Leg] = field(default_factory=dict)

    def add(self, call: Call) -> None:
        self.by_contact[call.contact] = call
        self.by_channel[call.channel] = call
        if call.call_id and call.called_by is None:
            self.by_call_id[call.call_id] = call

    def remove(self, channel: str) -> Call | None:
        call = self.by_channel.pop(channel, None)
        if call is not None:
            self.by_contact.pop(call.contact, None)
            if self.by_call_id.get(call.call_id) is call:
                del self.by_call_id[call.call_id]
        return call

    def other_branch(self, call_id: str) -> Call | None:
        """The citizen's living leg of the same Call-ID: the network has sent one call by two ways."""
        known = self.by_call_id.get(call_id)
        return None if known is None or known.ended_here else known

    def barging(self, call: Call) -> list[OfferId]:
        """The supervisor's leg, if it is heard by all of this talk."""
        leg = None if call.supervisor is None else self.legs.get(call.supervisor)
        return [leg.offer] if leg is not None and leg.mode is Supervision.BARGE else []

    def joined_by_answering(self, leg: Leg) -> Call | None:
        """The call that this leg is to be joined with when it is answered, or None when it has to wait or is late."""
        call = self.by_contact.get(contact_of(leg.offer)) if leg.join else None
        return None if call is None or call.ended_here else call

    def lives(self, call: Call) -> bool:
        """Whether the citizen's leg is there, and is to stay."""
        return self.by_contact.get(call.contact) is call and not call.ended_here

    def leg_lives(self, leg: Leg) -> bool:
        """Whether this leg is there, and is to stay."""
        return self.legs.get(leg.offer) is leg and not leg.ended_here

    def legs_of(self, contact: ContactId) -> list[Leg]:
        """All legs beside the citizen's."""
        return [leg for leg in self.legs.values() if contact_of(leg.offer) == contact]


_BRIDGE = "talk-"
_CITIZEN = "citizen-"
_OFFER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]{1,9}")


def contact_of(offer: OfferId) -> ContactId:
    """The contact that the leg `offer` belongs to."""
    return ContactId(offer.rpartition(".")[0])


def is_offer(channel: str) -> bool:
    """Whether a channel of this id is a leg that the centre called for a contact."""
    return _OFFER.fullmatch(channel) is not None


def channel_of(contact: ContactId) -> str:
    """The id of the leg of a citizen whom the centre calls. Asterisk takes no id that another one begins with."""
    return f"{_CITIZEN}{contact}"


def called_contact(channel: str) -> ContactId | None:
    """The contact whose citizen the centre calls on this channel, or None when it is no such channel."""
    return ContactId(channel.removeprefix(_CITIZEN)) if channel.startswith(_CITIZEN) else None


def bridge_of(contact: ContactId) -> str:
    """The id of the bridge in which the legs of this contact hear each other."""
    return f"{_BRIDGE}{contact}"


def contact_of_bridge(bridge: str) -> ContactId | None:
    """The contact that a bridge was made for, or None when it is not one of these."""
    return ContactId(bridge.removeprefix(_BRIDGE)) if bridge.startswith(_BRIDGE) else None


def endpoint_of(channel_name: str) -> str:
    """The telephone or trunk at the other end: `PJSIP/desk-7-0000001a` is that of desk-7."""
    return channel_name.removeprefix("PJSIP/").rpartition("-")[0]
