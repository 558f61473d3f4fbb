"""A pinned announcement before a flow: heard first, then the flow as it was; and gone without a trace."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from haedap import flows
from haedap.domain.ids import FlowKey
from haedap.flows import parse_flow, with_notice, without_notice

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
FLOW: dict[str, Any] = {
    "start": "welcome",
    "steps": {
        "welcome": {"kind": "play", "prompts": ["hello"], "next": "wait"},
        "wait": {"kind": "queue", "queue": "general"},
    },
}
OWN: dict[str, Any] = {
    "start": "긴급안내",
    "steps": {**FLOW["steps"], "긴급안내": {"kind": "play", "prompts": ["own"], "next": "welcome"}},
}
PINS = [f"pin_{number}" for number in range(1, 26)]
WAITING: dict[str, Any] = {"start": "wait", "steps": {"wait": {"kind": "queue", "queue": "general"}}}


def said(definition: dict[str, Any]) -> list[str]:
    """The prompts in the order in which a citizen hears them."""
    flow = parse_flow(FlowKey("main"), definition, queues={"general"}, hours=set(), prompts={"hello", "own", *PINS})
    heard: list[str] = []
    run, actions = flows.start(flow, {}, NOW)
    for _step in range(10):
        for action in actions:
            if isinstance(action, flows.PlaySayings):
                heard += [saying.prompt for saying in action.sayings]
        run, actions = flows.on_played(flow, {}, run, run.play, NOW)
    return heard


@pytest.mark.parametrize("flow", [FLOW, OWN, WAITING])
def test_it_is_heard_first_and_the_flow_goes_on_as_it_was(flow: dict[str, Any]) -> None:
    assert said(with_notice(flow, ["pin_1", "pin_2"])) == ["pin_1", "pin_2", *said(flow)]
    assert said(with_notice(flow, PINS)) == [*PINS, *said(flow)]
    assert with_notice(flow, []) == flow


@pytest.mark.parametrize("flow", [FLOW, OWN, WAITING])
def test_it_goes_without_a_trace(flow: dict[str, Any]) -> None:
    assert without_notice(with_notice(flow, ["pin_1"])) == flow
    assert without_notice(with_notice(flow, PINS)) == flow
    assert without_notice(flow) == flow


def long_flow(steps: int) -> dict[str, Any]:
    """Steps that say nothing of a notice, one behind the other."""
    plays = {f"s{number}": {"kind": "play", "prompts": ["own"], "next": f"s{number + 1}"} for number in range(1, steps)}
    return {"start": "s1", "steps": {**plays, f"s{steps}": {"kind": "hang_up"}}}


def test_it_is_heard_before_the_longest_flow_too() -> None:
    assert said(with_notice(long_flow(200), PINS))[: len(PINS)] == PINS
    with pytest.raises(flows.FlowInvalid):
        said(long_flow(201))
