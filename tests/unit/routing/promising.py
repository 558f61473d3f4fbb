"""Shorthands for promises, on top of the small centre: hours from nine to six, a queue that calls back in them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from haedap.domain import events as e
from haedap.domain.decisions import CallCitizen, OfferContact, Play
from haedap.domain.facts import AttemptEnded, ContactOpened, PromiseEnded, PromiseMade
from haedap.domain.ids import AgentId, ContactId, FlowKey, HoursKey, PromiseId, QueueKey
from haedap.domain.plan import CallbackRules, Hours, Number, Plan, Supervisor
from haedap.domain.states import AttemptOutcome, EndedBy, PromiseOutcome, PromiseReason
from haedap.domain.targets import Owner, ToQueue
from haedap.flows import parse_week
from haedap.routing.records import ContactRecord, PromiseRecord
from tests.unit.routing.centre import PLAN, START, Centre, Output, change, change_queue, every, only

CITIZEN, OTHER = "+821000000001", "+821000000002"
NIGHT_LINE = "+82220000125"
OFFICE = HoursKey("office")
TAX = ToQueue(QueueKey("tax"))
NIGHT: dict[str, Any] = {
    "start": "callback",
    "steps": {
        "callback": {"kind": "callback", "queue": "tax", "otherwise": "message"},
        "message": {"kind": "voicemail", "queue": "tax"},
    },
}


def promising(**rules: Any) -> Plan:
    """The plan, with hours for calling back and one supervisor; `rules` of the tax queue."""
    hours = Hours(key=OFFICE, week=parse_week([[["09:00", "18:00"]]] * 5 + [[], []]))
    plan = change(
        PLAN,
        hours=(hours,),
        numbers=(*PLAN.numbers, Number(NIGHT_LINE, FlowKey("night"))),
        flows={**PLAN.flows, FlowKey("night"): NIGHT},
        supervisors=(Supervisor(AgentId(9), "supervisor-9"),),
        callbacks=CallbackRules(),
    )
    return change_queue(plan, "tax", **{"callback_hours": OFFICE, **rules})


class Promising(Centre):
    """A centre that keeps promises. It is Monday, ten o'clock in Seoul."""

    def __init__(self, plan: Plan | None = None, **rules: Any) -> None:
        super().__init__(promising(**rules) if plan is None else plan)

    def promise(self, name: int = 1, owner: Owner = TAX, citizen: str = CITIZEN, **fields: Any) -> tuple[Output, ...]:
        fields = {"reason": PromiseReason.AGENT, **fields}
        return self.post(e.PromiseRequested, promise=promise_id(name), citizen=citizen, owner=owner, **fields)

    def reached(self, contact: str) -> tuple[Output, ...]:
        return self.post(e.CitizenReached, contact=ContactId(contact))

    def not_reached(self, contact: str, outcome: AttemptOutcome = AttemptOutcome.NO_ANSWER) -> tuple[Output, ...]:
        return self.post(e.CitizenNotReached, contact=ContactId(contact), outcome=outcome)

    def settle(self, name: int, outcome: PromiseOutcome = PromiseOutcome.CANCELLED) -> tuple[Output, ...]:
        return self.post(e.PromiseSettled, promise=promise_id(name), outcome=outcome)

    def until(self, hours: float) -> tuple[Output, ...]:
        """Time goes on to so many hours after the start, deadline by deadline; all that happened."""
        end = START + timedelta(hours=hours)
        happened: list[Output] = []
        while (at := self.router.next_deadline()) is not None and at <= end:
            self.now = max(self.now, at)
            happened += self.post(e.TimePassed)
        self.now = max(self.now, end)
        return (*happened, *self.post(e.TimePassed))

    def at_night(self) -> None:
        """It is 22:00."""
        self.now = START + timedelta(hours=12)

    def open(self) -> list[PromiseRecord]:
        return list(self.router.snapshot().promises)

    def outgoing(self) -> list[ContactRecord]:
        return [record for record in self.router.snapshot().contacts if record.promise is not None]

    def fail_attempt(self, outcome: AttemptOutcome = AttemptOutcome.NO_ANSWER) -> AttemptEnded:
        """The one outgoing contact that is offered is answered by its agent, and the citizen is not reached."""
        contact = next(record for record in self.outgoing() if record.leg is not None)
        assert contact.leg is not None
        self.answer(contact.leg.offer)
        happened = self.not_reached(contact.id, outcome)
        self.available(contact.leg.agent)
        return only(happened, AttemptEnded)


def promise_id(name: int) -> PromiseId:
    return PromiseId(str(UUID(int=name)))


def play_ends(centre: Promising, contact: str) -> tuple[Output, ...]:
    """What the contact hears has been said."""
    record = next(record for record in centre.router.snapshot().contacts if record.id == contact)
    assert record.playing is not None
    return centre.played(contact, record.playing)


def opened(outputs: tuple[Output, ...]) -> str:
    """The one outgoing contact that was opened."""
    return next(fact.contact for fact in every(outputs, ContactOpened) if fact.promise is not None)


def made(outputs: tuple[Output, ...]) -> PromiseMade:
    return only(outputs, PromiseMade)


def ended(outputs: tuple[Output, ...]) -> list[tuple[str, PromiseOutcome]]:
    return [(fact.promise, fact.outcome) for fact in every(outputs, PromiseEnded)]


def offered(outputs: tuple[Output, ...]) -> list[tuple[str, int]]:
    return [(decision.contact, decision.agent) for decision in every(outputs, OfferContact)]


def called(outputs: tuple[Output, ...]) -> list[str]:
    return [decision.number for decision in every(outputs, CallCitizen)]


def said(outputs: tuple[Output, ...]) -> list[str]:
    return [saying.prompt for play in every(outputs, Play) for saying in play.sayings]


def cut(centre: Centre, contact: str, by: EndedBy = EndedBy.LINE) -> tuple[Output, ...]:
    """The citizen's line breaks off."""
    return centre.leave(contact, by)
