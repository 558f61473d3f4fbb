"""After a start or a lost connection: what the channel finds true is true, and the rest is made to agree."""

from collections.abc import Callable
from typing import NamedTuple

from haedap.domain.decisions import EndContact
from haedap.domain.events import CentreStopped, ChannelReconciled, ExchangeStopped
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import AttemptOutcome, Channel, ContactState, EndedBy
from haedap.routing import agents, callbacks, consults, contacts, controls, ivr, legs, sounds, supervision, transfers
from haedap.routing.floor import LEGS, Floor, Part
from haedap.routing.records import ContactRecord, Leg, LegStage


class _Wire(NamedTuple):
    """What there is."""

    contacts: frozenset[ContactId]
    ringing: frozenset[OfferId]
    answered: frozenset[OfferId]
    joined: frozenset[OfferId]


def reconciled(floor: Floor, event: ChannelReconciled) -> None:
    """Contacts and legs that are gone end; those that are there go on; legs and contacts without owner are ended."""
    joined, uncalled = frozenset(event.connected), frozenset(event.uncalled)
    wire = _Wire(frozenset(event.contacts), frozenset(event.ringing), joined.union(event.answered), joined)
    for contact in _contacts_of(floor, event.channel):
        if contact.uncalled:
            _agree_uncalled(floor, contact, wire, uncalled)
        elif contact.id in wire.contacts:
            _agree(floor, contact, wire)
        else:
            contacts.gone(floor, contact, _who_ended(floor, contact, event))
    for offer in dict.fromkeys((*event.ringing, *event.answered, *event.connected)):
        if floor.part_of(offer) is None:
            legs.end_stray(floor, offer)
    for contact_id in dict.fromkeys((*event.contacts, *event.uncalled)):
        if contact_id in floor.closed:
            floor.emit(EndContact(id=floor.stray_request(contact_id), contact=contact_id))
    floor.exchange = event.exchange


def stopped(floor: Floor, event: CentreStopped) -> None:
    """Nothing outlived it, and after a while nobody is at work any more."""
    _nobody_lives(floor)
    for agent in list(floor.agents.values()):
        agents.set_reachable(floor, agent, reachable=False)
        agents.stopped(floor, agent, event.resumed_at)


def exchange_stopped(floor: Floor, _event: ExchangeStopped) -> None:
    """What it carried is over now, not when it is back. Whoever works is there, but cannot be rung."""
    _nobody_lives(floor)
    for agent in list(floor.agents.values()):
        agents.set_reachable(floor, agent, reachable=False)


def _nobody_lives(floor: Floor) -> None:
    """All contacts end, but for a message in the making: what is on tape is told by the channel."""
    nothing = _Wire(frozenset(), frozenset(), frozenset(), frozenset())
    for contact in list(floor.contacts.values()):
        if contact.uncalled:
            _agree_uncalled(floor, contact, nothing, frozenset())
        elif ivr.takes_message(contact):
            ivr.await_tape(contact)
        else:
            contacts.gone(floor, contact, EndedBy.CENTRE)
    floor.registered.clear()


def _who_ended(floor: Floor, contact: ContactRecord, event: ChannelReconciled) -> EndedBy:
    """An exchange that was there all the time has dropped nobody: the citizen hung up while nobody listened.

    Contacts become known by a reconciliation, or after it and before the next: the run of the exchange tells, however
    its machine's clock was set since it began.
    """
    if event.exchange and floor.exchange:
        there = event.exchange == floor.exchange
    else:
        there = event.since is not None and event.since < contact.called_at
    return EndedBy.CITIZEN if there else EndedBy.CENTRE


def _contacts_of(floor: Floor, channel: Channel) -> list[ContactRecord]:
    contacts = floor.contacts.values()
    return [contact for contact in contacts if contact.channel == channel]  # type: ignore[redundant-expr] # one so far


def _agree_uncalled(floor: Floor, contact: ContactRecord, wire: _Wire, uncalled: frozenset[ContactId]) -> None:
    """An outgoing contact whose citizen was not on the line: it has legs only once it is offered.

    An answer of the citizen that nobody heard counts. Whose call is neither under way nor answered was not reached.
    """
    leg, calling = contact.leg, contact.calling_until is not None
    if leg is not None:
        _leg(floor, contact, Part.AGENT, leg, wire)
    if not calling or contact.state is not ContactState.ENGAGED:
        return
    if contact.id in wire.contacts:
        callbacks.reached(floor, contact)
        _agree(floor, contact, wire)
    elif contact.id not in uncalled:
        callbacks.not_reached(floor, contact, AttemptOutcome.FAILED)
    else:
        controls.apply_again(floor, contact)


def _agree(floor: Floor, contact: ContactRecord, wire: _Wire) -> None:
    """What the agent wants first: nobody may be heard before. Then each leg, then who hears whom, then what is heard.

    What the state of a leg changes may end another.
    """
    if contact.leg is not None and contact.leg.offer in wire.answered:
        controls.apply_again(floor, contact)
    requests = contact.requests
    for part, leg_of in LEGS.items():
        leg = leg_of(contact)
        if leg is not None:
            _leg(floor, contact, part, leg, wire)
    if contact.requests == requests and contact.state is not ContactState.ENDED:
        _talk(floor, contact, wire)
    if contact.requests == requests and contact.state is not ContactState.ENDED:
        sounds.again(floor, contact)
    if contact.state is ContactState.IN_FLOW:
        ivr.record_again(floor, contact)
    if contact.watch is not None and contact.watch.leg.stage is not LegStage.RINGING:
        supervision.take_part(floor, contact, contact.watch)


def _leg(floor: Floor, contact: ContactRecord, part: Part, leg: Leg, wire: _Wire) -> None:
    """A leg that is gone is gone; an answer that nobody heard counts."""
    rings = leg.stage is LegStage.RINGING
    if rings and leg.offer in wire.answered:
        legs.take_answer(floor, contact, part)
    elif leg.offer not in (wire.ringing if rings else wire.answered):
        legs.leg_gone(floor, contact, part, EndedBy.CENTRE)


def _talk(floor: Floor, contact: ContactRecord, wire: _Wire) -> None:
    """Who is not joined with whom they should be is joined."""
    if contact.transfer is not None and contact.state is ContactState.ENGAGED:
        consults.gather_again(floor, contact)
    elif contact.consult is not None and contact.consult.stage is not LegStage.RINGING:
        _joined_or(floor, contact, contact.consult, wire, transfers.gather_again)
    elif contact.leg is not None and contact.leg.stage is not LegStage.RINGING and contact.playing is None:
        _joined_or(floor, contact, contact.leg, wire, _connect_again)


def _joined_or(
    floor: Floor, contact: ContactRecord, leg: Leg, wire: _Wire, join: Callable[[Floor, ContactRecord], None]
) -> None:
    if leg.offer in wire.joined:
        leg.stage = LegStage.JOINED
    else:
        leg.stage = LegStage.ANSWERED
        join(floor, contact)


def _connect_again(floor: Floor, contact: ContactRecord) -> None:
    if contact.leg is not None:
        contact.leg.announcing = None
    sounds.connect(floor, contact)
