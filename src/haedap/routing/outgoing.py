"""Outgoing contacts: each stands for one attempt to keep a promise, and waits like any other.

The agent is asked first, so that nobody is called for whom no agent is there.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from haedap.domain.decisions import CallCitizen
from haedap.domain.facts import AttemptStarted, CitizenCalled, ContactOpened
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.states import Channel, ContactState, Direction, EndedBy, PromiseReason, PromiseState
from haedap.domain.targets import ToAgent
from haedap.flows import OpenStatus, status
from haedap.routing import agents, offers, owing, waiting
from haedap.routing.closing import close, outcome
from haedap.routing.deadlines import Kind
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord, PromiseRecord

SAME_AGENT_SECONDS = 20
"""How long a citizen who was cut off is kept for the agent who had them."""

REPORT = timedelta(seconds=10)
"""How long after the ring time the channel may still report what became of the call."""

_ATTEMPTS = UUID("b37d5a52-6c5c-4a0e-9f43-0c60a4a0a1c7")
"""The name space of the ids of outgoing contacts."""


def open_contact(floor: Floor, promise: PromiseRecord) -> None:
    """The promise is due: a contact waits for an agent at the place that was promised."""
    promise.attempts += 1
    contact = ContactRecord(
        id=ContactId(str(uuid5(_ATTEMPTS, f"{promise.id}.{promise.attempts}"))),
        channel=Channel.VOICE,
        called=promise.citizen,
        caller=promise.citizen,
        called_at=floor.now,
        promise=promise.id,
        resumes=promise.contact if promise.reason is PromiseReason.DROPPED else None,
        music=False,
    )
    floor.contacts[contact.id] = contact
    promise.state, promise.calling, promise.wake_at = PromiseState.WAITING, contact.id, None
    floor.emit(
        ContactOpened(
            contact=contact.id,
            channel=contact.channel,
            called=contact.called,
            caller=contact.caller,
            caller_text="",
            caller_name="",
            withheld=False,
            flow=None,
            direction=Direction.OUT,
            promise=promise.id,
        )
    )
    floor.emit(AttemptStarted(promise=promise.id, attempt=promise.attempts, contact=contact.id))
    _prefer(floor, promise, contact)
    waiting.enter(floor, contact, promise.queue, promise.key_priority, promise.order)
    recall_when_over(floor, contact)


def _prefer(floor: Floor, promise: PromiseRecord, contact: ContactRecord) -> None:
    """An agent's own promise is theirs until it is escalated; who was cut off goes to the same agent first."""
    if isinstance(promise.owner, ToAgent):
        if not promise.escalated:
            waiting.prefer(floor, contact, promise.owner.agent, None)
    elif promise.agent is not None:
        waiting.prefer(floor, contact, promise.agent, floor.now + timedelta(seconds=SAME_AGENT_SECONDS))


def may_call(floor: Floor, contact: ContactRecord) -> bool:
    """Whether these are hours in which the citizen may be called, or there will be none."""
    now = _hours_now(floor, contact)
    return now is None or now.open or now.next_change is None


def recall_when_over(floor: Floor, contact: ContactRecord) -> None:
    """Nobody is called at night because no agent was free in time."""
    now = _hours_now(floor, contact)
    contact.recall_at = None if now is None else now.next_change
    if contact.recall_at is not None:
        floor.deadlines.add(contact.recall_at, Kind.RECALL, contact=contact.id)


def _hours_now(floor: Floor, contact: ContactRecord) -> OpenStatus | None:
    """What holds of the hours of the contact's queue; None: it calls back at any time."""
    hours = floor.rules(contact).callback_hours
    return None if hours is None or hours not in floor.plan.hours else status(floor.plan.hours[hours], floor.now)


def call_citizen(floor: Floor, contact: ContactRecord, agent: AgentId) -> None:
    """The agent is there and hears the citizen's telephone ring."""
    if contact.leg is None:
        return
    contact.recall_at = None
    seconds = owing.rules(floor).ring_seconds
    contact.calling_until = floor.now + timedelta(seconds=seconds) + REPORT
    floor.deadlines.add(contact.calling_until, Kind.CALLING, contact=contact.id)
    floor.emit(CitizenCalled(contact=contact.id, segment=contact.segments, agent=agent))
    floor.emit(
        CallCitizen(
            id=floor.request(contact),
            contact=contact.id,
            offer=contact.leg.offer,
            number=contact.called,
            ring_seconds=seconds,
        )
    )


def take_back(floor: Floor, contact: ContactRecord) -> None:
    """End the attempt, if the citizen is not being called yet."""
    if contact.state is ContactState.OFFERED and contact.leg is not None:
        agent = floor.agents[contact.leg.agent]
        offers.withdraw(floor, contact)
        agents.become_idle_again(floor, agent)
    if contact.state is ContactState.WAITING:
        floor.index.remove_waiting(contact)
        close(floor, contact, outcome(contact, EndedBy.CENTRE), EndedBy.CENTRE)
