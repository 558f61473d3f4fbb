"""Passing a citizen on by the desk's API: whom it means, the brief that goes with it, what the engine refuses."""

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
from procrastinate.contrib.django.models import ProcrastinateJob

from haedap.apps.accounts.models import Account, Role
from haedap.apps.briefs.models import Brief
from haedap.apps.centre.models import AgentSkill, Queue, Skill
from haedap.apps.contacts.models import AgentStatus, Contact, ContactNote
from haedap.apps.desk.outcomes import outcomes
from haedap.apps.offices.models import Absence, Department, Deputy, Officer

from . import engine
from .records import add_contact

JSON = "application/json"


@dataclasses.dataclass
class Desk:
    """An agent's browser, the contact they talk in, and the database's address."""

    client: AsyncClient
    account: Account
    contact: Contact
    url: str

    async def post(self, path: str, **body: Any) -> Any:
        data = {"contact": str(self.contact.pk), **body}
        return await self.client.post(f"/api/desk/{path}", data, content_type=JSON)


@pytest.fixture
async def desk(orm_database: str, password_hash: str) -> AsyncIterator[Desk]:
    account = await Account.objects.acreate(
        username="agent1", name="한이슬", role=Role.AGENT, password=password_hash, must_change_password=False
    )
    client = AsyncClient()
    await sync_to_async(client.force_login)(account, backend="haedap.apps.accounts.backend.AccountBackend")
    contact = await sync_to_async(add_contact)(account, state="engaged")
    await ContactNote.objects.acreate(contact=contact.pk, text="가로등이 꺼져 있음", version=1)
    yield Desk(client, account, contact, orm_database)
    await outcomes().close()
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def officer(desk: Desk) -> Officer:
    department = await Department.objects.acreate(name="도로과", telephone="+82200002000")
    return await Officer.objects.acreate(
        name="이하늘", title="주무관", department=department, extension="2001", email="haneul@city.invalid"
    )


async def test_a_transfer_to_an_officer_takes_the_brief_along(desk: Desk, officer: Officer, settings: Any) -> None:
    settings.HAEDAP = dataclasses.replace(settings.HAEDAP, mail_url="smtp://127.0.0.1:1")
    with engine.answering(desk.url) as asked:
        target = {"type": "officer", "officer": officer.pk}
        answer = await desk.post("transfer", mode="consult", target=target, brief="급합니다.", announce=True)
    assert answer.status_code == 200, answer.content
    brief = await Brief.objects.aget()
    assert (brief.receiver, brief.text, brief.officer) == ("도로과 이하늘 주무관", "급합니다.", officer.pk)
    [(name, agent, data)] = asked
    assert (name, agent, data["mode"], data["brief"]) == ("transfer", desk.account.pk, "consult", str(brief.pk))
    assert data["target"] == {"type": "outside", "number": "2001", "officer": officer.pk, "name": brief.receiver}
    assert data["announcement"]
    assert answer.json()["sent"] == ["mail"]
    assert f"/b/{brief.pk.hex}" in answer.json()["brief"]
    assert await ProcrastinateJob.objects.filter(task_name="briefs.deliver").acount() == 1


async def test_who_is_away_is_answered_for_by_the_deputy_unless_exactly_this_officer_is_meant(
    desk: Desk, officer: Officer
) -> None:
    deputy = await Officer.objects.acreate(name="박바다", department_id=officer.department_id, extension="2002")
    await Deputy.objects.acreate(officer=officer, deputy=deputy, position=1)
    now = timezone.now()
    await Absence.objects.acreate(officer=officer, starts_at=now - timedelta(hours=1), reason="leave")
    with engine.answering(desk.url) as asked:
        for exactly in (False, True):
            target = {"type": "officer", "officer": officer.pk, "exactly": exactly}
            assert (await desk.post("transfer", mode="blind", target=target)).status_code == 200
    assert [data["target"]["number"] for _name, _agent, data in asked] == ["2002", "2001"]
    assert not await Brief.objects.aexists()


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ({"type": "agent", "agent": 7}, {"type": "agent", "agent": 7}),
        ({"type": "queue", "queue": "tax"}, {"type": "queue", "queue": "tax"}),
        ({"type": "number", "number": "2001"}, {"type": "outside", "number": "2001", "officer": None, "name": "2001"}),
        (
            {"type": "number", "number": "02-0000-1234"},
            {"type": "outside", "number": "+82200001234", "officer": None, "name": "02-0000-1234"},
        ),
    ],
)
async def test_targets_reach_the_engine_in_its_words(desk: Desk, target: Any, sent: Any) -> None:
    with engine.answering(desk.url) as asked:
        answer = await desk.post("transfer", mode="blind", target=target, brief="동료는 상담 화면에서 봅니다.")
    assert answer.status_code == 200, answer.content
    assert asked[0][2]["target"] == sent
    assert await Brief.objects.acount() == (sent["type"] == "outside")


@pytest.mark.parametrize(
    "target",
    [
        {"type": "number", "number": "가나다"},
        {"type": "number", "number": ""},
        {"type": "number", "number": "1" * 41},
        {"type": "officer", "officer": 0},
        {"type": "officer", "officer": 999_999},
        {"type": "department", "department": 999_999},
        {"type": "agent"},
        {"type": "moon"},
        {},
        None,
    ],
)
async def test_what_is_no_target_is_said_and_nothing_is_asked(desk: Desk, target: Any) -> None:
    with engine.answering(desk.url) as asked:
        answer = await desk.post("transfer", mode="blind", target=target, brief="요약")
    assert answer.status_code in {404, 422}
    assert answer.json()["message"]
    assert asked == []
    assert not await Brief.objects.aexists()


async def test_a_refused_transfer_closes_its_brief_and_sends_nothing(desk: Desk, officer: Officer) -> None:
    target = {"type": "officer", "officer": officer.pk}
    with engine.answering(desk.url, lambda *_: ("refused", "number_not_allowed")):
        answer = await desk.post("transfer", mode="blind", target=target, brief="요약")
    assert (answer.status_code, answer.json()["code"]) == (409, "number_not_allowed")
    assert (await Brief.objects.aget()).revoked_at is not None
    assert not await ProcrastinateJob.objects.filter(task_name="briefs.deliver").aexists()


async def test_somebody_elses_contact_cannot_be_passed_on(desk: Desk) -> None:
    other = await Account.objects.acreate(username="agent2", name="둘", role=Role.AGENT)
    desk.contact = await sync_to_async(add_contact)(other, caller="+821000000009")
    with engine.answering(desk.url) as asked:
        answer = await desk.post("transfer", mode="blind", target={"type": "queue", "queue": "tax"})
        promised = await desk.post("promise", owner={"type": "queue", "queue": "tax"})
    assert (answer.status_code, promised.status_code) == (404, 404)
    assert asked == []


async def test_an_officers_promise_has_the_laws_term_and_a_brief_to_answer_on(desk: Desk, officer: Officer) -> None:
    with engine.answering(desk.url) as asked:
        owner = {"type": "officer", "officer": officer.pk}
        answer = await desk.post("promise", owner=owner, term="immediate", brief="전화 부탁드립니다.")
    assert answer.status_code == 200, answer.content
    [(name, _agent, data)] = asked
    assert (name, data["reason"], data["citizen"]) == ("promise", "officer", desk.contact.caller)
    assert data["deadline"] > timezone.now().isoformat()
    assert str((await Brief.objects.aget()).promise) == data["promise"]


async def test_a_promise_needs_a_number(desk: Desk) -> None:
    await Contact.objects.filter(pk=desk.contact.pk).aupdate(caller=None, withheld=True)
    owner = {"type": "queue", "queue": "tax"}
    with engine.answering(desk.url) as asked:
        assert (await desk.post("promise", owner=owner)).json()["code"] == "no_number"
        assert (await desk.post("promise", owner=owner, citizen="0000-7777")).json()["code"] == "not_a_number"
        assert (await desk.post("promise", owner=owner, citizen="010-0000-7777")).status_code == 200
    assert [data["citizen"] for _name, _agent, data in asked] == ["+821000007777"]


async def test_steps_of_consulting_and_of_protection_reach_the_engine(desk: Desk) -> None:
    with engine.answering(desk.url) as asked:
        assert (await desk.post("consult", step="conference")).status_code == 200
        assert (await desk.post("protect", step="warn", kind="abuse")).status_code == 200
        assert (await desk.post("consult", step="dance")).status_code == 422
        assert (await desk.post("protect", step="end", kind="")).status_code == 422
    contact = str(desk.contact.pk)
    assert [(name, data) for name, _agent, data in asked] == [
        ("consult_step", {"contact": contact, "step": "conference"}),
        ("protect", {"contact": contact, "step": "warn", "kind": "abuse"}),
    ]


async def test_targets_name_free_colleagues_first_and_queues_with_who_waits(desk: Desk) -> None:
    skill = await Skill.objects.acreate(key="tax", name="세금")
    await Queue.objects.acreate(key="tax", name="세금", skill=skill)
    for number, state in enumerate(["engaged", "available", "signed_out"], 2):
        other = await Account.objects.acreate(username=f"agent{number}", name=f"동료{number}", role=Role.AGENT)
        await AgentSkill.objects.acreate(account=other, skill=skill)
        await AgentStatus.objects.acreate(agent=other, state=state, since=timezone.now(), reachable=True, seq=1)
    await sync_to_async(add_contact)(None, state="waiting")
    answer = (await desk.client.get("/api/desk/targets")).json()
    assert [(one["name"], one["state"], one["queues"]) for one in answer["colleagues"]] == [
        ("동료3", "available", ["세금"]),
        ("동료2", "engaged", ["세금"]),
    ]
    assert answer["queues"] == [{"key": "tax", "name": "세금", "waiting": 1, "free": 1}]


async def test_the_draft_is_the_note(desk: Desk) -> None:
    answer = await desk.client.get(f"/api/desk/contacts/{desk.contact.pk}/brief")
    assert answer.json()["text"] == "가로등이 꺼져 있음"
    assert answer.json()["spoken"]
    assert (await desk.client.get(f"/api/desk/contacts/{uuid4()}/brief")).status_code == 404
