"""The pages of callback promises: who sees which, what is near its deadline, what can be done, and what is logged."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.test import AsyncClient, Client
from django.utils import timezone

from haedap.apps.accounts.models import Account, Role
from haedap.apps.briefs.models import Brief, BriefAnswer
from haedap.apps.centre.models import AgentSkill, Queue, Skill
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.models import (
    AccessLog,
    AgentStatus,
    CallbackPromise,
    Contact,
    ContactNote,
    PromiseAttempt,
    Recording,
)
from haedap.apps.desk.outcomes import outcomes
from haedap.apps.promises.models import WrittenMessage

from . import engine
from .pages import Browser
from .records import add_contact

CITIZEN = "+821000001234"


def add_promise(**values: Any) -> CallbackPromise:
    """A promise of the queue `tax`, due now, with a day to go."""
    now = timezone.now()
    row = {
        "id": uuid4(),
        "citizen": CITIZEN,
        "owner_kind": "queue",
        "owner_queue": "tax",
        "reason": "queue",
        "state": "open",
        "made_at": now,
        "place_at": now,
        "due_at": now,
        "deadline": now + timedelta(days=1),
        "seq": 1,
        **values,
    }
    if row["owner_kind"] != "queue":
        row["owner_queue"] = None
    return CallbackPromise.objects.create(**row)


@pytest.fixture
def queues(people: dict[str, Account]) -> None:
    """agent1 serves the taxes, agent2 nothing."""
    for key, name in (("tax", "세무"), ("roads", "도로")):
        Queue.objects.create(key=key, name=name, skill=Skill.objects.create(key=key, name=name))
    AgentSkill.objects.create(account=people["agent1"], skill_id="tax")


def listed(client: Client, **filters: str) -> list[UUID]:
    page = client.get("/promises/", filters)
    assert page.status_code == 200
    return [line.row.pk for line in page.context["lines"]]


def test_an_agent_sees_the_own_ones_and_those_of_the_own_queues(
    people: dict[str, Account], logged_in: Browser, queues: None
) -> None:
    of_queue = add_promise()
    other = add_promise(owner_queue="roads", citizen="+821000001235")
    own = add_promise(owner_kind="agent", owner_agent=people["agent2"], citizen="+821000001236")
    officer = add_promise(owner_kind="outside", owner_name="세무과", made_by=people["agent2"], citizen="+821000001237")
    assert set(listed(logged_in("agent1"))) == {of_queue.pk}
    assert set(listed(logged_in("agent2"))) == {own.pk, officer.pk}
    assert set(listed(logged_in("supervisor"))) == {of_queue.pk, other.pk, own.pk, officer.pk}
    assert listed(logged_in("agent1"), whose="mine") == []
    assert listed(logged_in("agent1"), whose="queues") == [of_queue.pk]
    assert listed(logged_in("supervisor"), owner="outside") == [officer.pk]
    assert logged_in("agent1").get(f"/promises/{own.pk}/").status_code == 404
    assert logged_in("agent1").post(f"/promises/{own.pk}/call-now").status_code == 404


def test_what_is_late_stands_first_and_is_named(logged_in: Browser, queues: None) -> None:
    now = timezone.now()
    far = add_promise(citizen="+821000000003")
    near = add_promise(citizen="+821000000002", deadline=now + timedelta(minutes=10))
    late = add_promise(citizen="+821000000001", deadline=now - timedelta(minutes=10), escalated_at=now)
    over = add_promise(state="ended", outcome="kept", ended_at=now, deadline=now - timedelta(hours=1))
    add_promise(state="ended", outcome="kept", ended_at=now - timedelta(days=2))
    client = logged_in("supervisor")
    page = client.get("/promises/")
    assert [line.row.pk for line in page.context["lines"]] == [late.pk, near.pk, far.pk]
    assert [line.urgency for line in page.context["lines"]] == ["overdue", "near", ""]
    text = page.content.decode()
    assert text.index("기한 지남</span>") < text.index("기한 임박</span>")
    assert "기한 지남 1건" in text
    assert listed(client, show="overdue") == [late.pk]
    assert listed(client, show="ended_today") == [over.pk]
    assert len(listed(client, show="all")) == 5


def test_fifty_stand_on_a_page_in_the_order_of_their_deadlines(logged_in: Browser, queues: None) -> None:
    now = timezone.now()
    rows = [
        add_promise(citizen=f"+8210000{number:05}", deadline=now + timedelta(minutes=number)) for number in range(120)
    ]
    client, seen = logged_in("supervisor"), []
    address = "/promises/"
    while address:
        page = client.get(address)
        seen.append([line.row.pk for line in page.context["lines"]])
        address = page.context["older"] and f"/promises/{page.context['older']}"
    assert [len(part) for part in seen] == [50, 50, 20]
    assert [key for part in seen for key in part] == [row.pk for row in rows]
    before = client.get(f"/promises/{page.context['newer']}")
    assert [line.row.pk for line in before.context["lines"]] == seen[1]


def test_numbers_are_hidden_in_the_list_of_agents(people: dict[str, Account], logged_in: Browser, queues: None) -> None:
    add_promise()
    own = add_promise(owner_kind="agent", owner_agent=people["agent1"], citizen="+821000005678")
    page = logged_in("agent1").get("/promises/").content.decode()
    assert "010-****-1234" in page
    assert "010-0000-5678" in page
    assert "010-0000-1234" in logged_in("supervisor").get("/promises/").content.decode()
    opened = logged_in("agent1").get(f"/promises/{own.pk}/").content.decode()
    assert "010-0000-5678" in opened
    log = AccessLog.objects.get(action="promise.viewed")
    assert (log.account_id, log.detail["promise"]) == (people["agent1"].pk, str(own.pk))


def test_the_page_tells_what_belongs_to_it(people: dict[str, Account], logged_in: Browser, queues: None) -> None:
    origin = add_contact(people["agent2"], caller=CITIZEN)
    ContactNote.objects.create(contact=origin.pk, text="가로등 고장 신고", version=1)
    promise = add_promise(
        owner_kind="outside",
        owner_name="도로과 이하늘",
        owner_number="2001",
        reason="officer",
        contact=origin.pk,
        made_by=people["agent1"],
    )
    joined = add_promise(state="ended", outcome="merged", into=promise.pk, ended_at=timezone.now(), reason="text")
    WrittenMessage.objects.create(promise=joined.pk, citizen=CITIZEN, text="언제 고치나요?", queue="tax", way="page")
    PromiseAttempt.objects.create(
        promise=promise.pk, number=1, started_at=timezone.now(), outcome="busy", ended_at=timezone.now(), seq=1
    )
    brief = Brief.objects.create(
        contact=origin.pk,
        author=people["agent1"],
        receiver="도로과 이하늘",
        text="가로등 번호 12-3",
        promise=promise.pk,
        expires_at=timezone.now() + timedelta(days=1),
    )
    BriefAnswer.objects.create(brief=brief, kind="no_answer", text="내일 다시 걸겠습니다")
    page = logged_in("agent1").get(f"/promises/{promise.pk}/").content.decode()
    for text in (
        "가로등 고장 신고",
        "도로과 이하늘",
        "통화 중",
        "언제 고치나요?",
        "가로등 번호 12-3",
        "내일 다시 걸겠습니다",
    ):
        assert text in page, text
    assert "지금 전화" not in page, "an officer's promise is not called by the centre"
    assert f"/contacts/{origin.pk}/" in page, "whoever owes the call may open the contact that it came out of"


@pytest.fixture
def tape(queues: None) -> Iterator[Recording]:
    """A citizen's message."""
    origin = add_contact(None, caller=CITIZEN, outcome="promised")
    path = settings.HAEDAP.recordings / f"{origin.pk}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    yield Recording.objects.create(
        contact=origin.pk, file=path.name, status="ready", started_at=timezone.now(), duration_seconds=12
    )
    path.unlink(missing_ok=True)


def test_a_citizens_message_is_heard_for_a_reason(
    people: dict[str, Account], logged_in: Browser, tape: Recording
) -> None:
    origin = Contact.objects.get(pk=tape.contact)
    promise = add_promise(reason="voicemail", contact=origin.pk)
    client = logged_in("agent1")
    assert "<audio" not in client.get(f"/promises/{promise.pk}/").content.decode()
    refused = client.post(f"/promises/{promise.pk}/listen", {"reason": ""})
    assert (refused.status_code, "<audio" in refused.content.decode()) == (400, False)
    heard = client.post(f"/promises/{promise.pk}/listen", {"reason": "회신하기 전에 들음"})
    assert f"/contacts/{origin.pk}/recording?token=" in heard.content.decode()
    log = AccessLog.objects.get(action="recording.listened")
    assert (log.contact, log.reason) == (origin.pk, "회신하기 전에 들음")
    assert contacts.visible(people["agent1"]).filter(pk=origin.pk).exists()
    assert not contacts.visible(people["agent2"]).filter(pk=origin.pk).exists()
    CallbackPromise.objects.filter(pk=promise.pk).update(state="ended", outcome="kept", ended_at=timezone.now())
    assert not contacts.visible(people["agent1"]).filter(pk=origin.pk).exists(), "no longer than it is owed"
    late = client.post(f"/promises/{promise.pk}/listen", {"reason": "회신한 뒤에 들음"})
    assert (late.status_code, "<audio" in late.content.decode()) == (400, False)
    assert AccessLog.objects.filter(action="recording.listened").count() == 1, "heard is what can be heard"


def test_a_citizens_message_whose_file_is_gone_says_so(logged_in: Browser, tape: Recording) -> None:
    (settings.HAEDAP.recordings / tape.file).unlink()
    promise = add_promise(reason="voicemail", contact=tape.contact)
    client = logged_in("agent1")
    page = client.get(f"/promises/{promise.pk}/").content.decode().split('id="recording"')[1].split("</section>")[0]
    assert "녹취 파일이 없습니다" in page
    assert 'name="reason"' not in page
    answer = client.post(f"/promises/{promise.pk}/listen", {"reason": "회신하기 전에 들음"})
    assert "<audio" not in answer.content.decode()
    assert not AccessLog.objects.filter(action="recording.listened").exists()


def test_the_file_for_spreadsheets(people: dict[str, Account], logged_in: Browser, queues: None) -> None:
    add_promise(owner_kind="outside", owner_name="=cmd", owner_number="2001")
    add_promise(citizen="+821000009999", state="ended", outcome="kept", ended_at=timezone.now())
    answer = logged_in("supervisor").get("/promises/promises.csv", {"show": "all"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "전화번호"
    assert {row[0] for row in rows[1:]} == {"010-0000-1234", "010-0000-9999"}
    assert any(row[3].startswith("'=cmd") for row in rows)
    assert AccessLog.objects.filter(action="promises.exported", account=people["supervisor"]).count() == 1
    assert logged_in("agent1").get("/promises/promises.csv").status_code == 403


@pytest.fixture
async def browser(orm_database: str, password_hash: str) -> AsyncIterator[tuple[AsyncClient, Account, str]]:
    """An agent of the taxes, and the database's address."""
    account = await Account.objects.acreate(
        username="agent1", name="한이슬", role=Role.AGENT, password=password_hash, must_change_password=False
    )
    skill = await Skill.objects.acreate(key="tax", name="세무")
    await Queue.objects.acreate(key="tax", name="세무", skill=skill)
    await AgentSkill.objects.acreate(account=account, skill=skill)
    client = AsyncClient()
    await sync_to_async(client.force_login)(account, backend="haedap.apps.accounts.backend.AccountBackend")
    yield client, account, orm_database
    await outcomes().close()
    await sync_to_async(connections.close_all)()


async def test_what_can_be_done_goes_to_the_engine(browser: tuple[AsyncClient, Account, str]) -> None:
    client, account, url = browser
    promise = await sync_to_async(add_promise)()
    colleague = await Account.objects.acreate(username="agent9", name="동료", role=Role.AGENT)
    later = timezone.localtime(timezone.now() + timedelta(hours=3)).replace(second=0, microsecond=0)
    page = f"/promises/{promise.pk}/"
    with engine.answering(url, _projected(url)) as asked:
        for action, body in (
            ("call-now", {}),
            ("put-off", {"due_at": f"{later:%Y-%m-%dT%H:%M}"}),
            ("give", {"owner": f"agent:{colleague.pk}"}),
        ):
            answer = await client.post(f"{page}{action}", body)
            assert (answer.status_code, answer.headers.get("Location")) in {(302, page), (302, "/promises/")}, action
            await CallbackPromise.objects.filter(pk=promise.pk).aupdate(owner_agent=None, owner_queue="tax")
        refused = await client.post(f"{page}settle", {"outcome": "cancelled", "reason": " "})
        assert refused.status_code == 400
        answer = await client.post(f"{page}settle", {"outcome": "resolved", "reason": "직접 방문함"})
        assert answer.status_code == 302
    names = [(name, agent) for name, agent, _data in asked]
    assert names == [("change_promise", account.pk)] * 3 + [("settle_promise", account.pk)]
    assert datetime.fromisoformat(asked[0][2]["due_at"]) <= timezone.now()
    assert datetime.fromisoformat(asked[1][2]["due_at"]) == later
    assert asked[2][2]["owner"] == {"type": "agent", "agent": colleague.pk}
    assert (asked[3][2]["promise"], asked[3][2]["outcome"]) == (str(promise.pk), "resolved")
    log = [row async for row in AccessLog.objects.filter(action="promise.changed").order_by("pk")]
    assert [row.detail["how"] for row in log] == ["call_now", "put_off", "give", "resolved"]
    assert log[2].detail["owner"] == {"type": "agent", "agent": colleague.pk}
    assert log[3].reason == "직접 방문함"


def _projected(url: str) -> engine.Answer:
    """The engine does it, and its projector writes the row anew."""
    import psycopg

    def answer(_name: str, _agent: int | None, data: dict[str, Any]) -> tuple[str, str]:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("UPDATE promise SET seq = seq + 1 WHERE id = %s", (data["promise"],))
        return "done", ""

    return answer


async def test_now_is_the_time_of_the_engine_that_calls(
    centre_ahead: Callable[[timedelta], None], browser: tuple[AsyncClient, Account, str]
) -> None:
    """By the machine's clock the citizen would be called in an hour."""
    centre_ahead(timedelta(hours=-1))
    client, _account, url = browser
    engines_now = timezone.now() - timedelta(hours=1)
    promise = await sync_to_async(add_promise)(deadline=engines_now + timedelta(minutes=30))
    with engine.answering(url, _projected(url)) as asked:
        await client.post(f"/promises/{promise.pk}/call-now")
        await client.post(f"/api/desk/promises/{promise.pk}/now", {}, content_type="application/json")
    assert len(asked) == 2
    for _name, _agent, data in asked:
        assert abs(datetime.fromisoformat(data["due_at"]) - engines_now) < timedelta(minutes=1)
    page = (await client.get("/promises/", {"show": "overdue"})).content.decode()
    assert str(promise.pk) not in page, "the deadline that the engine keeps has not passed"


async def test_what_makes_no_sense_is_said_and_changes_nothing(browser: tuple[AsyncClient, Account, str]) -> None:
    client, _account, url = browser
    promise = await sync_to_async(add_promise)()
    ended = await sync_to_async(add_promise)(
        state="ended", outcome="kept", ended_at=timezone.now(), citizen="+821000000077"
    )
    page = f"/promises/{promise.pk}/"
    now = timezone.localtime()
    with engine.answering(url) as asked:
        for hours, sentence in ((-1, "지난 시각"), (30, "기한보다 늦습니다"), (24 * 400, "지난 시각")):
            at = now + timedelta(hours=hours)
            answer = await client.post(f"{page}put-off", {"due_at": f"{at:%Y-%m-%dT%H:%M}"})
            assert answer.status_code == 400
            assert sentence in answer.content.decode(), hours
        assert (await client.post(f"{page}put-off", {"due_at": "내일"})).status_code == 400
        assert (await client.post(f"{page}give", {"owner": "agent:999999"})).status_code == 400
        assert (await client.post(f"{page}give", {"owner": "queue:tax"})).status_code == 400, "they owe it already"
        assert (await client.post(f"/promises/{ended.pk}/call-now")).status_code == 302
    assert asked == []
    assert "이미 끝난 약속" in (await client.get(f"/promises/{ended.pk}/")).content.decode()


async def test_a_refusal_of_the_engine_is_said(browser: tuple[AsyncClient, Account, str]) -> None:
    client, _account, url = browser
    promise = await sync_to_async(add_promise)()
    with engine.answering(url, lambda *_: ("refused", "unknown_agent")):
        answer = await client.post(f"/promises/{promise.pk}/call-now", follow=True)
    assert "상담사로 등록되어 있지" in answer.content.decode()
    assert not await AccessLog.objects.filter(action="promise.changed").aexists()


async def test_the_desk_is_told_what_belongs_to_a_contact(browser: tuple[AsyncClient, Account, str]) -> None:
    client, account, url = browser
    before = await sync_to_async(add_contact)(account, caller=CITIZEN)
    await ContactNote.objects.acreate(contact=before.pk, text="끊긴 통화의 메모", version=1)
    keeps = await sync_to_async(add_promise)(contact=before.pk, reason="dropped", state="waiting")
    await WrittenMessage.objects.acreate(promise=keeps.pk, citizen=CITIZEN, text="글", queue="tax", way="gateway")
    owed = await sync_to_async(add_promise)(owner_kind="outside", owner_name="세무과", reason="officer")
    contact = await sync_to_async(add_contact)(
        account, caller=CITIZEN, state="engaged", direction="out", promise=keeps.pk, resumes=before.pk
    )
    await AgentStatus.objects.acreate(
        agent=account, state="engaged", since=timezone.now(), contact=contact.pk, reachable=True, seq=1
    )
    told = (await client.get(f"/api/desk/contacts/{contact.pk}/promises")).json()
    assert told["keeps"]["id"] == str(keeps.pk)
    assert told["keeps"]["reason"] == "통화가 끊어짐"
    assert told["keeps"]["origin"]["note"] == "끊긴 통화의 메모"
    assert [text["text"] for text in told["keeps"]["texts"]] == ["글"]
    assert [one["id"] for one in told["owed"]] == [str(owed.pk)]
    assert told["resumes"]["agent_name"] == "한이슬"
    assert (await client.get("/api/desk/my-queues")).json() == ["tax"]
    foreign = await sync_to_async(add_contact)(None, caller="+821000000999")
    assert (await client.get(f"/api/desk/contacts/{foreign.pk}/promises")).status_code == 404
    with engine.answering(url, _projected(url)) as asked:
        answer = await client.post(f"/api/desk/promises/{keeps.pk}/now", {}, content_type="application/json")
        assert (answer.status_code, answer.json()) == (200, {"outcome": "done"})
    assert asked[0][0] == "change_promise"
