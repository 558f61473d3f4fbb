"""A snapshot: everything that a router knows, as one value that travels as JSON."""

import copy
from collections.abc import Iterable
from datetime import datetime

import msgspec

from haedap.domain.ids import AgentId, PromiseId
from haedap.domain.plan import Plan
from haedap.domain.states import AgentState, ContactState
from haedap.routing.errors import SnapshotFormatUnknown
from haedap.routing.floor import LONG_AGO, Floor, restore_deadlines
from haedap.routing.plans import PlanInUse, read_plan
from haedap.routing.records import (
    AgentRecord,
    ClosedRecord,
    ContactRecord,
    GoneRecord,
    PromiseRecord,
    QueueRecord,
)

FORMAT = 2


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a router between two events; it shares nothing with that router. `format`: of these records."""

    format: int = FORMAT
    now: datetime
    orders: int
    plan: Plan | None
    contacts: tuple[ContactRecord, ...]
    agents: tuple[AgentRecord, ...]
    queues: tuple[QueueRecord, ...]
    closed: tuple[ClosedRecord, ...]
    registered: tuple[AgentId, ...]
    promises: tuple[PromiseRecord, ...] = ()
    settled: dict[PromiseId, datetime] = msgspec.field(default_factory=dict)
    gone: tuple[GoneRecord, ...] = ()
    calls_minute: datetime = LONG_AGO
    calls: dict[str, int] = msgspec.field(default_factory=dict)
    exchange: str = ""


def take(floor: Floor) -> Snapshot:
    """What the floor knows, between two events."""
    return Snapshot(
        now=floor.now,
        orders=floor.orders,
        plan=floor.plan.plan,
        contacts=_contacts(floor.contacts.values()),
        agents=_agents(floor.agents.values()),
        queues=_queues(floor.queues.values()),
        closed=tuple(map(copy.copy, floor.closed.values())),
        registered=tuple(floor.registered),
        promises=tuple(map(copy.copy, floor.promises.values())),
        settled=dict(floor.settled),
        gone=tuple(floor.gone.values()),
        calls_minute=floor.calls_minute,
        calls=dict(floor.calls),
        exchange=floor.exchange,
    )


def build(snapshot: Snapshot) -> Floor:
    """The floor that the snapshot was taken of. Raises `SnapshotFormatUnknown`."""
    if snapshot.format != FORMAT:
        raise SnapshotFormatUnknown(f"snapshot of format {snapshot.format}, this version reads {FORMAT}")
    floor = Floor()
    floor.now, floor.orders = snapshot.now, snapshot.orders
    floor.plan = PlanInUse.none() if snapshot.plan is None else read_plan(snapshot.plan)
    floor.contacts = {contact.id: contact for contact in _contacts(snapshot.contacts)}
    floor.agents = {agent.id: agent for agent in _agents(snapshot.agents)}
    floor.queues = {queue.rules.key: queue for queue in _queues(snapshot.queues)}
    floor.closed = {closed.id: copy.copy(closed) for closed in snapshot.closed}
    floor.registered = dict.fromkeys(snapshot.registered)
    floor.promises = {promise.id: copy.copy(promise) for promise in snapshot.promises}
    floor.owed = {promise.debtor: promise.id for promise in floor.promises.values()}
    floor.settled = dict(snapshot.settled)
    floor.gone = {gone.caller: gone for gone in snapshot.gone}
    floor.calls_minute, floor.calls = snapshot.calls_minute, dict(snapshot.calls)
    floor.exchange = snapshot.exchange
    for contact in floor.contacts.values():
        if contact.watch is not None:
            floor.supervising[contact.watch.leg.agent] = contact.id
    _fill_index(floor)
    restore_deadlines(floor)
    return floor


def _fill_index(floor: Floor) -> None:
    floor.index_queues()
    for contact in floor.contacts.values():
        if contact.state is ContactState.WAITING:
            floor.index.add_waiting(contact)
    for agent in floor.agents.values():
        if agent.state is not AgentState.SIGNED_OUT:
            floor.index.add_staff(agent)
        if agent.idle:
            floor.index.add_idle(agent)


def _contacts(records: Iterable[ContactRecord]) -> tuple[ContactRecord, ...]:
    copies = tuple(map(copy.copy, records))
    for record in copies:
        record.leg, record.consult = copy.copy(record.leg), copy.copy(record.consult)
        record.transfer, record.watch = copy.copy(record.transfer), copy.copy(record.watch)
        if record.watch is not None:
            record.watch.leg = copy.copy(record.watch.leg)
    return copies


def _agents(records: Iterable[AgentRecord]) -> tuple[AgentRecord, ...]:
    copies = tuple(map(copy.copy, records))
    for record in copies:
        record.levels, record.cooling = dict(record.levels), dict(record.cooling)
        record.faults = list(record.faults)
    return copies


def _queues(records: Iterable[QueueRecord]) -> tuple[QueueRecord, ...]:
    copies = tuple(map(copy.copy, records))
    for record in copies:
        record.answers = list(record.answers)
    return copies
