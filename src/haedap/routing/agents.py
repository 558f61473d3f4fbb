"""The states of agents. Every change of an agent's record that others may see goes through here."""

from datetime import datetime, timedelta

from haedap.domain.facts import AgentReachabilityChanged, AgentStateChanged
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.states import REST_REASON, UNREACHABLE_REASON, AgentState
from haedap.routing.deadlines import Kind
from haedap.routing.floor import Floor
from haedap.routing.records import AgentRecord, ContactRecord

COOLING = timedelta(seconds=5)
"""How long a contact is not put to an agent again after their offer failed for technical reasons."""

ABSENCE = timedelta(minutes=3)
"""How long an agent may be AVAILABLE without a telephone. Who closes the browser and goes home says nothing to anybody:
without an end the night would count as time in which they waited for citizens."""

PASSED_ON = timedelta(seconds=20)
"""How long a contact is not put to the agent who passed it on to a queue: somebody else is to have it."""

WORKING = frozenset({AgentState.ENGAGED, AgentState.WRAP_UP})
"""The states in which a wish for another state waits for the end of the work."""


def become(
    floor: Floor,
    agent: AgentRecord,
    state: AgentState,
    *,
    reason: str = "",
    contact: ContactId | None = None,
    until: datetime | None = None,
    by: AgentId | None = None,
) -> None:
    """The agent is in this state from now on. AVAILABLE keeps the idle order: see `become_available`."""
    _leave_index(floor, agent)
    _count_staff(floor, agent, state)
    agent.state, agent.reason, agent.contact, agent.until = state, reason, contact, until
    agent.by = floor.by if by is None else by
    if state not in WORKING:
        agent.pending, agent.pending_reason, agent.pending_by = None, "", None
    _join_index(floor, agent)
    _expect(floor, agent)
    _reconsider(floor, agent)
    tell(floor, agent)
    floor.signed_out |= state is AgentState.SIGNED_OUT
    if agent.removed and state is AgentState.SIGNED_OUT:
        forget(floor, agent)


def become_available(floor: Floor, agent: AgentRecord) -> None:
    """After work or absence: the agent is the last among the idle."""
    agent.idle_order = floor.next_order()
    become(floor, agent, AgentState.AVAILABLE)


def become_idle_again(floor: Floor, agent: AgentRecord) -> None:
    """An offer came to nothing through no doing of the agent: they keep their place among the idle."""
    become(floor, agent, AgentState.AVAILABLE)


def wish(floor: Floor, agent: AgentRecord, state: AgentState | None, reason: str = "") -> None:
    """What is to follow the work in hand; None takes a wish back."""
    if (agent.pending, agent.pending_reason) != (state, reason):
        agent.pending, agent.pending_reason = state, reason
        agent.pending_by = None if state is None else floor.by
        _reconsider(floor, agent)
        tell(floor, agent)


def wrap_up(floor: Floor, agent: AgentRecord, contact: ContactRecord, seconds: int) -> None:
    """The agent's part of the contact is over; the work after it begins."""
    if seconds <= 0:
        follow_wish(floor, agent)
        return
    until = floor.now + timedelta(seconds=seconds)
    become(floor, agent, AgentState.WRAP_UP, contact=contact.id, until=until)
    floor.deadlines.add(until, Kind.WRAP_UP, agent=agent.id)


def extend_wrap_up(floor: Floor, agent: AgentRecord, seconds: int) -> None:
    """The wrap-up lasts `seconds` from now."""
    agent.until = floor.now + timedelta(seconds=seconds)
    floor.deadlines.add(agent.until, Kind.WRAP_UP, agent=agent.id)
    tell(floor, agent)


def follow_wish(floor: Floor, agent: AgentRecord) -> None:
    """The work is over: what the agent wished, or the rest that is due, else AVAILABLE."""
    if agent.pending is not None:
        forced_by = agent.pending_by
        become(floor, agent, agent.pending, reason=agent.pending_reason, by=forced_by)
    elif rests(floor, agent):
        rest(floor, agent)
    else:
        become_available(floor, agent)


def rest(floor: Floor, agent: AgentRecord) -> None:
    """AWAY after an abusive call, for as long as is said."""
    become(floor, agent, AgentState.AWAY, reason=REST_REASON, until=agent.rest_until)


def rests(floor: Floor, agent: AgentRecord) -> bool:
    """Whether the rest after an abusive call is not over yet."""
    return agent.rest_until is not None and agent.rest_until > floor.now


def leave_desk(floor: Floor, agent: AgentRecord, reason: str) -> None:
    """The router takes the agent out of the distribution; a wish to sign out goes before."""
    if agent.pending is AgentState.SIGNED_OUT:
        become(floor, agent, AgentState.SIGNED_OUT)
    else:
        become(floor, agent, AgentState.AWAY, reason=reason)


def set_reachable(floor: Floor, agent: AgentRecord, *, reachable: bool) -> None:
    """Whether the agent's telephone can be rung."""
    if agent.reachable is reachable:
        return
    _leave_index(floor, agent)
    agent.reachable = reachable
    _join_index(floor, agent)
    _expect(floor, agent)
    _reconsider(floor, agent)
    floor.emit(AgentReachabilityChanged(agent=agent.id, reachable=reachable))


def absent(floor: Floor, agent: AgentRecord) -> None:
    """Nobody is there who could be rung: the agent is out of the distribution until they say that they are back."""
    leave_desk(floor, agent, UNREACHABLE_REASON)


def stopped(floor: Floor, agent: AgentRecord, back: datetime) -> None:
    """The centre was off from now until `back`. A wrap-up that would have ended meanwhile did as it stopped.

    After a while nobody is at work any more, and they come back by their own word. After less their telephones, which
    could not come back before, have the whole time from then on.
    """
    gone = back - floor.now >= ABSENCE
    if agent.state is AgentState.WRAP_UP and (gone or (agent.until is not None and agent.until <= back)):
        follow_wish(floor, agent)
    if gone and agent.state is AgentState.AVAILABLE:
        absent(floor, agent)
    agent.absent_at = None
    _expect(floor, agent, back)


def forget(floor: Floor, agent: AgentRecord) -> None:
    """The agent is off duty and off the plan. Whether their telephone is registered stays known: they may return."""
    del floor.agents[agent.id]
    if agent.reachable:
        floor.registered[agent.id] = None
        set_reachable(floor, agent, reachable=False)


def fault(floor: Floor, agent: AgentRecord) -> int:
    """An offer to this agent failed for technical reasons. How many did within the cooling time."""
    agent.faults = [at for at in agent.faults if at > floor.now - COOLING] + [floor.now]
    return len(agent.faults)


def supervise(floor: Floor, agent_id: AgentId, contact: ContactId | None) -> None:
    """The supervisor takes part in a talk; None: no more. An agent among them keeps their state meanwhile."""
    if contact is None:
        floor.supervising.pop(agent_id, None)
    else:
        floor.supervising[agent_id] = contact
    agent = floor.agents.get(agent_id)
    if agent is not None:
        _leave_index(floor, agent)
        agent.supervising = contact is not None
        _join_index(floor, agent)
        _reconsider(floor, agent)


def cool(floor: Floor, agent: AgentRecord, contact: ContactRecord, span: timedelta = COOLING) -> None:
    """Not this contact to this agent for a while."""
    until = floor.now + span
    agent.cooling[contact.id] = until
    floor.deadlines.add(until, Kind.COOLING, contact=contact.id, agent=agent.id)


def cooled(floor: Floor, agent: AgentRecord, contact: ContactId) -> None:
    """The while is over."""
    del agent.cooling[contact]
    if agent.idle:
        floor.fresh_agents[agent.id] = None


def tell(floor: Floor, agent: AgentRecord) -> None:
    """The agent's state as a fact."""
    floor.emit(
        AgentStateChanged(
            agent=agent.id,
            state=agent.state,
            reason=agent.reason,
            contact=agent.contact,
            until=agent.until,
            pending=agent.pending,
            pending_reason=agent.pending_reason,
            by=agent.by if agent.pending is None else agent.pending_by,
        )
    )


def _expect(floor: Floor, agent: AgentRecord, since: datetime | None = None) -> None:
    """The telephone of who is AVAILABLE is to come back soon."""
    missing = agent.state is AgentState.AVAILABLE and not agent.reachable
    if not missing:
        agent.absent_at = None
    elif agent.absent_at is None:
        agent.absent_at = (since or floor.now) + ABSENCE
        floor.deadlines.add(agent.absent_at, Kind.ABSENCE, agent=agent.id)


def _reconsider(floor: Floor, agent: AgentRecord) -> None:
    """Who waits for this agent alone may now be put to them, or has to be put to anybody."""
    for contact in floor.index.preferring(agent.id):
        floor.fresh_contacts[contact] = None


def _count_staff(floor: Floor, agent: AgentRecord, state: AgentState) -> None:
    """The agent comes on duty or goes off it, if the state says so."""
    was, will_be = agent.state is not AgentState.SIGNED_OUT, state is not AgentState.SIGNED_OUT
    if will_be and not was:
        floor.index.add_staff(agent)
    elif was and not will_be:
        floor.index.remove_staff(agent)


def _leave_index(floor: Floor, agent: AgentRecord) -> None:
    if agent.idle:
        floor.index.remove_idle(agent)


def _join_index(floor: Floor, agent: AgentRecord) -> None:
    if agent.idle:
        floor.index.add_idle(agent)
        floor.fresh_agents[agent.id] = None
