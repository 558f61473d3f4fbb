"""The floor: everything that the router knows at one moment, and the few things that every rule needs from it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from haedap.domain.decisions import AnyDecision
from haedap.domain.facts import AnyFact
from haedap.domain.ids import AgentId, ContactId, OfferId, QueueKey, RequestId
from haedap.domain.plan import Queue
from haedap.domain.states import AgentState
from haedap.routing.deadlines import Deadline, Deadlines, Kind
from haedap.routing.index import Index
from haedap.routing.plans import PlanInUse
from haedap.routing.records import AgentRecord, ClosedRecord, ContactRecord, Leg, LegStage, QueueRecord

LONG_AGO = datetime.min.replace(tzinfo=UTC)
CLOSED_REMEMBERED = timedelta(hours=1)
MOST_CLOSED = 100_000


class Part(StrEnum):
    """Whose leg it is."""

    AGENT = "agent"
    CONSULTED = "consulted"
    SUPERVISOR = "supervisor"


LEGS: dict[Part, Callable[[ContactRecord], Leg | None]] = {
    Part.AGENT: lambda contact: contact.leg,
    Part.CONSULTED: lambda contact: contact.consult,
    Part.SUPERVISOR: lambda contact: None if contact.watch is None else contact.watch.leg,
}


class Floor:
    """State of the router. `out` gathers what the event in hand leads to; all else outlives the event.

    `fresh_agents` and `fresh_contacts` are those who may have got a partner by this event; `matching` empties them.
    """

    __slots__ = (
        "agents",
        "by",
        "calls",
        "calls_minute",
        "closed",
        "contacts",
        "deadlines",
        "fresh_agents",
        "fresh_contacts",
        "index",
        "now",
        "orders",
        "out",
        "plan",
        "queues",
        "registered",
        "supervising",
    )

    def __init__(self) -> None:
        self.now = LONG_AGO
        self.plan = PlanInUse.none()
        self.contacts: dict[ContactId, ContactRecord] = {}
        self.agents: dict[AgentId, AgentRecord] = {}
        self.queues: dict[QueueKey, QueueRecord] = {}
        self.closed: dict[ContactId, ClosedRecord] = {}
        self.registered: dict[AgentId, None] = {}
        """Agents who are not on the plan and whose telephone is registered."""
        self.supervising: dict[AgentId, ContactId] = {}
        """Supervisors who take part in a talk, or are rung for it."""
        self.by: AgentId | None = None
        """While a supervisor's force is followed: whose."""
        self.index = Index()
        self.deadlines = Deadlines(self.holds)
        self.orders = 0
        self.calls_minute = LONG_AGO
        self.calls: dict[str, int] = {}
        """Calls of each caller within `calls_minute`, as far as the plan limits them."""
        self.out: list[AnyDecision | AnyFact] = []
        self.fresh_agents: dict[AgentId, None] = {}
        self.fresh_contacts: dict[ContactId, None] = {}

    def emit(self, item: AnyDecision | AnyFact) -> None:
        """The event in hand leads to this."""
        self.out.append(item)

    def next_order(self) -> int:
        """A number greater than all before."""
        self.orders += 1
        return self.orders

    def request(self, contact: ContactRecord) -> RequestId:
        """The id of the next request for a live contact."""
        contact.requests += 1
        return RequestId(f"{contact.id}-{contact.requests}")

    def stray_request(self, contact: ContactId) -> RequestId:
        """The id of the next request for any contact, one that is over or was never known included."""
        record = self.contacts.get(contact) or self.closed.get(contact)
        if record is None:
            return RequestId(f"{contact}-0")
        record.requests += 1
        return RequestId(f"{contact}-{record.requests}")

    def next_offer(self, contact: ContactRecord) -> OfferId:
        """The id of the next leg of a live contact."""
        contact.offers += 1
        return OfferId(f"{contact.id}.{contact.offers}")

    def part_of(self, offer: OfferId) -> tuple[ContactRecord, Part] | None:
        """The contact that has the leg `offer` at this moment, and whose leg it is; None for every other offer."""
        contact = self.contacts.get(offered_contact(offer))
        if contact is None:
            return None
        for part, leg_of in LEGS.items():
            leg = leg_of(contact)
            if leg is not None and leg.offer == offer:
                return contact, part
        return None

    def contact_of(self, offer: OfferId) -> ContactRecord | None:
        """The contact whose leg of this moment is `offer`; None for every offer that is over or was never made."""
        contact = self.contacts.get(offered_contact(offer))
        return contact if contact is not None and contact.leg is not None and contact.leg.offer == offer else None

    def rules(self, contact: ContactRecord) -> Queue:
        """The rules of the queue that the contact entered."""
        return self.queues[contact.queue].rules

    def remember_closed(self, contact: ContactRecord) -> None:
        """Keeps the closed contact's name for an hour; the oldest go first when there are too many."""
        self.closed[contact.id] = ClosedRecord(id=contact.id, at=self.now, requests=contact.requests)
        while len(self.closed) > MOST_CLOSED or next(iter(self.closed.values())).at < self.now - CLOSED_REMEMBERED:
            del self.closed[next(iter(self.closed))]

    def leave_queue(self, contact: ContactRecord) -> None:
        """The contact has no more to do with its queue; a queue that left the plan goes with its last contact."""
        queue = self.queues.get(contact.queue)
        if queue is not None:
            queue.contacts -= 1
            self.forget_unused(contact.queue)

    def forget_unused(self, key: QueueKey) -> None:
        """Forgets the queue if it left the plan and no contact needs it any more."""
        queue = self.queues[key]
        if queue.removed and not queue.contacts:
            del self.queues[key]
            self.index.forget_queue(key)
            self.index_queues()

    def index_queues(self) -> None:
        """Tells the index which queues there are and which skills they ask for."""
        self.index.set_queues((key, queue.rules.skill) for key, queue in self.queues.items())

    def holds(self, deadline: Deadline) -> bool:
        """Whether the deadline is still what the records say."""
        at, kind, contact_id, agent_id = deadline
        if kind in _OF_AGENTS:
            agent = self.agents.get(agent_id)
            return agent is not None and _OF_AGENTS[kind](agent, contact_id) == at
        contact = self.contacts.get(contact_id)
        return contact is not None and _OF_CONTACTS[kind](contact) == at


def offered_contact(offer: OfferId) -> ContactId:
    """The contact that an offer's id names."""
    return ContactId(offer.rpartition(".")[0])


def _ring_until(part: Part) -> Callable[[ContactRecord], datetime | None]:
    leg_of = LEGS[part]

    def until(contact: ContactRecord) -> datetime | None:
        leg = leg_of(contact)
        return leg.until if leg is not None and leg.stage is LegStage.RINGING else None

    return until


def _wrap_up_until(agent: AgentRecord, _: ContactId) -> datetime | None:
    return agent.until if agent.state is AgentState.WRAP_UP else None


def _cooling_until(agent: AgentRecord, contact: ContactId) -> datetime | None:
    return agent.cooling.get(contact)


_OF_CONTACTS: dict[Kind, Callable[[ContactRecord], datetime | None]] = {
    Kind.RING: _ring_until(Part.AGENT),
    Kind.CONSULT_RING: _ring_until(Part.CONSULTED),
    Kind.SUPERVISOR_RING: _ring_until(Part.SUPERVISOR),
    Kind.RECONNECT: lambda contact: contact.reconnect_until,
    Kind.RETRY: lambda contact: contact.retry_at,
    Kind.FLOW: lambda contact: contact.flow_until,
    Kind.ANNOUNCE: lambda contact: contact.announce_at,
    Kind.PREFERRED: lambda contact: contact.preferred_until,
}
_OF_AGENTS: dict[Kind, Callable[[AgentRecord, ContactId], datetime | None]] = {
    Kind.WRAP_UP: _wrap_up_until,
    Kind.COOLING: _cooling_until,
}


def restore_deadlines(floor: Floor) -> None:
    """Fills the heap from the records."""
    for contact in floor.contacts.values():
        for kind, of_contact in _OF_CONTACTS.items():
            at = of_contact(contact)
            if at is not None:
                floor.deadlines.add(at, kind, contact=contact.id)
    for agent in floor.agents.values():
        wrap_up = _wrap_up_until(agent, ContactId(""))
        if wrap_up is not None:
            floor.deadlines.add(wrap_up, Kind.WRAP_UP, agent=agent.id)
        for cooling, at in agent.cooling.items():
            floor.deadlines.add(at, Kind.COOLING, contact=cooling, agent=agent.id)
