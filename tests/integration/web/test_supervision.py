"""Supervisors' API: the log before the engine, refusals in words, calls for help."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient
from django.utils import timezone

from haedap.apps.accounts.models import Account, Role, Telephone
from haedap.apps.centre.models import AwayReason
from haedap.apps.contacts.models import AccessLog, AgentStatus, Contact, Supervision
from haedap.apps.desk.models import Command, PhoneCredential
from haedap.apps.desk.outcomes import outcomes
from haedap.apps.supervision import help as calls_for_help
from haedap.apps.supervision.models import CallForHelp

from . import engine
from .records import add_contact

JSON = "application/json"
REASON = "신규 상담사 지도"


@dataclasses.dataclass
class Floor:
    """A supervisor's browser, an agent's, and the contact that the agent talks in."""

    supervisor: Account
    agent: Account
    contact: Contact
    url: str
    browser: AsyncClient
    desk: AsyncClient

    async def post(self, path: str, **body: Any) -> Any:
        return await self.browser.post(f"/api/supervision/{path}", body, content_type=JSON)

    async def supervise(self, **changes: Any) -> Any:
        body = {"contact": str(self.contact.pk), "mode": "listen", "reason": REASON, **changes}
        return await self.post("supervise", **body)

    async def call(self, *, wanted: bool = True, contact: Any = None) -> Any:
        body = {"contact": str(contact or self.contact.pk), "wanted": wanted}
        return await self.desk.post("/api/desk/call-supervisor", body, content_type=JSON)


async def _someone(username: str, role: Role, password_hash: str) -> tuple[Account, AsyncClient]:
    account = await Account.objects.acreate(
        username=username, name=f"{username} 이름", role=role, password=password_hash, must_change_password=False
    )
    client = AsyncClient()
    await sync_to_async(client.force_login)(account, backend="haedap.apps.accounts.backend.AccountBackend")
    return account, client


@pytest.fixture
async def floor(orm_database: str, password_hash: str) -> AsyncIterator[Floor]:
    supervisor, browser = await _someone("supervisor", Role.SUPERVISOR, password_hash)
    agent, desk = await _someone("agent1", Role.AGENT, password_hash)
    contact = await sync_to_async(add_contact)(agent, state="engaged")
    await AgentStatus.objects.acreate(
        agent=agent, state="engaged", since=timezone.now(), contact=contact.pk, reachable=True, seq=1
    )
    yield Floor(supervisor, agent, contact, orm_database, browser, desk)
    await outcomes().close()
    await sync_to_async(connections.close_all)()


async def _watch(floor: Floor, supervisor: Account, contact: Any) -> None:
    await Supervision.objects.acreate(
        contact=contact, segment=1, supervisor=supervisor, mode="listen", started_at=timezone.now(), seq=1
    )


async def test_the_log_has_it_before_the_engine(floor: Floor) -> None:
    logged_before: list[int] = []

    def answer(_name: str, _agent: int | None, _data: dict[str, Any]) -> tuple[str, str]:
        logged_before.append(AccessLog.objects.filter(contact=floor.contact.pk).count())
        connections.close_all()
        return "done", ""

    with engine.answering(floor.url, answer) as asked:
        for mode in ("listen", "whisper", "barge"):
            assert (await floor.supervise(mode=mode)).status_code == 200
        assert (await floor.post("take-over", contact=str(floor.contact.pk), reason=REASON)).status_code == 200
        assert (await floor.post("stop", contact=str(floor.contact.pk))).status_code == 200
    contact = str(floor.contact.pk)
    assert asked == [
        *(
            ("supervise", floor.supervisor.pk, {"contact": contact, "mode": mode})
            for mode in ("listen", "whisper", "barge")
        ),
        ("take_over", floor.supervisor.pk, {"contact": contact}),
        ("supervise", floor.supervisor.pk, {"contact": contact, "mode": None}),
    ]
    assert logged_before == [1, 2, 3, 4, 5]
    rows = [row async for row in AccessLog.objects.order_by("id").values("action", "account", "reason", "detail")]
    assert rows[:3] == [
        {
            "action": "supervision.started",
            "account": floor.supervisor.pk,
            "reason": REASON,
            "detail": {"mode": mode, "agent": floor.agent.pk},
        }
        for mode in ("listen", "whisper", "barge")
    ]
    assert [row["action"] for row in rows[3:]] == ["supervision.took_over", "supervision.ended"]


@pytest.mark.parametrize("reason", ["", " ", "가", "가" * 201, "널\x00", None])
async def test_a_reason_must_be_given(floor: Floor, reason: str | None) -> None:
    answer = await floor.supervise(reason=reason)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert not await Command.objects.aexists()
    assert not await AccessLog.objects.aexists()


@pytest.mark.parametrize("state", ["waiting", "ended", "forwarded"])
async def test_only_a_talk_can_be_supervised(floor: Floor, state: str) -> None:
    await Contact.objects.filter(pk=floor.contact.pk).aupdate(state=state)
    for answer in (
        await floor.supervise(),
        await floor.post("take-over", contact=str(floor.contact.pk), reason=REASON),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_engaged")
        assert answer.json()["message"] == "지금 이 민원인과 통화하는 상담사가 없습니다."
    assert (await floor.supervise(contact=str(uuid4()))).status_code == 404
    assert not await Command.objects.aexists()


async def test_one_supervisor_a_talk_and_one_talk_a_supervisor(floor: Floor, password_hash: str) -> None:
    other, _browser = await _someone("admin", Role.ADMINISTRATOR, password_hash)
    await _watch(floor, other, floor.contact.pk)
    answer = await floor.supervise()
    assert (answer.status_code, answer.json()["code"]) == (409, "supervised")
    await Supervision.objects.all().aupdate(ended_at=timezone.now())
    await _watch(floor, floor.supervisor, uuid4())
    answer = await floor.supervise()
    assert (answer.status_code, answer.json()["code"]) == (409, "supervising")
    await Supervision.objects.all().aupdate(ended_at=timezone.now())
    await AgentStatus.objects.acreate(
        agent=floor.supervisor, state="engaged", since=timezone.now(), contact=uuid4(), reachable=True, seq=1
    )
    answer = await floor.supervise()
    assert (answer.status_code, answer.json()["code"]) == (409, "talking")


async def test_the_engines_refusals_in_the_supervisors_words(floor: Floor) -> None:
    codes = {
        "not_engaged": "지금 이 민원인과 통화하는 상담사가 없습니다.",
        "not_supervisor": "관리자만 할 수 있습니다.",
        "unheard_of": "지금은 할 수 없습니다. 화면의 상태를 확인하고 다시 시도해 주십시오.",
    }
    for code, sentence in codes.items():
        with engine.answering(floor.url, lambda *_asked, code=code: ("refused", code)):
            answer = await floor.supervise()
        assert (answer.status_code, answer.json()) == (409, {"code": code, "message": sentence})


async def test_a_state_is_forced(floor: Floor) -> None:
    await AwayReason.objects.aget_or_create(key="lunch", defaults={"name": "식사"})
    with engine.answering(floor.url) as asked:
        for state, reason in (("available", None), ("away", "lunch"), ("signed_out", None)):
            answer = await floor.post("state", agent=floor.agent.pk, state=state, reason=reason)
            assert answer.status_code == 200, answer.content
    assert [data for _name, _agent, data in asked] == [
        {"agent": floor.agent.pk, "state": "available", "reason": ""},
        {"agent": floor.agent.pk, "state": "away", "reason": "lunch"},
        {"agent": floor.agent.pk, "state": "signed_out", "reason": ""},
    ]
    assert await AccessLog.objects.filter(action="agent.forced", account=floor.supervisor).acount() == 3


@pytest.mark.parametrize(
    ("state", "reason", "status", "code"),
    [
        ("away", None, 409, "malformed"),
        ("available", "lunch", 409, "malformed"),
        ("away", "unheard-of", 409, "unknown_reason"),
        ("engaged", None, 422, "invalid"),
    ],
)
async def test_a_state_that_cannot_be_forced(
    floor: Floor, state: str, reason: str | None, status: int, code: str
) -> None:
    answer = await floor.post("state", agent=floor.agent.pk, state=state, reason=reason)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not await Command.objects.aexists()


async def test_who_waits_is_moved(floor: Floor) -> None:
    answer = await floor.post("move", contact=str(floor.contact.pk), queue="general")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_waiting")
    waiting = await sync_to_async(add_contact)(None, state="waiting")
    answer = await floor.post("move", contact=str(waiting.pk), queue="tax")
    assert (answer.status_code, answer.json()["code"]) == (409, "same_queue")
    with engine.answering(floor.url) as asked:
        assert (await floor.post("move", contact=str(waiting.pk), queue="general")).status_code == 200
    assert asked == [("move_contact", floor.supervisor.pk, {"contact": str(waiting.pk), "queue": "general"})]
    row = await AccessLog.objects.aget(action="contact.moved")
    assert (row.contact, row.detail) == (waiting.pk, {"before": "tax", "queue": "general"})


async def test_a_supervisors_telephone(floor: Floor) -> None:
    with engine.answering(floor.url) as asked:
        answer = await floor.post("phone")
    assert answer.json()["username"] == f"agent-{floor.supervisor.pk}"
    assert asked == [("phone_issued", None, {"username": f"agent-{floor.supervisor.pk}"})]
    credential = await PhoneCredential.objects.aget()
    assert credential.expires_at is not None
    assert credential.expires_at - timezone.now() < timedelta(hours=8)
    await Account.objects.filter(pk=floor.supervisor.pk).aupdate(telephone=Telephone.DESK)
    assert (await floor.post("phone")).json()["code"] == "desk_telephone"


async def test_an_agent_calls_for_help_until_somebody_looks(floor: Floor) -> None:
    assert (await floor.call(contact=uuid4())).json()["code"] == "not_engaged"
    assert not await CallForHelp.objects.aexists()
    assert (await floor.call()).status_code == 200
    row = await CallForHelp.objects.aget()
    assert (row.agent_id, row.contact) == (floor.agent.pk, floor.contact.pk)
    assert (await floor.call()).status_code == 200
    assert (await CallForHelp.objects.aget()).since == row.since
    assert (await floor.call(wanted=False)).status_code == 200
    assert not await CallForHelp.objects.aexists()


@pytest.mark.parametrize("path", ["seen", "supervise", "take-over"])
async def test_looking_ends_the_call_for_help(floor: Floor, path: str) -> None:
    await floor.call()
    body = {"seen": {}, "supervise": {"mode": "whisper", "reason": REASON}, "take-over": {"reason": REASON}}[path]
    with engine.answering(floor.url):
        assert (await floor.post(path, contact=str(floor.contact.pk), **body)).status_code == 200
    assert not await CallForHelp.objects.aexists()


async def test_a_refused_look_leaves_the_call_for_help(floor: Floor) -> None:
    await floor.call()
    with engine.answering(floor.url, lambda *_asked: ("refused", "late")):
        assert (await floor.supervise()).status_code == 409
    assert await CallForHelp.objects.aexists()


async def test_the_call_for_help_of_a_talk_that_is_over_is_forgotten(floor: Floor) -> None:
    await floor.call()
    assert await sync_to_async(calls_for_help.forget_ended)() == 0
    await AgentStatus.objects.all().aupdate(state="wrap_up", contact=None)
    assert await sync_to_async(calls_for_help.forget_ended)() == 1
    assert not await CallForHelp.objects.aexists()
