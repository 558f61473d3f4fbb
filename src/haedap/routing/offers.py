"""Offers: a contact put to an agent until it is answered, fails, or is taken back. Each ends exactly once."""

from collections.abc import Callable
from datetime import timedelta

from haedap.domain.decisions import EndLeg, OfferContact
from haedap.domain.facts import ContactOffered, OfferEnded
from haedap.domain.states import (
    NO_ANSWER_REASON,
    REJECTED_REASON,
    UNREACHABLE_REASON,
    AgentState,
    ContactState,
    OfferOutcome,
)
from haedap.routing import agents, parties
from haedap.routing.deadlines import Kind
from haedap.routing.floor import Floor
from haedap.routing.parties import GRACE
from haedap.routing.records import AgentRecord, ContactRecord, Leg

FAULTY = 3
"""So many contacts that failed for technical reasons within the cooling time: it is the agent's telephone."""


def offer(floor: Floor, contact: ContactRecord, agent: AgentRecord) -> None:
    """Put the waiting contact to the agent: an idle one, or one in the wrap-up after this case, which ends with it."""
    floor.index.remove_waiting(contact)
    if agent.state is AgentState.WRAP_UP:
        agent.idle_order = floor.next_order()
    put_to(floor, contact, agent)


def put_to(floor: Floor, contact: ContactRecord, agent: AgentRecord) -> None:
    """Put a contact that does not wait to the agent."""
    contact.state = ContactState.OFFERED
    leg = _new_leg(floor, contact, agent)
    agents.become(floor, agent, AgentState.OFFERED, contact=contact.id, until=leg.until)
    _ring(floor, contact, agent, leg, auto_answer=False)


def offer_again(floor: Floor, contact: ContactRecord, agent: AgentRecord) -> None:
    """Give the citizen back to the agent whose leg was lost; what the agent wants until then comes before the join."""
    _ring(floor, contact, agent, _new_leg(floor, contact, agent), auto_answer=True)


def _new_leg(floor: Floor, contact: ContactRecord, agent: AgentRecord) -> Leg:
    until = floor.now + timedelta(seconds=floor.rules(contact).ring_seconds) + GRACE
    leg = contact.leg = Leg(offer=floor.next_offer(contact), agent=agent.id, until=until)
    floor.deadlines.add(until, Kind.RING, contact=contact.id)
    tell(floor, contact, leg)
    return leg


def tell(floor: Floor, contact: ContactRecord, leg: Leg) -> None:
    """The contact is put to the agent of this leg."""
    floor.emit(ContactOffered(contact=contact.id, offer=leg.offer, agent=leg.agent, queue=contact.queue))


def _ring(floor: Floor, contact: ContactRecord, agent: AgentRecord, leg: Leg, *, auto_answer: bool) -> None:
    floor.emit(
        OfferContact(
            id=floor.request(contact),
            contact=contact.id,
            offer=leg.offer,
            agent=agent.id,
            endpoint=agent.endpoint,
            queue=contact.queue,
            caller=contact.caller,
            ring_seconds=floor.rules(contact).ring_seconds,
            auto_answer=auto_answer,
            join=not (auto_answer or contact.uncalled or _is_told_first(contact)),
        )
    )


def _is_told_first(contact: ContactRecord) -> bool:
    """Whether something is announced to the colleague before they hear the citizen."""
    return contact.transfer is not None and bool(contact.transfer.announcement)


def end_leg(floor: Floor, contact: ContactRecord) -> None:
    """Ask the channel to end the agent's leg, if there is one; the router has done with it."""
    if contact.leg is not None:
        floor.emit(EndLeg(id=floor.request(contact), contact=contact.id, offer=contact.leg.offer))
        contact.leg = None


def end_offer(floor: Floor, contact: ContactRecord, outcome: OfferOutcome, *, end_the_leg: bool) -> None:
    """The ringing leg is over with this outcome. `end_the_leg`: the telephone may still ring."""
    leg = contact.leg
    if leg is None:
        return
    if end_the_leg:
        end_leg(floor, contact)
    contact.leg = None
    floor.emit(OfferEnded(contact=contact.id, offer=leg.offer, agent=leg.agent, outcome=outcome))


def wait_again(floor: Floor, contact: ContactRecord) -> None:
    """The contact is back in its queue, at the place its key gives."""
    contact.state = ContactState.WAITING
    floor.index.add_waiting(contact)
    floor.fresh_contacts[contact.id] = None


def _come_back(floor: Floor, contact: ContactRecord, outcome: OfferOutcome) -> None:
    """Nobody answered: the citizen goes back to who passed them on, or waits again."""
    if contact.transfer is None:
        wait_again(floor, contact)
    else:
        parties.give_back(floor, contact, parties.TRANSFER_OUTCOMES[outcome])


def fail(floor: Floor, contact: ContactRecord, outcome: OfferOutcome, *, end_the_leg: bool) -> None:
    """A first offer will not be answered: the contact waits again, the agent's state follows the outcome."""
    if contact.leg is None:
        return
    agent = floor.agents[contact.leg.agent]
    end_offer(floor, contact, outcome, end_the_leg=end_the_leg)
    _come_back(floor, contact, outcome)
    _AFTER_FAILURE.get(outcome, _after_fault)(floor, contact, agent)


def withdraw(floor: Floor, contact: ContactRecord) -> None:
    """The router takes the offer back. What becomes of the agent is the caller's to say."""
    end_offer(floor, contact, OfferOutcome.WITHDRAWN, end_the_leg=True)
    _come_back(floor, contact, OfferOutcome.WITHDRAWN)


def _after_no_answer(floor: Floor, _: ContactRecord, agent: AgentRecord) -> None:
    agents.leave_desk(floor, agent, NO_ANSWER_REASON)


def _after_rejection(floor: Floor, _: ContactRecord, agent: AgentRecord) -> None:
    agents.leave_desk(floor, agent, REJECTED_REASON)


def _after_unreachable(floor: Floor, _: ContactRecord, agent: AgentRecord) -> None:
    agents.leave_desk(floor, agent, UNREACHABLE_REASON)
    agents.set_reachable(floor, agent, reachable=False)


def _after_fault(floor: Floor, contact: ContactRecord, agent: AgentRecord) -> None:
    agents.cool(floor, agent, contact)
    if agents.fault(floor, agent) < FAULTY:
        agents.become_idle_again(floor, agent)
    else:
        agents.leave_desk(floor, agent, UNREACHABLE_REASON)


_AFTER_FAILURE: dict[OfferOutcome, Callable[[Floor, ContactRecord, AgentRecord], None]] = {
    OfferOutcome.NO_ANSWER: _after_no_answer,
    OfferOutcome.REJECTED: _after_rejection,
    OfferOutcome.UNREACHABLE: _after_unreachable,
}
