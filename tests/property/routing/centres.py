"""Small centres for the tests of the router: one to begin with, and what may be made of it in mid-work."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from haedap.domain.ids import AgentId, FlowKey, HoursKey, QueueKey, SkillKey
from haedap.domain.plan import (
    Agent,
    AgentSkill,
    CallbackRules,
    FloodLimits,
    Hours,
    Number,
    Overflow,
    Plan,
    Queue,
    Supervisor,
    Widening,
)
from haedap.flows import parse_week

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
OFFICE = HoursKey("office")
STRAIGHT, MENU, SILENT, FOREIGN = "+82220000120", "+82220000121", "+82220000122", "+82220000999"
NUMBERS = (STRAIGHT, MENU, SILENT, FOREIGN)

TAX, WATER = SkillKey("tax"), SkillKey("water")

_STRAIGHT: dict[str, Any] = {"start": "wait", "steps": {"wait": {"kind": "queue", "queue": "tax"}}}
_MENU: dict[str, Any] = {
    "start": "menu",
    "steps": {
        "menu": {
            "kind": "menu",
            "prompts": ["main_menu"],
            "choices": {"1": "tax", "2": "water", "3": "urgent", "5": "callback", "9": "closed"},
            "otherwise": "water",
            "attempts": 2,
        },
        "tax": {"kind": "queue", "queue": "tax", "prompts": ["connecting"]},
        "water": {"kind": "queue", "queue": "water"},
        "urgent": {"kind": "queue", "queue": "tax", "priority": 5},
        "callback": {"kind": "callback", "queue": "tax", "otherwise": "message"},
        "message": {"kind": "voicemail", "queue": "tax"},
        "closed": {"kind": "announcement", "prompts": ["closed"]},
    },
}
_SILENT: dict[str, Any] = {
    "start": "wait",
    "steps": {"wait": {"kind": "queue", "queue": "tax_vip", "priority": 1, "music": False}},
}


def agent(number: int, *skills: tuple[SkillKey, int]) -> Agent:
    """An agent with these skills and levels."""
    return Agent(
        id=AgentId(number),
        name=f"상담사 {number}",
        endpoint=f"agent-{number}",
        skills=tuple(AgentSkill(skill, level) for skill, level in skills),
    )


SUPERVISORS = (Supervisor(AgentId(8), "desk-8"), Supervisor(AgentId(9), "desk-9"), Supervisor(AgentId(2), "agent-2"))

BASE = Plan(
    version=1,
    supervisors=SUPERVISORS,
    queues=(
        Queue(
            QueueKey("tax"),
            "세금",
            TAX,
            ring_seconds=10,
            wrap_up_seconds=30,
            announce_every_seconds=15,
            callback_offer_seconds=5,
            overflow=(Overflow(QueueKey("water"), longer_than=3), Overflow(QueueKey("water"), after_seconds=90)),
            widening=(Widening(20, WATER),),
        ),
        Queue(QueueKey("tax_vip"), "세금 우선", TAX, ring_seconds=5, wrap_up_seconds=0, reconnect_seconds=8),
        Queue(
            QueueKey("water"),
            "수도",
            WATER,
            ring_seconds=10,
            wrap_up_seconds=10,
            announce_every_seconds=0,
            abandoned_callback=True,
            callback_hours=OFFICE,
            overflow=(Overflow(QueueKey("tax_vip"), nobody=True),),
        ),
    ),
    agents=(
        agent(1, (TAX, 1)),
        agent(2, (TAX, 1), (WATER, 2)),
        agent(3, (TAX, 2), (WATER, 1)),
        agent(4, (WATER, 1)),
        agent(6, (TAX, 1)),
    ),
    numbers=(
        Number(STRAIGHT, FlowKey("straight")),
        Number(MENU, FlowKey("menu")),
        Number(SILENT, FlowKey("silent")),
    ),
    flows={FlowKey("straight"): _STRAIGHT, FlowKey("menu"): _MENU, FlowKey("silent"): _SILENT},
    hours=(Hours(key=OFFICE, week=parse_week([[["09:00", "18:00"]]] * 5 + [[], []])),),
    callbacks=CallbackRules(again_after_minutes=(1,), deadline_minutes=30, escalate_minutes=20),
)


def _edited_menu() -> dict[str, Any]:
    steps = {**_MENU["steps"], "menu": {**_MENU["steps"]["menu"], "prompts": ["new_menu"]}}
    return {**_MENU, "steps": steps}


_WITHOUT_WATER = {
    **_MENU,
    "steps": {
        "menu": {**_MENU["steps"]["menu"], "choices": {"1": "tax"}, "otherwise": "tax"},
        "tax": _MENU["steps"]["tax"],
    },
}

PLANS = (
    BASE,
    msgspec.structs.replace(BASE, version=2, agents=BASE.agents[:2], supervisors=SUPERVISORS[1:]),
    msgspec.structs.replace(
        BASE, version=3, agents=(*BASE.agents[1:4], agent(5, (WATER, 1), (TAX, 3))), queues=BASE.queues[::-1]
    ),
    msgspec.structs.replace(
        BASE,
        version=4,
        queues=BASE.queues[:1],
        numbers=BASE.numbers[:2],
        flows={FlowKey("straight"): _STRAIGHT, FlowKey("menu"): _WITHOUT_WATER},
    ),
    msgspec.structs.replace(
        BASE, version=5, flows={**BASE.flows, FlowKey("menu"): _edited_menu()}, flood=FloodLimits(unknown=3)
    ),
    msgspec.structs.replace(BASE, version=6, flows={FlowKey("straight"): _STRAIGHT}),
    msgspec.structs.replace(
        BASE,
        version=7,
        agents=(agent(1, (WATER, 1)), agent(2, (WATER, 1)), agent(3, (TAX, 1)), agent(4, (TAX, 1), (WATER, 3))),
        queues=(
            Queue(QueueKey("tax"), "세금", WATER, ring_seconds=3, reconnect_seconds=0),
            *BASE.queues[1:],
        ),
    ),
)
