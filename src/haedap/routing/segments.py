"""Segments: an agent has the citizen, from the answer to the end; a lost leg in between is mended if it can be."""

from collections.abc import Callable
from datetime import timedelta

from haedap.domain.decisions import ApplyControl, Saying
from haedap.domain.facts import (
    ControlApplied,
    LegLost,
    LegRegained,
    SegmentEnded,
    SegmentStarted,
    TransferAnswered,
)
from haedap.domain.ids import PromptKey
from haedap.domain.states import (
    REJECTED_REASON,
    UNREACHABLE_REASON,
    AgentState,
    ContactOutcome,
    ContactState,
    Control,
    EndedBy,
    OfferOutcome,
    TransferOutcome,
)
from haedap.routing import agents, offers, outgoing, overflow, parties, sounds, waiting
from haedap.routing.closing import close, hang_up, outcome
from haedap.routing.deadlines import Kind
from haedap.routing.errors import InvariantBroken
from haedap.routing.floor import Floor
from haedap.routing.records import AgentRecord, ContactRecord, Leg, LegStage

RECONNECTING = PromptKey("reconnecting")
RETRY = timedelta(seconds=2)
"""How long after a failed attempt to regain a leg the next one is made."""

NOT_REACHED_WRAP_UP_SECONDS = 15
"""The longest wrap-up after a citizen who was called and not reached."""

MOST_CONNECT_FAILURES = 3
"""So many failures to join in a row lie with the citizen's leg, not with the agent's."""


def begin(floor: Floor, contact: ContactRecord, leg: Leg) -> None:
    """The agent answered a first offer."""
    record(floor, contact, leg)
    _join(floor, contact, leg)
    if contact.transfer is None:
        waiting.remember_answer(floor, contact)
    else:
        floor.emit(TransferAnswered(contact=contact.id, transfer=contact.transfer.number))
        parties.end_transfer(floor, contact, TransferOutcome.COMPLETED)
        contact.transfer = None
    start(floor, contact, leg)
    agents.become(floor, floor.agents[leg.agent], AgentState.ENGAGED, contact=contact.id)
    if contact.uncalled:
        outgoing.call_citizen(floor, contact, leg.agent)


def start(floor: Floor, contact: ContactRecord, leg: Leg) -> None:
    """From now on the citizen is with the agent of this leg, which was answered."""
    contact.state, contact.leg, contact.agent = ContactState.ENGAGED, leg, leg.agent
    contact.announce_at = contact.preferred = contact.preferred_until = None
    contact.run, contact.flow_until, contact.asking, contact.callback_offered = None, None, False, False
    contact.overflow_at, contact.widen_at, contact.wide = None, None, ()
    contact.last_agent = leg.agent
    contact.connect_failures = 0
    contact.music = True
    contact.segments += 1
    floor.begun.append(contact)
    floor.emit(
        SegmentStarted(
            contact=contact.id, segment=contact.segments, agent=leg.agent, queue=contact.queue, offer=leg.offer
        )
    )


def regain(floor: Floor, contact: ContactRecord, leg: Leg) -> None:
    """The agent whose leg was lost answered again. All is as they want it by now."""
    record(floor, contact, leg)
    _join(floor, contact, leg)
    contact.reconnect_until = contact.retry_at = None
    floor.emit(LegRegained(contact=contact.id, segment=contact.segments, agent=leg.agent))


def record(floor: Floor, contact: ContactRecord, leg: Leg) -> None:
    """Who is about to have the citizen on this leg is recorded, unless their pause says otherwise."""
    control = Control.PAUSE_RECORDING if contact.recording_paused else Control.RESUME_RECORDING
    if control in contact.applied:
        floor.emit(ApplyControl(id=floor.request(contact), contact=contact.id, offer=leg.offer, control=control))


def _join(floor: Floor, contact: ContactRecord, leg: Leg) -> None:
    """The offer ends well; citizen and agent are to be joined."""
    offers.end_offer(floor, contact, OfferOutcome.ANSWERED, end_the_leg=False)
    contact.leg = leg
    leg.stage, leg.until = LegStage.ANSWERED, None
    contact.state = ContactState.ENGAGED
    if contact.transfer is not None and contact.transfer.announcement:
        sounds.announce(floor, contact, leg, contact.transfer.announcement)
    elif not contact.uncalled:
        sounds.connect(floor, contact)


def leave(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    """The agent is out of it and wraps up; the citizen stays. What becomes of them is the caller's to say."""
    offers.end_leg(floor, contact)
    _end_pause(floor, contact)
    agent = _end_segment(floor, contact, by)
    agents.wrap_up(floor, agent, contact, floor.rules(contact).wrap_up_seconds)


def lose_leg(floor: Floor, contact: ContactRecord, *, end_the_leg: bool) -> None:
    """The agent's leg is lost in mid-call: the citizen is told so and kept for the same agent.

    Who is on hold goes on hearing music. A citizen who is still being called would find nobody there: the attempt is
    ended.
    """
    if contact.uncalled:
        finish(floor, contact, EndedBy.CENTRE)
        return
    if end_the_leg:
        offers.end_leg(floor, contact)
    parties.drop_transfer(floor, contact, TransferOutcome.CUT_OFF)
    parties.end_watch(floor, contact)
    contact.leg = None
    contact.state = ContactState.RECONNECTING
    agent = agent_of(floor, contact)
    floor.emit(
        LegLost(contact=contact.id, segment=contact.segments, agent=agent.id, held=contact.held, muted=contact.muted)
    )
    if contact.held:
        sounds.music(floor, contact)
    else:
        sounds.play(floor, contact, (Saying(RECONNECTING),))
    seconds = floor.rules(contact).reconnect_seconds
    if seconds <= 0:
        give_up(floor, contact)
        return
    contact.reconnect_until = floor.now + timedelta(seconds=seconds)
    floor.deadlines.add(contact.reconnect_until, Kind.RECONNECT, contact=contact.id)
    reconnect(floor, contact)


def reconnect(floor: Floor, contact: ContactRecord) -> None:
    """Ring the same agent, if they can be rung and are not being rung."""
    contact.retry_at = None
    agent = agent_of(floor, contact)
    if contact.leg is None and agent.reachable:
        offers.offer_again(floor, contact, agent)


def reconnect_failed(floor: Floor, contact: ContactRecord, outcome: OfferOutcome, *, end_the_leg: bool) -> None:
    """The attempt to regain the leg came to nothing: another follows, unless the agent declined."""
    offers.end_offer(floor, contact, outcome, end_the_leg=end_the_leg)
    if outcome is OfferOutcome.REJECTED:
        give_up(floor, contact, REJECTED_REASON)
    elif outcome is OfferOutcome.UNREACHABLE:
        agents.set_reachable(floor, agent_of(floor, contact), reachable=False)
    else:
        contact.retry_at = floor.now + RETRY
        floor.deadlines.add(contact.retry_at, Kind.RETRY, contact=contact.id)


def give_up(floor: Floor, contact: ContactRecord, reason: str = UNREACHABLE_REASON) -> None:
    """The leg will not be regained: the segment ends, and the citizen is the next to be served by anybody.

    Who was on hold has not been told until now.
    """
    offers.end_offer(floor, contact, OfferOutcome.NO_ANSWER, end_the_leg=True)
    if contact.held:
        sounds.play(floor, contact, (Saying(RECONNECTING),))
    _end_pause(floor, contact)
    agent = _end_segment(floor, contact, EndedBy.LINE)
    contact.front = True
    offers.wait_again(floor, contact)
    overflow.waits_anew(floor, contact)
    waiting.schedule(floor, contact)
    agents.leave_desk(floor, agent, reason)


def connect_failed(floor: Floor, contact: ContactRecord) -> None:
    """They could not be joined: try with a new leg of the agent, but not for ever."""
    contact.connect_failures += 1
    if contact.connect_failures < MOST_CONNECT_FAILURES:
        lose_leg(floor, contact, end_the_leg=True)
    else:
        finish(floor, contact, EndedBy.CENTRE)


def finish(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    """The agent or the centre ends the contact in mid-segment."""
    if contact.state is ContactState.RECONNECTING:
        offers.end_offer(floor, contact, OfferOutcome.WITHDRAWN, end_the_leg=True)
    parties.drop_transfer(floor, contact, TransferOutcome.CANCELLED)
    agent, seconds = _end_segment(floor, contact, by), floor.rules(contact).wrap_up_seconds
    if contact.uncalled:
        seconds = min(seconds, NOT_REACHED_WRAP_UP_SECONDS)
    contact.calling_until = None
    hang_up(floor, contact, outcome(contact, by), by)
    agents.wrap_up(floor, agent, contact, seconds)


def citizen_left(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    """The citizen is gone in mid-segment."""
    if contact.state is ContactState.RECONNECTING:
        offers.end_offer(floor, contact, OfferOutcome.CITIZEN_LEFT, end_the_leg=True)
    offers.end_leg(floor, contact)
    parties.drop_transfer(floor, contact, TransferOutcome.CITIZEN_LEFT)
    agent, seconds = _end_segment(floor, contact, by), floor.rules(contact).wrap_up_seconds
    close(floor, contact, ContactOutcome.ANSWERED, by)
    agents.wrap_up(floor, agent, contact, seconds)


def agent_of(floor: Floor, contact: ContactRecord) -> AgentRecord:
    """The agent of the open segment. Agents with an open segment are never forgotten."""
    if contact.agent is None:
        raise InvariantBroken(contact.id)
    return floor.agents[contact.agent]


def _end_pause(floor: Floor, contact: ContactRecord) -> None:
    """A pause of the recording is this agent's: who has the citizen next does not know of it. See `record`."""
    if contact.agent is not None and contact.recording_paused:
        control, contact.recording_paused = Control.RESUME_RECORDING, False
        contact.applied = tuple(dict.fromkeys((*contact.applied, control)))
        floor.emit(ControlApplied(contact=contact.id, segment=contact.segments, agent=contact.agent, control=control))


def _end_segment(floor: Floor, contact: ContactRecord, by: EndedBy) -> AgentRecord:
    agent = agent_of(floor, contact)
    contact.agent = contact.reconnect_until = contact.retry_at = None
    contact.held = contact.muted = False
    parties.end_watch(floor, contact)
    floor.emit(SegmentEnded(contact=contact.id, segment=contact.segments, agent=agent.id, by=by))
    return agent


ON_ANSWER: dict[ContactState, Callable[[Floor, ContactRecord, Leg], None]] = {
    ContactState.OFFERED: begin,
    ContactState.RECONNECTING: regain,
}
