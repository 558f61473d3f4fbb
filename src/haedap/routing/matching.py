"""Who gets whom. Runs after every event, over those who became free or began to wait by it; all others have been
asked before and had nobody.

Contacts choose in the order of their keys, each the best agent that is left: so nobody is overtaken for an agent who
could have served them, and within a level the longest idle agent is always the one who is asked.

A contact that prefers an agent is put to nobody else. That agent is asked while idle, and in the wrap-up after this
contact or after the one that it resumes, unless they wish to go. If the preference has a time, it ends early when the
agent cannot be expected to come within it: they are away, at another call, or their telephone is off.
"""

from heapq import heappop, heappush

from haedap.domain.ids import AgentId
from haedap.domain.states import AgentState, ContactState
from haedap.routing import offers, overflow
from haedap.routing.floor import Floor
from haedap.routing.records import AgentRecord, ContactKey, ContactRecord

_Candidate = tuple[ContactKey, AgentId]
"""A contact that may get an agent, and on whose account it is considered: a fresh agent's, or its own (0)."""

_ITSELF = AgentId(0)


def settle(floor: Floor) -> None:
    """Make every offer that can be made. Afterwards no idle agent could serve any waiting contact, cooling apart."""
    candidates = _fresh(floor)
    while candidates:
        key, agent_id = heappop(candidates)
        contact = floor.contacts.get(key[3])
        if contact is not None and contact.state is ContactState.WAITING:
            agent = _partner(floor, contact)
            if agent is not None:
                offers.offer(floor, contact, agent)
        _consider_again(floor, agent_id, candidates)


def _partner(floor: Floor, contact: ContactRecord) -> AgentRecord | None:
    """The agent to ask now."""
    if contact.preferred is not None:
        agent = floor.agents.get(contact.preferred)
        if agent is not None and _can_be_asked(agent, contact):
            return agent
        if contact.preferred_until is None or (agent is not None and _may_come(agent)):
            return None
        overflow.ask_anybody(floor, contact)
    for skill in (floor.rules(contact).skill, *contact.wide):
        chosen = floor.index.best_agent(contact.id, skill, floor.agents)
        if chosen is not None:
            return floor.agents[chosen]
    return None


def _can_be_asked(agent: AgentRecord, contact: ContactRecord) -> bool:
    return contact.id not in agent.cooling and (agent.idle or _wraps_up(agent, contact))


def _wraps_up(agent: AgentRecord, contact: ContactRecord) -> bool:
    """Whether the agent still works on this citizen's case and would be back with them at once."""
    of_this_case = agent.contact is not None and agent.contact in (contact.id, contact.resumes)
    can_be_rung = agent.reachable and not agent.supervising
    return agent.state is AgentState.WRAP_UP and of_this_case and can_be_rung and agent.pending is None


def _may_come(agent: AgentRecord) -> bool:
    at_desk = agent.state in (AgentState.AVAILABLE, AgentState.WRAP_UP)
    return at_desk and agent.reachable and agent.pending is None


def _fresh(floor: Floor) -> list[_Candidate]:
    found: list[_Candidate] = []
    for agent_id in floor.fresh_agents:
        _consider_again(floor, agent_id, found)
    for contact_id in floor.fresh_contacts:
        contact = floor.contacts.get(contact_id)
        if contact is not None and contact.state is ContactState.WAITING:
            heappush(found, (contact.key, _ITSELF))
    floor.fresh_agents.clear()
    floor.fresh_contacts.clear()
    return found


def _consider_again(floor: Floor, agent_id: AgentId, candidates: list[_Candidate]) -> None:
    """The best contact that is left for an agent who is still idle."""
    agent = floor.agents.get(agent_id)
    if agent is not None and agent.idle:
        key = floor.index.best_contact(agent)
        if key is not None:
            heappush(candidates, (key, agent_id))
