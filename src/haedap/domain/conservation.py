"""The rules that every journal keeps: nothing is lost, nothing is counted twice. Pure, for tests and for audits.

Most rules are of one kind: something begins once, ends once, and what belongs to it happens in between. `LIVES` lists
those things; a new fact needs a line there, or one in `DURING`, and the rules follow. What is more than that stands in
`CHECKS`. Memory grows with what is open, not with the length of the journal.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import msgspec

from haedap.domain import facts
from haedap.domain.facts import AnyFact
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.states import AgentState, ContactOutcome

Key = Any
A = AgentState


class Life(msgspec.Struct, frozen=True):
    """Something with a beginning and an end. `key`: the fields that name it, the same in both facts.

    `in_contact`: it must have ended when its contact ends.
    """

    name: str
    begins: type[AnyFact]
    ends: type[AnyFact]
    key: tuple[str, ...]
    in_contact: bool = True


LIVES = (
    Life("contact", facts.ContactOpened, facts.ContactClosed, ("contact",), in_contact=False),
    Life("offer", facts.ContactOffered, facts.OfferEnded, ("offer",)),
    # A contact has one agent at a time, so an open segment goes by its contact.
    Life("segment", facts.SegmentStarted, facts.SegmentEnded, ("contact",)),
    Life("transfer", facts.TransferStarted, facts.TransferEnded, ("contact", "transfer")),
    Life("promise", facts.PromiseMade, facts.PromiseEnded, ("promise",), in_contact=False),
    Life("attempt", facts.AttemptStarted, facts.AttemptEnded, ("promise", "attempt"), in_contact=False),
)

DURING: Mapping[type[AnyFact], tuple[str, ...]] = {
    facts.FlowStepEntered: ("contact",),
    facts.ContactQueued: ("contact",),
    facts.ContactMoved: ("contact",),
    facts.ContactOffered: ("contact",),
    facts.SegmentStarted: ("contact",),
    facts.MessageLeft: ("contact",),
    facts.CitizenCalled: ("segment",),
    facts.CitizenAnswered: ("segment",),
    facts.ControlApplied: ("segment",),
    facts.LegLost: ("segment",),
    facts.LegRegained: ("segment",),
    facts.ProtectionTaken: ("contact",),
    facts.TransferStarted: ("contact",),
    facts.TransferAnswered: ("transfer",),
    facts.TransferStepped: ("transfer",),
    facts.ContactReturned: ("contact",),
    facts.SupervisionStarted: ("contact",),
    facts.PromiseAltered: ("promise",),
    facts.PromiseEscalated: ("promise",),
    facts.AttemptStarted: ("promise",),
}
"""What may happen only while something is open."""

LEGAL: Mapping[AgentState, frozenset[AgentState]] = {
    A.SIGNED_OUT: frozenset({A.AWAY, A.SIGNED_OUT, A.ENGAGED}),
    A.AWAY: frozenset({A.AVAILABLE, A.AWAY, A.SIGNED_OUT, A.ENGAGED, A.OFFERED}),
    A.AVAILABLE: frozenset({A.AVAILABLE, A.OFFERED, A.AWAY, A.SIGNED_OUT, A.ENGAGED}),
    A.OFFERED: frozenset({A.OFFERED, A.ENGAGED, A.AVAILABLE, A.AWAY, A.SIGNED_OUT, A.WRAP_UP}),
    A.ENGAGED: frozenset({A.ENGAGED, A.WRAP_UP, A.AVAILABLE, A.AWAY, A.SIGNED_OUT}),
    A.WRAP_UP: frozenset({A.WRAP_UP, A.AVAILABLE, A.AWAY, A.SIGNED_OUT, A.OFFERED, A.ENGAGED}),
}
"""From which state of an agent which may follow."""

OUTCOMES: Mapping[ContactOutcome, tuple[bool | None, bool | None]] = {
    ContactOutcome.ANSWERED: (None, True),
    ContactOutcome.ABANDONED: (True, False),
    ContactOutcome.LEFT_IN_FLOW: (False, False),
    ContactOutcome.CLOSED_BY_FLOW: (None, False),
    ContactOutcome.REFUSED: (False, False),
    ContactOutcome.PROMISED: (None, False),
    ContactOutcome.NOT_REACHED: (True, None),
}
"""For each outcome: whether the contact was queued, and whether it had a segment; None: either."""

_FORGOTTEN_AFTER = timedelta(hours=1)
"""The time of the journal after which an ended contact is not remembered any more."""


class Breach(msgspec.Struct, frozen=True):
    """A rule that row `seq` breaks."""

    seq: int
    rule: str
    contact: ContactId | None = None
    agent: AgentId | None = None


class Case(msgspec.Struct):
    """An open contact, as far as rules need to know it."""

    queued: bool = False
    segments: int = 0
    promised: bool = False
    offers: set[str] = msgspec.field(default_factory=set)
    inside: set[tuple[str, Key]] = msgspec.field(default_factory=set)


class Duty(msgspec.Struct):
    """An agent, likewise."""

    state: AgentState = A.SIGNED_OUT
    contact: ContactId | None = None
    offers: set[str] = msgspec.field(default_factory=set)
    segment: ContactId | None = None


class Conservation:
    """Tell it each row in order, then `finish`. It answers with the rules that the row broke, mostly none.

    `arrived`, `opened` and `closed` count contacts; those open now are in `cases`.
    """

    def __init__(self) -> None:
        self.seq = 0
        self.arrived = self.opened = self.closed = 0
        self.cases: dict[ContactId, Case] = {}
        self.duties: dict[AgentId, Duty] = {}
        self.open: dict[str, dict[Key, AnyFact]] = {life.name: {} for life in LIVES}
        self._at: datetime | None = None
        self._ended: OrderedDict[ContactId, datetime] = OrderedDict()
        self._touched: set[AgentId] = set()
        self._arrival: ContactId | None = None
        self._owed: set[ContactId] = set()
        """Closed by this event as promised, and no promise that names them was made yet."""
        self._broken: list[Breach] = []

    def event(self, seq: int, at: datetime, name: str, contact: ContactId | None) -> list[Breach]:
        """A row of an event: here what the event before it brought about is whole."""
        self._settle()
        self._order(seq, at)
        if name == "ContactArrived" and contact is not None and not self._is_known(contact):
            self._arrival = contact
            self.arrived += 1
        return self._take()

    def decision(self, seq: int, at: datetime) -> list[Breach]:
        """A row of a decision."""
        self._order(seq, at)
        return self._take() if self._broken else []

    def fact(self, seq: int, at: datetime, fact: AnyFact) -> list[Breach]:
        """A row of a fact."""
        self._order(seq, at)
        for step in _STEPS[type(fact)]:
            step(self, fact)
        return self._take() if self._broken else []

    def finish(self) -> list[Breach]:
        """The journal ends here; what is open is live."""
        self._settle()
        return self._take()

    def breach(self, rule: str, fact: AnyFact | None = None) -> None:
        """The present row breaks this rule."""
        contact, agent = getattr(fact, "contact", None), getattr(fact, "agent", None)
        self._broken.append(Breach(self.seq, rule, contact, agent))

    def duty(self, agent: AgentId) -> Duty:
        """What is known of the agent, who is looked at when the event is over."""
        self._touched.add(agent)
        duty = self.duties.get(agent)
        if duty is None:
            duty = self.duties[agent] = Duty()
        return duty

    def promise_made(self, contact: ContactId) -> None:
        """A promise stands for the contact, which may have been closed by the same event."""
        self._owed.discard(contact)
        if (case := self.cases.get(contact)) is not None:
            case.promised = True

    def promise_wanted(self, contact: ContactId) -> None:
        """By the end of this event a promise must stand for the contact."""
        self._owed.add(contact)

    def remember_ended(self, contact: ContactId) -> None:
        """For a while it is known that the contact was there; who ended long before is forgotten, as by the router."""
        if self._at is not None:
            self._ended[contact] = self._at
            while self._at - next(iter(self._ended.values())) > _FORGOTTEN_AFTER:
                self._ended.popitem(last=False)

    def _order(self, seq: int, at: datetime) -> None:
        expected, self.seq = self.seq + 1, seq
        if seq != expected:
            self.breach("seq_gap")
        if self._at is not None and at < self._at:
            self.breach("time_back")
        else:
            self._at = at

    def _settle(self) -> None:
        if self._arrival is not None:
            if not self._is_known(self._arrival):
                self._broken.append(Breach(self.seq, "arrived_not_opened", self._arrival))
            self._arrival = None
        for contact in sorted(self._owed):
            self._broken.append(Breach(self.seq, "promised_without_promise", contact))
        self._owed.clear()
        if self._touched:
            for agent in self._touched:
                self._look_at(agent, self.duties[agent])
            self._touched.clear()

    def _look_at(self, agent: AgentId, duty: Duty) -> None:
        if len(duty.offers) > 1:
            self._broken.append(Breach(self.seq, "agent_with_two_offers", duty.contact, agent))
        if duty.state is A.OFFERED and not duty.offers and not self._is_consulted(duty.contact):
            self._broken.append(Breach(self.seq, "offered_without_offer", duty.contact, agent))
        if duty.segment is not None and duty.state is not A.ENGAGED:
            self._broken.append(Breach(self.seq, "segment_without_engaged_agent", duty.segment, agent))
        if duty.state is A.ENGAGED and duty.segment is None and not self._is_consulted(duty.contact):
            self._broken.append(Breach(self.seq, "engaged_without_segment", duty.contact, agent))

    def _is_known(self, contact: ContactId) -> bool:
        return contact in self.cases or contact in self._ended

    def _is_consulted(self, contact: ContactId | None) -> bool:
        """Whether somebody else's talk may be theirs for the moment."""
        case = self.cases.get(contact) if contact is not None else None
        return case is not None and any(name == "transfer" for name, _ in case.inside)

    def _take(self) -> list[Breach]:
        if not self._broken:
            return []
        broken, self._broken = self._broken, []
        return broken


Step = Callable[[Conservation, Any], None]


# --- the rules that follow from the tables


def _keys(life: Life) -> Callable[[Any], Key]:
    return attrgetter(*life.key)


def _beginning(life: Life) -> Step:
    key_of, name, in_contact = _keys(life), life.name, life.in_contact

    def begin(audit: Conservation, fact: Any) -> None:
        key, of_kind = key_of(fact), audit.open[name]
        if key in of_kind:
            audit.breach(f"{name}_begun_twice", fact)
        of_kind[key] = fact
        if in_contact and (case := audit.cases.get(fact.contact)) is not None:
            case.inside.add((name, key))

    return begin


def _ending(life: Life) -> Step:
    key_of, name, in_contact = _keys(life), life.name, life.in_contact

    def end(audit: Conservation, fact: Any) -> None:
        key = key_of(fact)
        if audit.open[name].pop(key, None) is None:
            audit.breach(f"{name}_ended_without_beginning", fact)
        if in_contact and (case := audit.cases.get(fact.contact)) is not None:
            case.inside.discard((name, key))

    return end


def _meanwhile(life: Life) -> Step:
    key_of, name = _keys(life), life.name

    def during(audit: Conservation, fact: Any) -> None:
        if key_of(fact) not in audit.open[name]:
            audit.breach(f"{type(fact).__name__}_without_{name}", fact)

    return during


# --- the rules that are more than that


def _opened(audit: Conservation, fact: facts.ContactOpened) -> None:
    audit.opened += 1
    audit.cases[fact.contact] = Case()


def _queued(audit: Conservation, fact: facts.ContactQueued) -> None:
    case = audit.cases.get(fact.contact)
    if case is not None:
        case.queued = True


def _offered(audit: Conservation, fact: facts.ContactOffered) -> None:
    audit.duty(fact.agent).offers.add(fact.offer)
    case = audit.cases.get(fact.contact)
    if case is None:
        return
    if fact.offer in case.offers:
        audit.breach("offer_begun_twice", fact)
    case.offers.add(fact.offer)


def _offer_ended(audit: Conservation, fact: facts.OfferEnded) -> None:
    audit.duty(fact.agent).offers.discard(fact.offer)
    begun = audit.open["offer"].get(fact.offer)
    if isinstance(begun, facts.ContactOffered) and (begun.contact, begun.agent) != (fact.contact, fact.agent):
        audit.breach("offer_of_another", fact)


def _segment_started(audit: Conservation, fact: facts.SegmentStarted) -> None:
    duty, case = audit.duty(fact.agent), audit.cases.get(fact.contact)
    if duty.segment is not None and duty.segment != fact.contact:
        audit.breach("agent_with_two_segments", fact)
    duty.segment = fact.contact
    if case is not None:
        if fact.segment != case.segments + 1:
            audit.breach("segment_number", fact)
        case.segments = fact.segment


def _same_segment(audit: Conservation, fact: Any) -> None:
    begun = audit.open["segment"].get(fact.contact)
    if isinstance(begun, facts.SegmentStarted) and (begun.segment, begun.agent) != (fact.segment, fact.agent):
        audit.breach("segment_of_another", fact)


def _segment_ended(audit: Conservation, fact: facts.SegmentEnded) -> None:
    _same_segment(audit, fact)
    duty = audit.duty(fact.agent)
    if duty.segment == fact.contact:
        duty.segment = None


def _closed(audit: Conservation, fact: facts.ContactClosed) -> None:
    case = audit.cases.pop(fact.contact, None)
    if case is None:
        return
    audit.closed += 1
    audit.remember_ended(fact.contact)
    if fact.outcome is ContactOutcome.PROMISED and not case.promised:
        audit.promise_wanted(fact.contact)
    for name, key in sorted(case.inside, key=str):
        audit.breach(f"{name}_left_open", fact)
        left = audit.open[name].pop(key, None)
        agent = getattr(left, "agent", None)
        if agent is not None:
            duty = audit.duty(agent)
            duty.offers.discard(key)
            duty.segment = None if duty.segment == fact.contact else duty.segment
    for wanted, was in zip(OUTCOMES.get(fact.outcome, ()), (case.queued, case.segments > 0), strict=False):
        if wanted is not None and wanted != was:
            audit.breach("outcome_against_history", fact)
            return


def _promise_made(audit: Conservation, fact: facts.PromiseMade) -> None:
    if fact.contact is not None:
        audit.promise_made(fact.contact)


def _agent_changed(audit: Conservation, fact: facts.AgentStateChanged) -> None:
    duty = audit.duty(fact.agent)
    if fact.state not in LEGAL[duty.state]:
        audit.breach("agent_state_order", fact)
    duty.state, duty.contact = fact.state, fact.contact


CHECKS: Mapping[type[AnyFact], Step] = {
    facts.ContactOpened: _opened,
    facts.ContactQueued: _queued,
    facts.ContactOffered: _offered,
    facts.OfferEnded: _offer_ended,
    facts.SegmentStarted: _segment_started,
    facts.ControlApplied: _same_segment,
    facts.LegLost: _same_segment,
    facts.LegRegained: _same_segment,
    facts.SegmentEnded: _segment_ended,
    facts.ContactClosed: _closed,
    facts.PromiseMade: _promise_made,
    facts.AgentStateChanged: _agent_changed,
}


def _steps(kind: type[AnyFact]) -> Iterator[Step]:
    """Ends are looked at before they are taken away, beginnings after they are there."""
    lives = {life.name: life for life in LIVES}
    for name in DURING.get(kind, ()):
        yield _meanwhile(lives[name])
    for life in LIVES:
        if life.begins is kind:
            yield _beginning(life)
    if kind in CHECKS:
        yield CHECKS[kind]
    for life in LIVES:
        if life.ends is kind:
            yield _ending(life)


_STEPS: Mapping[type[AnyFact], tuple[Step, ...]] = {kind: tuple(_steps(kind)) for kind in AnyFact.__args__}
RULES = (
    "seq_gap",
    "time_back",
    "arrived_not_opened",
    *(f"{life.name}_begun_twice" for life in LIVES),
    *(f"{life.name}_ended_without_beginning" for life in LIVES),
    *(f"{life.name}_left_open" for life in LIVES if life.in_contact),
    *(f"{kind.__name__}_without_{name}" for kind, names in DURING.items() for name in names),
    "offer_of_another",
    "segment_of_another",
    "segment_number",
    "agent_with_two_offers",
    "agent_with_two_segments",
    "offered_without_offer",
    "segment_without_engaged_agent",
    "engaged_without_segment",
    "outcome_against_history",
    "promised_without_promise",
    "agent_state_order",
)
"""The names of all rules."""
