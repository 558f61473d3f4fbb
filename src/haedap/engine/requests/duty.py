"""What agents ask about themselves: to be on duty, available, away, and how long their wrap-up may last."""

from typing import Annotated

import msgspec

from haedap.domain import events
from haedap.domain.states import AgentState
from haedap.engine.requests.asking import Asking, Refused


class Nothing(msgspec.Struct, frozen=True):
    """No data."""


class Reason(msgspec.Struct, frozen=True):
    """Why an agent is away."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Seconds(msgspec.Struct, frozen=True):
    """How much more time is needed."""

    seconds: Annotated[int, msgspec.Meta(ge=1, le=3600)]


def sign_in(asking: Asking, _data: Nothing) -> events.AnyEvent:
    """unknown_agent"""
    return events.AgentSignedIn(at=asking.now, agent=asking.known_agent())


def sign_out(asking: Asking, _data: Nothing) -> events.AnyEvent:
    """unknown_agent"""
    return events.AgentSignedOut(at=asking.now, agent=asking.known_agent())


def available(asking: Asking, _data: Nothing) -> events.AnyEvent:
    """unknown_agent, signed_out"""
    agent, _duty = asking.agent_on_duty()
    return events.AgentSetAvailable(at=asking.now, agent=agent)


def away(asking: Asking, data: Reason) -> events.AnyEvent:
    """unknown_agent, signed_out"""
    agent, _duty = asking.agent_on_duty()
    return events.AgentSetAway(at=asking.now, agent=agent, reason=data.reason)


def returned(asking: Asking, _data: Nothing) -> events.AnyEvent:
    """unknown_agent, signed_out"""
    agent, _duty = asking.agent_on_duty()
    return events.AgentReturned(at=asking.now, agent=agent)


def extend_wrap_up(asking: Asking, data: Seconds) -> events.AnyEvent:
    """unknown_agent, signed_out, not_in_wrap_up"""
    agent, duty = asking.agent_on_duty()
    if duty.state is not AgentState.WRAP_UP:
        raise Refused("not_in_wrap_up")
    return events.WrapUpExtended(at=asking.now, agent=agent, seconds=data.seconds)
