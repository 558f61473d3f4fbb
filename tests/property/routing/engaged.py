"""What agents and supervisors do to a talk in a simulated world: transfers, consultations, protection, supervision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from haedap.domain import events as e
from haedap.domain.ids import AgentId, ContactId, OfferId, OfficerId, QueueKey
from haedap.domain.states import (
    AgentState,
    ConsultStep,
    ContactState,
    EndedBy,
    OfferOutcome,
    PlayOutcome,
    ProtectionStep,
    Supervision,
    TransferMode,
)
from haedap.domain.targets import Target, ToAgent, ToOutside, ToQueue

if TYPE_CHECKING:
    from tests.property.routing.world import World

T = TypeVar("T")

TARGETS: tuple[Target, ...] = (
    *(ToAgent(AgentId(number)) for number in (1, 2, 3, 4, 6, 7)),
    ToQueue(QueueKey("tax")),
    ToQueue(QueueKey("water")),
    ToQueue(QueueKey("nowhere")),
    ToOutside("2345", OfficerId(1), "세무과"),
    ToOutside("+8220000199"),
)
SUPERVISORS = (AgentId(8), AgentId(9), AgentId(2), AgentId(1))
STATES = (AgentState.AVAILABLE, AgentState.AWAY, AgentState.SIGNED_OUT, AgentState.ENGAGED)

FAILURES = (
    OfferOutcome.REJECTED,
    OfferOutcome.NO_ANSWER,
    OfferOutcome.REJECTED,
    OfferOutcome.UNREACHABLE,
    OfferOutcome.FAILED,
    OfferOutcome.REFUSED,
)


def talks(world: World) -> list[ContactId]:
    return [contact for contact, case in world.auditor.cases.items() if case.segment_open]


def transfer(world: World, whom: int, how: int) -> None:
    contact = _pick(talks(world), whom)
    if contact is None:
        return
    agent = world.auditor.cases[contact].agent if how % 13 else AgentId(1 + whom % 6)
    _request(world, contact, agent or AgentId(1), list(TransferMode)[how % 2], TARGETS[how % len(TARGETS)])


def consult_somebody_free(world: World, whom: int, how: int) -> None:
    """The agent consults; mostly the consulted answers, and a step is made."""
    contact = _pick(talks(world), whom)
    agent = None if contact is None else world.auditor.cases[contact].agent
    if contact is None or agent is None:
        return
    free = _free(world)
    targets: tuple[Target, ...] = (*free, ToOutside("2345", OfficerId(1)))
    target = _pick(targets, how)
    _request(world, contact, agent, TransferMode.CONSULT, target or TARGETS[-1])
    if how % 3 == 0:
        fail_beside(world, -1, how // 3)
        return
    answer_beside(world, -1, how)
    if how % 2:
        step(world, whom, how // 2)


def blind_to_somebody_free(world: World, whom: int, how: int) -> None:
    contact = _pick(talks(world), whom)
    agent = None if contact is None else world.auditor.cases[contact].agent
    free = _free(world)
    targets: tuple[Target, ...] = (*free, TARGETS[-1], ToQueue(QueueKey("tax")))
    target = _pick(targets, how)
    if contact is not None and agent is not None and target is not None:
        _request(world, contact, agent, TransferMode.BLIND, target)
        if how % 3 == 0:
            world.fail(-1, how // 3)


def who_is_asked_declines(world: World, whom: int, how: int) -> None:
    """A colleague has something else to do."""
    contact, target = _pick(talks(world), whom), _pick(_free(world), how)
    agent = None if contact is None else world.auditor.cases[contact].agent
    if contact is not None and agent is not None and target is not None:
        _request(world, contact, agent, list(TransferMode)[how % 2], target)
        offer = _pick(list(world.wire.ringing), -1)
        if offer is not None:
            world.wire.end_leg(offer)
            world.post(e.OfferFailed(at=world.now, offer=offer, outcome=OfferOutcome.REJECTED))


def _free(world: World) -> list[ToAgent]:
    people = world.auditor.people.items()
    return [ToAgent(number) for number, one in people if one.state is AgentState.AVAILABLE and one.reachable]


def _request(world: World, contact: ContactId, agent: AgentId, mode: TransferMode, target: Target) -> None:
    spoken = "세무과에 여쭙는 시민입니다." if len(world.journal) % 3 == 0 else ""
    world.post(
        e.TransferRequested(
            at=world.now, agent=agent, contact=contact, mode=mode, target=target, brief="b", announcement=spoken
        )
    )


def answer_beside(world: World, whom: int, how: int) -> None:
    """Somebody who is consulted, an officer or a supervisor answers."""
    offer = _pick(_beside(world, ringing=True), whom)
    if offer is not None:
        world.wire.answered[offer] = world.wire.ringing.pop(offer)
        world.post(e.OfferAnswered(at=world.now, offer=offer))


def end_beside(world: World, whom: int, how: int) -> None:
    """They hang up, or are lost."""
    offer = _pick(_beside(world, ringing=False), whom)
    if offer is not None:
        world.wire.end_leg(offer)
        by = (EndedBy.AGENT, EndedBy.OFFICER, EndedBy.LINE)[how % 3]
        world.post(e.AgentLegEnded(at=world.now, offer=offer, by=by))


def _beside(world: World, *, ringing: bool) -> list[OfferId]:
    legs = world.wire.ringing if ringing else world.wire.answered
    return [offer for offer in legs if offer in world.auditor.side]


def step(world: World, whom: int, how: int) -> None:
    consulting = [contact for contact in talks(world) if world.auditor.cases[contact].transfer is not None]
    contact = _pick(consulting or talks(world), whom)
    if contact is not None:
        agent = world.auditor.cases[contact].agent if how % 11 else AgentId(1 + whom % 6)
        wanted = list(ConsultStep)[how % len(ConsultStep)]
        world.post(e.ConsultStepped(at=world.now, agent=agent or AgentId(1), contact=contact, step=wanted))


def protect(world: World, whom: int, how: int) -> None:
    contact = _pick(talks(world), whom)
    if contact is None:
        return
    case = world.auditor.cases[contact]
    taken = list(ProtectionStep)[len(case.steps) % 3] if how % 5 else list(ProtectionStep)[how % 3]
    kind = "threat" if how % 7 == 0 else "insult"
    world.post(e.Protected(at=world.now, agent=case.agent or AgentId(1), contact=contact, step=taken, kind=kind))


def abuse(world: World, whom: int, how: int) -> None:
    """Step after step, as far as the agent goes."""
    contact = _pick(talks(world), whom)
    agent = None if contact is None else world.auditor.cases[contact].agent
    if contact is not None and agent is not None:
        for taken in list(ProtectionStep)[: 1 + how % 3]:
            world.post(e.Protected(at=world.now, agent=agent, contact=contact, step=taken, kind="insult"))


def fail_beside(world: World, whom: int, how: int) -> None:
    """Whom somebody wants to have in the talk declines, or cannot be reached."""
    offer = _pick(_beside(world, ringing=True), whom)
    if offer is not None:
        world.wire.end_leg(offer)
        outcome = FAILURES[how % len(FAILURES)]
        world.post(e.OfferFailed(at=world.now, offer=offer, outcome=outcome))


def supervise(world: World, whom: int, how: int) -> None:
    contact = _pick(talks(world) if how % 5 else list(world.auditor.cases), whom)
    if contact is not None:
        mode = (*Supervision, *Supervision, None)[how % 7]
        supervisor = _supervisor(world, contact, whom, how)
        world.post(e.SupervisionRequested(at=world.now, supervisor=supervisor, contact=contact, mode=mode))
        answer_beside(world, whom, how)


def take_over(world: World, whom: int, how: int) -> None:
    contact = _pick(talks(world), whom)
    if contact is not None:
        supervisor = _supervisor(world, contact, whom, how)
        world.post(e.TakeOverRequested(at=world.now, supervisor=supervisor, contact=contact))


def _supervisor(world: World, contact: ContactId, whom: int, how: int) -> AgentId:
    """Mostly who is there already."""
    there = world.auditor.cases[contact].supervisor
    return there if there is not None and how % 3 else SUPERVISORS[(whom + how) % len(SUPERVISORS)]


def force(world: World, whom: int, how: int) -> None:
    state = STATES[how % len(STATES)]
    supervisor = SUPERVISORS[whom % len(SUPERVISORS)]
    agent = AgentId(1 + whom % 7)
    world.post(e.AgentStateForced(at=world.now, agent=agent, supervisor=supervisor, state=state, reason="meeting"))


def announcement_ends(world: World, whom: int, how: int) -> None:
    """What was said last has been said."""
    if world.plays:
        contact, request = world.plays[-1 - whom % min(2, len(world.plays))]
        outcome = PlayOutcome.FINISHED
        world.post(e.PlaybackEnded(at=world.now, contact=contact, request=request, outcome=outcome))


def forwarded_citizen_leaves(world: World, whom: int, how: int) -> None:
    forwarded = [c for c, case in world.auditor.cases.items() if case.state is ContactState.FORWARDED]
    contact = _pick(forwarded, whom)
    if contact is not None and contact in world.wire.citizens:
        del world.wire.citizens[contact]
        world.post(e.CitizenLeft(at=world.now, contact=contact))


def _pick(things: Sequence[T], number: int) -> T | None:
    return things[number % len(things)] if things else None


DEEDS: tuple[Callable[[World, int, int], None], ...] = (
    transfer,
    transfer,
    consult_somebody_free,
    consult_somebody_free,
    blind_to_somebody_free,
    who_is_asked_declines,
    who_is_asked_declines,
    answer_beside,
    answer_beside,
    end_beside,
    end_beside,
    step,
    step,
    fail_beside,
    fail_beside,
    protect,
    abuse,
    supervise,
    supervise,
    take_over,
    force,
    announcement_ends,
    announcement_ends,
    forwarded_citizen_leaves,
)
