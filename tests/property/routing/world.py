"""A simulated world round a router: citizens, agents, and an exchange that loses, doubles and delays what it reports.

A world is driven by bytes (drawn by Hypothesis), three for each deed: what, to whom, how. Time is virtual.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from haedap.domain import events as e
from haedap.domain.decisions import (
    Announce,
    CallCitizen,
    Connect,
    DialOutside,
    EndContact,
    EndLeg,
    Gather,
    OfferContact,
    Play,
    Refuse,
    Supervise,
    TakeMessage,
)
from haedap.domain.events import AnyEvent
from haedap.domain.facts import ContactClosed
from haedap.domain.ids import AgentId, ContactId, OfferId, RequestId
from haedap.domain.states import AgentState, Channel, ConsultStep, Control, EndedBy, OfferOutcome, PlayOutcome
from haedap.routing import Router
from tests.property.routing import engaged, owing
from tests.property.routing.audit import Auditor
from tests.property.routing.books import Output
from tests.property.routing.centres import NUMBERS, PLANS, START

T = TypeVar("T")


@dataclass
class Wire:
    """What is true in the exchange."""

    citizens: dict[ContactId, None] = field(default_factory=dict)
    ringing: dict[OfferId, ContactId] = field(default_factory=dict)
    answered: dict[OfferId, ContactId] = field(default_factory=dict)
    joined: dict[OfferId, None] = field(default_factory=dict)
    calling: dict[ContactId, None] = field(default_factory=dict)
    """Outgoing contacts whose citizen's telephone rings."""

    def end_leg(self, offer: OfferId) -> None:
        self.ringing.pop(offer, None)
        self.answered.pop(offer, None)
        self.joined.pop(offer, None)

    def legs(self) -> dict[OfferId, ContactId]:
        return {**self.ringing, **self.answered}

    def end_contact(self, contact: ContactId) -> None:
        for offer in [offer for offer, of in self.legs().items() if of == contact]:
            self.end_leg(offer)
        self.citizens.pop(contact, None)
        self.calling.pop(contact, None)


def _always_does_something(event: AnyEvent) -> bool:
    """Whether it is asked for in such words that it cannot be so already."""
    match event:
        case e.TransferRequested():
            return True
        case e.ControlRequested(control=control):
            return control in (Control.END, Control.SEND_DIGITS)
        case e.ConsultStepped(step=step):
            return step in (ConsultStep.COMPLETE, ConsultStep.CANCEL)
        case _:
            return False


class World:
    """Posts events to a router, performs its decisions on a simulated wire, and has everything audited."""

    def __init__(self) -> None:
        self.router = Router()
        self.auditor = Auditor()
        self.now = START
        self.wire = Wire()
        self.journal: list[tuple[AnyEvent, tuple[Output, ...]]] = []
        self.arrivals = 0
        self.offers: list[tuple[OfferId, ContactId]] = []
        self.plays: list[tuple[ContactId, RequestId]] = []
        self.taking: dict[ContactId, None] = {}
        self.promises = 0
        self.post(e.PlanChanged(at=self.now, plan=PLANS[0]))

    def post(self, event: AnyEvent) -> None:
        refusal = self.router.refusal(event)
        outputs = self.router.handle(event)
        assert not outputs or refusal is None, "what is refused is done all the same"
        assert outputs or refusal or not _always_does_something(event), "what can do nothing is not refused"
        self.journal.append((event, outputs))
        self.auditor.check(event, outputs)
        for output in outputs:
            perform = _PERFORM.get(type(output))
            if perform is not None:
                perform(self, output)
        self._wire_agrees()

    def _wire_agrees(self) -> None:
        """No leg rings or talks that the router has done with."""
        current = {case.agent for case in self.auditor.cases.values()}
        for offer, contact in self.wire.legs().items():
            case = self.auditor.cases.get(contact)
            assert case is not None, f"leg {offer} is left over"
            if offer not in self.auditor.side:
                assert case.agent in current
                assert self.auditor.offers.get(offer, OfferOutcome.FAILED) in (None, OfferOutcome.ANSWERED), offer

    def live(self, story: bytes) -> None:
        """One thing happens after the other."""
        for what, whom, how in zip(story[::3], story[1::3], story[2::3], strict=False):
            _DEEDS[what % len(_DEEDS)](self, whom, how)

    def go_home(self) -> None:
        """Every citizen hangs up; time goes on until nothing is due."""
        while self.auditor.cases or self.auditor.debts.open:
            owing.finish(self)
            for contact in list(self.auditor.cases):
                self.post(e.CitizenLeft(at=self.now, contact=contact))
        for _ in range(1000):
            deadline = self.router.next_deadline()
            if deadline is None:
                return
            self.now = max(self.now, deadline)
            self.post(e.TimePassed(at=self.now))
        raise AssertionError("the router never comes to rest")

    # --- what the exchange does

    def ring(self, decision: OfferContact | DialOutside) -> None:
        self.offers.append((decision.offer, decision.contact))
        self.wire.ringing[decision.offer] = decision.contact

    def play(self, decision: Play) -> None:
        self.plays.append((decision.contact, decision.id))

    def join(self, decision: Connect) -> None:
        assert decision.offer in self.wire.answered, "only a leg that was answered is joined"

    def gather(self, decision: Gather) -> None:
        assert decision.offers, "somebody is to hear something"
        assert self.wire.answered.keys() >= set(decision.offers), "only legs that were answered are joined"

    def announce(self, decision: Announce) -> None:
        assert decision.offer in self.wire.answered
        self.plays.append((decision.contact, decision.id))

    def supervise(self, decision: Supervise) -> None:
        assert {decision.offer, decision.watched} <= self.wire.answered.keys()

    def end_leg(self, decision: EndLeg) -> None:
        self.wire.end_leg(decision.offer)

    def end_contact(self, decision: EndContact | Refuse) -> None:
        self.wire.end_contact(decision.contact)

    def closed(self, fact: ContactClosed) -> None:
        self.wire.citizens.pop(fact.contact, None)
        self.taking.pop(fact.contact, None)

    # --- what happens

    def nothing(self, whom: int, how: int) -> None:
        """What a failing story is made of as far as possible when Hypothesis shortens it."""

    def arrive(self, whom: int, how: int) -> None:
        contact = ContactId(f"contact{self.arrivals}")
        self.arrivals += 1
        self.wire.citizens[contact] = None
        called = (NUMBERS[0], *NUMBERS)[how % 5]
        self.post(e.ContactArrived(at=self.now, contact=contact, channel=Channel.VOICE, called=called))

    def arrive_again(self, whom: int, how: int) -> None:
        if self.arrivals:
            contact = ContactId(f"contact{whom % self.arrivals}")
            number = NUMBERS[how % len(NUMBERS)]
            if not self.auditor.is_forgotten(contact):
                self.post(e.ContactArrived(at=self.now, contact=contact, channel=Channel.VOICE, called=number))

    def sound_ends(self, whom: int, how: int) -> None:
        play = pick(self.plays[-2:] if how % 3 else self.plays, whom)
        if play is not None:
            outcome = list(PlayOutcome)[how % len(PlayOutcome)]
            self.post(e.PlaybackEnded(at=self.now, contact=play[0], request=play[1], outcome=outcome))

    def press(self, whom: int, how: int) -> None:
        contact = pick(list(self.wire.citizens), whom)
        if contact is not None:
            self.post(e.DigitPressed(at=self.now, contact=contact, digit="1239*9A5"[how % 8]))

    def leave(self, whom: int, how: int) -> None:
        contact = pick(list(self.wire.citizens), whom)
        if contact is not None:
            del self.wire.citizens[contact]
            by = (EndedBy.CITIZEN, EndedBy.LINE, EndedBy.CENTRE)[how % 3]
            self.post(e.CitizenLeft(at=self.now, contact=contact, by=by))

    def answer(self, whom: int, how: int) -> None:
        offer = pick(list(self.wire.ringing), whom)
        if offer is not None:
            self.post(e.OfferRinging(at=self.now, offer=offer))
            self.wire.answered[offer] = self.wire.ringing.pop(offer)
            self.post(e.OfferAnswered(at=self.now, offer=offer))

    def answer_late(self, whom: int, how: int) -> None:
        """The answer and the end of the leg crossed on the wire."""
        offer = pick(self.offers, whom)
        if offer is not None and offer[0] not in self.wire.ringing and not self.auditor.is_forgotten(offer[1]):
            self.wire.answered.setdefault(*offer)
            self.post(e.OfferAnswered(at=self.now, offer=offer[0]))

    def fail(self, whom: int, how: int) -> None:
        offer = pick(list(self.wire.ringing), whom)
        if offer is not None:
            self.wire.end_leg(offer)
            self.post(e.OfferFailed(at=self.now, offer=offer, outcome=FAILURES[how % len(FAILURES)]))

    def fail_late(self, whom: int, how: int) -> None:
        offer = pick([offer for offer, _ in self.offers if offer not in self.wire.legs()], whom)
        if offer is not None:
            self.post(e.OfferFailed(at=self.now, offer=offer, outcome=FAILURES[how % len(FAILURES)]))

    def join_reported(self, whom: int, how: int) -> None:
        offer = pick(list(self.wire.answered), whom)
        if offer is not None and how % 4:
            self.wire.joined[offer] = None
            self.post(e.Connected(at=self.now, contact=self.wire.answered[offer], offer=offer))
        elif offer is not None:
            self.post(e.ConnectFailed(at=self.now, contact=self.wire.answered[offer], offer=offer))

    def join_failed(self, whom: int, how: int) -> None:
        offer = pick(self.offers, whom)
        if offer is not None:
            self.post(e.ConnectFailed(at=self.now, contact=offer[1], offer=offer[0]))

    def leg_ends(self, whom: int, how: int) -> None:
        offer = pick(list(self.wire.legs()), whom)
        if offer is not None:
            self.wire.end_leg(offer)
            by = (EndedBy.AGENT, EndedBy.LINE, EndedBy.CENTRE)[how % 3]
            self.post(e.AgentLegEnded(at=self.now, offer=offer, by=by))

    def reconcile(self, whom: int, how: int) -> None:
        """The exchange was restarted: some legs are gone, one may have been answered unheard."""
        for index, leg in enumerate(list(self.wire.legs())):
            if whom >> index & 1 and how % 3 == 0:
                self.wire.end_leg(leg)
        for index, contact in enumerate(list(self.wire.citizens)):
            if whom >> index & 1 and how % 5 == 0:
                self.wire.end_contact(contact)
        ringing = pick(list(self.wire.ringing), whom)
        if ringing is not None and how % 2:
            self.wire.answered[ringing] = self.wire.ringing.pop(ringing)
        for contact in list(self.wire.calling):
            if how % 4 == 0:
                del self.wire.calling[contact]
            if how % 8 == 0:
                self.wire.citizens[contact] = None
        if how % 7 == 0:
            self.wire.joined.clear()
        self.post(
            e.ChannelReconciled(
                at=self.now,
                channel=Channel.VOICE,
                contacts=tuple(self.wire.citizens),
                ringing=tuple(self.wire.ringing),
                answered=tuple(self.wire.answered),
                connected=tuple(self.wire.joined),
                uncalled=tuple(self.wire.calling),
                since=(None, self.now, self.now - timedelta(days=1))[how % 3],
                exchange=("", "one", "another")[how // 3 % 3],
            )
        )

    def stop(self, whom: int, how: int) -> None:
        """Rarely, for nothing survives it: the whole centre is off for a while, or the exchange alone. A message may
        have been on tape."""
        if how % 8:
            return
        for contact in list(self.wire.citizens):
            self.wire.end_contact(contact)
        for leg in list(self.wire.legs()):
            self.wire.end_leg(leg)
        self.wire.calling.clear()
        stopped_at = self.now
        self.now += timedelta(seconds=(11, 179, 180, 50_000)[how // 8 % 4])
        if whom % 2:
            self.post(e.ExchangeStopped(at=stopped_at))
        else:
            self.post(e.CentreStopped(at=stopped_at, resumed_at=self.now))
        taken = pick(list(self.taking), whom)
        if how // 32 % 2:
            self.post(e.TimePassed(at=self.now))
        if taken is not None:
            self.post(e.MessageTaken(at=self.now, contact=taken, seconds=how % 3))
        self.post(e.ChannelReconciled(at=self.now, channel=Channel.VOICE, contacts=(), since=self.now))
        self.post(e.TimePassed(at=self.now))

    def agent_wish(self, whom: int, how: int) -> None:
        agent = AgentId(1 + whom % 7)
        wish = WISHES[how % len(WISHES)]
        self.post(wish(self.now, agent))

    def sign_on(self, whom: int, how: int) -> None:
        """An agent comes to work as they do: telephone, sign-in, available."""
        agent = AgentId(1 + whom % 6)
        self.post(e.AgentReachable(at=self.now, agent=agent))
        self.post(e.AgentSignedIn(at=self.now, agent=agent))
        self.post(e.AgentSetAvailable(at=self.now, agent=agent))

    def come_back(self, whom: int, how: int) -> None:
        """The agent's screen is loaded anew: their leg is gone with the page."""
        at_work = [agent for agent, person in self.auditor.people.items() if person.state is AgentState.ENGAGED]
        agent = pick(at_work, whom)
        if agent is not None:
            self.post(e.AgentReturned(at=self.now, agent=agent))

    def control(self, whom: int, how: int) -> None:
        offer = pick(list(self.wire.answered), whom)
        if offer is not None:
            contact = self.wire.answered[offer]
            agent = self.auditor.cases[contact].agent if how % 9 else AgentId(1 + whom % 6)
            wanted = list(Control)[how % len(Control)]
            self.post(
                e.ControlRequested(
                    at=self.now, agent=agent or AgentId(1), contact=contact, control=wanted, digits="12#"[: how % 4]
                )
            )

    def wait(self, whom: int, how: int) -> None:
        self.now += timedelta(seconds=how % 40, milliseconds=whom)
        self.post(e.TimePassed(at=self.now))

    def wait_for_deadline(self, whom: int, how: int) -> None:
        deadline = self.router.next_deadline()
        if deadline is not None:
            assert deadline > self.now or not isinstance(self.journal[-1][0], e.TimePassed), "time stands still"
            self.now = max(self.now, deadline)
            self.post(e.TimePassed(at=self.now))

    def clock_set_back(self, whom: int, how: int) -> None:
        self.post(e.TimePassed(at=self.now - timedelta(seconds=how)))

    def plan_changes(self, whom: int, how: int) -> None:
        self.post(e.PlanChanged(at=self.now, plan=PLANS[how % len(PLANS)]))

    def repeat(self, whom: int, how: int) -> None:
        """Something is reported once more, be it long over; never what would be a new truth on the wire."""
        event = pick([event for event, _ in self.journal[-40:] if isinstance(event, REPEATABLE)], whom)
        of_old = isinstance(event, e.ContactArrived) and self.auditor.is_forgotten(event.contact)
        if event is not None and not of_old:
            self.post(event)


def pick(things: Sequence[T], number: int) -> T | None:
    return things[number % len(things)] if things else None


REPEATABLE = (e.ContactArrived, e.PlaybackEnded, e.DigitPressed, e.OfferRinging, e.WrapUpExtended, e.TimePassed)
FAILURES = (
    OfferOutcome.FAILED,
    OfferOutcome.NO_ANSWER,
    OfferOutcome.REJECTED,
    OfferOutcome.UNREACHABLE,
    OfferOutcome.FAILED,
    OfferOutcome.WITHDRAWN,
)
WISHES: tuple[Callable[[datetime, AgentId], AnyEvent], ...] = (
    lambda at, agent: e.AgentSetAvailable(at=at, agent=agent),
    lambda at, agent: e.AgentSetAway(at=at, agent=agent, reason="lunch"),
    lambda at, agent: e.AgentSignedOut(at=at, agent=agent),
    lambda at, agent: e.AgentSignedIn(at=at, agent=agent),
    lambda at, agent: e.AgentReachable(at=at, agent=agent),
    lambda at, agent: e.AgentUnreachable(at=at, agent=agent),
    lambda at, agent: e.WrapUpExtended(at=at, agent=agent, seconds=45),
    lambda at, agent: e.AgentReturned(at=at, agent=agent),
    lambda at, agent: e.AgentSetAvailable(at=at, agent=agent),
    lambda at, agent: e.AgentReachable(at=at, agent=agent),
)
_PERFORM: dict[type[Output], Callable[[World, Output], None]] = {
    OfferContact: World.ring,  # type: ignore[dict-item] # each gets its own type by the key
    Play: World.play,  # type: ignore[dict-item]
    Connect: World.join,  # type: ignore[dict-item]
    DialOutside: World.ring,  # type: ignore[dict-item]
    Gather: World.gather,  # type: ignore[dict-item]
    Announce: World.announce,  # type: ignore[dict-item]
    Supervise: World.supervise,  # type: ignore[dict-item]
    EndLeg: World.end_leg,  # type: ignore[dict-item]
    EndContact: World.end_contact,  # type: ignore[dict-item]
    Refuse: World.end_contact,  # type: ignore[dict-item]
    ContactClosed: World.closed,  # type: ignore[dict-item]
    CallCitizen: owing.call,  # type: ignore[dict-item]
    TakeMessage: owing.take,  # type: ignore[dict-item]
}
_DEEDS: tuple[Callable[[World, int, int], None], ...] = (
    World.nothing,
    World.arrive,
    World.arrive,
    World.arrive,
    World.arrive,
    World.sign_on,
    World.sign_on,
    World.answer,
    World.answer,
    World.answer,
    World.agent_wish,
    World.agent_wish,
    World.wait,
    World.wait_for_deadline,
    World.wait_for_deadline,
    World.leg_ends,
    World.leg_ends,
    World.fail,
    World.fail,
    World.join_reported,
    World.press,
    World.press,
    World.sound_ends,
    World.sound_ends,
    World.leave,
    World.come_back,
    World.stop,
    World.control,
    World.reconcile,
    World.plan_changes,
    World.arrive_again,
    World.answer_late,
    World.fail_late,
    World.join_failed,
    World.clock_set_back,
    World.repeat,
    *engaged.DEEDS,
    *owing.DEEDS,
)
