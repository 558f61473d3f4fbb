"""Commands about transfers, protection, supervision and promises: who may, about what, and to which numbers."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.domain import events
from haedap.domain.ids import AgentId, ContactId, OfficerId, PromiseId, QueueKey, SkillKey
from haedap.domain.plan import Agent, Plan, Queue, Supervisor
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    ConsultStep,
    PromiseOutcome,
    PromiseReason,
    ProtectionStep,
    Supervision,
    TransferMode,
)
from haedap.domain.targets import ToAgent, ToOutside, ToQueue
from haedap.engine.core import Duty
from haedap.engine.requests import Refused, read_command
from haedap.store.commands import Command

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ONE, TWO, BOSS = AgentId(1), AgentId(2), AgentId(9)
TAX = QueueKey("tax")
PLAN = Plan(
    version=1,
    queues=(Queue(TAX, "세금", SkillKey("tax")),),
    agents=(Agent(ONE, "상담사 1", "agent-1"), Agent(TWO, "상담사 2", "agent-2")),
    supervisors=(Supervisor(BOSS, "agent-9"),),
)
CONTACT = ContactId(str(uuid4()))
PROMISE = PromiseId(str(uuid4()))
TALKING = {ONE: Duty(AgentState.ENGAGED, CONTACT), TWO: Duty(AgentState.AVAILABLE, None)}
CITIZEN = "+821000001234"
TO_TAX = {"type": "queue", "queue": "tax"}
OFFICER = {"type": "outside", "number": "7012", "officer": 3, "name": "세무과 재산세팀"}
TRANSFER: dict[str, object] = {"contact": CONTACT, "mode": "blind"}
PROMISED: dict[str, object] = {"promise": PROMISE, "citizen": CITIZEN, "owner": TO_TAX, "reason": "agent"}
MOVE: dict[str, object] = {"contact": CONTACT, "queue": "tax"}
FORCE: dict[str, object] = {"agent": 1, "state": "away", "reason": "meeting"}


def _outside(number: str, **more: object) -> dict[str, object]:
    return {**TRANSFER, "target": {"type": "outside", "number": number, **more}}


def _read(name: str, data: object, agent: int | None, plan: Plan = PLAN, age: float = 0) -> events.AnyEvent:
    author = None if agent is None else AgentId(agent)
    created_at = NOW - timedelta(seconds=age)
    command = Command(id=str(uuid4()), name=name, agent=author, data=data, created_at=created_at)
    return read_command(command, plan, TALKING, NOW)


@pytest.mark.parametrize(
    ("name", "data", "agent", "event"),
    [
        (
            "transfer",
            {
                **TRANSFER,
                "mode": "consult",
                "target": {"type": "agent", "agent": 2},
                "brief": "b1",
                "announcement": "재산세",
            },
            1,
            events.TransferRequested(
                at=NOW,
                agent=ONE,
                contact=CONTACT,
                mode=TransferMode.CONSULT,
                target=ToAgent(TWO),
                brief="b1",
                announcement="재산세",
            ),
        ),
        (
            "transfer",
            {**TRANSFER, "target": TO_TAX},
            1,
            events.TransferRequested(at=NOW, agent=ONE, contact=CONTACT, mode=TransferMode.BLIND, target=ToQueue(TAX)),
        ),
        (
            "transfer",
            {**TRANSFER, "target": OFFICER},
            1,
            events.TransferRequested(
                at=NOW,
                agent=ONE,
                contact=CONTACT,
                mode=TransferMode.BLIND,
                target=ToOutside("7012", OfficerId(3), "세무과 재산세팀"),
            ),
        ),
        (
            "consult_step",
            {"contact": CONTACT, "step": "to_citizen"},
            1,
            events.ConsultStepped(at=NOW, agent=ONE, contact=CONTACT, step=ConsultStep.TO_CITIZEN),
        ),
        (
            "protect",
            {"contact": CONTACT, "step": "warn", "kind": "insult"},
            1,
            events.Protected(at=NOW, agent=ONE, contact=CONTACT, step=ProtectionStep.WARN, kind="insult"),
        ),
        (
            "supervise",
            {"contact": CONTACT, "mode": "whisper"},
            9,
            events.SupervisionRequested(at=NOW, supervisor=BOSS, contact=CONTACT, mode=Supervision.WHISPER),
        ),
        (
            "take_over",
            {"contact": CONTACT},
            9,
            events.TakeOverRequested(at=NOW, supervisor=BOSS, contact=CONTACT),
        ),
        (
            "force_state",
            FORCE,
            9,
            events.AgentStateForced(at=NOW, agent=ONE, supervisor=BOSS, state=AgentState.AWAY, reason="meeting"),
        ),
        ("move_contact", MOVE, 9, events.MoveRequested(at=NOW, contact=CONTACT, supervisor=BOSS, queue=TAX)),
        (
            "promise",
            {**PROMISED, "due_at": "2026-11-21T10:00:00+00:00", "contact": CONTACT},
            2,
            events.PromiseRequested(
                at=NOW,
                promise=PROMISE,
                citizen=CITIZEN,
                owner=ToQueue(TAX),
                reason=PromiseReason.AGENT,
                due_at=NOW + timedelta(hours=1),
                agent=TWO,
                contact=CONTACT,
            ),
        ),
        (
            "change_promise",
            {"promise": PROMISE, "owner": {"type": "agent", "agent": 2}},
            9,
            events.PromiseChanged(at=NOW, promise=PROMISE, agent=BOSS, owner=ToAgent(TWO)),
        ),
        (
            "promise_attempt",
            {"promise": PROMISE, "outcome": "busy"},
            None,
            events.PromiseAttempted(at=NOW, promise=PROMISE, outcome=AttemptOutcome.BUSY),
        ),
        (
            "settle_promise",
            {"promise": PROMISE, "outcome": "kept"},
            None,
            events.PromiseSettled(at=NOW, promise=PROMISE, outcome=PromiseOutcome.KEPT),
        ),
        (
            "settle_promise",
            {"promise": PROMISE, "outcome": "cancelled"},
            9,
            events.PromiseSettled(at=NOW, promise=PROMISE, outcome=PromiseOutcome.CANCELLED, agent=BOSS),
        ),
        (
            "message_written",
            {"promise": PROMISE, "queue": "tax", "citizen": CITIZEN},
            None,
            events.MessageWritten(at=NOW, promise=PROMISE, queue=TAX, citizen=CITIZEN),
        ),
    ],
)
def test_a_right_command_is_an_event(name: str, data: object, agent: int | None, event: events.AnyEvent) -> None:
    assert _read(name, data, agent) == event


@pytest.mark.parametrize(
    ("code", "name", "data", "agent"),
    [
        ("not_theirs", "transfer", {**TRANSFER, "target": TO_TAX}, 2),
        ("not_theirs", "consult_step", {"contact": CONTACT, "step": "cancel"}, 2),
        ("not_theirs", "protect", {"contact": CONTACT, "step": "warn", "kind": "insult"}, 2),
        ("unknown_agent", "transfer", {**TRANSFER, "target": TO_TAX}, None),
        ("unknown_agent", "transfer", {**TRANSFER, "target": TO_TAX}, 9),
        ("unknown_target", "transfer", {**TRANSFER, "target": {"type": "queue", "queue": "water"}}, 1),
        ("unknown_target", "transfer", {**TRANSFER, "target": {"type": "agent", "agent": 77}}, 1),
        ("unknown_target", "transfer", {**TRANSFER, "target": {"type": "agent", "agent": 1}}, 1),
        ("malformed", "transfer", {**TRANSFER, "target": {"type": "ship"}}, 1),
        ("malformed", "transfer", {**TRANSFER, "target": TO_TAX, "announcement": "가" * 301}, 1),
        ("malformed", "transfer", {**TRANSFER, "contact": "not-a-uuid", "target": TO_TAX}, 1),
        ("malformed", "transfer", _outside("7"), 1),
        ("malformed", "transfer", _outside("123456789"), 1),
        ("malformed", "transfer", _outside("７０１２"), 1),
        ("malformed", "transfer", _outside("02-0000-1234"), 1),
        ("malformed", "transfer", _outside("+82"), 1),
        ("malformed", "transfer", _outside("+8210000012345678"), 1),
        ("malformed", "transfer", _outside("7012", name="가" * 101), 1),
        ("malformed", "transfer", _outside("7012", officer=2**40), 1),
        ("number_not_allowed", "transfer", _outside("+82600001234"), 1),
        ("number_not_allowed", "transfer", _outside("+14155550123"), 1),
        ("number_not_allowed", "transfer", _outside("00700"), 1),
        ("number_not_allowed", "transfer", _outside("0600001"), 1),
        ("malformed", "protect", {"contact": CONTACT, "step": "warn", "kind": ""}, 1),
        ("not_supervisor", "supervise", {"contact": CONTACT, "mode": "listen"}, 1),
        ("not_supervisor", "supervise", {"contact": CONTACT, "mode": "listen"}, None),
        ("not_supervisor", "take_over", {"contact": CONTACT}, 2),
        ("not_supervisor", "force_state", FORCE, 1),
        ("not_supervisor", "move_contact", MOVE, 1),
        ("not_engaged", "supervise", {"contact": str(uuid4()), "mode": "listen"}, 9),
        ("not_engaged", "take_over", {"contact": str(uuid4())}, 9),
        ("malformed", "supervise", {"contact": CONTACT}, 9),
        ("malformed", "force_state", {"agent": 1, "state": "engaged"}, 9),
        ("malformed", "force_state", {"agent": 1, "state": "away"}, 9),
        ("malformed", "force_state", {"agent": 1, "state": "available", "reason": "x"}, 9),
        ("unknown_target", "force_state", {**FORCE, "agent": 77}, 9),
        ("target_signed_out", "force_state", {"agent": 3, "state": "signed_out"}, 9),
        ("unknown_target", "move_contact", {**MOVE, "queue": "water"}, 9),
        ("unknown_agent", "promise", PROMISED, None),
        ("unknown_agent", "promise", PROMISED, 77),
        ("malformed", "promise", {**PROMISED, "reason": "dropped"}, 1),
        ("malformed", "promise", {**PROMISED, "citizen": "010-0000-1234"}, 1),
        ("malformed", "promise", {**PROMISED, "due_at": "2026-11-21T10:00:00"}, 1),
        ("number_not_allowed", "promise", {**PROMISED, "citizen": "+14155550123"}, 1),
        ("malformed", "promise", {**PROMISED, "citizen": "+820012025550100"}, 1),
        ("number_not_allowed", "promise", {**PROMISED, "owner": {**OFFICER, "number": "+82600001234"}}, 1),
        ("unknown_target", "promise", {**PROMISED, "owner": {"type": "queue", "queue": "water"}}, 1),
        ("bad_times", "promise", {**PROMISED, "deadline": "2026-11-21T09:00:00Z"}, 1),
        ("bad_times", "promise", {**PROMISED, "due_at": "9999-12-31T23:59:59Z"}, 1),
        (
            "bad_times",
            "promise",
            {**PROMISED, "due_at": "2026-11-21T12:00:00Z", "deadline": "2026-11-21T11:00:00Z"},
            1,
        ),
        ("malformed", "change_promise", {"promise": PROMISE}, 1),
        ("unknown_agent", "change_promise", {"promise": PROMISE, "due_at": "2026-11-21T12:00:00Z"}, None),
        ("malformed", "promise_attempt", {"promise": "1", "outcome": "busy"}, None),
        ("malformed", "settle_promise", {"promise": PROMISE, "outcome": "merged"}, None),
        ("unknown_agent", "settle_promise", {"promise": PROMISE, "outcome": "kept"}, 77),
        ("unknown_target", "message_written", {"promise": PROMISE, "queue": "water", "citizen": CITIZEN}, None),
        ("malformed", "message_written", {"promise": PROMISE, "queue": "tax", "citizen": ""}, None),
    ],
)
def test_a_wrong_command_is_refused_with_a_code(code: str, name: str, data: object, agent: int | None) -> None:
    plan = msgspec.structs.replace(PLAN, agents=(*PLAN.agents, Agent(AgentId(3), "상담사 3", "agent-3")))
    with pytest.raises(Refused) as refusal:
        _read(name, data, agent, plan)
    assert refusal.value.code == code


def test_a_centre_may_allow_calls_abroad_and_never_premium_numbers() -> None:
    plan = msgspec.structs.replace(PLAN, calls_abroad=True)
    assert isinstance(_read("transfer", _outside("+14155550123"), 1, plan), events.TransferRequested)
    with pytest.raises(Refused, match="number_not_allowed"):
        _read("transfer", _outside("+82600001234"), 1, plan)


@pytest.mark.parametrize("number", ["+82200000120", "+821000001234", "119", "15880000", "70", "+8215880000"])
def test_usual_numbers_may_be_called(number: str) -> None:
    assert isinstance(_read("transfer", _outside(number), 1), events.TransferRequested)


def test_what_a_citizen_or_an_officer_said_is_never_late() -> None:
    data = {"promise": PROMISE, "queue": "tax", "citizen": CITIZEN}
    assert _read("message_written", data, None, age=86_400).at == NOW
    with pytest.raises(Refused, match="late"):
        _read("take_over", {"contact": CONTACT}, 9, age=31)


def test_listening_can_be_ended_after_the_talk() -> None:
    event = _read("supervise", {"contact": str(uuid4()), "mode": None}, 9)
    assert isinstance(event, events.SupervisionRequested)


def test_without_a_plan_everything_is_a_refusal() -> None:
    command = Command(
        id="1",
        name="message_written",
        agent=None,
        created_at=NOW,
        data={"promise": PROMISE, "queue": "tax", "citizen": CITIZEN},
    )
    with pytest.raises(Refused, match="unknown_target"):
        read_command(command, None, {}, NOW)


RIGHT: dict[str, dict[str, object]] = {
    "transfer": {**TRANSFER, "target": OFFICER},
    "consult_step": {"contact": CONTACT, "step": "cancel"},
    "protect": {"contact": CONTACT, "step": "warn", "kind": "insult"},
    "supervise": {"contact": CONTACT, "mode": "listen"},
    "take_over": {"contact": CONTACT},
    "force_state": FORCE,
    "move_contact": MOVE,
    "promise": PROMISED,
    "change_promise": {"promise": PROMISE, "owner": TO_TAX},
    "promise_attempt": {"promise": PROMISE, "outcome": "busy"},
    "settle_promise": {"promise": PROMISE, "outcome": "kept"},
    "message_written": {"promise": PROMISE, "queue": "tax", "citizen": CITIZEN},
}
JUNK = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.lists(st.none())
)


@given(st.sampled_from(sorted(RIGHT)), st.integers(0, 7), JUNK, st.sampled_from([None, 1, 9]))
def test_no_value_in_any_field_is_more_than_a_refusal(name: str, field: int, junk: object, agent: int | None) -> None:
    data = dict(RIGHT[name])
    data[list(data)[field % len(data)]] = junk
    with contextlib.suppress(Refused):
        assert _read(name, data, agent).at == NOW
