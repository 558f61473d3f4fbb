"""After a start or a lost connection: what the channel finds true is true, and the rest is made to agree."""

from collections.abc import Callable
from typing import NamedTuple

from haedap.domain.decisions import EndContact
from haedap.domain.events import ChannelReconciled
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import Channel, ContactState, EndedBy
from haedap.routing import contacts, controls, legs, sounds
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord, Leg, LegStage


class _Wire(NamedTuple):
    """What there is."""

    contacts: frozenset[ContactId]
    ringing: frozenset[OfferId]
    answered: frozenset[OfferId]
    joined: frozenset[OfferId]


def reconciled(floor: Floor, event: ChannelReconciled) -> None:
    """Contacts and legs that are gone end; those that are there go on; legs and contacts without owner are ended."""
    joined = frozenset(event.connected)
    wire = _Wire(frozenset(event.contacts), frozenset(event.ringing), joined.union(event.answered), joined)
    for contact in _contacts_of(floor, event.channel):
        if contact.id in wire.contacts:
            _agree(floor, contact, wire)
        else:
            contacts.gone(floor, contact, EndedBy.CENTRE)
    for offer in dict.fromkeys((*event.ringing, *event.answered, *event.connected)):
        if floor.contact_of(offer) is None:
            legs.end_stray(floor, offer)
    for contact_id in dict.fromkeys(event.contacts):
        if contact_id in floor.closed:
            floor.emit(EndContact(id=floor.stray_request(contact_id), contact=contact_id))


def _contacts_of(floor: Floor, channel: Channel) -> list[ContactRecord]:
    contacts = floor.contacts.values()
    return [contact for contact in contacts if contact.channel == channel]  # type: ignore[redundant-expr] # one so far


def _agree(floor: Floor, contact: ContactRecord, wire: _Wire) -> None:
    requests = contact.requests
    if contact.leg is not None:
        _LEGS[contact.leg.stage](floor, contact, contact.leg, wire)
    if contact.requests == requests and contact.state is not ContactState.ENDED:
        sounds.again(floor, contact)


def _ringing_leg(floor: Floor, contact: ContactRecord, leg: Leg, wire: _Wire) -> None:
    if leg.offer in wire.answered:
        legs.take_answer(floor, contact)
    elif leg.offer not in wire.ringing:
        legs.leg_gone(floor, contact, EndedBy.CENTRE)


def _answered_leg(floor: Floor, contact: ContactRecord, leg: Leg, wire: _Wire) -> None:
    if leg.offer not in wire.answered:
        legs.leg_gone(floor, contact, EndedBy.CENTRE)
    elif leg.offer not in wire.joined:
        leg.stage = LegStage.ANSWERED
        sounds.connect(floor, contact)
        controls.apply_again(floor, contact)
    else:
        leg.stage = LegStage.JOINED


_LEGS: dict[LegStage, Callable[[Floor, ContactRecord, Leg, _Wire], None]] = {
    LegStage.RINGING: _ringing_leg,
    LegStage.ANSWERED: _answered_leg,
    LegStage.JOINED: _answered_leg,
}
