"""The desk's API: commands that wait for the engine, notes of two windows, telephones, the citizen known by number."""

from __future__ import annotations

import hashlib
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.test import AsyncClient, Client
from django.utils import timezone

from haedap.apps.accounts.models import Account, Role
from haedap.apps.centre.models import AwayReason
from haedap.apps.contacts.models import (
    AccessLog,
    AgentStatus,
    Citizen,
    CitizenNumber,
    Contact,
    ContactNote,
    Disposition,
    Segment,
    Topic,
)
from haedap.apps.desk import commands
from haedap.apps.desk.models import Command, PhoneCredential
from haedap.apps.desk.outcomes import outcomes
from haedap.operations.cluster import wait_until
from tests.support.patience import PATIENCE

from . import engine
from .conftest import PASSWORD
from .pages import Browser
from .records import add_contact

JSON = "application/json"


@pytest.fixture
async def served(orm_database: str) -> AsyncIterator[str]:
    """The address of a database for async requests, which run in a thread with a connection of its own."""
    yield orm_database
    await outcomes().close()
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def agent(served: str, password_hash: str) -> AsyncClient:
    """An agent's browser, in a database that other connections see."""
    account = await Account.objects.acreate(
        username="agent1", name="한이슬", role=Role.AGENT, password=password_hash, must_change_password=False
    )
    await AwayReason.objects.acreate(key="break", name="휴식")
    await AwayReason.objects.acreate(key="no_answer", name="무응답", choosable=False)
    client = AsyncClient()
    await sync_to_async(client.force_login)(account, backend="haedap.apps.accounts.backend.AccountBackend")
    client.account = account  # type: ignore[attr-defined]
    return client


async def post(client: AsyncClient, path: str, body: dict[str, Any] | None = None) -> Any:
    return await client.post(f"/api/desk/{path}", body or {}, content_type=JSON)


async def test_commands_are_done(agent: AsyncClient, served: str) -> None:
    contact = str(uuid4())
    me = agent.account.pk  # type: ignore[attr-defined]
    with engine.answering(served) as asked:
        for path, body in (
            ("sign-in", {}),
            ("available", {}),
            ("away", {"reason": "break"}),
            ("extend-wrap-up", {"seconds": 30}),
            ("control", {"contact": contact, "control": "send_digits", "digits": "12#"}),
            ("returned", {}),
            ("sign-out", {}),
        ):
            answer = await post(agent, path, body)
            assert (answer.status_code, answer.json()) == (200, {"outcome": "done"}), path
    assert asked == [
        ("sign_in", me, {}),
        ("available", me, {}),
        ("away", me, {"reason": "break"}),
        ("extend_wrap_up", me, {"seconds": 30}),
        ("control", me, {"contact": contact, "control": "send_digits", "digits": "12#"}),
        ("returned", me, {}),
        ("sign_out", me, {}),
    ]


async def test_the_outcome_wakes_and_is_not_polled_for(
    agent: AsyncClient, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.answering(served):
        await post(agent, "sign-in")
        await sync_to_async(_until_listened)(served)
        monkeypatch.setattr(commands, "_LOOK_AGAIN_SECONDS", 3600.0)
        for _ in range(5):
            assert (await post(agent, "available")).status_code == 200


def _until_listened(url: str) -> None:
    """Wait until the web listens for outcomes."""
    query = (
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'haedap-web-outcomes'"
        " AND datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        assert wait_until(lambda: bool(connection.execute(query).fetchall()), lambda: True, PATIENCE)


async def test_a_refusal_is_a_korean_sentence(agent: AsyncClient, served: str) -> None:
    with engine.answering(served, lambda *_command: ("refused", "not_theirs")):
        answer = await post(agent, "control", {"contact": str(uuid4()), "control": "hold"})
    assert answer.status_code == 409
    assert answer.json() == {"code": "not_theirs", "message": "이 상담 건은 더 이상 내게 연결되어 있지 않습니다."}


async def test_a_silent_engine_is_said_and_the_command_never_acts_later(agent: AsyncClient, served: str) -> None:
    started = time.perf_counter()
    answer = await post(agent, "available")
    assert 1.9 < time.perf_counter() - started < 20  # two seconds; the rest is a busy machine's
    assert (answer.status_code, answer.json()["code"]) == (503, "engine_silent")
    command = await Command.objects.aget()
    assert (command.outcome, command.detail) == ("refused", "withdrawn")
    with engine.answering(served) as asked:
        assert (await post(agent, "sign-in")).status_code == 200
    assert [name for name, _agent, _data in asked] == ["sign_in"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("away", {"reason": "no_answer"}, 409),
        ("away", {"reason": "nonsense"}, 409),
        ("away", {"reason": "x" * 41}, 422),
        ("away", {}, 422),
        ("extend-wrap-up", {"seconds": 0}, 422),
        ("extend-wrap-up", {"seconds": "60"}, 422),
        ("extend-wrap-up", {"seconds": 1e9}, 422),
        ("control", {"contact": "x", "control": "hold"}, 422),
        ("control", {"contact": str(uuid4()), "control": "explode"}, 422),
        ("control", {"contact": str(uuid4()), "control": "send_digits", "digits": "12;"}, 422),
        ("sign-in", {"agent": 7}, 422),
    ],
)
async def test_bad_input_never_becomes_a_command(
    agent: AsyncClient, path: str, body: dict[str, Any], status: int
) -> None:
    answer = await post(agent, path, body)
    assert answer.status_code == status
    assert set(answer.json()) == {"message", "code"}
    assert not await Command.objects.aexists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'"text"', b"[" * 100_000])
async def test_bodies_that_are_no_json_objects(agent: AsyncClient, body: bytes) -> None:
    answer = await agent.generic("POST", "/api/desk/sign-in", body, content_type=JSON)
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"message", "code"}


async def test_my_telephone(agent: AsyncClient, served: str) -> None:
    me = agent.account.pk  # type: ignore[attr-defined]
    with engine.answering(served) as asked:
        first = (await post(agent, "phone")).json()
        second = (await post(agent, "phone")).json()
    assert first["username"] == second["username"] == f"agent-{me}"
    assert first["password"] != second["password"]
    assert len(second["password"]) >= 24
    assert second["ws_url"] == settings.SIP_WEBSOCKET_URL
    assert asked[0] == ("phone_issued", None, {"username": f"agent-{me}"})
    assert 28_700 < second["expires_in"] <= 28_800
    credential = await PhoneCredential.objects.aget()
    plain = f"{second['username']}:{second['realm']}:{second['password']}"
    assert credential.ha1 == hashlib.md5(plain.encode()).hexdigest()  # noqa: S324 - what SIP digest is made of
    assert second["password"] not in str(await PhoneCredential.objects.values().aget())
    assert timedelta(hours=7, minutes=59) < credential.expires_at - timezone.now() <= timedelta(hours=8)  # type: ignore[operator]
    page = await agent.get("/desk/")
    assert second["password"] not in page.content.decode()


async def test_an_agent_with_a_desk_telephone_gets_none_for_the_browser(agent: AsyncClient) -> None:
    await Account.objects.aupdate(telephone="desk")
    answer = await post(agent, "phone")
    assert (answer.status_code, answer.json()["code"]) == (409, "desk_telephone")
    assert not await PhoneCredential.objects.aexists()


async def test_the_citizen_telephone_of_the_demo(served: str) -> None:
    with engine.answering(served) as asked:
        answer = await AsyncClient().post("/api/demo/phone", {}, content_type=JSON)
    assert answer.status_code == 200
    told = answer.json()
    assert told["username"].startswith("citizen-demo-")
    assert (told["number"], told["number_dialled"]) == ("+82200000120", "02-0000-0120")
    assert asked == [("phone_issued", None, {"username": told["username"]})]


# --- the record at the desk


@pytest.fixture
def mine(people: dict[str, Account]) -> Contact:
    return add_contact(people["agent1"], caller="+821000001234")


def put(client: Client, contact: UUID, part: str, body: dict[str, Any]) -> Any:
    return client.put(f"/api/desk/contacts/{contact}/{part}", body, content_type=JSON)


def test_the_desk_tells_who_it_is_and_what_they_called_about(
    people: dict[str, Account], logged_in: Browser, mine: Contact
) -> None:
    citizen = Citizen.objects.create(name="홍길동")
    CitizenNumber.objects.create(number="+821000001234", citizen=citizen)
    topic = Topic.objects.create(code="water", name="상하수도")
    for days in range(1, 22):
        earlier = add_contact(people["agent2"], caller="+821000001234", ago=timedelta(days=days))
        ContactNote.objects.create(contact=earlier.pk, text=f"\n {days}일 전 문의\n둘째 줄", topic=topic)
    add_contact(people["agent2"], caller="+821000009999", ago=timedelta(days=1))
    told = logged_in("agent1").get(f"/api/desk/contacts/{mine.pk}").json()
    assert told["citizen"] == {"id": citizen.pk, "name": "홍길동"}
    assert [line["note_first_line"] for line in told["history"]] == [f"{days}일 전 문의" for days in range(1, 21)]
    assert told["history_goes_on"]
    assert told["known"] == {"citizen": told["citizen"], "chosen": False, "candidates": []}
    assert told["history"][0]["agent_name"] == people["agent2"].name
    assert told["note"] == {"text": "", "version": 0, "topic": None, "disposition": None}
    assert told["contact"]["caller"] == "+821000001234"
    log = AccessLog.objects.get()
    assert (log.action, log.account_id, log.contact, log.citizen) == (
        "contact.viewed",
        people["agent1"].pk,
        mine.pk,
        citizen.pk,
    )


def test_another_agents_contact_is_not_there(logged_in: Browser, mine: Contact) -> None:
    client = logged_in("agent2")
    assert client.get(f"/api/desk/contacts/{mine.pk}").status_code == 404
    assert put(client, mine.pk, "note", {"text": "x", "version": 0}).status_code == 404
    assert not ContactNote.objects.exists()


def test_the_ringing_contact_and_the_citizens_earlier_ones_may_be_seen(
    people: dict[str, Account], logged_in: Browser, mine: Contact
) -> None:
    ringing = add_contact(None, caller="+821000001234", state="offered")
    AgentStatus.objects.create(agent=people["agent2"], state="offered", since=timezone.now(), contact=ringing.pk, seq=1)
    client = logged_in("agent2")
    assert client.get(f"/api/desk/contacts/{ringing.pk}").status_code == 200
    assert client.get(f"/api/desk/contacts/{mine.pk}").status_code == 200
    assert put(client, mine.pk, "note", {"text": "x", "version": 0}).status_code == 404


def test_two_windows_lose_neither_text(logged_in: Browser, mine: Contact) -> None:
    one, other = logged_in("agent1"), logged_in("agent1")
    assert put(one, mine.pk, "note", {"text": "첫 창", "version": 0}).json() == {"version": 1}
    answer = put(other, mine.pk, "note", {"text": "둘째 창", "version": 0})
    assert answer.status_code == 409
    assert answer.json()["text"] == "첫 창"
    assert answer.json()["version"] == 1
    assert put(other, mine.pk, "note", {"text": "첫 창\n둘째 창", "version": 1}).json() == {"version": 2}
    assert put(one, mine.pk, "note", {"text": "첫 창\n둘째 창", "version": 1}).json() == {"version": 2}


@pytest.mark.parametrize(
    "body",
    [
        {"text": "a\x00b", "version": 0},
        {"text": "\ud800", "version": 0},
        {"text": "가" * 20_001, "version": 0},
        {"text": 7, "version": 0},
        {"text": "x", "version": -1},
        {"text": "x", "version": 2**31},
        {"text": "x"},
    ],
)
def test_notes_that_cannot_be_kept(logged_in: Browser, mine: Contact, body: dict[str, Any]) -> None:
    assert put(logged_in("agent1"), mine.pk, "note", body).status_code == 422
    assert not ContactNote.objects.exists()


def test_topic_and_disposition(logged_in: Browser, mine: Contact) -> None:
    client = logged_in("agent1")
    topic = Topic.objects.create(code="tax", name="세금")
    gone = Topic.objects.create(code="old", name="옛것", active=False)
    Disposition.objects.create(key="answered", name="상담 완료")
    assert put(client, mine.pk, "topic", {"topic": topic.pk}).status_code == 200
    assert put(client, mine.pk, "topic", {"topic": gone.pk}).status_code == 404
    assert put(client, mine.pk, "disposition", {"disposition": "nonsense"}).status_code == 404
    assert put(client, mine.pk, "disposition", {"disposition": "answered"}).status_code == 200
    note = ContactNote.objects.get()
    assert (note.topic, note.disposition_id, note.version) == (topic, "answered", 0)
    assert put(client, mine.pk, "topic", {"topic": None}).status_code == 200
    assert ContactNote.objects.get().topic is None


def test_the_usual_topics_are_those_of_the_queue_and_of_the_agent(
    people: dict[str, Account], logged_in: Browser, mine: Contact
) -> None:
    one, two = people["agent1"], people["agent2"]
    root = Topic.objects.create(code="root", name="세금")
    codes = ("common", "own", "rare", "elsewhere", "off")
    topics = {code: Topic.objects.create(code=code, name=code, parent=root, position=5) for code in codes}
    for code, times, agent, queue in (
        ("common", 5, two, "tax"),
        ("own", 2, one, "tax"),
        ("rare", 1, two, "tax"),
        ("elsewhere", 9, two, "water"),
        ("off", 9, two, "tax"),
    ):
        for _ in range(times):
            ContactNote.objects.create(contact=add_contact(agent, queue=queue).pk, topic=topics[code])
    ContactNote.objects.create(contact=add_contact(two).pk, topic=root)
    Topic.objects.filter(code="off").update(active=False)
    url = f"/api/desk/contacts/{mine.pk}/usual-topics"

    def usual() -> list[str]:
        names = dict(Topic.objects.values_list("pk", "code"))
        return [names[topic] for topic in logged_in("agent1").get(url).json()]

    assert usual() == ["own", "common", "rare"], "an agent's own contact counts for four, as one of the queue's, too"
    for number in range(12):
        more = Topic.objects.create(code=f"more{number}", name=f"유형 {number}", parent=root)
        ContactNote.objects.create(contact=add_contact(two).pk, topic=more)
    assert len(usual()) == 9


async def test_closing_needs_topic_and_disposition_and_ends_the_wrap_up(agent: AsyncClient, served: str) -> None:
    account: Account = agent.account  # type: ignore[attr-defined]
    contact = await sync_to_async(add_contact)(account)
    await AgentStatus.objects.acreate(agent=account, state="wrap_up", since=timezone.now(), contact=contact.pk, seq=1)
    path = f"contacts/{contact.pk}/close"
    answer = await post(agent, path)
    assert (answer.status_code, answer.json()["code"]) == (409, "incomplete")
    topic = await Topic.objects.acreate(code="tax", name="세금")
    disposition = await Disposition.objects.acreate(key="answered", name="상담 완료")
    await ContactNote.objects.acreate(contact=contact.pk, topic=topic, disposition=disposition)
    with engine.answering(served) as asked:
        assert (await post(agent, path)).status_code == 200
    assert asked == [("available", account.pk, {})]
    await AgentStatus.objects.aupdate(state="engaged")
    assert (await post(agent, path)).json()["code"] == "engaged"
    await AgentStatus.objects.aupdate(state="available", contact=None)
    assert (await post(agent, path)).status_code == 200


async def test_whose_role_is_changed_in_mid_call_finishes_the_contact(agent: AsyncClient, served: str) -> None:
    account: Account = agent.account  # type: ignore[attr-defined]
    contact = await sync_to_async(add_contact)(account, state="engaged")
    await AgentStatus.objects.acreate(agent=account, state="engaged", since=timezone.now(), contact=contact.pk, seq=1)
    topic = await Topic.objects.acreate(code="tax", name="세금")
    await Disposition.objects.acreate(key="answered", name="상담 완료")
    await Account.objects.filter(pk=account.pk).aupdate(role=Role.SUPERVISOR)
    unmute = {"contact": str(contact.pk), "control": "unmute"}
    with engine.answering(served) as asked:
        assert (await post(agent, "control", unmute)).status_code == 200
        for part, body in (
            ("note", {"text": "역할이 바뀐 뒤", "version": 0}),
            ("topic", {"topic": topic.pk}),
            ("disposition", {"disposition": "answered"}),
        ):
            answer = await agent.put(f"/api/desk/contacts/{contact.pk}/{part}", body, content_type=JSON)
            assert answer.status_code == 200, part
        await AgentStatus.objects.aupdate(state="wrap_up")
        assert (await post(agent, f"contacts/{contact.pk}/close")).status_code == 200
        assert (await post(agent, "sign-in")).status_code == 403
    assert [name for name, *_ in asked] == ["control", "available"]


def test_my_contacts_of_today(people: dict[str, Account], logged_in: Browser, mine: Contact) -> None:
    Contact.objects.update(arrived_at=timezone.now())  # at five past midnight `mine` would be yesterday's
    add_contact(people["agent1"], ago=timedelta(days=1, hours=1))
    add_contact(people["agent2"])
    Segment.objects.create(
        contact=mine.pk,
        number=2,
        agent=people["agent1"],
        queue="tax",
        offer="x",
        started_at=timezone.now(),
        ended_at=timezone.now() + timedelta(seconds=20),
        seq=1,
    )
    (row,) = logged_in("agent1").get("/api/desk/today").json()
    assert row["id"] == str(mine.pk)
    assert row["talk_seconds"] == 120
    assert row["complete"] is False


def test_today_begins_at_midnight_in_seoul(people: dict[str, Account], logged_in: Browser) -> None:
    """By arrival, whenever the agent talked; what is still open stands there whatever its day."""
    now = timezone.now()
    midnight = now.astimezone(ZoneInfo("Asia/Seoul")).replace(hour=0, minute=0, second=0, microsecond=0)
    shortly = timedelta(seconds=5)
    first_of_today = add_contact(people["agent1"], ago=now - midnight)
    add_contact(people["agent1"], ago=now - midnight + shortly)  # before midnight; the agent answered after it
    still_open = add_contact(people["agent1"], ago=now - midnight + shortly, state="engaged")
    rows = logged_in("agent1").get("/api/desk/today").json()
    assert [row["id"] for row in rows] == [str(first_of_today.pk), str(still_open.pk)]


def test_lists(logged_in: Browser) -> None:
    water = Topic.objects.create(code="water", name="상하수도", position=1)
    Topic.objects.create(code="bill", name="요금", parent=water)
    Topic.objects.create(code="tax", name="지방세", position=0)
    Topic.objects.create(code="old", name="옛것", active=False)
    AwayReason.objects.create(key="break", name="휴식")
    AwayReason.objects.create(key="no_answer", name="무응답", choosable=False)
    client = logged_in("agent1")
    tree = client.get("/api/topics").json()
    assert [(item["name"], [child["name"] for child in item["children"]]) for item in tree] == [
        ("지방세", []),
        ("상하수도", ["요금"]),
    ]
    assert client.get("/api/away-reasons").json() == [{"key": "break", "name": "휴식"}]
    kinds = {kind["key"]: (kind["name"], kind["at_once"]) for kind in client.get("/api/abuse-kinds").json()}
    assert kinds == {
        "abuse": ("폭언", False),
        "sexual": ("성희롱", True),
        "threat": ("협박", True),
        "repeated": ("반복·억지 민원", False),
    }


def test_me(logged_in: Browser) -> None:
    told = logged_in("supervisor").get("/api/me").json()
    assert told["role"] == "supervisor"
    assert len(told["csrf"]) > 30
    assert PASSWORD not in str(told)
