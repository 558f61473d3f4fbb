"""The plain way, for comparison only: after every event each waiting contact looks at every agent.

So do mod_callcenter (for each member a query over agents and tiers) and app_queue (each caller scans the members).
It decides who gets whom by the same rules as `haedap.routing`, and knows only the events of `bench.stream`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from haedap.domain import events as e
from haedap.domain.decisions import AnyDecision
from haedap.domain.facts import AnyFact, ContactOffered
from haedap.domain.ids import AgentId, ContactId, OfferId, QueueKey, SkillKey
from haedap.domain.plan import Plan
from haedap.domain.states import AgentState, ContactState, EndedBy
from haedap.routing import Snapshot

A, C = AgentState, ContactState
GRACE = timedelta(seconds=2)


@dataclass(slots=True)
class Agent:
    """One agent."""

    id: AgentId
    levels: dict[SkillKey, int]
    state: AgentState
    free: bool
    idle_order: int
    until: datetime | None
    pending: AgentState | None


@dataclass(slots=True)
class Contact:
    """One contact."""

    id: ContactId
    queue: QueueKey
    skill: SkillKey
    state: ContactState
    order: int
    offers: int
    agent: AgentId | None
    front: bool
    until: datetime | None

    @property
    def rank(self) -> tuple[bool, int]:
        return (not self.front, self.order)


class NaiveRouter:
    """Goes on from a snapshot. `handle` returns the offers that it would make."""

    def __init__(self, snapshot: Snapshot, plan: Plan) -> None:
        self.queues = {queue.key: queue for queue in plan.queues}
        self.number_queue = {number.number: QueueKey(number.flow) for number in plan.numbers}
        self.orders = snapshot.orders
        self.agents: dict[AgentId, Agent] = {}
        for record in snapshot.agents:
            agent = Agent(
                record.id, record.levels, record.state, record.idle, record.idle_order, record.until, record.pending
            )
            self.agents[agent.id] = agent
        self.contacts: dict[ContactId, Contact] = {}
        for known in snapshot.contacts:
            skill = self.queues[known.queue].skill
            holder = known.leg.agent if known.leg else known.agent
            until = known.leg.until if known.leg else None
            self.contacts[known.id] = Contact(
                known.id, known.queue, skill, known.state, known.order, known.offers, holder, known.front, until
            )
        self.closed = {closed.id for closed in snapshot.closed}

    def handle(self, event: e.AnyEvent) -> list[tuple[ContactId, AgentId]]:
        """Who is offered to whom because of the event."""
        rule = _RULES.get(type(event))
        if rule is not None:
            rule(self, event)
        return self._rescan(event.at)

    def _rescan(self, now: datetime) -> list[tuple[ContactId, AgentId]]:
        pairs = []
        agents = list(self.agents.values())
        waiting = [contact for contact in self.contacts.values() if contact.state is C.WAITING]
        for contact in sorted(waiting, key=lambda contact: contact.rank):
            skill = contact.skill
            able = [agent for agent in agents if agent.free and skill in agent.levels]
            if able:
                best = min(able, key=lambda agent: (agent.levels[skill], agent.idle_order))
                self._offer(contact, best, now)
                pairs.append((contact.id, best.id))
        return pairs

    def _offer(self, contact: Contact, agent: Agent, now: datetime) -> None:
        contact.state, contact.agent, contact.offers = C.OFFERED, agent.id, contact.offers + 1
        contact.until = now + timedelta(seconds=self.queues[contact.queue].ring_seconds) + GRACE
        agent.state, agent.free = A.OFFERED, False

    def _of_offer(self, offer: OfferId) -> tuple[Contact, Agent] | None:
        name, _, number = offer.rpartition(".")
        contact = self.contacts.get(ContactId(name))
        if contact is None or contact.agent is None or str(contact.offers) != number:
            return None
        return contact, self.agents[contact.agent]

    def arrived(self, event: e.ContactArrived) -> None:
        queue = self.number_queue[event.called]
        self.orders += 1
        self.contacts[event.contact] = Contact(
            event.contact, queue, self.queues[queue].skill, C.WAITING, self.orders, 0, None, front=False, until=None
        )

    def answered(self, event: e.OfferAnswered) -> None:
        found = self._of_offer(event.offer)
        if found is not None and found[0].state is C.OFFERED:
            found[0].state, found[0].until, found[1].state = C.ENGAGED, None, A.ENGAGED

    def failed(self, event: e.OfferFailed) -> None:
        found = self._of_offer(event.offer)
        if found is not None and found[0].state is C.OFFERED:
            self._let_pass(*found)

    def _let_pass(self, contact: Contact, agent: Agent) -> None:
        contact.state, contact.agent, contact.until, agent.state = C.WAITING, None, None, A.AWAY

    def leg_ended(self, event: e.AgentLegEnded) -> None:
        found = self._of_offer(event.offer)
        if found is not None and found[0].state is C.ENGAGED and event.by is EndedBy.AGENT:
            self._segment_over(*found, event.at)

    def left(self, event: e.CitizenLeft) -> None:
        contact = self.contacts.get(event.contact)
        if contact is None:
            return
        agent = None if contact.agent is None else self.agents[contact.agent]
        if contact.state is C.ENGAGED and agent is not None:
            self._segment_over(contact, agent, event.at)
            return
        del self.contacts[contact.id]
        if agent is not None:
            agent.state, agent.free = A.AVAILABLE, True

    def _segment_over(self, contact: Contact, agent: Agent, now: datetime) -> None:
        del self.contacts[contact.id]
        agent.state = A.WRAP_UP
        agent.until = now + timedelta(seconds=self.queues[contact.queue].wrap_up_seconds)

    def set_away(self, event: e.AgentSetAway) -> None:
        agent = self.agents[event.agent]
        if agent.state in (A.ENGAGED, A.WRAP_UP):
            agent.pending = A.AWAY
        elif agent.state is A.AVAILABLE:
            agent.state, agent.free = A.AWAY, False
        elif agent.state is A.OFFERED:
            contact = next(contact for contact in self.contacts.values() if contact.agent == agent.id)
            self._let_pass(contact, agent)

    def set_available(self, event: e.AgentSetAvailable) -> None:
        agent = self.agents[event.agent]
        if agent.state is A.AWAY:
            self._free(agent)
        elif agent.state is A.WRAP_UP:
            self._work_over(agent)
        elif agent.state is A.ENGAGED:
            agent.pending = None

    def _work_over(self, agent: Agent) -> None:
        if agent.pending is None:
            self._free(agent)
        else:
            agent.state, agent.pending = A.AWAY, None

    def _free(self, agent: Agent) -> None:
        self.orders += 1
        agent.state, agent.free, agent.idle_order = A.AVAILABLE, True, self.orders

    def time_passed(self, event: e.TimePassed) -> None:
        for contact in self.contacts.values():
            if contact.agent is not None and contact.until is not None and contact.until <= event.at:
                self._let_pass(contact, self.agents[contact.agent])
        for agent in self.agents.values():
            if agent.state is A.WRAP_UP and agent.until is not None and agent.until <= event.at:
                self._work_over(agent)


def offers_of(outputs: tuple[AnyDecision | AnyFact, ...]) -> list[tuple[ContactId, AgentId]]:
    """Who was offered to whom, from a router's output."""
    return [(output.contact, output.agent) for output in outputs if isinstance(output, ContactOffered)]


_RULES: dict[type[e.AnyEvent], Callable[[NaiveRouter, Any], None]] = {
    e.ContactArrived: NaiveRouter.arrived,
    e.OfferAnswered: NaiveRouter.answered,
    e.OfferFailed: NaiveRouter.failed,
    e.AgentLegEnded: NaiveRouter.leg_ended,
    e.CitizenLeft: NaiveRouter.left,
    e.AgentSetAway: NaiveRouter.set_away,
    e.AgentSetAvailable: NaiveRouter.set_available,
    e.TimePassed: NaiveRouter.time_passed,
}
