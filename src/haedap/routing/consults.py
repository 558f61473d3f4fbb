"""Consulting (협의): the agent has the citizen and talks to whom they would pass them on to: consult step × situation.

Answer: what is to be announced, then agent and consulted hear each other, and the citizen hears music. The agent goes
to and fro, brings all together, takes it back or completes. Completed before the consulted can talk, it goes on as a
blind transfer to them. Whatever ends the consultation, the citizen is with an agent, an officer or on the way to one.
"""

from collections.abc import Callable

from haedap.domain.events import ConsultStepped
from haedap.domain.facts import TransferAnswered, TransferStepped
from haedap.domain.states import (
    AgentState,
    ConsultStep,
    ContactState,
    EndedBy,
    OfferOutcome,
    TransferMode,
    TransferOutcome,
)
from haedap.routing import agents, offers, parties, segments, sounds
from haedap.routing.deadlines import Kind
from haedap.routing.errors import InvariantBroken
from haedap.routing.floor import Floor
from haedap.routing.records import NOBODY, ContactRecord, Leg, LegStage, Transfer
from haedap.routing.refusals import Refusal, of_their_talk


def stepped(floor: Floor, event: ConsultStepped) -> None:
    """The agent who consults does something to it."""
    contact = floor.contacts.get(event.contact)
    if contact is not None and refusal(floor, event) is None:
        _STEPS[event.step](floor, contact)


@of_their_talk
def refusal(contact: ContactRecord, event: ConsultStepped) -> Refusal | None:
    """Why it cannot be done now."""
    if contact.transfer is None:
        return Refusal.NOT_CONSULTING
    return Refusal.NOBODY_ANSWERED if event.step in _WITH_THEM and not can_talk(contact) else None


def agent_hangs_up(floor: Floor, contact: ContactRecord) -> None:
    """In a consultation it completes, else it ends the contact."""
    if contact.transfer is None:
        segments.finish(floor, contact, EndedBy.AGENT)
    else:
        complete(floor, contact)


def answered(floor: Floor, contact: ContactRecord) -> None:
    """Whom the agent consults, and whose telephone rang, is there."""
    transfer, leg = parts(contact)
    leg.stage, leg.until = LegStage.ANSWERED, None
    floor.emit(TransferAnswered(contact=contact.id, transfer=transfer.number))
    if leg.agent != NOBODY:
        agents.become(floor, floor.agents[leg.agent], AgentState.ENGAGED, contact=contact.id)
    if transfer.announcement:
        sounds.announce(floor, contact, leg, transfer.announcement)
    else:
        _talk(floor, contact, citizen=False, consulted=True)


def announced(floor: Floor, contact: ContactRecord) -> None:
    """What was to be announced has been said: now the agent."""
    _talk(floor, contact, citizen=False, consulted=True)


def failed(floor: Floor, contact: ContactRecord, outcome: OfferOutcome, *, end_the_leg: bool) -> None:
    """The consulted cannot answer any more, or is lost after an answer."""
    _, leg = parts(contact)
    if leg.stage is not LegStage.RINGING:
        over(floor, contact, parties.loss_of(leg), end_the_leg=end_the_leg)
    elif leg.agent == NOBODY and outcome is OfferOutcome.REJECTED:
        over(floor, contact, TransferOutcome.BUSY, end_the_leg=end_the_leg)
    else:
        over(floor, contact, parties.TRANSFER_OUTCOMES[outcome], end_the_leg=end_the_leg)


def leg_gone(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    """The consulted hung up, or their leg was lost."""
    _, leg = parts(contact)
    if leg.stage is LegStage.RINGING:
        hung_up = by in parties.ON_PURPOSE
        failed(floor, contact, OfferOutcome.REJECTED if hung_up else OfferOutcome.FAILED, end_the_leg=False)
    else:
        outcome = TransferOutcome.LEFT if by in parties.ON_PURPOSE else parties.loss_of(leg)
        over(floor, contact, outcome, end_the_leg=False)


def over(
    floor: Floor, contact: ContactRecord, outcome: TransferOutcome, *, end_the_leg: bool = True, free: bool = True
) -> None:
    """The consultation comes to nothing: the citizen is back with the agent at once."""
    parties.drop_transfer(floor, contact, outcome, end_the_leg=end_the_leg, free=free)
    if contact.leg is not None:
        sounds.gather(floor, contact, (contact.leg,), citizen=True)


def gather_again(floor: Floor, contact: ContactRecord) -> None:
    """The exchange may have forgotten who hears whom."""
    transfer, leg = parts(contact)
    if leg.announcing is not None:
        sounds.announce(floor, contact, leg, transfer.announcement)
    _gather(floor, contact, transfer, leg)


def complete(floor: Floor, contact: ContactRecord) -> None:
    """The citizen goes to the consulted, and the agent is out of it."""
    _, leg = parts(contact)
    segments.leave(floor, contact, EndedBy.AGENT)
    if leg.agent == NOBODY:
        _forward(floor, contact)
    elif leg.stage is LegStage.RINGING:
        _ring_on(floor, contact, leg)
    else:
        _hand_over(floor, contact, leg)


def _forward(floor: Floor, contact: ContactRecord) -> None:
    """To an officer or an outside number: nobody here has the citizen any more."""
    transfer, leg = parts(contact)
    contact.state = ContactState.FORWARDED
    segments.record(floor, contact, leg)
    if leg.stage is LegStage.RINGING or leg.announcing is not None:
        transfer.mode = TransferMode.BLIND
        sounds.music(floor, contact)
    else:
        sounds.gather(floor, contact, (leg,), citizen=True)
        parties.end_transfer(floor, contact, TransferOutcome.COMPLETED)


def _ring_on(floor: Floor, contact: ContactRecord, leg: Leg) -> None:
    """The colleague whose telephone rings is put the citizen instead of the question."""
    transfer, _ = parts(contact)
    transfer.mode = TransferMode.BLIND
    contact.leg, contact.consult, contact.state = leg, None, ContactState.OFFERED
    if leg.until is not None:
        floor.deadlines.add(leg.until, Kind.RING, contact=contact.id)
    offers.tell(floor, contact, leg)
    sounds.music(floor, contact)


def _hand_over(floor: Floor, contact: ContactRecord, leg: Leg) -> None:
    """The colleague has the citizen from now on."""
    contact.consult = None
    segments.record(floor, contact, leg)
    segments.start(floor, contact, leg)
    parties.end_transfer(floor, contact, TransferOutcome.COMPLETED)
    contact.transfer = None
    if leg.announcing is None:
        sounds.gather(floor, contact, (leg,), citizen=True)
    else:
        sounds.music(floor, contact)


def _cancel(floor: Floor, contact: ContactRecord) -> None:
    over(floor, contact, TransferOutcome.CANCELLED)


def _to_citizen(floor: Floor, contact: ContactRecord) -> None:
    _talk(floor, contact, citizen=True, consulted=False)


def _to_consulted(floor: Floor, contact: ContactRecord) -> None:
    _talk(floor, contact, citizen=False, consulted=True)


def _conference(floor: Floor, contact: ContactRecord) -> None:
    _talk(floor, contact, citizen=True, consulted=True)


def can_talk(contact: ContactRecord) -> bool:
    """Whether who is consulted has answered, and has heard what was to be announced."""
    leg = contact.consult
    return leg is not None and leg.stage is not LegStage.RINGING and leg.announcing is None


def _talk(floor: Floor, contact: ContactRecord, *, citizen: bool, consulted: bool) -> None:
    """Whom the agent hears from now on."""
    transfer, leg = parts(contact)
    if (transfer.citizen, transfer.consulted) == (citizen, consulted):
        return
    transfer.citizen, transfer.consulted = citizen, consulted
    floor.emit(TransferStepped(contact=contact.id, transfer=transfer.number, citizen=citizen, consulted=consulted))
    _gather(floor, contact, transfer, leg)


def _gather(floor: Floor, contact: ContactRecord, transfer: Transfer, leg: Leg) -> None:
    if contact.leg is not None:
        legs = (contact.leg, leg) if transfer.consulted else (contact.leg,)
        sounds.gather(floor, contact, legs, citizen=transfer.citizen)


def parts(contact: ContactRecord) -> tuple[Transfer, Leg]:
    """What a contact has while somebody is consulted, or while it is FORWARDED and no farewell is said."""
    if contact.transfer is None or contact.consult is None:
        raise InvariantBroken(contact.id)
    return contact.transfer, contact.consult


_WITH_THEM = frozenset({ConsultStep.TO_CONSULTED, ConsultStep.CONFERENCE})
_STEPS: dict[ConsultStep, Callable[[Floor, ContactRecord], None]] = {
    ConsultStep.COMPLETE: complete,
    ConsultStep.CONFERENCE: _conference,
    ConsultStep.TO_CITIZEN: _to_citizen,
    ConsultStep.TO_CONSULTED: _to_consulted,
    ConsultStep.CANCEL: _cancel,
}
