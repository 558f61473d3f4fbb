"""Commands become events or refusals with a code, whatever stands in the row."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.domain import events
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.plan import Agent, Plan
from haedap.domain.states import AgentState, Control
from haedap.engine.core import Duty
from haedap.engine.requests import Refused, read_command
from haedap.store.commands import Command

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ONE = AgentId(1)
PLAN = Plan(version=1, agents=(Agent(ONE, "상담사 1", "agent-1"), Agent(AgentId(2), "상담사 2", "agent-2")))
CONTACT = ContactId(str(uuid4()))
ENGAGED = {ONE: Duty(AgentState.ENGAGED, CONTACT)}
AWAY = {ONE: Duty(AgentState.AWAY, None)}


def _read(
    name: str, data: object = None, duties: dict[AgentId, Duty] | None = None, agent: int | None = 1, age: float = 0
) -> events.AnyEvent:
    command = Command(
        id=str(uuid4()),
        name=name,
        agent=None if agent is None else AgentId(agent),
        data={} if data is None else data,
        created_at=NOW - timedelta(seconds=age),
    )
    return read_command(command, PLAN, AWAY if duties is None else duties, NOW)


@pytest.mark.parametrize(
    ("name", "data", "duties", "event"),
    [
        ("sign_in", {}, {}, events.AgentSignedIn(at=NOW, agent=ONE)),
        ("sign_out", {}, AWAY, events.AgentSignedOut(at=NOW, agent=ONE)),
        ("available", {}, AWAY, events.AgentSetAvailable(at=NOW, agent=ONE)),
        ("away", {"reason": "lunch"}, AWAY, events.AgentSetAway(at=NOW, agent=ONE, reason="lunch")),
        ("returned", {}, ENGAGED, events.AgentReturned(at=NOW, agent=ONE)),
        (
            "extend_wrap_up",
            {"seconds": 60},
            {ONE: Duty(AgentState.WRAP_UP, None)},
            events.WrapUpExtended(at=NOW, agent=ONE, seconds=60),
        ),
        (
            "control",
            {"contact": CONTACT, "control": "send_digits", "digits": "12#"},
            ENGAGED,
            events.ControlRequested(at=NOW, agent=ONE, contact=CONTACT, control=Control.SEND_DIGITS, digits="12#"),
        ),
    ],
)
def test_a_right_command_is_an_event(
    name: str, data: object, duties: dict[AgentId, Duty], event: events.AnyEvent
) -> None:
    assert _read(name, data, duties) == event


@pytest.mark.parametrize(
    ("code", "name", "data", "duties", "agent", "age"),
    [
        ("late", "sign_in", {}, {}, 1, 31),
        ("unknown_command", "fly", {}, AWAY, 1, 0),
        ("malformed", "away", {}, AWAY, 1, 0),
        ("malformed", "away", {"reason": ""}, AWAY, 1, 0),
        ("malformed", "away", {"reason": "x" * 10_000}, AWAY, 1, 0),
        ("malformed", "away", [], AWAY, 1, 0),
        ("malformed", "extend_wrap_up", {"seconds": "60"}, AWAY, 1, 0),
        ("malformed", "extend_wrap_up", {"seconds": -1}, AWAY, 1, 0),
        ("malformed", "control", {"contact": CONTACT, "control": "explode"}, ENGAGED, 1, 0),
        ("malformed", "control", {"contact": CONTACT, "control": "send_digits"}, ENGAGED, 1, 0),
        ("malformed", "control", {"contact": CONTACT, "control": "hold", "digits": "1"}, ENGAGED, 1, 0),
        ("malformed", "control", {"contact": CONTACT, "control": "send_digits", "digits": "１"}, ENGAGED, 1, 0),
        ("unknown_agent", "sign_in", {}, {}, 99, 0),
        ("unknown_agent", "sign_in", {}, {}, None, 0),
        ("signed_out", "available", {}, {}, 1, 0),
        ("signed_out", "away", {"reason": "lunch"}, {ONE: Duty(AgentState.SIGNED_OUT, None)}, 1, 0),
        ("not_in_wrap_up", "extend_wrap_up", {"seconds": 60}, AWAY, 1, 0),
        ("not_theirs", "control", {"contact": str(uuid4()), "control": "hold"}, ENGAGED, 1, 0),
        ("not_theirs", "control", {"contact": CONTACT, "control": "hold"}, AWAY, 1, 0),
        (
            "not_engaged",
            "control",
            {"contact": CONTACT, "control": "hold"},
            {ONE: Duty(AgentState.OFFERED, CONTACT)},
            1,
            0,
        ),
    ],
)
def test_a_wrong_command_is_refused_with_a_code(
    code: str, name: str, data: object, duties: dict[AgentId, Duty], agent: int | None, age: float
) -> None:
    with pytest.raises(Refused) as refusal:
        _read(name, data, duties, agent, age)
    assert refusal.value.code == code


def test_an_agent_who_left_the_plan_in_mid_call_may_still_end_it() -> None:
    duties = {AgentId(77): Duty(AgentState.ENGAGED, CONTACT)}
    assert isinstance(_read("control", {"contact": CONTACT, "control": "end"}, duties, 77), events.ControlRequested)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("sign_in", "sign_out", "available", "away", "extend_wrap_up", "returned", "control", "", "plan_changed")


@given(st.sampled_from(NAMES) | st.text(max_size=40), JSON)
def test_no_json_is_more_than_a_refusal(name: str, data: object) -> None:
    with contextlib.suppress(Refused):
        assert _read(name, data, ENGAGED).at == NOW
