"""The agent's leg: what the channel reports of it. A report about any leg but the one of this moment is late."""

from collections.abc import Callable

from haedap.domain.decisions import EndLeg
from haedap.domain.events import (
    AgentLegEnded,
    Connected,
    ConnectFailed,
    OfferAnswered,
    OfferFailed,
    OfferRinging,
)
from haedap.domain.ids import OfferId
from haedap.domain.states import ContactState, EndedBy, OfferOutcome
from haedap.routing import offers, segments
from haedap.routing.floor import Floor, offered_contact
from haedap.routing.records import ContactRecord, LegStage


def ringing(_floor: Floor, _event: OfferRinging) -> None:
    """That a telephone rings changes nothing: the offer's time runs from the offer."""


def answered(floor: Floor, event: OfferAnswered) -> None:
    """The agent has the citizen; an answer to an offer that is over only leaves a leg to be ended."""
    contact = floor.contact_of(event.offer)
    if contact is None:
        end_stray(floor, event.offer)
    else:
        take_answer(floor, contact)


def take_answer(floor: Floor, contact: ContactRecord) -> None:
    """The ringing leg of the contact was answered. A repetition changes nothing."""
    if contact.leg is not None and contact.leg.stage is LegStage.RINGING:
        segments.ON_ANSWER[contact.state](floor, contact, contact.leg)


def end_stray(floor: Floor, offer: OfferId) -> None:
    """End a leg that the router knows nothing of (any more)."""
    contact = offered_contact(offer)
    if contact:
        floor.emit(EndLeg(id=floor.stray_request(contact), contact=contact, offer=offer))


def failed(floor: Floor, event: OfferFailed) -> None:
    """The offer cannot be answered any more. After an answer it means that the leg is lost."""
    contact = floor.contact_of(event.offer)
    outcome = event.outcome if event.outcome in _FAILURES else OfferOutcome.FAILED
    if contact is not None:
        _FAILED[contact.state](floor, contact, outcome, end_the_leg=False)


def ended(floor: Floor, event: AgentLegEnded) -> None:
    """The leg is gone."""
    contact = floor.contact_of(event.offer)
    if contact is not None:
        leg_gone(floor, contact, event.by)


def leg_gone(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    """The agent hung up on purpose, or the leg was lost, in whatever stage it was."""
    if contact.state is not ContactState.ENGAGED:
        outcome = OfferOutcome.REJECTED if by is EndedBy.AGENT else OfferOutcome.FAILED
        _FAILED[contact.state](floor, contact, outcome, end_the_leg=False)
    elif by is EndedBy.AGENT:
        segments.finish(floor, contact, EndedBy.AGENT)
    else:
        segments.lose_leg(floor, contact, end_the_leg=False)


def connected(floor: Floor, event: Connected) -> None:
    """Citizen and agent hear each other."""
    contact = _engaged(floor, event)
    if contact is not None and contact.leg is not None:
        contact.leg.stage = LegStage.JOINED
        contact.connect_failures = 0


def connect_failed(floor: Floor, event: ConnectFailed) -> None:
    """They could not be joined."""
    contact = _engaged(floor, event)
    if contact is not None:
        segments.connect_failed(floor, contact)


def ring_time_over(floor: Floor, contact: ContactRecord) -> None:
    """Nobody answered, and the telephone did not say so itself."""
    _FAILED[contact.state](floor, contact, OfferOutcome.NO_ANSWER, end_the_leg=True)


def _engaged(floor: Floor, event: Connected | ConnectFailed) -> ContactRecord | None:
    contact = floor.contact_of(event.offer)
    return contact if contact is not None and contact.state is ContactState.ENGAGED else None


def _failed_after_answer(floor: Floor, contact: ContactRecord, _: OfferOutcome, *, end_the_leg: bool) -> None:
    segments.lose_leg(floor, contact, end_the_leg=end_the_leg)


_FAILURES = (OfferOutcome.NO_ANSWER, OfferOutcome.REJECTED, OfferOutcome.UNREACHABLE, OfferOutcome.FAILED)
"""What a channel may say became of an offer; whatever else it says is a fault of its own."""

_FAILED: dict[ContactState, Callable[..., None]] = {
    ContactState.OFFERED: offers.fail,
    ContactState.RECONNECTING: segments.reconnect_failed,
    ContactState.ENGAGED: _failed_after_answer,
}
