"""A small centre in which citizens are passed on: shorthands, a book of all that was said, and everybody's clocks."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from haedap.domain import events as e
from haedap.domain.decisions import Announce, DialOutside, OfferContact, Play
from haedap.domain.facts import (
    AgentStateChanged,
    ContactClosed,
    ContactReturned,
    TransferEnded,
    TransferStarted,
)
from haedap.domain.ids import AgentId, ContactId, OfferId, OfficerId, QueueKey
from haedap.domain.plan import Plan, Supervisor
from haedap.domain.states import (
    AgentState,
    ConsultStep,
    EndedBy,
    OfferOutcome,
    ProtectionStep,
    Supervision,
    TransferMode,
    TransferOutcome,
)
from haedap.domain.targets import Target, ToAgent, ToOutside, ToQueue
from tests.unit.routing.centre import PLAN, TAX_LINE, Centre, Output, T, every

SUPERVISED = msgspec.structs.replace(
    PLAN, supervisors=(Supervisor(AgentId(9), "desk-9"), Supervisor(AgentId(3), "agent-3"))
)
OFFICER = ToOutside("2345", OfficerId(7), "세무과 재산세팀 김○○")
SPOKEN = "재산세 고지서를 두 번 받으신 시민입니다."
_CLOCKS = (AgentState.OFFERED, AgentState.ENGAGED, AgentState.WRAP_UP)


class Talks(Centre):
    """`c` is the contact. Times in seconds."""

    def __init__(self, plan: Plan = SUPERVISED) -> None:
        self.book: list[tuple[datetime, Output]] = []
        super().__init__(plan)

    def post(self, kind: Callable[..., e.AnyEvent], /, **fields: object) -> tuple[Output, ...]:
        outputs = super().post(kind, **fields)
        self.book.extend((self.now, output) for output in outputs)
        return outputs

    def said(self, kind: type[T]) -> list[T]:
        """All outputs of this type so far."""
        return every(tuple(output for _, output in self.book), kind)

    def run(self, seconds: float) -> None:
        """Time passes, and whatever is due happens when it is due."""
        end = self.now + timedelta(seconds=seconds)
        while (deadline := self.router.next_deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self.post(e.TimePassed)
        self.now = end
        self.post(e.TimePassed)

    def begin(self, *agents: int, called: str = TAX_LINE) -> str:
        """The first of these agents has talked to the citizen for 30 s, after 5 s of ringing; the leg's id."""
        self.ready(*agents)
        self.call("c", called)
        self.run(5)
        offer = self.ringing()
        self.picks_up(offer)
        self.run(30)
        return offer

    def ringing(self) -> str:
        """The leg that was rung last."""
        rung = [output for _, output in self.book if isinstance(output, OfferContact | DialOutside)]
        return rung[-1].offer

    def picks_up(self, offer: str | None = None) -> tuple[Output, ...]:
        """Who is rung last answers, and hears whom they are to hear."""
        offer = offer or self.ringing()
        outputs = self.answer(offer)
        self.connected(offer)
        return outputs

    def transfer(self, number: int, mode: TransferMode, target: Target, announcement: str = "") -> tuple[Output, ...]:
        return self.post(
            e.TransferRequested,
            agent=AgentId(number),
            contact=ContactId("c"),
            mode=mode,
            target=target,
            brief="b1",
            announcement=announcement,
        )

    def blind(self, number: int, target: Target, announcement: str = "") -> tuple[Output, ...]:
        return self.transfer(number, TransferMode.BLIND, target, announcement)

    def consult(self, number: int, target: Target, announcement: str = "") -> tuple[Output, ...]:
        return self.transfer(number, TransferMode.CONSULT, target, announcement)

    def step(self, number: int, step: ConsultStep) -> tuple[Output, ...]:
        return self.post(e.ConsultStepped, agent=AgentId(number), contact=ContactId("c"), step=step)

    def protect(self, number: int, step: ProtectionStep, kind: str = "insult") -> tuple[Output, ...]:
        return self.post(e.Protected, agent=AgentId(number), contact=ContactId("c"), step=step, kind=kind)

    def supervise(self, number: int, mode: Supervision | None) -> tuple[Output, ...]:
        return self.post(e.SupervisionRequested, supervisor=AgentId(number), contact=ContactId("c"), mode=mode)

    def take_over(self, number: int) -> tuple[Output, ...]:
        return self.post(e.TakeOverRequested, supervisor=AgentId(number), contact=ContactId("c"))

    def force(self, number: int, state: AgentState, reason: str = "", by: int = 9) -> tuple[Output, ...]:
        return self.post(e.AgentStateForced, agent=AgentId(number), supervisor=AgentId(by), state=state, reason=reason)

    def spoken(self) -> tuple[Output, ...]:
        """The last announcement to a leg has been heard."""
        return self.played("c", self.said(Announce)[-1].id)

    def told(self) -> tuple[Output, ...]:
        """What was said to the citizen last has been heard."""
        return self.played("c", self.said(Play)[-1].id)

    def hangs_up(self, offer: str | None = None, by: EndedBy = EndedBy.AGENT) -> tuple[Output, ...]:
        return self.leg_ends(OfferId(offer or self.ringing()), by)

    def declines(self, outcome: OfferOutcome = OfferOutcome.REJECTED) -> tuple[Output, ...]:
        return self.fail(self.ringing(), outcome)

    def transfers(self) -> list[str]:
        """What became of each transfer."""
        return [fact.outcome.value for fact in self.said(TransferEnded)]

    def fate(self) -> tuple[str, str]:
        """How the contact ended, and by whom."""
        (closed,) = [fact for fact in self.said(ContactClosed) if fact.contact == "c"]
        return closed.outcome.value, closed.by.value

    def kind(self) -> str:
        """Self-handled, transferred or referred, as facts alone tell; `+returned` if the citizen came back."""
        targets = {fact.transfer: fact.target for fact in self.said(TransferStarted)}
        done = [targets[f.transfer] for f in self.said(TransferEnded) if f.outcome is TransferOutcome.COMPLETED]
        if any(isinstance(target, ToOutside) for target in done):
            name = "referred"
        else:
            name = "transferred" if done else "self-handled"
        return name + "+returned" * len(self.said(ContactReturned))

    def clocks(self) -> dict[int, tuple[float, float, float]]:
        """For each agent who had anything to do: seconds OFFERED, ENGAGED and in WRAP_UP."""
        spent: dict[int, dict[AgentState, float]] = defaultdict(lambda: defaultdict(float))
        since: dict[int, tuple[AgentState, datetime]] = {}
        for at, fact in self.book:
            if isinstance(fact, AgentStateChanged):
                if fact.agent in since:
                    state, began = since[fact.agent]
                    spent[fact.agent][state] += (at - began).total_seconds()
                since[fact.agent] = fact.state, at
        for agent, (state, _) in since.items():
            assert state not in _CLOCKS, f"agent {agent} is still {state}"
        clocks = {agent: tuple(states[state] for state in _CLOCKS) for agent, states in sorted(spent.items())}
        return {agent: clock for agent, clock in clocks.items() if any(clock)}  # type: ignore[misc]


def to_agent(number: int) -> ToAgent:
    return ToAgent(AgentId(number))


def to_queue(key: str) -> ToQueue:
    return ToQueue(QueueKey(key))
