"""Supervision (듣기 · 귓속말 · 끼어들기 · 가로채기): a supervisor takes part in a talk, or takes it over.

One supervisor in a talk, one talk for a supervisor, and none while they are rung or talk as an agent. They need not be
on duty; if they are, their state stays as it is, and nothing is put to them meanwhile. It ends with the segment that
they take part in, with either leg, with the plan that does not name them any more, and when they say so.
"""

from haedap.domain.decisions import Supervise
from haedap.domain.events import AgentStateForced, SupervisionRequested, TakeOverRequested
from haedap.domain.facts import SupervisionStarted
from haedap.domain.ids import AgentId
from haedap.domain.states import AgentState, ContactState, EndedBy, Supervision, TransferOutcome
from haedap.routing import agents, parties, segments, sounds, wishes
from haedap.routing.floor import Floor
from haedap.routing.records import AgentRecord, ContactRecord, LegStage, Watch
from haedap.routing.refusals import Refusal

_TALKING = frozenset({AgentState.OFFERED, AgentState.ENGAGED})


def requested(floor: Floor, event: SupervisionRequested) -> None:
    """Take part, change how, or be out of it."""
    contact = floor.contacts.get(event.contact)
    if contact is None:
        return
    watch = _own_watch(contact, event.supervisor)
    if event.mode is None:
        if watch is not None:
            parties.end_watch(floor, contact)
    elif watch is not None:
        _change(floor, contact, watch, event.mode)
    elif refusal(floor, event) is None:
        _ring(floor, contact, event.supervisor).mode = event.mode


def take_over_requested(floor: Floor, event: TakeOverRequested) -> None:
    """With the supervisor's leg there, at once; else as soon as they answer."""
    contact = floor.contacts.get(event.contact)
    if contact is None:
        return
    watch = _own_watch(contact, event.supervisor)
    if watch is None and refusal(floor, event) is None:
        watch = _ring(floor, contact, event.supervisor)
    if watch is not None and watch.leg.stage is LegStage.RINGING:
        watch.take_over = True
    elif watch is not None:
        _take_over(floor, contact, watch)


def refusal(floor: Floor, event: SupervisionRequested | TakeOverRequested) -> Refusal | None:
    """Why the supervisor cannot take part now. To be out of it can always be asked for."""
    contact, agent = floor.contacts.get(event.contact), floor.agents.get(event.supervisor)
    if isinstance(event, SupervisionRequested) and event.mode is None:
        return None
    if contact is None:
        return Refusal.NOT_ENGAGED
    if _own_watch(contact, event.supervisor) is not None:
        return None
    if contact.uncalled:
        return Refusal.CITIZEN_CALLED
    talks = contact.state is ContactState.ENGAGED and contact.leg is not None
    if not talks or event.supervisor not in floor.plan.supervisors:
        return Refusal.NOT_ENGAGED
    if contact.watch is not None:
        return Refusal.SUPERVISED
    if event.supervisor in floor.supervising:
        return Refusal.SUPERVISING
    return Refusal.TALKING if agent is not None and agent.state in _TALKING else None


def forced(floor: Floor, event: AgentStateForced) -> None:
    """A supervisor sets an agent's state; it is told by whom."""
    agent = floor.agents.get(event.agent)
    if agent is not None and event.supervisor in floor.plan.supervisors:
        floor.by = event.supervisor
        wishes.force(floor, agent, event.state, event.reason)
        floor.by = None


def answered(floor: Floor, contact: ContactRecord) -> None:
    """The supervisor, whose telephone rang, is there."""
    watch = contact.watch
    if watch is None:
        return
    watch.leg.stage, watch.leg.until = LegStage.ANSWERED, None
    if watch.take_over:
        _take_over(floor, contact, watch)
    else:
        take_part(floor, contact, watch)
        _tell(floor, contact, watch)


def take_part(floor: Floor, contact: ContactRecord, watch: Watch) -> None:
    """The supervisor hears, and is heard, as the mode says."""
    if contact.leg is not None:
        floor.emit(
            Supervise(
                id=floor.request(contact),
                contact=contact.id,
                offer=watch.leg.offer,
                watched=contact.leg.offer,
                mode=watch.mode,
            )
        )


def plan_changed(floor: Floor) -> None:
    """Who is a supervisor no more is out of the talk."""
    for supervisor in [supervisor for supervisor in floor.supervising if supervisor not in floor.plan.supervisors]:
        leave(floor, supervisor)


def leave(floor: Floor, supervisor: AgentId) -> None:
    """The supervisor is out of whatever they take part in."""
    contact = floor.contacts.get(floor.supervising[supervisor]) if supervisor in floor.supervising else None
    if contact is not None:
        parties.end_watch(floor, contact)


def _own_watch(contact: ContactRecord, supervisor: AgentId) -> Watch | None:
    watch = contact.watch
    return watch if watch is not None and watch.leg.agent == supervisor else None


def _ring(floor: Floor, contact: ContactRecord, supervisor: AgentId) -> Watch:
    return parties.ring_supervisor(floor, contact, supervisor, floor.plan.supervisors[supervisor].endpoint)


def _change(floor: Floor, contact: ContactRecord, watch: Watch, mode: Supervision) -> None:
    if watch.mode is mode:
        return
    watch.mode = mode
    if watch.leg.stage is not LegStage.RINGING:
        take_part(floor, contact, watch)
        _tell(floor, contact, watch)


def _tell(floor: Floor, contact: ContactRecord, watch: Watch) -> None:
    watch.told = True
    floor.emit(
        SupervisionStarted(contact=contact.id, segment=contact.segments, supervisor=watch.leg.agent, mode=watch.mode)
    )


def _take_over(floor: Floor, contact: ContactRecord, watch: Watch) -> None:
    """The agent is out of it, and the supervisor has the citizen on the leg that is there."""
    leg, contact.watch = watch.leg, None
    parties.release_watch(floor, contact, watch)
    parties.drop_transfer(floor, contact, TransferOutcome.CANCELLED)
    segments.leave(floor, contact, EndedBy.SUPERVISOR)
    segments.record(floor, contact, leg)
    segments.start(floor, contact, leg)
    sounds.gather(floor, contact, (leg,), citizen=True)
    _engage(floor, contact, _agent(floor, leg.agent))


def _agent(floor: Floor, supervisor: AgentId) -> AgentRecord:
    """The supervisor as an agent. Who is none on the plan is one until the wrap-up is over."""
    agent = floor.agents.get(supervisor)
    if agent is None:
        endpoint = floor.plan.supervisors[supervisor].endpoint
        agent = floor.agents[supervisor] = AgentRecord(
            id=supervisor, endpoint=endpoint, levels={}, cooling={}, removed=True
        )
        if supervisor in floor.registered:
            del floor.registered[supervisor]
            agents.set_reachable(floor, agent, reachable=True)
    return agent


def _engage(floor: Floor, contact: ContactRecord, agent: AgentRecord) -> None:
    """From any state; who was not available goes back to where they were."""
    before, reason = agent.state, agent.reason
    agents.become(floor, agent, AgentState.ENGAGED, contact=contact.id)
    if before in (AgentState.AWAY, AgentState.SIGNED_OUT):
        agents.wish(floor, agent, before, reason)
