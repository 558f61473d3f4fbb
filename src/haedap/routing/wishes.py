"""What agents ask for and what becomes of their telephones: event × state, as tables. What no table has is nothing.

In mid-call and in wrap-up a wish to be AWAY or SIGNED_OUT waits for the end of the work. While a telephone rings it
takes the offer back at once: the citizen goes to the next agent without waiting for the ring time.
"""

from collections.abc import Callable

from haedap.domain.events import (
    AgentReachable,
    AgentReturned,
    AgentSetAvailable,
    AgentSetAway,
    AgentSignedIn,
    AgentSignedOut,
    AgentUnreachable,
    WrapUpExtended,
)
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.states import REST_REASON, SIGNED_IN_REASON, AgentState, ContactState, OfferOutcome, TransferOutcome
from haedap.routing import agents, consults, offers, parties, segments
from haedap.routing.floor import Floor
from haedap.routing.records import AgentRecord, ContactRecord

LONGEST_WRAP_UP_SECONDS = 3600
"""The most that a wrap-up can be extended by at a time."""

Rule = Callable[[Floor, AgentRecord], None]
RuleWithReason = Callable[[Floor, AgentRecord, str], None]


def signed_in(floor: Floor, event: AgentSignedIn) -> None:
    """The agent comes on duty, AWAY until they say AVAILABLE; one who was to go stays."""
    _follow(floor, event.agent, _SIGN_IN)


def signed_out(floor: Floor, event: AgentSignedOut) -> None:
    """The agent goes off duty."""
    agent = floor.agents.get(event.agent)
    if agent is not None:
        sign_out(floor, agent)


def sign_out(floor: Floor, agent: AgentRecord) -> None:
    """Off duty now, or after the work in hand. A citizen whose leg is lost does not wait for an agent who goes."""
    _SIGN_OUT.get(agent.state, _nothing)(floor, agent)


def set_available(floor: Floor, event: AgentSetAvailable) -> None:
    """The agent wants contacts. In wrap-up it says that the work is done, so an earlier wish to be away is followed."""
    _follow(floor, event.agent, _SET_AVAILABLE)


def set_away(floor: Floor, event: AgentSetAway) -> None:
    """The agent wants no contacts."""
    agent = floor.agents.get(event.agent)
    rule = None if agent is None else _SET_AWAY.get(agent.state)
    if agent is not None and rule is not None:
        rule(floor, agent, event.reason)


def force(floor: Floor, agent: AgentRecord, state: AgentState, reason: str) -> None:
    """A supervisor's word for the agent's. It ends a rest; nobody is forced to be there who is not on duty."""
    if state is AgentState.AVAILABLE:
        agent.rest_until = None
        _FORCE_AVAILABLE.get(agent.state, _nothing)(floor, agent)
    elif state is AgentState.AWAY and agent.state in _SET_AWAY:
        _SET_AWAY[agent.state](floor, agent, reason)
    elif state is AgentState.SIGNED_OUT:
        sign_out(floor, agent)


def extend_wrap_up(floor: Floor, event: WrapUpExtended) -> None:
    """More time, from now; at most an hour at a time."""
    agent = floor.agents.get(event.agent)
    if agent is not None and agent.state is AgentState.WRAP_UP and event.seconds > 0:
        agents.extend_wrap_up(floor, agent, min(event.seconds, LONGEST_WRAP_UP_SECONDS))


def reachable(floor: Floor, event: AgentReachable) -> None:
    """The telephone is registered: a citizen who waits for this agent's leg is given back."""
    agent = floor.agents.get(event.agent)
    if agent is None:
        floor.registered[event.agent] = None
        return
    agents.set_reachable(floor, agent, reachable=True)
    contact = _contact(floor, agent)
    if contact is not None and contact.state is ContactState.RECONNECTING:
        segments.reconnect(floor, contact)


def unreachable(floor: Floor, event: AgentUnreachable) -> None:
    """The telephone is not registered: no new offers; what is in progress goes on."""
    agent = floor.agents.get(event.agent)
    if agent is None:
        floor.registered.pop(event.agent, None)
    else:
        agents.set_reachable(floor, agent, reachable=False)


def returned(floor: Floor, event: AgentReturned) -> None:
    """The agent's screen is new and has no leg: whatever leg there was rings or talks to nobody."""
    if event.agent in floor.supervising:
        parties.end_watch(floor, floor.contacts[floor.supervising[event.agent]])
    agent = floor.agents.get(event.agent)
    contact = None if agent is None else _contact(floor, agent)
    if agent is None or contact is None:
        return
    if _is_consulted(agent, contact):
        consults.failed(floor, contact, OfferOutcome.FAILED, end_the_leg=True)
    else:
        _RETURNED[contact.state](floor, agent, contact)


def _returned_talking(floor: Floor, _: AgentRecord, contact: ContactRecord) -> None:
    segments.lose_leg(floor, contact, end_the_leg=True)


def _returned_reconnecting(floor: Floor, _: AgentRecord, contact: ContactRecord) -> None:
    offers.end_offer(floor, contact, OfferOutcome.WITHDRAWN, end_the_leg=True)
    segments.reconnect(floor, contact)


def _returned_ringing(floor: Floor, agent: AgentRecord, contact: ContactRecord) -> None:
    offers.withdraw(floor, contact)
    agents.become_idle_again(floor, agent)


_RETURNED: dict[ContactState, Callable[[Floor, AgentRecord, ContactRecord], None]] = {
    ContactState.ENGAGED: _returned_talking,
    ContactState.RECONNECTING: _returned_reconnecting,
    ContactState.OFFERED: _returned_ringing,
}


def _contact(floor: Floor, agent: AgentRecord) -> ContactRecord | None:
    """The live contact that the agent is offered or has, or is consulted about."""
    at_work = agent.state in (AgentState.OFFERED, AgentState.ENGAGED)
    return floor.contacts.get(agent.contact or ContactId("")) if at_work else None


def _is_consulted(agent: AgentRecord, contact: ContactRecord) -> bool:
    return contact.consult is not None and contact.consult.agent == agent.id


def _withdraw_offer(floor: Floor, agent: AgentRecord) -> None:
    contact = _contact(floor, agent)
    if contact is None:
        return
    if _is_consulted(agent, contact):
        consults.over(floor, contact, TransferOutcome.UNREACHABLE, free=False)
    else:
        offers.withdraw(floor, contact)


def _follow(floor: Floor, agent_id: AgentId, table: dict[AgentState, Rule]) -> None:
    agent = floor.agents.get(agent_id)
    if agent is not None:
        table.get(agent.state, _nothing)(floor, agent)


def _nothing(_floor: Floor, _agent: AgentRecord) -> None:
    """This wish changes nothing in this state."""


def _come_on_duty(floor: Floor, agent: AgentRecord) -> None:
    agents.become(floor, agent, AgentState.AWAY, reason=SIGNED_IN_REASON)


def _stay(floor: Floor, agent: AgentRecord) -> None:
    if agent.pending is AgentState.SIGNED_OUT and not agent.removed:
        agents.wish(floor, agent, None)


def _come_back(floor: Floor, agent: AgentRecord) -> None:
    """Not before a rest is over: until then that is what they are away for, and the desk says until when."""
    if not agents.rests(floor, agent):
        agents.become_available(floor, agent)
    elif agent.reason != REST_REASON:
        agents.rest(floor, agent)


def _done_at_once(floor: Floor, agent: AgentRecord) -> None:
    """Whatever was wished before; who is off the plan goes all the same."""
    _no_wish(floor, agent)
    agents.follow_wish(floor, agent)


def _no_wish(floor: Floor, agent: AgentRecord) -> None:
    if not agent.removed:
        agents.wish(floor, agent, None)


def _go(floor: Floor, agent: AgentRecord) -> None:
    agents.become(floor, agent, AgentState.SIGNED_OUT)


def _go_from_offer(floor: Floor, agent: AgentRecord) -> None:
    _withdraw_offer(floor, agent)
    _go(floor, agent)


def _go_from_call(floor: Floor, agent: AgentRecord) -> None:
    agents.wish(floor, agent, AgentState.SIGNED_OUT)
    contact = _contact(floor, agent)
    if contact is not None and contact.state is ContactState.RECONNECTING:
        offers.end_offer(floor, contact, OfferOutcome.WITHDRAWN, end_the_leg=True)
        segments.give_up(floor, contact)


def _go_after_wrap_up(floor: Floor, agent: AgentRecord) -> None:
    agents.wish(floor, agent, AgentState.SIGNED_OUT)


def _away(floor: Floor, agent: AgentRecord, reason: str) -> None:
    if (agent.state, agent.reason) != (AgentState.AWAY, reason):
        agents.become(floor, agent, AgentState.AWAY, reason=reason)


def _away_from_offer(floor: Floor, agent: AgentRecord, reason: str) -> None:
    _withdraw_offer(floor, agent)
    _away(floor, agent, reason)


def _away_later(floor: Floor, agent: AgentRecord, reason: str) -> None:
    if not agent.removed:
        agents.wish(floor, agent, AgentState.AWAY, reason)


_SIGN_IN: dict[AgentState, Rule] = {
    AgentState.SIGNED_OUT: _come_on_duty,
    AgentState.ENGAGED: _stay,
    AgentState.WRAP_UP: _stay,
}
_SIGN_OUT: dict[AgentState, Rule] = {
    AgentState.AVAILABLE: _go,
    AgentState.AWAY: _go,
    AgentState.OFFERED: _go_from_offer,
    AgentState.ENGAGED: _go_from_call,
    AgentState.WRAP_UP: _go_after_wrap_up,
}
_SET_AVAILABLE: dict[AgentState, Rule] = {
    AgentState.AWAY: _come_back,
    AgentState.WRAP_UP: agents.follow_wish,
    AgentState.ENGAGED: _no_wish,
}
_FORCE_AVAILABLE: dict[AgentState, Rule] = {
    AgentState.AWAY: agents.become_available,
    AgentState.WRAP_UP: _done_at_once,
    AgentState.ENGAGED: _no_wish,
}
_SET_AWAY: dict[AgentState, RuleWithReason] = {
    AgentState.AVAILABLE: _away,
    AgentState.AWAY: _away,
    AgentState.OFFERED: _away_from_offer,
    AgentState.ENGAGED: _away_later,
    AgentState.WRAP_UP: _away_later,
}
