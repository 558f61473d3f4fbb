"""What is asked about callback promises, by people at work here and by officers, who have no desk."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from haedap.domain import events
from haedap.domain.ids import QueueKey
from haedap.domain.states import AttemptOutcome, PromiseOutcome, PromiseReason
from haedap.domain.targets import Owner
from haedap.engine.requests.asking import AnyContact, AnyPromise, Asking, Refused
from haedap.engine.requests.targets import check_citizen, check_target

_BY_PEOPLE = frozenset({PromiseReason.AGENT, PromiseReason.OFFICER})
"""The other reasons are the router's own."""
_SETTLED = frozenset({PromiseOutcome.KEPT, PromiseOutcome.CANCELLED, PromiseOutcome.RESOLVED})
_FURTHEST = timedelta(days=366)
_Time = Annotated[datetime, msgspec.Meta(tz=True)]
_Citizen = Annotated[str, msgspec.Meta(max_length=16)]


class Promised(msgspec.Struct, frozen=True):
    """A new promise; times null: by the rules."""

    promise: AnyPromise
    citizen: _Citizen
    owner: Owner
    reason: PromiseReason
    due_at: _Time | None = None
    deadline: _Time | None = None
    contact: AnyContact | None = None


class Changed(msgspec.Struct, frozen=True):
    """What is to be different; null: nothing of it."""

    promise: AnyPromise
    owner: Owner | None = None
    due_at: _Time | None = None
    deadline: _Time | None = None


class Attempted(msgspec.Struct, frozen=True):
    """What became of an officer's call."""

    promise: AnyPromise
    outcome: AttemptOutcome


class Settled(msgspec.Struct, frozen=True):
    """How it ended."""

    promise: AnyPromise
    outcome: PromiseOutcome


class Written(msgspec.Struct, frozen=True):
    """A citizen wrote; the text stays with whoever took it."""

    promise: AnyPromise
    queue: QueueKey
    citizen: _Citizen


def promise(asking: Asking, data: Promised) -> events.AnyEvent:
    """unknown_agent, malformed, number_not_allowed, unknown_target, bad_times"""
    agent = asking.colleague()
    if data.reason not in _BY_PEOPLE:
        raise Refused("malformed")
    check_citizen(asking, data.citizen)
    check_target(asking, data.owner)
    _check_times(asking.now, data.due_at, data.deadline)
    return events.PromiseRequested(
        at=asking.now,
        promise=data.promise,
        citizen=data.citizen,
        owner=data.owner,
        reason=data.reason,
        due_at=data.due_at,
        deadline=data.deadline,
        agent=agent,
        contact=data.contact,
    )


def change_promise(asking: Asking, data: Changed) -> events.AnyEvent:
    """unknown_agent, malformed, number_not_allowed, unknown_target, bad_times"""
    agent = asking.colleague()
    if data.owner is None and data.due_at is None and data.deadline is None:
        raise Refused("malformed")
    if data.owner is not None:
        check_target(asking, data.owner)
    _check_times(asking.now, data.due_at, data.deadline)
    return events.PromiseChanged(
        at=asking.now,
        promise=data.promise,
        agent=agent,
        owner=data.owner,
        due_at=data.due_at,
        deadline=data.deadline,
    )


def promise_attempt(asking: Asking, data: Attempted) -> events.AnyEvent:
    """An officer says it, whom the web let in."""
    return events.PromiseAttempted(at=asking.now, promise=data.promise, outcome=data.outcome)


def settle_promise(asking: Asking, data: Settled) -> events.AnyEvent:
    """unknown_agent, malformed. Without an agent: an officer says it."""
    agent = asking.colleague() if asking.agent is not None else None
    if data.outcome not in _SETTLED:
        raise Refused("malformed")
    return events.PromiseSettled(at=asking.now, promise=data.promise, outcome=data.outcome, agent=agent)


def message_written(asking: Asking, data: Written) -> events.AnyEvent:
    """unknown_target, malformed, number_not_allowed"""
    asking.check_queue(data.queue)
    check_citizen(asking, data.citizen)
    return events.MessageWritten(at=asking.now, promise=data.promise, queue=data.queue, citizen=data.citizen)


def _check_times(now: datetime, due_at: datetime | None, deadline: datetime | None) -> None:
    """bad_times: over already, too far away, or due only after it is owed."""
    if any(time is not None and time > now + _FURTHEST for time in (due_at, deadline)):
        raise Refused("bad_times")
    if deadline is not None and (deadline <= now or (due_at is not None and due_at > deadline)):
        raise Refused("bad_times")
