"""What supervisors ask: to take part in talks, to force agents' states, to move who waits."""

from typing import Annotated

import msgspec

from haedap.domain import events
from haedap.domain.ids import AgentId, QueueKey
from haedap.domain.states import AgentState, Supervision
from haedap.engine.requests.asking import AnyContact, Asking, Refused

_FORCED = frozenset({AgentState.AVAILABLE, AgentState.AWAY, AgentState.SIGNED_OUT})


class Supervising(msgspec.Struct, frozen=True):
    """How to take part in a talk; null: not any more."""

    contact: AnyContact
    mode: Supervision | None


class TakingOver(msgspec.Struct, frozen=True):
    """Whose citizen the supervisor wants."""

    contact: AnyContact


class ForcedState(msgspec.Struct, frozen=True):
    """What an agent is to be; `reason` only with away."""

    agent: AgentId
    state: AgentState
    reason: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Moving(msgspec.Struct, frozen=True):
    """Where a waiting contact is to wait."""

    contact: AnyContact
    queue: QueueKey


def supervise(asking: Asking, data: Supervising) -> events.AnyEvent:
    """not_supervisor, not_engaged"""
    supervisor = asking.supervisor()
    if data.mode is not None:
        asking.check_talk(data.contact)
    return events.SupervisionRequested(at=asking.now, supervisor=supervisor, contact=data.contact, mode=data.mode)


def take_over(asking: Asking, data: TakingOver) -> events.AnyEvent:
    """not_supervisor, not_engaged"""
    supervisor = asking.supervisor()
    asking.check_talk(data.contact)
    return events.TakeOverRequested(at=asking.now, supervisor=supervisor, contact=data.contact)


def force_state(asking: Asking, data: ForcedState) -> events.AnyEvent:
    """not_supervisor, malformed, unknown_target, target_signed_out"""
    supervisor = asking.supervisor()
    if data.state not in _FORCED or (data.state is AgentState.AWAY) != bool(data.reason):
        raise Refused("malformed")
    if not asking.is_agent(data.agent):
        raise Refused("unknown_target")
    if asking.duty_of(data.agent) is None:
        raise Refused("target_signed_out")
    return events.AgentStateForced(
        at=asking.now, agent=data.agent, supervisor=supervisor, state=data.state, reason=data.reason
    )


def move_contact(asking: Asking, data: Moving) -> events.AnyEvent:
    """not_supervisor, unknown_target"""
    supervisor = asking.supervisor()
    asking.check_queue(data.queue)
    return events.MoveRequested(at=asking.now, contact=data.contact, supervisor=supervisor, queue=data.queue)
