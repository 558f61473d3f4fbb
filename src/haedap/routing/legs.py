"""The legs beside the citizen's: what the channel reports of them, as tables of whose leg × state of the contact.

A report about any leg that its contact does not have (any more) is late, and changes nothing.
"""

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
from haedap.domain.ids import OfferId, RequestId
from haedap.domain.states import ContactState, EndedBy, OfferOutcome
from haedap.routing import consults, offers, parties, segments, sounds, supervision, transfers
from haedap.routing.floor import LEGS, Floor, Part, offered_contact
from haedap.routing.records import NOBODY, ContactRecord, LegStage


def ringing(_floor: Floor, _event: OfferRinging) -> None:
    """That a telephone rings changes nothing: the offer's time runs from the offer."""


def answered(floor: Floor, event: OfferAnswered) -> None:
    """Somebody is there; an answer to an offer that is over only leaves a leg to be ended."""
    found = floor.part_of(event.offer)
    if found is None:
        end_stray(floor, event.offer)
    else:
        take_answer(floor, *found)


def take_answer(floor: Floor, contact: ContactRecord, part: Part) -> None:
    """The ringing leg of the contact was answered. A repetition changes nothing."""
    leg, rule = LEGS[part](contact), _ANSWERED.get((part, contact.state))
    if leg is not None and leg.stage is LegStage.RINGING and rule is not None:
        rule(floor, contact)


def end_stray(floor: Floor, offer: OfferId) -> None:
    """End a leg that the router knows nothing of (any more)."""
    contact = offered_contact(offer)
    if contact:
        floor.emit(EndLeg(id=floor.stray_request(contact), contact=contact, offer=offer))


def failed(floor: Floor, event: OfferFailed) -> None:
    """The offer cannot be answered any more. After an answer it means that the leg is lost."""
    found = floor.part_of(event.offer)
    if found is not None:
        contact, part = found
        leg = LEGS[part](contact)
        possible = _FAILURES if leg is None or leg.agent != NOBODY else _FAILURES_OUTSIDE
        outcome = event.outcome if event.outcome in possible else OfferOutcome.FAILED
        _FAILED[part, contact.state](floor, contact, outcome, end_the_leg=False)


def ended(floor: Floor, event: AgentLegEnded) -> None:
    """The leg is gone."""
    found = floor.part_of(event.offer)
    if found is not None:
        leg_gone(floor, *found, event.by)


def leg_gone(floor: Floor, contact: ContactRecord, part: Part, by: EndedBy) -> None:
    """Who had the leg hung up on purpose, or it was lost, in whatever stage it was."""
    _GONE[part, contact.state](floor, contact, by)


def connected(floor: Floor, event: Connected) -> None:
    """The leg hears whom it is to hear."""
    found = floor.part_of(event.offer)
    if found is None:
        return
    contact, part = found
    leg = LEGS[part](contact)
    if leg is not None and leg.stage is not LegStage.RINGING:
        leg.stage = LegStage.JOINED
        contact.connect_failures = 0


def connect_failed(floor: Floor, event: ConnectFailed) -> None:
    """They could not be joined."""
    found = floor.part_of(event.offer)
    if found is None:
        return
    contact, part = found
    leg, rule = LEGS[part](contact), _NOT_JOINED.get((part, contact.state))
    if leg is not None and leg.stage is not LegStage.RINGING and rule is not None:
        rule(floor, contact)


def announced(floor: Floor, contact: ContactRecord, request: RequestId) -> None:
    """What was spoken to one leg alone has been said, or could not be: whoever waits for it is joined."""
    for part, leg_of in LEGS.items():
        leg = leg_of(contact)
        if leg is not None and leg.announcing == request:
            leg.announcing = None
            _ANNOUNCED[part, contact.state](floor, contact)
            return


def ring_time_over(part: Part) -> Callable[[Floor, ContactRecord], None]:
    """Nobody answered the leg of this part, and the telephone did not say so itself."""

    def over(floor: Floor, contact: ContactRecord) -> None:
        _FAILED[part, contact.state](floor, contact, OfferOutcome.NO_ANSWER, end_the_leg=True)

    return over


def _agent_answered(floor: Floor, contact: ContactRecord) -> None:
    if contact.leg is not None:
        segments.ON_ANSWER[contact.state](floor, contact, contact.leg)


def _not_answered(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    outcome = OfferOutcome.REJECTED if by is EndedBy.AGENT else OfferOutcome.FAILED
    _FAILED[Part.AGENT, contact.state](floor, contact, outcome, end_the_leg=False)


def _agent_gone(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    if by is EndedBy.AGENT:
        contact.leg = None
        consults.agent_hangs_up(floor, contact)
    else:
        segments.lose_leg(floor, contact, end_the_leg=False)


def _failed_after_answer(floor: Floor, contact: ContactRecord, _: OfferOutcome, *, end_the_leg: bool) -> None:
    segments.lose_leg(floor, contact, end_the_leg=end_the_leg)


def _supervisor_failed(floor: Floor, contact: ContactRecord, _: OfferOutcome, *, end_the_leg: bool) -> None:
    parties.end_watch(floor, contact, end_the_leg=end_the_leg)


def _supervisor_gone(floor: Floor, contact: ContactRecord, _: EndedBy) -> None:
    parties.end_watch(floor, contact, end_the_leg=False)


def _consulted_not_joined(floor: Floor, contact: ContactRecord) -> None:
    _FAILED[Part.CONSULTED, contact.state](floor, contact, OfferOutcome.FAILED, end_the_leg=True)


_FAILURES = (OfferOutcome.NO_ANSWER, OfferOutcome.REJECTED, OfferOutcome.UNREACHABLE, OfferOutcome.FAILED)
"""What a channel may say became of an offer; whatever else it says is a fault of its own."""
_FAILURES_OUTSIDE = (*_FAILURES, OfferOutcome.REFUSED)

_Case = tuple[Part, ContactState]
_ANSWERED: dict[_Case, Callable[[Floor, ContactRecord], None]] = {
    (Part.AGENT, ContactState.OFFERED): _agent_answered,
    (Part.AGENT, ContactState.RECONNECTING): _agent_answered,
    (Part.CONSULTED, ContactState.ENGAGED): consults.answered,
    (Part.CONSULTED, ContactState.FORWARDED): transfers.answered,
    (Part.SUPERVISOR, ContactState.ENGAGED): supervision.answered,
}
_FAILED: dict[_Case, Callable[..., None]] = {
    (Part.AGENT, ContactState.OFFERED): offers.fail,
    (Part.AGENT, ContactState.RECONNECTING): segments.reconnect_failed,
    (Part.AGENT, ContactState.ENGAGED): _failed_after_answer,
    (Part.CONSULTED, ContactState.ENGAGED): consults.failed,
    (Part.CONSULTED, ContactState.FORWARDED): transfers.failed,
    (Part.SUPERVISOR, ContactState.ENGAGED): _supervisor_failed,
}
_GONE: dict[_Case, Callable[[Floor, ContactRecord, EndedBy], None]] = {
    (Part.AGENT, ContactState.OFFERED): _not_answered,
    (Part.AGENT, ContactState.RECONNECTING): _not_answered,
    (Part.AGENT, ContactState.ENGAGED): _agent_gone,
    (Part.CONSULTED, ContactState.ENGAGED): consults.leg_gone,
    (Part.CONSULTED, ContactState.FORWARDED): transfers.leg_gone,
    (Part.SUPERVISOR, ContactState.ENGAGED): _supervisor_gone,
}
_NOT_JOINED: dict[_Case, Callable[[Floor, ContactRecord], None]] = {
    (Part.AGENT, ContactState.ENGAGED): segments.connect_failed,
    (Part.CONSULTED, ContactState.ENGAGED): _consulted_not_joined,
    (Part.CONSULTED, ContactState.FORWARDED): _consulted_not_joined,
}
_ANNOUNCED: dict[_Case, Callable[[Floor, ContactRecord], None]] = {
    (Part.AGENT, ContactState.ENGAGED): sounds.connect,
    (Part.CONSULTED, ContactState.ENGAGED): consults.announced,
    (Part.CONSULTED, ContactState.FORWARDED): transfers.announced,
}
