"""The plan made ready for use: looked up by key, flows read and checked."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from haedap.domain.ids import AgentId, FlowKey, HoursKey
from haedap.domain.plan import Hours, Plan, Supervisor
from haedap.flows import Flow, FlowInvalid, parse_flow


class PlanInUse(NamedTuple):
    """A plan and its look-up tables. `flows` and `hours` hold only what can run."""

    plan: Plan | None
    numbers: dict[str, FlowKey]
    flows: dict[FlowKey, Flow]
    hours: dict[HoursKey, Hours]
    supervisors: dict[AgentId, Supervisor]

    @classmethod
    def none(cls) -> "PlanInUse":
        """Before the first plan."""
        return cls(None, {}, {}, {}, {})

    def flow_of(self, number: str) -> Flow | None:
        """The flow that answers the number; None when there is none that can run."""
        key = self.numbers.get(number)
        return None if key is None else self.flows.get(key)


def read_plan(plan: Plan) -> PlanInUse:
    """The plan in use. Flows and hours that cannot run are left out: their numbers are refused, the rest goes on."""
    hours = {hours.key: hours for hours in plan.hours if _can_run(hours)}
    queues = {queue.key for queue in plan.queues}
    flows = {}
    for key, definition in plan.flows.items():
        try:
            flows[key] = parse_flow(key, definition, queues=queues, hours=hours)
        except FlowInvalid:
            continue
    return PlanInUse(
        plan,
        {number.number: number.flow for number in plan.numbers},
        flows,
        hours,
        {supervisor.id: supervisor for supervisor in plan.supervisors},
    )


def _can_run(hours: Hours) -> bool:
    try:
        ZoneInfo(hours.time_zone)
    except (KeyError, ValueError, OSError):
        return False
    return len(hours.week) == 7
