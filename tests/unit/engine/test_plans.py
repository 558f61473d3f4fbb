"""The plan of the tables: what is wrong there is left out and said, and never stops the rest."""

from __future__ import annotations

from typing import Any

import pytest

from haedap.domain.plan import Plan
from haedap.store.plans import build_plan, same_rules

FLOW = {
    "start": "wait",
    "steps": {"wait": {"kind": "queue", "queue": "tax", "priority": 0, "prompts": [], "music": True}},
}


def _tables() -> dict[str, list[dict[str, Any]]]:
    seconds = {"ring_seconds": 20, "wrap_up_seconds": 60, "service_level_seconds": 20}
    return {
        "settings": [{"plan_version": 7, "calls_per_minute": 9, "unknown_calls_per_minute": 0}],
        "queue": [
            {"key": "tax", "name": "세금", "skill_id": "tax", "announce_every_seconds": 45, "reconnect_seconds": 30}
            | seconds
        ],
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


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("queue", {"ring_seconds": 0}, "queue tax is left out"),
        ("hours", {"time_zone": "Asia/Nowhere"}, "hours main is left out"),
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
