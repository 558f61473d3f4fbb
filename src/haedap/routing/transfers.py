"""Transfers (호전환): the agent passes the citizen on. One at a time, and each has one outcome.

Blind (즉시): the agent is out of it at once. To a queue it is completed at once, and the citizen is the first there. To
a colleague or an officer it is completed when the citizen is with them; if it comes to nothing, the citizen goes back
to the agent, and if the agent cannot take them, first of all to anybody. To a colleague who is not free nothing
happens: the agent keeps the citizen and knows why.
"""

from collections.abc import Callable
from typing import Any

from haedap.domain.decisions import Saying
from haedap.domain.events import TransferRequested
from haedap.domain.facts import ContactMoved, TransferAnswered, TransferStarted
from haedap.domain.ids import AgentId, PromptKey
from haedap.domain.states import (
    AgentState,
    ContactOutcome,
    ContactState,
    EndedBy,
    MoveCause,
    OfferOutcome,
    TransferMode,
    TransferOutcome,
)
from haedap.domain.targets import Target, ToAgent, ToOutside, ToQueue
from haedap.routing import agents, consults, controls, offers, overflow, parties, segments, sounds, waiting
from haedap.routing.closing import close, hang_up
from haedap.routing.floor import Floor
from haedap.routing.records import AgentRecord, ContactRecord, LegStage, Transfer
from haedap.routing.refusals import Refusal, of_their_talk

RECONNECTING = PromptKey("reconnecting")

_AT_WORK = frozenset({AgentState.OFFERED, AgentState.ENGAGED, AgentState.WRAP_UP})


def requested(floor: Floor, event: TransferRequested) -> None:
    """The agent who talks to the citizen passes them on, or consults first; not while they do so already."""
    contact = floor.contacts.get(event.contact)
    if contact is None or refusal(floor, event) is not None:
        return
    contact.transfers += 1
    transfer = contact.transfer = Transfer(
        number=contact.transfers,
        mode=event.mode,
        target=event.target,
        agent=event.agent,
        announcement=event.announcement,
    )
    floor.emit(
        TransferStarted(
            contact=contact.id,
            transfer=transfer.number,
            segment=contact.segments,
            agent=event.agent,
            mode=event.mode,
            target=event.target,
            brief=event.brief,
        )
    )
    _BEGIN[event.mode, type(event.target)](floor, contact, event.target)


@of_their_talk
def refusal(contact: ContactRecord, _event: TransferRequested) -> Refusal | None:
    """Why it cannot be begun now. That nobody can take the citizen is no refusal, but what became of it."""
    if contact.state is not ContactState.ENGAGED or contact.leg is None:
        return Refusal.LINE_LOST
    if contact.uncalled:
        return Refusal.CITIZEN_CALLED
    return None if contact.transfer is None else Refusal.CONSULTING


# --- consulting first


def _consult_agent(floor: Floor, contact: ContactRecord, target: ToAgent) -> None:
    _consult(floor, contact, floor.agents.get(target.agent), _why_not(floor, target.agent))


def _consult_queue(floor: Floor, contact: ContactRecord, target: ToQueue) -> None:
    """The agent of that queue who is to be asked first, if anybody is free."""
    queue = floor.queues.get(target.queue)
    chosen = None if queue is None else floor.index.best_agent(contact.id, queue.rules.skill, floor.agents)
    _consult(floor, contact, None if chosen is None else floor.agents[chosen], TransferOutcome.UNREACHABLE)


def _consult(floor: Floor, contact: ContactRecord, agent: AgentRecord | None, why_not: TransferOutcome) -> None:
    if agent is None or not agent.idle:
        _refuse(floor, contact, why_not)
        return
    _part(floor, contact)
    parties.ring_agent(floor, contact, agent)


def _consult_outside(floor: Floor, contact: ContactRecord, target: ToOutside) -> None:
    _part(floor, contact)
    parties.ring_outside(floor, contact, target)


def _part(floor: Floor, contact: ContactRecord) -> None:
    """The citizen hears music, and the agent whom they called."""
    controls.release(floor, contact)
    if contact.leg is not None:
        sounds.gather(floor, contact, (contact.leg,), citizen=False)


def _refuse(floor: Floor, contact: ContactRecord, outcome: TransferOutcome) -> None:
    """It cannot be begun: nothing changes for the citizen."""
    parties.end_transfer(floor, contact, outcome)
    contact.transfer = None


def _why_not(floor: Floor, agent_id: AgentId) -> TransferOutcome:
    agent = floor.agents.get(agent_id)
    busy = agent is not None and (agent.state in _AT_WORK or agent.supervising)
    return TransferOutcome.BUSY if busy else TransferOutcome.UNREACHABLE


# --- at once


def _pass_to_queue(floor: Floor, contact: ContactRecord, target: ToQueue) -> None:
    queue = floor.queues.get(target.queue)
    if queue is None or queue.removed or contact.agent is None:
        _refuse(floor, contact, TransferOutcome.UNREACHABLE)
        return
    agent = floor.agents[contact.agent]
    segments.leave(floor, contact, EndedBy.AGENT)
    parties.end_transfer(floor, contact, TransferOutcome.COMPLETED)
    contact.transfer = None
    agents.cool(floor, agent, contact, agents.PASSED_ON)
    _wait_in(floor, contact, target, agent)


def _wait_in(floor: Floor, contact: ContactRecord, target: ToQueue, agent: AgentRecord) -> None:
    """First of all in that queue."""
    floor.queues[target.queue].contacts += 1
    floor.leave_queue(contact)
    contact.queue, contact.front, contact.been = target.queue, True, ()
    floor.emit(ContactMoved(contact=contact.id, queue=target.queue, cause=MoveCause.TRANSFER, by=agent.id))
    offers.wait_again(floor, contact)
    overflow.waits_anew(floor, contact)
    sounds.music(floor, contact)
    waiting.schedule(floor, contact)
    overflow.entered(floor, contact)


def _pass_to_agent(floor: Floor, contact: ContactRecord, target: ToAgent) -> None:
    colleague = floor.agents.get(target.agent)
    if colleague is None or not colleague.idle:
        _refuse(floor, contact, _why_not(floor, target.agent))
        return
    segments.leave(floor, contact, EndedBy.AGENT)
    sounds.music(floor, contact)
    offers.put_to(floor, contact, colleague)


def _pass_outside(floor: Floor, contact: ContactRecord, target: ToOutside) -> None:
    segments.leave(floor, contact, EndedBy.AGENT)
    contact.state = ContactState.FORWARDED
    sounds.music(floor, contact)
    parties.ring_outside(floor, contact, target)


# --- with an officer, or on the way


def answered(floor: Floor, contact: ContactRecord) -> None:
    """The officer, whose telephone rang, is there: what is to be announced, then the citizen."""
    transfer, leg = consults.parts(contact)
    leg.stage, leg.until = LegStage.ANSWERED, None
    segments.record(floor, contact, leg)
    floor.emit(TransferAnswered(contact=contact.id, transfer=transfer.number))
    if transfer.announcement:
        sounds.announce(floor, contact, leg, transfer.announcement)
    else:
        announced(floor, contact)


def announced(floor: Floor, contact: ContactRecord) -> None:
    """The officer knows: now the citizen."""
    _, leg = consults.parts(contact)
    sounds.gather(floor, contact, (leg,), citizen=True)
    parties.end_transfer(floor, contact, TransferOutcome.COMPLETED)


def failed(floor: Floor, contact: ContactRecord, outcome: OfferOutcome, *, end_the_leg: bool) -> None:
    """The officer cannot answer any more, or is lost after an answer."""
    _, leg = consults.parts(contact)
    if leg.stage is not LegStage.RINGING:
        _back(floor, contact, TransferOutcome.FAILED, end_the_leg=end_the_leg)
    elif outcome is OfferOutcome.REJECTED:
        _back(floor, contact, TransferOutcome.BUSY, end_the_leg=end_the_leg)
    else:
        _back(floor, contact, parties.TRANSFER_OUTCOMES[outcome], end_the_leg=end_the_leg)


def leg_gone(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    """The officer hung up, which ends a talk; before it, or when the leg was lost, the citizen comes back."""
    transfer, leg = consults.parts(contact)
    on_purpose = by in parties.ON_PURPOSE
    if leg.stage is LegStage.RINGING:
        failed(floor, contact, OfferOutcome.REJECTED if on_purpose else OfferOutcome.FAILED, end_the_leg=False)
    elif on_purpose and transfer.ended and leg.stage is LegStage.JOINED:
        contact.consult = contact.transfer = None
        hang_up(floor, contact, ContactOutcome.ANSWERED, EndedBy.OFFICER)
    else:
        outcome = TransferOutcome.LEFT if on_purpose else TransferOutcome.FAILED
        _back(floor, contact, outcome, end_the_leg=False)


def _back(floor: Floor, contact: ContactRecord, outcome: TransferOutcome, *, end_the_leg: bool) -> None:
    """The citizen is told that somebody else comes, and goes back to the agent."""
    leg, contact.consult = contact.consult, None
    if leg is not None and end_the_leg:
        parties.end_leg(floor, contact, leg)
    sounds.play(floor, contact, (Saying(RECONNECTING),))
    parties.give_back(floor, contact, outcome)


def gather_again(floor: Floor, contact: ContactRecord) -> None:
    """The exchange may have forgotten who hears whom."""
    transfer, leg = consults.parts(contact)
    if leg.announcing is not None:
        sounds.announce(floor, contact, leg, transfer.announcement)
        sounds.again(floor, contact)
    else:
        sounds.gather(floor, contact, (leg,), citizen=True)


def citizen_left(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    """The citizen hangs up on the officer, or before they answer, or in the middle of the farewell.

    Nobody is cut off by a farewell: that call was the agent's to end, and no call is owed for it.
    """
    if contact.parting and by is not EndedBy.CITIZEN:
        by = EndedBy.AGENT
    contact.parting = False
    parties.drop_transfer(floor, contact, TransferOutcome.CITIZEN_LEFT)
    close(floor, contact, ContactOutcome.ANSWERED, by)


_BEGIN: dict[tuple[TransferMode, type[Target]], Callable[[Floor, ContactRecord, Any], None]] = {
    (TransferMode.CONSULT, ToAgent): _consult_agent,
    (TransferMode.CONSULT, ToQueue): _consult_queue,
    (TransferMode.CONSULT, ToOutside): _consult_outside,
    (TransferMode.BLIND, ToAgent): _pass_to_agent,
    (TransferMode.BLIND, ToQueue): _pass_to_queue,
    (TransferMode.BLIND, ToOutside): _pass_outside,
}
