"""A small centre round a router, to tell its rules one by one: two queues, three agents, a virtual clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from haedap.domain import events as e
from haedap.domain.decisions import AnyDecision, OfferContact
from haedap.domain.facts import AgentStateChanged, AnyFact, ContactClosed
from haedap.domain.ids import AgentId, ContactId, FlowKey, OfferId, QueueKey, SkillKey
from haedap.domain.plan import Agent, AgentSkill, Number, Plan, Queue
from haedap.domain.states import AgentState, Channel, ContactState, Control, EndedBy, OfferOutcome, PlayOutcome
from haedap.routing import Router

Output = AnyDecision | AnyFact
T = TypeVar("T", bound=Output)

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TAX_LINE, WATER_LINE, MENU_LINE, SILENT_LINE = "+82220000120", "+82220000121", "+82220000122", "+82220000123"

BEGUN_AND_ENDED = (
    (Control.HOLD, Control.UNHOLD),
    (Control.MUTE, Control.UNMUTE),
    (Control.PAUSE_RECORDING, Control.RESUME_RECORDING),
)


def agent(number: int, **skills: int) -> Agent:
    """An agent with skill=level."""
    levels = tuple(AgentSkill(SkillKey(skill), level) for skill, level in skills.items())
    return Agent(AgentId(number), f"상담사 {number}", f"agent-{number}", levels)


def queue_flow(queue: str, **step: Any) -> dict[str, Any]:
    """A flow that leads straight into the queue."""
    return {"start": "wait", "steps": {"wait": {"kind": "queue", "queue": queue, **step}}}


MENU: dict[str, Any] = {
    "start": "menu",
    "steps": {
        "menu": {
            "kind": "menu",
            "prompts": ["main_menu"],
            "choices": {"1": "tax", "2": "urgent", "3": "bye"},
            "otherwise": "tax",
            "attempts": 1,
        },
        "tax": {"kind": "queue", "queue": "tax", "prompts": ["connecting"]},
        "urgent": {"kind": "queue", "queue": "tax", "priority": 5},
        "bye": {"kind": "announcement", "prompts": ["closed"]},
    },
}
PLAN = Plan(
    version=1,
    queues=(
        Queue(QueueKey("tax"), "세금", SkillKey("tax"), ring_seconds=20, wrap_up_seconds=60),
        Queue(QueueKey("water"), "수도", SkillKey("water"), ring_seconds=10, wrap_up_seconds=0),
    ),
    agents=(agent(1, tax=1), agent(2, tax=1, water=2), agent(3, tax=2, water=1)),
    numbers=(
        Number(TAX_LINE, FlowKey("tax")),
        Number(WATER_LINE, FlowKey("water")),
        Number(MENU_LINE, FlowKey("menu")),
        Number(SILENT_LINE, FlowKey("silent")),
    ),
    flows={
        FlowKey("tax"): queue_flow("tax"),
        FlowKey("water"): queue_flow("water"),
        FlowKey("menu"): MENU,
        FlowKey("silent"): queue_flow("tax", music=False),
    },
)


def change(plan: Plan, **fields: Any) -> Plan:
    """The plan with other fields."""
    return msgspec.structs.replace(plan, version=plan.version + 1, **fields)


def change_queue(plan: Plan, key: str, **fields: Any) -> Plan:
    """The plan with other rules of one queue."""
    queues = tuple(msgspec.structs.replace(q, **fields) if q.key == key else q for q in plan.queues)
    return change(plan, queues=queues)


class Centre:
    """Shorthands for events; each returns what the router said."""

    def __init__(self, plan: Plan | None = PLAN) -> None:
        self.router = Router()
        self.now = START
        if plan is not None:
            self.plan(plan)

    def post(self, kind: Callable[..., e.AnyEvent], /, **fields: Any) -> tuple[Output, ...]:
        return self.router.handle(kind(at=self.now, **fields))

    def plan(self, plan: Plan) -> tuple[Output, ...]:
        return self.post(e.PlanChanged, plan=plan)

    def after(self, seconds: float) -> tuple[Output, ...]:
        """Time passes."""
        self.now += timedelta(seconds=seconds)
        return self.post(e.TimePassed)

    def ready(self, *agents: int) -> None:
        """The agents come to work, one after the other."""
        for number in agents:
            self.reachable(number)
            self.post(e.AgentSignedIn, agent=AgentId(number))
            self.available(number)

    def available(self, number: int) -> tuple[Output, ...]:
        return self.post(e.AgentSetAvailable, agent=AgentId(number))

    def away(self, number: int, reason: str = "lunch") -> tuple[Output, ...]:
        return self.post(e.AgentSetAway, agent=AgentId(number), reason=reason)

    def sign_out(self, number: int) -> tuple[Output, ...]:
        return self.post(e.AgentSignedOut, agent=AgentId(number))

    def reachable(self, number: int) -> tuple[Output, ...]:
        return self.post(e.AgentReachable, agent=AgentId(number))

    def unreachable(self, number: int) -> tuple[Output, ...]:
        return self.post(e.AgentUnreachable, agent=AgentId(number))

    def returned(self, number: int) -> tuple[Output, ...]:
        return self.post(e.AgentReturned, agent=AgentId(number))

    def call(self, contact: str, called: str = TAX_LINE, **fields: Any) -> tuple[Output, ...]:
        return self.post(e.ContactArrived, contact=ContactId(contact), channel=Channel.VOICE, called=called, **fields)

    def press(self, contact: str, digit: str) -> tuple[Output, ...]:
        return self.post(e.DigitPressed, contact=ContactId(contact), digit=digit)

    def played(self, contact: str, request: str) -> tuple[Output, ...]:
        return self.post(e.PlaybackEnded, contact=contact, request=request, outcome=PlayOutcome.FINISHED)

    def leave(self, contact: str, by: EndedBy = EndedBy.CITIZEN) -> tuple[Output, ...]:
        return self.post(e.CitizenLeft, contact=ContactId(contact), by=by)

    def answer(self, offer: str) -> tuple[Output, ...]:
        return self.post(e.OfferAnswered, offer=OfferId(offer))

    def fail(self, offer: str, outcome: OfferOutcome = OfferOutcome.FAILED) -> tuple[Output, ...]:
        return self.post(e.OfferFailed, offer=OfferId(offer), outcome=outcome)

    def connected(self, offer: str) -> tuple[Output, ...]:
        return self.post(e.Connected, contact=ContactId(offer.split(".", maxsplit=1)[0]), offer=OfferId(offer))

    def connect_failed(self, offer: str) -> tuple[Output, ...]:
        return self.post(e.ConnectFailed, contact=ContactId(offer.split(".", maxsplit=1)[0]), offer=OfferId(offer))

    def leg_ends(self, offer: str, by: EndedBy) -> tuple[Output, ...]:
        return self.post(e.AgentLegEnded, offer=OfferId(offer), by=by)

    def control(self, number: int, contact: str, control: Control, digits: str = "") -> tuple[Output, ...]:
        return self.post(
            e.ControlRequested, agent=AgentId(number), contact=ContactId(contact), control=control, digits=digits
        )

    def reconcile(self, contacts: str = "", **told: object) -> tuple[Output, ...]:
        return self.post(
            e.ChannelReconciled, channel=Channel.VOICE, contacts=tuple(map(ContactId, contacts.split())), **told
        )

    def stopped(self, seconds: float) -> tuple[Output, ...]:
        """The whole centre was off for so long, from now on."""
        at = self.now
        self.now += timedelta(seconds=seconds)
        return self.router.handle(e.CentreStopped(at=at, resumed_at=self.now))

    def exchange_stopped(self) -> tuple[Output, ...]:
        return self.post(e.ExchangeStopped)

    def talking(self, number: int, contact: str, called: str = TAX_LINE) -> str:
        """The contact is with the agent, who is the only one ready; the offer's id."""
        self.ready(number)
        offer = only(self.call(contact, called), OfferContact).offer
        self.answer(offer)
        self.connected(offer)
        return offer

    def agent_state(self, number: int) -> AgentState | None:
        return next((record.state for record in self.router.snapshot().agents if record.id == number), None)

    def contact_state(self, contact: str) -> ContactState | None:
        return next((record.state for record in self.router.snapshot().contacts if record.id == contact), None)


def kinds(outputs: tuple[Output, ...]) -> list[str]:
    """The names of the outputs' types."""
    return [type(output).__name__ for output in outputs]


def every(outputs: tuple[Output, ...], kind: type[T]) -> list[T]:
    """The outputs of this type."""
    return [output for output in outputs if isinstance(output, kind)]


def only(outputs: tuple[Output, ...], kind: type[T]) -> T:
    """The one output of this type."""
    found = every(outputs, kind)
    assert len(found) == 1, kinds(outputs)
    return found[0]


def states(outputs: tuple[Output, ...]) -> list[tuple[int, AgentState, str]]:
    """The changes of agents' states: who, what, why."""
    return [(fact.agent, fact.state, fact.reason) for fact in every(outputs, AgentStateChanged)]


def closing(outputs: tuple[Output, ...]) -> tuple[str, str]:
    """How the one contact was closed: outcome, by whom."""
    fact = only(outputs, ContactClosed)
    return fact.outcome.value, fact.by.value
