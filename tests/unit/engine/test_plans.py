"""The plan of the tables: what is wrong there is left out and said, and never stops the rest."""

from __future__ import annotations

from typing import Any

import pytest

from haedap.domain.ids import AgentId, FlowKey, QueueKey, SkillKey
from haedap.domain.plan import CallbackRules, Overflow, Plan, Supervisor, Widening
from haedap.store.plans import build_plan, same_rules

FLOW = {
    "start": "wait",
    "steps": {"wait": {"kind": "queue", "queue": "tax", "priority": 0, "prompts": [], "music": True}},
}


def _tables() -> dict[str, list[dict[str, Any]]]:
    seconds = {"ring_seconds": 20, "wrap_up_seconds": 60, "service_level_seconds": 20}
    seconds |= {"rest_seconds": 300, "notice_seconds": 0, "end_seconds": 1200}
    callbacks = {"callback_offer_seconds": 90, "callback_hours_id": "main", "abandoned_callback": True}
    return {
        "settings": [
            {
                "plan_version": 7,
                "calls_per_minute": 9,
                "unknown_calls_per_minute": 0,
                "callback_again_minutes": [5, 30],
                "callback_deadline_minutes": 240,
                "callback_escalate_minutes": 20,
                "callback_ring_seconds": 25,
                "redial_minutes": 0,
                "calls_abroad": True,
            }
        ],
        "queue": [
            {"key": "tax", "name": "세금", "skill_id": "tax", "announce_every_seconds": 45, "reconnect_seconds": 30}
            | seconds
            | callbacks,
            {"key": "water", "name": "수도", "skill_id": "water", "announce_every_seconds": 45, "reconnect_seconds": 30}
            | seconds
            | {"callback_offer_seconds": None, "callback_hours_id": None, "abandoned_callback": False},
        ],
        "queue_overflow": [
            {
                "id": 5,
                "queue_id": "tax",
                "to_queue": "water",
                "after_seconds": 120,
                "longer_than": None,
                "nobody": True,
            }
        ],
        "queue_widening": [{"id": 6, "queue_id": "tax", "after_seconds": 60, "skill_id": "general"}],
        "supervisor": [{"id": 8, "telephone": "browser"}, {"id": 9, "telephone": "desk"}],
        "agent": [
            {"id": 1, "name": "상담사", "telephone": "browser"},
            {"id": 2, "name": "상담사", "telephone": "desk"},
        ],
        "agent_skill": [
            {"account_id": 1, "skill_id": "tax", "level": 1},
            {"account_id": 1, "skill_id": "water", "level": 2},
        ],
        "number": [{"number": "+82200000120", "flow_id": "main"}],
        "flow": [{"key": "main", "definition": FLOW}],
        "hours": [
            {"key": "main", "week": [[["09:00", "18:00"]]] * 7, "open_on_holidays": False, "time_zone": "Asia/Seoul"}
        ],
        "special_day": [{"hours_id": "main", "day": "2026-12-31", "name": "종무식", "periods": [["09:00", "12:00"]]}],
        "prompt": [],
        "pin": [],
    }


def test_a_right_centre_is_taken_whole() -> None:
    loaded = build_plan(_tables(), None)
    plan = loaded.plan
    assert loaded.problems == ()
    assert plan.version == 7
    assert [agent.endpoint for agent in plan.agents] == ["agent-1", "desk-2"]
    assert [(skill.skill, skill.level) for skill in plan.agents[0].skills] == [("tax", 1), ("water", 2)]
    assert [special.name for special in plan.hours[0].special_days] == ["종무식"]
    assert plan.flows == {"main": FLOW}
    assert plan.supervisors == (Supervisor(AgentId(8), "agent-8"), Supervisor(AgentId(9), "desk-9"))
    assert plan.calls_abroad


def test_the_rules_of_queues_and_callbacks_are_taken() -> None:
    plan = build_plan(_tables(), None).plan
    tax, water = plan.queues
    assert tax.overflow == (Overflow(QueueKey("water"), after_seconds=120, nobody=True),)
    assert tax.widening == (Widening(60, SkillKey("general")),)
    assert (tax.callback_offer_seconds, tax.callback_hours, tax.abandoned_callback) == (90, "main", True)
    assert (tax.rest_seconds, tax.notice_seconds, tax.end_seconds) == (300, 0, 1200)
    assert (water.overflow, water.widening, water.callback_offer_seconds, water.callback_hours) == ((), (), None, None)
    assert plan.callbacks == CallbackRules(
        again_after_minutes=(5, 30), deadline_minutes=240, escalate_minutes=20, ring_seconds=25, redial_minutes=0
    )


def test_hours_that_cannot_be_used_leave_the_queue_in_place_and_are_said() -> None:
    tables = _tables()
    tables["hours"] = []
    loaded = build_plan(tables, None)
    assert loaded.plan.queues[0].callback_hours is None
    assert loaded.problems == ("queue tax calls back at any time: its hours main cannot be used",)


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("queue", {"ring_seconds": 0}, "queue tax is left out"),
        ("queue", {"callback_offer_seconds": -1}, "queue tax is left out"),
        ("queue_overflow", {"to_queue": "nowhere"}, "queue_overflow 5 is left out"),
        ("queue_overflow", {"to_queue": "tax"}, "queue_overflow 5 is left out"),
        ("queue_overflow", {"longer_than": -1}, "queue_overflow 5 is left out"),
        ("queue_widening", {"after_seconds": 10**9}, "queue_widening 6 is left out"),
        ("settings", {"callback_again_minutes": "10"}, "the rules of callbacks are left out"),
        ("settings", {"callback_again_minutes": [0]}, "the rules of callbacks are left out"),
        ("settings", {"callback_again_minutes": ["10"]}, "the rules of callbacks are left out"),
        ("settings", {"redial_minutes": -1}, "the rules of callbacks are left out"),
        ("hours", {"time_zone": "Asia/Nowhere"}, "hours main is left out"),
        ("hours", {"time_zone": "Asia"}, "hours main is left out"),
        ("hours", {"week": [[["18:00", "25:00"]]] * 7}, "hours main is left out"),
        ("hours", {"week": "always"}, "hours main is left out"),
        ("special_day", {"periods": 5}, "special_day 2026-12-31 of main is left out"),
        ("flow", {"definition": None}, "flow main is left out"),
        ("flow", {"definition": {"start": "x", "steps": {}}}, "flow main is left out"),
        ("number", {"flow_id": "other"}, "number other is left out"),
    ],
)
def test_a_wrong_row_is_left_out_and_said(table: str, change: dict[str, Any], said: str) -> None:
    tables = _tables()
    tables[table][0] |= change
    loaded = build_plan(tables, None)
    assert any(problem.startswith(said) for problem in loaded.problems)
    assert len(loaded.plan.agents) == 2


def test_a_flow_that_became_wrong_stays_as_it_was() -> None:
    before = build_plan(_tables(), None).plan
    tables = _tables()
    tables["flow"][0]["definition"] = {"start": "nowhere", "steps": {}}
    loaded = build_plan(tables, before)
    assert loaded.plan.flows == {"main": FLOW}
    assert len(loaded.plan.numbers) == 1
    assert loaded.problems[0].startswith("flow main stays as it was")


def pinned(*flows: str) -> dict[str, list[dict[str, Any]]]:
    """The tables with an announcement pinned before these flows."""
    tables = _tables()
    tables["prompt"] = [{"key": "pin_7"}]
    tables["pin"] = [{"prompt": "pin_7", "flows": list(flows)}]
    return tables


def test_a_pinned_announcement_is_said_before_its_flow_and_goes_again() -> None:
    loaded = build_plan(pinned("main", "gone"), None)
    flow = loaded.plan.flows[FlowKey("main")]
    assert flow["steps"][flow["start"]]["prompts"] == ["pin_7"]
    assert flow["steps"][flow["start"]]["next"] == FLOW["start"]
    assert loaded.problems == ()
    assert build_plan(_tables(), loaded.plan).plan.flows == {"main": FLOW}


def test_a_pin_that_cannot_be_said_costs_no_flow() -> None:
    tables = pinned("main")
    tables["prompt"] = []
    loaded = build_plan(tables, None)
    assert loaded.plan.flows == {"main": FLOW}
    assert loaded.problems[0].startswith("flow main goes without its pinned announcement")


def test_a_flow_that_stays_as_it_was_stays_without_what_was_pinned() -> None:
    before = build_plan(pinned("main"), None).plan
    tables = _tables()
    tables["flow"][0]["definition"] = {"start": "nowhere", "steps": {}}
    assert build_plan(tables, before).plan.flows == {"main": FLOW}


def test_a_flow_whose_queue_is_gone_does_not_stay() -> None:
    before = build_plan(_tables(), None).plan
    tables = _tables()
    tables["queue"] = []
    loaded = build_plan(tables, before)
    assert loaded.plan.flows == {}
    assert loaded.plan.numbers == ()


def test_an_empty_database_is_an_empty_plan() -> None:
    assert build_plan({name: [] for name in _tables()}, None).plan == Plan(version=1)


def test_the_version_alone_is_no_new_rule() -> None:
    plan = build_plan(_tables(), None).plan
    tables = _tables()
    tables["settings"][0]["plan_version"] = 8
    assert same_rules(plan, build_plan(tables, None).plan)
    tables["queue"][0]["ring_seconds"] = 21
    assert not same_rules(plan, build_plan(tables, None).plan)
    assert not same_rules(None, plan)
