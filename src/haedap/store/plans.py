"""The plan as the centre's tables have it. What is wrong there is left out and reported; it never stops the engine."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from haedap.domain.ids import AgentId, FlowKey, HoursKey, SkillKey
from haedap.domain.plan import (
    Agent,
    AgentSkill,
    FloodLimits,
    Hours,
    Number,
    Plan,
    SpecialDay,
    Supervisor,
)
from haedap.flows import FlowsError, parse_flow, parse_periods, parse_week, with_notice, without_notice
from haedap.store.connection import Connection, passing_errors
from haedap.store.plan_rules import RawRow, built, callback_rules, queues_of

_QUERIES = {
    "settings": "SELECT * FROM centre_settings",
    "queue": "SELECT * FROM queue ORDER BY position, key",
    "queue_overflow": "SELECT * FROM queue_overflow ORDER BY id",
    "queue_widening": "SELECT * FROM queue_widening ORDER BY after_seconds, id",
    "agent": (
        "SELECT id, name, telephone FROM account WHERE is_active"
        " AND (role = 'agent' OR id IN (SELECT account_id FROM agent_skill)) ORDER BY id"
    ),
    "supervisor": (
        "SELECT id, telephone FROM account WHERE is_active AND role IN ('supervisor', 'administrator') ORDER BY id"
    ),
    "agent_skill": "SELECT account_id, skill_id, level FROM agent_skill ORDER BY account_id, level, skill_id",
    "number": "SELECT number, flow_id FROM number ORDER BY number",
    "flow": "SELECT key, definition FROM flow ORDER BY key",
    "hours": "SELECT key, week, open_on_holidays, time_zone FROM hours ORDER BY key",
    "special_day": "SELECT hours_id, day, name, periods FROM special_day ORDER BY hours_id, day",
    "prompt": "SELECT key FROM prompt",
    "pin": "SELECT prompt, flows FROM radar_pin WHERE on_air ORDER BY id",
}


class LoadedPlan(msgspec.Struct, frozen=True):
    """A plan that can be worked with, and one sentence for each row that was left out or kept as it was."""

    plan: Plan
    problems: tuple[str, ...] = ()


async def load_plan(connection: Connection, previous: Plan | None) -> LoadedPlan:
    """The plan of the tables now. A flow that cannot run keeps the form it has in `previous`.

    Raises StoreUnavailableError.
    """
    tables: dict[str, list[RawRow]] = {}
    with passing_errors():
        async with connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for name, query in _QUERIES.items():
                cursor = await connection.execute(f"SELECT to_jsonb(t) FROM ({query}) t")  # noqa: S608 - own constants
                tables[name] = [row[0] for row in await cursor.fetchall()]
    return build_plan(tables, previous)


def build_plan(tables: dict[str, list[RawRow]], previous: Plan | None) -> LoadedPlan:
    """The plan of these rows, by table name."""
    problems: list[str] = []
    special_days = _special_days(tables["special_day"], problems)
    hours = built("hours", tables["hours"], lambda row: _hours(row, special_days), problems)
    queues = queues_of(tables, {item.key for item in hours}, problems)
    known = _Known(
        queues=frozenset(queue.key for queue in queues),
        hours=frozenset(item.key for item in hours),
        prompts=frozenset(row["key"] for row in tables["prompt"]),
    )
    flows = _flows(tables["flow"], known, previous, problems)
    _put_notices(flows, tables["pin"], known, problems)
    skills: dict[int, list[AgentSkill]] = {}
    for row in tables["agent_skill"]:
        skills.setdefault(row["account_id"], []).append(AgentSkill(SkillKey(row["skill_id"]), row["level"]))
    agents = built("account", tables["agent"], lambda row: _agent(row, skills), problems)
    numbers = built("number", tables["number"], lambda row: _number(row, flows), problems)
    settings = tables["settings"][0] if tables["settings"] else {}
    plan = Plan(
        version=settings.get("plan_version", 1),
        queues=queues,
        agents=tuple(agents),
        numbers=tuple(numbers),
        hours=tuple(hours),
        flows=flows,
        supervisors=tuple(Supervisor(AgentId(row["id"]), _endpoint(row)) for row in tables["supervisor"]),
        callbacks=callback_rules(settings, problems),
        calls_abroad=settings.get("calls_abroad", False),
        flood=_flood(settings),
    )
    return LoadedPlan(plan, tuple(problems))


def _flood(settings: RawRow) -> FloodLimits:
    """No limit while nobody has saved settings: such a centre has no number yet."""
    return FloodLimits(settings.get("calls_per_minute", 0), settings.get("unknown_calls_per_minute", 0))


def same_rules(one: Plan | None, other: Plan) -> bool:
    """Whether the two say the same, whatever their versions."""
    return one is not None and msgspec.structs.replace(one, version=other.version) == other


class _Known(msgspec.Struct, frozen=True):
    queues: frozenset[str]
    hours: frozenset[str]
    prompts: frozenset[str]

    def refusal(self, key: FlowKey, definition: object) -> str:
        """Why this flow cannot run; empty when it can."""
        try:
            parse_flow(key, definition, queues=self.queues, hours=self.hours, prompts=self.prompts)
        except FlowsError as error:
            return str(error)
        return ""


def _special_days(rows: Iterable[RawRow], problems: list[str]) -> dict[str, list[SpecialDay]]:
    found: dict[str, list[SpecialDay]] = {}
    for row in rows:
        try:
            day = msgspec.convert({"day": row["day"], "name": row["name"]}, SpecialDay)
            day = msgspec.structs.replace(day, periods=parse_periods(row["periods"]))
        except (FlowsError, msgspec.ValidationError) as error:
            problems.append(f"special_day {row['day']} of {row['hours_id']} is left out: {error}")
            continue
        found.setdefault(row["hours_id"], []).append(day)
    return found


def _hours(row: RawRow, special_days: dict[str, list[SpecialDay]]) -> Hours:
    ZoneInfo(row["time_zone"])
    return Hours(
        key=HoursKey(row["key"]),
        week=parse_week(row["week"]),
        special_days=tuple(special_days.get(row["key"], ())),
        open_on_holidays=row["open_on_holidays"],
        time_zone=row["time_zone"],
    )


def _flows(
    rows: Iterable[RawRow], known: _Known, previous: Plan | None, problems: list[str]
) -> dict[FlowKey, dict[str, Any]]:
    flows: dict[FlowKey, dict[str, Any]] = {}
    for row in rows:
        key = FlowKey(row["key"])
        refusal = known.refusal(key, row["definition"])
        if not refusal:
            flows[key] = row["definition"]
            continue
        before = previous.flows.get(key) if previous else None
        before = without_notice(before) if before else None
        if before is not None and not known.refusal(key, before):
            flows[key] = before
            problems.append(f"flow {key} stays as it was: {refusal}")
        else:
            problems.append(f"flow {key} is left out: {refusal}")
    return flows


def _put_notices(
    flows: dict[FlowKey, dict[str, Any]], pins: Iterable[RawRow], known: _Known, problems: list[str]
) -> None:
    """Before the flows that are named, what is pinned there; a flow that could not run with it goes without."""
    prompts: dict[FlowKey, list[str]] = {}
    for pin in pins:
        for flow in pin["flows"]:
            prompts.setdefault(FlowKey(flow), []).append(pin["prompt"])
    for key in prompts.keys() & flows.keys():
        noticed = with_notice(flows[key], prompts[key])
        refusal = known.refusal(key, noticed)
        if refusal:
            problems.append(f"flow {key} goes without its pinned announcement: {refusal}")
        else:
            flows[key] = noticed


def _agent(row: RawRow, skills: dict[int, list[AgentSkill]]) -> Agent:
    return Agent(
        id=AgentId(row["id"]),
        name=row["name"],
        endpoint=_endpoint(row),
        skills=tuple(skills.get(row["id"], ())),
    )


def _endpoint(row: RawRow) -> str:
    """The telephone of an account, by the name that the voice channel knows."""
    prefix = "desk" if row["telephone"] == "desk" else "agent"
    return f"{prefix}-{row['id']}"


def _number(row: RawRow, flows: dict[FlowKey, dict[str, Any]]) -> Number:
    if row["flow_id"] not in flows:
        raise ValueError(f"its flow {row['flow_id']} cannot run")
    return Number(row["number"], FlowKey(row["flow_id"]))
