"""The demonstration's centre is whole: its flows run, its hours read, its tree of topics has one code each."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import haedap
from haedap.domain.ids import FlowKey
from haedap.flows import parse_flow, parse_periods, parse_week

SOURCE, ROOT = Path(haedap.__file__).parent, Path(__file__).parents[3]
FILE = SOURCE / "apps" / "centre" / "demo" / "demo_plan.json"
FRAMES = {"position", "expected_wait"}


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return loaded


def keys(plan: dict[str, Any], part: str) -> set[str]:
    found = [item["key"] for item in plan[part]]
    assert len(found) == len(set(found))
    return set(found)


def test_flows_and_numbers(plan: dict[str, Any]) -> None:
    for item in plan["flows"]:
        parse_flow(
            FlowKey(item["key"]),
            item["definition"],
            queues=keys(plan, "queues"),
            hours=keys(plan, "hours"),
            prompts=keys(plan, "prompts") - FRAMES,
        )
    assert {number["flow"] for number in plan["numbers"]} <= keys(plan, "flows")
    assert plan["numbers"][0]["number"] == "+82200000120"


def test_every_prompt_is_said_by_a_flow_or_by_the_product(plan: dict[str, Any]) -> None:
    table = (ROOT / "docs/reference/prompts.md").read_text("utf-8").split("## Keys that the product itself says")[1]
    product = set(
        re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", table.split("\n\n")[0], re.MULTILINE)))
    )
    named = set(re.findall(r'"([a-z_]+)"', json.dumps([flow["definition"] for flow in plan["flows"]])))
    assert keys(plan, "prompts") - named == product
    code = "".join(
        path.read_text("utf-8") for part in ("routing", "flows") for path in sorted(SOURCE.joinpath(part).glob("*.py"))
    )
    assert {key for key in product if f'"{key}"' not in code} == set(), "nothing plays them"


def test_hours(plan: dict[str, Any]) -> None:
    for hours in plan["hours"]:
        parse_week(hours["week"])
        for special in hours["special_days"]:
            parse_periods(special["periods"])


def test_skills_are_known(plan: dict[str, Any]) -> None:
    skills = keys(plan, "skills")
    assert {queue["skill"] for queue in plan["queues"]} == skills
    assert {skill for account in plan["accounts"] for skill in account["skills"]} == skills


def walk(topics: list[dict[str, Any]], depth: int = 1) -> Iterator[tuple[dict[str, Any], int]]:
    for topic in topics:
        yield topic, depth
        yield from walk(topic.get("children", []), depth + 1)


def test_topics(plan: dict[str, Any]) -> None:
    topics = list(walk(plan["topics"]))
    codes = [topic["code"] for topic, _ in topics]
    assert len(codes) == len(set(codes))
    assert max(len(code) for code in codes) <= 40
    assert {depth for _, depth in topics} == {1, 2, 3}
    assert sum("children" not in topic for topic, _ in topics) >= 60
    assert plan["dispositions"][0] == {"key": "answered", "name": "상담 완료", "self_handled": True}
