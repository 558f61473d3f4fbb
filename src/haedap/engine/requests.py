"""Commands of agents: from the row that the web wrote to the event that the router understands, or to a refusal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from haedap.domain import events
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.plan import Plan
from haedap.domain.states import AgentState, Control
from haedap.engine.core import Duty
from haedap.store.commands import Command

LATE = timedelta(seconds=30)
"""Nobody who pressed a key longer ago still wants it."""


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """The command is not carried out; `code` says why, for the web to put in words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Nothing(msgspec.Struct, frozen=True):
    pass


class _Reason(msgspec.Struct, frozen=True):
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class _Seconds(msgspec.Struct, frozen=True):
    seconds: Annotated[int, msgspec.Meta(ge=1, le=3600)]


class _Control(msgspec.Struct, frozen=True):
    contact: ContactId
    control: Control
    digits: Annotated[str, msgspec.Meta(max_length=32, pattern=r"^[0-9*#A-D]*\Z")] = ""


_DATA: Mapping[str, type[msgspec.Struct]] = {
    "sign_in": _Nothing,
    "sign_out": _Nothing,
    "available": _Nothing,
    "away": _Reason,
    "extend_wrap_up": _Seconds,
    "returned": _Nothing,
    "control": _Control,
}


def read_command(command: Command, plan: Plan | None, duties: Mapping[AgentId, Duty], now: datetime) -> events.AnyEvent:
    """The event that the command asks for, at `now`.

    Raises Refused: late, unknown_command, malformed, unknown_agent, signed_out, not_in_wrap_up, not_theirs,
    not_engaged.
    """
    if now - command.created_at > LATE:
        raise Refused("late")
    shape = _DATA.get(command.name)
    if shape is None:
        raise Refused("unknown_command")
    try:
        data = msgspec.convert(command.data, shape)
    except msgspec.ValidationError:
        raise Refused("malformed") from None
    agent = command.agent
    known = plan is not None and any(agent == member.id for member in plan.agents)
    duty = duties.get(agent) if agent is not None else None
    if agent is None or not (known or (duty and duty.state is not AgentState.SIGNED_OUT)):
        raise Refused("unknown_agent")
    if command.name == "sign_in":
        return events.AgentSignedIn(at=now, agent=agent)
    if command.name == "sign_out":
        return events.AgentSignedOut(at=now, agent=agent)
    if duty is None or duty.state is AgentState.SIGNED_OUT:
        raise Refused("signed_out")
    return _event_on_duty(command.name, data, agent, duty, now)


def _event_on_duty(name: str, data: Any, agent: AgentId, duty: Duty, now: datetime) -> events.AnyEvent:
    match name:
        case "available":
            return events.AgentSetAvailable(at=now, agent=agent)
        case "away":
            return events.AgentSetAway(at=now, agent=agent, reason=data.reason)
        case "returned":
            return events.AgentReturned(at=now, agent=agent)
        case "extend_wrap_up":
            if duty.state is not AgentState.WRAP_UP:
                raise Refused("not_in_wrap_up")
            return events.WrapUpExtended(at=now, agent=agent, seconds=data.seconds)
    return _control(data, agent, duty, now)


def _control(data: _Control, agent: AgentId, duty: Duty, now: datetime) -> events.ControlRequested:
    if duty.contact != data.contact:
        raise Refused("not_theirs")
    if duty.state is not AgentState.ENGAGED:
        raise Refused("not_engaged")
    if (data.control is Control.SEND_DIGITS) != bool(data.digits):
        raise Refused("malformed")
    return events.ControlRequested(at=now, agent=agent, contact=data.contact, control=data.control, digits=data.digits)
