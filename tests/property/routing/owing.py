"""What citizens, agents and officers do about promises in a simulated world, and what the exchange makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from haedap.domain import events as e
from haedap.domain.decisions import CallCitizen, TakeMessage
from haedap.domain.ids import AgentId, ContactId, PromiseId, QueueKey
from haedap.domain.states import (
    AttemptOutcome,
    Channel,
    ContactState,
    EndedBy,
    PlayOutcome,
    PromiseOutcome,
    PromiseReason,
)
from haedap.domain.targets import Owner, ToAgent, ToOutside, ToQueue
from tests.property.routing.centres import MENU, STRAIGHT

if TYPE_CHECKING:
    from tests.property.routing.world import World

T = TypeVar("T")

CITIZENS = tuple(f"+8210000000{number:02}" for number in range(1, 7))
OWNERS: tuple[Owner, ...] = (
    ToQueue(QueueKey("tax")),
    ToQueue(QueueKey("water")),
    ToQueue(QueueKey("nowhere")),
    ToAgent(AgentId(1)),
    ToAgent(AgentId(3)),
    ToAgent(AgentId(99)),
    ToOutside("2345", name="세무과"),
    ToQueue(QueueKey("tax")),
)
NOT_REACHED = (
    AttemptOutcome.NO_ANSWER,
    AttemptOutcome.BUSY,
    AttemptOutcome.FAILED,
    AttemptOutcome.UNREACHABLE,
    AttemptOutcome.REJECTED,
    AttemptOutcome.REACHED,
)


def call(world: World, decision: CallCitizen) -> None:
    assert decision.offer in world.wire.answered, "no citizen is called for whom no agent is there"
    assert decision.contact not in world.wire.citizens
    world.wire.calling[decision.contact] = None


def take(world: World, decision: TakeMessage) -> None:
    world.taking[decision.contact] = None


def arrive(world: World, whom: int, how: int) -> None:
    """A citizen with a number calls, perhaps again."""
    contact = ContactId(f"contact{world.arrivals}")
    world.arrivals += 1
    world.wire.citizens[contact] = None
    called, caller = (STRAIGHT, MENU)[how % 2], CITIZENS[whom % len(CITIZENS)]
    world.post(e.ContactArrived(at=world.now, contact=contact, channel=Channel.VOICE, called=called, caller=caller))
    if called == MENU and how % 4 == 3 and contact in world.wire.citizens:
        world.post(e.DigitPressed(at=world.now, contact=contact, digit="5"))
        if how % 8 == 7:
            world.post(e.DigitPressed(at=world.now, contact=contact, digit="0"))


def hang_up(world: World, whom: int, how: int) -> None:
    """Who waits or talks is gone: given up, or cut off."""
    live = [contact for contact, case in world.auditor.cases.items() if case.queued]
    contact = _pick([contact for contact in live if contact in world.wire.citizens], whom)
    if contact is not None:
        del world.wire.citizens[contact]
        by = (EndedBy.CITIZEN, EndedBy.LINE, EndedBy.CENTRE)[how % 3]
        world.post(e.CitizenLeft(at=world.now, contact=contact, by=by))


def accept(world: World, whom: int, how: int) -> None:
    """Who waits presses keys that may mean a callback."""
    waiting = [contact for contact, case in world.auditor.cases.items() if case.state is ContactState.WAITING]
    contact = _pick([contact for contact in waiting if contact in world.wire.citizens], whom)
    for digit in ("11", "120212345678#", "10", "1", "11", "12", "7")[how % 7]:
        if contact is not None and contact in world.wire.citizens:
            world.post(e.DigitPressed(at=world.now, contact=contact, digit=digit))


def speak(world: World, whom: int, how: int) -> None:
    """A message is on tape."""
    contact = _pick(list(world.taking), whom)
    if contact is not None:
        del world.taking[contact]
        world.post(e.MessageTaken(at=world.now, contact=contact, seconds=how % 5))


def listen(world: World, whom: int, how: int) -> None:
    """The latest saying of a citizen in a dialogue ends."""
    plays = [play for play in world.plays if play[0] in world.wire.citizens]
    play = _pick(plays[-3:], whom)
    if play is not None:
        world.post(e.PlaybackEnded(at=world.now, contact=play[0], request=play[1], outcome=PlayOutcome.FINISHED))


def reach(world: World, whom: int, how: int) -> None:
    contact = _pick(list(world.wire.calling), whom)
    if contact is not None:
        del world.wire.calling[contact]
        world.wire.citizens[contact] = None
        world.post(e.CitizenReached(at=world.now, contact=contact))


def not_reach(world: World, whom: int, how: int) -> None:
    contact = _pick(list(world.wire.calling), whom)
    if contact is not None:
        del world.wire.calling[contact]
        outcome = NOT_REACHED[how % len(NOT_REACHED)]
        world.post(e.CitizenNotReached(at=world.now, contact=contact, outcome=outcome))


def reach_late(world: World, whom: int, how: int) -> None:
    """A report about a contact that is over, or whose citizen is not being called."""
    contact = _pick([contact for contact in world.auditor.outgoing if contact not in world.wire.calling], whom)
    if contact is not None and contact not in world.wire.citizens:
        report = e.CitizenReached(at=world.now, contact=contact)
        world.post(report if how % 2 else e.CitizenLeft(at=world.now, contact=contact, by=EndedBy.CENTRE))


def work(world: World, whom: int, how: int) -> None:
    """An agent takes what is put to them; if it is a callback, the citizen mostly answers."""
    offer = _pick(list(world.wire.ringing), whom)
    if offer is None:
        return
    contact = world.wire.ringing.pop(offer)
    world.wire.answered[offer] = contact
    world.post(e.OfferAnswered(at=world.now, offer=offer))
    if contact in world.wire.calling:
        (reach if how % 2 else not_reach)(world, list(world.wire.calling).index(contact), how)


def promise(world: World, whom: int, how: int) -> None:
    talking = [contact for contact, case in world.auditor.cases.items() if case.segment_open]
    minutes = (None, 0, 1, 5, 90, None, 1500)[how % 7]
    deadline = (None, 4, 25, None)[how // 7 % 4]
    world.promises += 1
    world.post(
        e.PromiseRequested(
            at=world.now,
            promise=PromiseId(str(UUID(int=world.promises - (how % 11 == 0)))),
            citizen=CITIZENS[whom % len(CITIZENS)],
            owner=OWNERS[how % len(OWNERS)],
            reason=PromiseReason.AGENT,
            due_at=None if minutes is None else world.now + timedelta(minutes=minutes),
            deadline=None if deadline is None else world.now + timedelta(minutes=deadline),
            contact=_pick(talking, whom) if how % 3 == 0 else None,
        )
    )


def write(world: World, whom: int, how: int) -> None:
    world.promises += 1
    queue = (QueueKey("tax"), QueueKey("water"), QueueKey("nowhere"))[how % 3]
    name = PromiseId(str(UUID(int=world.promises)))
    world.post(e.MessageWritten(at=world.now, promise=name, queue=queue, citizen=CITIZENS[whom % len(CITIZENS)]))


def change(world: World, whom: int, how: int) -> None:
    name = _pick(list(world.auditor.debts.open), whom)
    if name is not None:
        later = world.now + timedelta(minutes=how % 30)
        owner = OWNERS[how % len(OWNERS)] if how % 2 else None
        due_at, deadline = (later, None) if how % 3 else (None, later)
        world.post(e.PromiseChanged(at=world.now, promise=name, owner=owner, due_at=due_at, deadline=deadline))


def attempt(world: World, whom: int, how: int) -> None:
    owed = [name for name, debt in world.auditor.debts.open.items() if isinstance(debt.owner, ToOutside)]
    name = _pick(owed if how % 5 else list(world.auditor.debts.open), whom)
    if name is not None:
        outcome = list(AttemptOutcome)[how % len(AttemptOutcome)]
        world.post(e.PromiseAttempted(at=world.now, promise=name, outcome=outcome))


def settle(world: World, whom: int, how: int) -> None:
    name = _pick(list(world.auditor.debts.open), whom)
    if name is not None and how % 3 == 0:
        outcome = list(PromiseOutcome)[how % len(PromiseOutcome)]
        world.post(e.PromiseSettled(at=world.now, promise=name, outcome=outcome))


def settle_again(world: World, whom: int, how: int) -> None:
    name = _pick(list(world.auditor.debts.ended), whom)
    if name is not None:
        world.post(e.PromiseSettled(at=world.now, promise=name, outcome=PromiseOutcome.CANCELLED))


def move(world: World, whom: int, how: int) -> None:
    contact = _pick(list(world.auditor.cases), whom)
    queue = (QueueKey("tax"), QueueKey("water"), QueueKey("tax_vip"), QueueKey("nowhere"))[how % 4]
    if contact is not None:
        supervisor = (AgentId(8), AgentId(9), AgentId(1))[how % 3]
        world.post(e.MoveRequested(at=world.now, contact=contact, supervisor=supervisor, queue=queue))


def wait_long(world: World, whom: int, how: int) -> None:
    """Time passes, deadline by deadline; now and then a day at once."""
    until = world.now + timedelta(minutes=how % 50)
    if how % 16 == 15:
        world.now = until + timedelta(hours=whom % 30)
        world.post(e.TimePassed(at=world.now))
        return
    for _ in range(20):
        at = world.router.next_deadline()
        if at is None or at > until:
            break
        world.now = max(world.now, at)
        world.post(e.TimePassed(at=world.now))


def finish(world: World) -> None:
    """Nothing is owed any more, and nobody is on the line."""
    for contact in list(world.wire.calling):
        del world.wire.calling[contact]
        world.post(e.CitizenNotReached(at=world.now, contact=contact, outcome=AttemptOutcome.BUSY))
    for name in list(world.auditor.debts.open):
        world.post(e.PromiseSettled(at=world.now, promise=name, outcome=PromiseOutcome.CANCELLED))


def _pick(things: Sequence[T], number: int) -> T | None:
    return things[number % len(things)] if things else None


DEEDS: tuple[Callable[[World, int, int], None], ...] = (
    arrive,
    arrive,
    arrive,
    hang_up,
    hang_up,
    accept,
    accept,
    speak,
    speak,
    listen,
    listen,
    reach,
    not_reach,
    not_reach,
    reach_late,
    work,
    work,
    work,
    promise,
    promise,
    promise,
    write,
    change,
    attempt,
    settle,
    settle_again,
    move,
    wait_long,
)
