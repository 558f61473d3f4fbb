"""Who else is on the telephone: whom the agent consults or passes the citizen on to, and a supervisor.

Here is how their legs begin and end; what is done with them stands in `consults`, `transfers` and `supervision`.
"""

from collections.abc import Callable
from datetime import timedelta

from haedap.domain.decisions import DialOutside, EndLeg, OfferContact
from haedap.domain.facts import ContactReturned, SupervisionEnded, TransferEnded
from haedap.domain.ids import AgentId
from haedap.domain.states import (
    NO_ANSWER_REASON,
    UNREACHABLE_REASON,
    AgentState,
    EndedBy,
    OfferOutcome,
    Supervision,
    TransferOutcome,
)
from haedap.domain.targets import ToOutside
from haedap.routing import agents, overflow, waiting
from haedap.routing.deadlines import Kind
from haedap.routing.floor import Floor
from haedap.routing.records import NOBODY, AgentRecord, ContactRecord, Leg, LegStage, Watch

GRACE = timedelta(seconds=2)
"""What the wire may take beyond the ring time, so that the telephone's own limit speaks first."""

OUTSIDE_RING_SECONDS = 30
"""How long an officer's or an outside telephone rings."""

LONGEST_EXTENSION = 8
"""Digits; a longer number is outside the city's own exchange, which may not show the citizen's number."""

ON_PURPOSE = frozenset({EndedBy.AGENT, EndedBy.OFFICER})
"""Who hung up; whatever else ends a leg has lost it."""

RETURN_SECONDS = 20
"""How long a citizen who comes back is kept for the agent who passed them on."""


def ring_agent(floor: Floor, contact: ContactRecord, agent: AgentRecord) -> None:
    """Ring the idle agent who is to be consulted."""
    seconds = floor.rules(contact).ring_seconds
    leg = contact.consult = _new_leg(floor, contact, agent.id, seconds, Kind.CONSULT_RING)
    agents.become(floor, agent, AgentState.OFFERED, contact=contact.id, until=leg.until)
    _ring(floor, contact, leg, agent.endpoint, seconds, auto_answer=False)


def ring_outside(floor: Floor, contact: ContactRecord, target: ToOutside) -> None:
    """Ring the officer's extension or the outside number."""
    leg = contact.consult = _new_leg(floor, contact, NOBODY, OUTSIDE_RING_SECONDS, Kind.CONSULT_RING)
    floor.emit(
        DialOutside(
            id=floor.request(contact),
            contact=contact.id,
            offer=leg.offer,
            number=target.number,
            caller=contact.caller if len(target.number) <= LONGEST_EXTENSION else None,
            ring_seconds=OUTSIDE_RING_SECONDS,
        )
    )


def ring_supervisor(floor: Floor, contact: ContactRecord, supervisor: AgentId, endpoint: str) -> Watch:
    """Ring the supervisor, who wants to take part."""
    seconds = floor.rules(contact).ring_seconds
    leg = _new_leg(floor, contact, supervisor, seconds, Kind.SUPERVISOR_RING)
    watch = contact.watch = Watch(leg=leg, mode=Supervision.LISTEN)
    agents.supervise(floor, supervisor, contact.id)
    _ring(floor, contact, leg, endpoint, seconds, auto_answer=True)
    return watch


def _new_leg(floor: Floor, contact: ContactRecord, agent: AgentId, seconds: int, kind: Kind) -> Leg:
    until = floor.now + timedelta(seconds=seconds) + GRACE
    floor.deadlines.add(until, kind, contact=contact.id)
    return Leg(offer=floor.next_offer(contact), agent=agent, until=until)


def _ring(floor: Floor, contact: ContactRecord, leg: Leg, endpoint: str, seconds: int, *, auto_answer: bool) -> None:
    floor.emit(
        OfferContact(
            id=floor.request(contact),
            contact=contact.id,
            offer=leg.offer,
            agent=leg.agent,
            endpoint=endpoint,
            queue=contact.queue,
            caller=contact.caller,
            ring_seconds=seconds,
            auto_answer=auto_answer,
            join=False,
        )
    )


def end_leg(floor: Floor, contact: ContactRecord, leg: Leg) -> None:
    """Ask the channel to end a leg that the router has done with."""
    floor.emit(EndLeg(id=floor.request(contact), contact=contact.id, offer=leg.offer))


def drop_transfer(
    floor: Floor,
    contact: ContactRecord,
    outcome: TransferOutcome,
    *,
    end_the_leg: bool = True,
    free: bool = True,
) -> None:
    """The transfer under way, if there is one, is over, and so is its leg. `free`: a consulted agent goes on."""
    leg, contact.consult = contact.consult, None
    if leg is not None and end_the_leg:
        end_leg(floor, contact, leg)
    end_transfer(floor, contact, outcome)
    contact.transfer = None
    if leg is not None and leg.agent != NOBODY and free:
        _free(floor, floor.agents[leg.agent], outcome)


def end_transfer(floor: Floor, contact: ContactRecord, outcome: TransferOutcome) -> None:
    """Tell what became of the transfer: of each once."""
    transfer = contact.transfer
    if transfer is not None and not transfer.ended:
        transfer.ended = True
        floor.emit(TransferEnded(contact=contact.id, transfer=transfer.number, outcome=outcome))


def loss_of(leg: Leg) -> TransferOutcome:
    """What it means for the transfer that this leg is lost after an answer: nobody was talked to before it joined."""
    return TransferOutcome.CUT_OFF if leg.stage is LegStage.JOINED else TransferOutcome.FAILED


def give_back(floor: Floor, contact: ContactRecord, outcome: TransferOutcome) -> None:
    """Whom the citizen was passed on to is not there (any more): back to the agent, else first of all who wait.

    The contact has no leg; what it is to hear is the caller's to say.
    """
    transfer = contact.transfer
    if transfer is not None:
        end_transfer(floor, contact, outcome)
        contact.transfer = None
        floor.emit(ContactReturned(contact=contact.id, transfer=transfer.number, agent=transfer.agent))
        waiting.return_to(floor, contact, transfer.agent, RETURN_SECONDS)
        overflow.waits_anew(floor, contact)


def end_watch(floor: Floor, contact: ContactRecord, *, end_the_leg: bool = True) -> None:
    """The supervisor, if there is one, is out of the talk."""
    watch, contact.watch = contact.watch, None
    if watch is None:
        return
    if end_the_leg:
        end_leg(floor, contact, watch.leg)
    release_watch(floor, contact, watch)


def release_watch(floor: Floor, contact: ContactRecord, watch: Watch) -> None:
    """The supervisor takes part no more, whatever becomes of their leg."""
    agents.supervise(floor, watch.leg.agent, None)
    if watch.told:
        floor.emit(SupervisionEnded(contact=contact.id, supervisor=watch.leg.agent))


def _free(floor: Floor, agent: AgentRecord, outcome: TransferOutcome) -> None:
    """A consulted agent has no part in it any more: no wrap-up, for they had no citizen."""
    if agent.state is AgentState.OFFERED:
        _AFTER_RINGING.get(outcome, agents.become_idle_again)(floor, agent)
    else:
        agents.follow_wish(floor, agent)


def _after_no_answer(floor: Floor, agent: AgentRecord) -> None:
    agents.leave_desk(floor, agent, NO_ANSWER_REASON)


def _after_unreachable(floor: Floor, agent: AgentRecord) -> None:
    agents.leave_desk(floor, agent, UNREACHABLE_REASON)
    agents.set_reachable(floor, agent, reachable=False)


_AFTER_RINGING: dict[TransferOutcome, Callable[[Floor, AgentRecord], None]] = {
    TransferOutcome.NO_ANSWER: _after_no_answer,
    TransferOutcome.UNREACHABLE: _after_unreachable,
}
TRANSFER_OUTCOMES: dict[OfferOutcome, TransferOutcome] = {
    OfferOutcome.NO_ANSWER: TransferOutcome.NO_ANSWER,
    OfferOutcome.REJECTED: TransferOutcome.REJECTED,
    OfferOutcome.UNREACHABLE: TransferOutcome.UNREACHABLE,
    OfferOutcome.FAILED: TransferOutcome.FAILED,
    OfferOutcome.REFUSED: TransferOutcome.REFUSED,
    OfferOutcome.CITIZEN_LEFT: TransferOutcome.CITIZEN_LEFT,
    OfferOutcome.WITHDRAWN: TransferOutcome.UNREACHABLE,
}
"""What an offer that came to nothing means for the transfer. An outside telephone that declines is busy."""
