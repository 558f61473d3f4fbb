"""Who gets whom. Runs after every event, over those who became free or began to wait by it; all others have been
asked before and had nobody.

Contacts choose in the order of their keys, each the best agent that is left: so nobody is overtaken for an agent who
could have served them, and within a level the longest idle agent is always the one who is asked.
"""

from heapq import heappop, heappush

from haedap.domain.ids import AgentId
from haedap.domain.states import ContactState
from haedap.routing import offers
from haedap.routing.floor import Floor
from haedap.routing.records import ContactKey

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
            chosen = floor.index.best_agent(contact.id, floor.rules(contact).skill, floor.agents)
            if chosen is not None:
                offers.offer(floor, contact, floor.agents[chosen])
        _consider_again(floor, agent_id, candidates)


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
