"""Commands: from the row that the web wrote to the event that the router understands, or to a refusal.

* `asking`: who asks, and what must be true of them; `targets`: numbers and people that a call may go to.
* `duty`, `talks`, `supervision`, `promises`: one function for each command; its docstring names its refusals.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from haedap.domain import events
from haedap.domain.ids import AgentId
from haedap.domain.plan import Plan
from haedap.engine.core import Duty
from haedap.engine.requests import duty, promises, supervision, talks
from haedap.engine.requests.asking import Asking, Refused
from haedap.store.commands import Command

__all__ = ["LATE", "Refused", "read_command"]

LATE = timedelta(seconds=30)
"""Nobody who pressed a key longer ago still wants it."""

_COMMANDS: Mapping[str, tuple[type[msgspec.Struct], Callable[[Asking, Any], events.AnyEvent]]] = {
    "sign_in": (duty.Nothing, duty.sign_in),
    "sign_out": (duty.Nothing, duty.sign_out),
    "available": (duty.Nothing, duty.available),
    "away": (duty.Reason, duty.away),
    "returned": (duty.Nothing, duty.returned),
    "extend_wrap_up": (duty.Seconds, duty.extend_wrap_up),
    "control": (talks.Controlled, talks.control),
    "transfer": (talks.Transfer, talks.transfer),
    "consult_step": (talks.Consulting, talks.consult_step),
    "protect": (talks.Protecting, talks.protect),
    "supervise": (supervision.Supervising, supervision.supervise),
    "take_over": (supervision.TakingOver, supervision.take_over),
    "force_state": (supervision.ForcedState, supervision.force_state),
    "move_contact": (supervision.Moving, supervision.move_contact),
    "promise": (promises.Promised, promises.promise),
    "change_promise": (promises.Changed, promises.change_promise),
    "promise_attempt": (promises.Attempted, promises.promise_attempt),
    "settle_promise": (promises.Settled, promises.settle_promise),
    "message_written": (promises.Written, promises.message_written),
}
_NEVER_LATE = frozenset({"promise", "promise_attempt", "settle_promise", "message_written"})
"""What was said stays true, however long the engine was away."""


def read_command(command: Command, plan: Plan | None, duties: Mapping[AgentId, Duty], now: datetime) -> events.AnyEvent:
    """The event that the command asks for, at `now`.

    Raises Refused: late, unknown_command, malformed, and what the command's own function names.
    """
    if now - command.created_at > LATE and command.name not in _NEVER_LATE:
        raise Refused("late")
    known = _COMMANDS.get(command.name)
    if known is None:
        raise Refused("unknown_command")
    shape, read = known
    try:
        data = msgspec.convert(command.data, shape)
    except msgspec.ValidationError:
        raise Refused("malformed") from None
    return read(Asking(agent=command.agent, plan=plan, duties=duties, now=now), data)
