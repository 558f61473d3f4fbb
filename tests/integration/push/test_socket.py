"""One socket: who gets in, what it is told, and how it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import logout
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.typing import Origin

from haedap.apps.accounts.models import Account
from haedap.web import connections
from haedap.web.push import hub, rows, sessions
from haedap.web.push.sessions import Seen, Sessions
from tests.integration.push.desks import (
    Desk,
    People,
    Projector,
    Server,
    agent_row,
    contact_row,
    in_django,
    open_socket,
    until,
)
from tests.support.patience import PATIENCE


@pytest.fixture
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is noticed then was told, and not found when the sessions were looked through."""
    monkeypatch.setattr(hub, "_CHECK_EVERY", 3600.0)
    monkeypatch.setattr(hub, "_LOOK_EVERY", 3600.0)


async def told(server: Server, people: People, account: int) -> Desk:
    desk = await Desk(server, people.sessions[account]).open()
    await until(lambda: desk.state is not None)
    return desk


async def test_the_hub_leaves_the_options_of_an_address_alone(people: People) -> None:
    """What it wants itself it says afterwards: PgBouncer lets nobody in who has options."""
    async with await rows.connect(f"{people.url}&options=-cwork_mem%3D5MB") as connection:
        cursor = await connection.execute(
            "SELECT current_setting('work_mem') AS own, current_setting('statement_timeout') AS ours"
        )
        assert await cursor.fetchone() == {"own": "5MB", "ours": "10s"}


async def test_the_first_message_is_the_centre_as_it_is(server: Server, people: People, projector: Projector) -> None:
    contact = contact_row()
    await projector.write([contact, contact_row("ended")], [agent_row(people.first), agent_row(people.second, "away")])
    desk = await told(server, people, people.first)
    assert desk.state is not None
    assert desk.state["me"] == people.first
    assert list(desk.contacts) == [contact.id]
    assert desk.state["agents"][str(people.first)]["name"] == "kim"
    assert desk.state["agents"][str(people.first)]["skills"] == ["tax"]
    assert desk.state["queues"] == {
        "tax": {"name": "세금", "service_level_seconds": 20, "notice_seconds": 900, "end_seconds": 1200}
    }
    await desk.close()


async def test_only_its_agent_and_supervisors_learn_who_calls(
    server: Server, people: People, projector: Projector
) -> None:
    contact = contact_row("waiting")
    await projector.write([contact], [])
    desks = {each: await told(server, people, each) for each in (people.first, people.second, people.supervisor)}

    def known() -> dict[int, tuple[object, ...]]:
        rows = {each: desk.contacts[contact.id] for each, desk in desks.items()}
        return {each: (row["caller"], row["caller_text"], row["caller_name"]) for each, row in rows.items()}

    whole, nothing = ("+821000001234", "010-0000-1234", "김해답"), (None, None, None)
    assert known() == {people.first: nothing, people.second: nothing, people.supervisor: whole}
    for state, agent, holder in (
        ("offered", people.first, people.first),
        ("waiting", None, None),
        ("offered", people.second, people.second),
        ("engaged", people.second, people.second),
        ("reconnecting", people.second, people.second),
        ("waiting", people.second, None),
    ):
        contact.state, contact.agent = state, agent  # type: ignore[assignment]
        seq = await projector.write([contact], [])
        for desk in desks.values():
            await desk.reaches(seq)
        expected = {each: whole if each in {holder, people.supervisor} else nothing for each in desks}
        assert known() == expected, state
    for desk in desks.values():
        await desk.close()


async def test_the_number_of_a_citizen_who_is_called_back_is_no_other_agents(
    server: Server, people: People, projector: Projector
) -> None:
    number = "+821000001234"
    calling = contact_row("engaged", people.first, direction="out", called=number)
    arrived = contact_row("engaged", people.first)
    await projector.write([calling, arrived], [])
    for viewer, seen in ((people.first, number), (people.supervisor, number), (people.second, None)):
        desk = await told(server, people, viewer)
        assert desk.contacts[calling.id]["called"] == seen
        assert desk.contacts[arrived.id]["called"] == "+82200000120"
        await desk.close()


async def test_without_a_log_in_the_socket_says_so(server: Server) -> None:
    for session in ("", "x" * 32, "' OR 1=1 --", "x" * 5000):
        desk = await Desk(server, session).open()
        assert await desk.ends() == sessions.LOGGED_OUT
        assert desk.state is None


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "file://", "http://[", "http://127.0.0.1:1"])
async def test_another_site_is_refused(server: Server, people: People, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await open_socket(server, people.sessions[people.first], origin=origin)
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\x00\x01", 1003),
        ("", 1003),
        ("not json", 1003),
        ('{"type":"delete everything"}', 1003),
        ("[" * 1000, 1003),
        ('{"type":"ping","more":"' + "x" * 2000 + '"}', 1008),
    ],
)
async def test_a_client_that_talks_rubbish_is_closed(
    server: Server, people: People, text: str | bytes, code: int
) -> None:
    desk = await told(server, people, people.first)
    await desk.say(text)
    await until(lambda: desk.closed_with is not None)
    assert desk.closed_with == code


async def test_a_client_that_floods_is_closed(server: Server, people: People) -> None:
    desk = await told(server, people, people.first)
    for _number in range(30):
        await desk.say('{"type":"ping"}')
    await until(lambda: desk.closed_with is not None)
    assert desk.closed_with == 1008


@pytest.mark.parametrize("opcode", [Opcode.PING, Opcode.PONG, Opcode.CONT], ids=["pings", "pongs", "pieces"])
async def test_a_client_that_floods_below_the_messages_is_closed(
    server: Server, people: People, opcode: Opcode
) -> None:
    """And the server does not first answer all that it sent: one piece of the net may hold ten thousand frames."""
    socket = await open_socket(server, people.sessions[people.first])
    beginning = Frame(Opcode.TEXT, b"", fin=False).serialize(mask=True) if opcode is Opcode.CONT else b""
    frame = Frame(opcode, b"", fin=opcode is not Opcode.CONT).serialize(mask=True)
    socket.transport.write(beginning + frame * 10_000)
    async with asyncio.timeout(PATIENCE):
        await socket.wait_closed()
    assert (socket.close_code, socket.close_reason) == (1008, "too many frames")


async def test_an_address_that_is_too_long_is_answered_and_ends(server: Server) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"{server.address}?{'x' * 9000}", origin=Origin(server.origin), open_timeout=PATIENCE)
    assert refused.value.response.status_code == 414


@pytest.mark.parametrize(
    "start",
    [
        b"GET /login?",
        b"GET /login HTTP/1.1\r\nA: ",
        b"GET /login HTTP/1.1\r\n" + b"A: b\r\n" * 10_000,
        b"POST /login HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: b\r\n" * 10_000,
    ],
    ids=["address", "header", "headers", "trailers"],
)
async def test_a_request_whose_head_does_not_end_is_refused(server: Server, start: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(start + b"x" * 100_000)
    async with asyncio.timeout(PATIENCE):
        assert b" 431 " in await reader.readline()
    writer.close()


async def test_a_head_that_does_not_come_ends_the_connection(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_HEAD_SECONDS", 0.2)
    for start in (b"", b"GET /login HTTP/1.1\r\nHost:"):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(start)
        async with asyncio.timeout(PATIENCE):
            assert await reader.read() == b""
        writer.close()


async def test_a_ping_is_answered(server: Server, people: People) -> None:
    socket = await open_socket(server, people.sessions[people.first])
    await socket.send('{"type":"ping"}')
    async with asyncio.timeout(PATIENCE):
        async for text in socket:
            if (message := json.loads(text))["type"] == "pong":
                assert abs(datetime.now(UTC) - datetime.fromisoformat(message["now"])) < timedelta(minutes=1)
                break
    await socket.close()


async def test_logging_out_closes_the_sockets_of_that_session_only(
    no_checks: None, server: Server, people: People
) -> None:
    leaving, staying = await told(server, people, people.first), await told(server, people, people.second)

    def log_out() -> None:
        request = HttpRequest()
        request.session = SessionStore(people.sessions[people.first])
        request.user = Account.objects.get(pk=people.first)
        logout(request)

    await in_django(log_out)
    await until(lambda: leaving.closed_with is not None)
    assert leaving.closed_with == sessions.LOGGED_OUT
    assert staying.closed_with is None
    await staying.close()


async def test_a_log_in_that_ends_while_its_socket_opens_is_closed(
    no_checks: None, server: Server, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told after the log-in was looked up, and before the socket is among those that are told."""
    staying = await told(server, people, people.second)
    looked_up = Sessions.seen

    async def seen_and_then(self: Sessions, keys: Iterable[str]) -> dict[str, Seen]:
        found = await looked_up(self, keys)
        monkeypatch.setattr(Sessions, "seen", looked_up)
        before = server.application._running()[0].endings
        await in_django(lambda: SessionStore(people.sessions[people.first]).delete())
        await until(lambda: server.application._running()[0].endings > before)
        return found

    monkeypatch.setattr(Sessions, "seen", seen_and_then)
    leaving = await Desk(server, people.sessions[people.first]).open()
    assert await leaving.ends() == sessions.LOGGED_OUT
    await staying.close()


async def test_a_deactivated_account_is_closed(no_checks: None, server: Server, people: People) -> None:
    desk = await told(server, people, people.first)

    def deactivate() -> None:
        account = Account.objects.get(pk=people.first)
        account.is_active = False
        account.save()

    await in_django(deactivate)
    await until(lambda: desk.closed_with is not None)
    assert desk.closed_with == sessions.STOPPED


async def test_a_new_password_closes_sockets_with_the_old_one(no_checks: None, server: Server, people: People) -> None:
    desk = await told(server, people, people.first)

    def change() -> None:
        account = Account.objects.get(pk=people.first)
        account.password = "argon2$changed"
        account.save()

    await in_django(change)
    await until(lambda: desk.closed_with is not None)
    assert desk.closed_with == sessions.NEW_PASSWORD


@pytest.fixture
def quick_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "_CHECK_EVERY", 0.1)


async def test_who_idles_is_closed(quick_checks: None, server: Server, people: People) -> None:
    desk = await told(server, people, people.first)

    def idle() -> None:
        session = SessionStore(people.sessions[people.first])
        session["seen"] = 0
        session.save()

    await in_django(idle)
    await until(lambda: desk.closed_with is not None)
    assert desk.closed_with == sessions.LOGGED_OUT


async def test_a_fault_in_looking_the_log_ins_through_stops_nothing_else(
    quick_checks: None, server: Server, people: People, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await told(server, people, people.first)
    looked = 0

    async def seen(_sessions: Sessions, _keys: Iterable[str]) -> dict[str, Seen]:
        nonlocal looked
        looked += 1
        raise RuntimeError

    monkeypatch.setattr(Sessions, "seen", seen)
    await until(lambda: looked > 1)
    await desk.reaches(await projector.write([], [agent_row(people.first)]))
    await desk.close()


async def test_a_new_role_is_seen_at_once(
    no_checks: None, server: Server, people: People, projector: Projector
) -> None:
    contact = contact_row()
    await projector.write([contact], [])
    desk = await told(server, people, people.first)
    assert desk.contacts[contact.id]["caller"] is None

    def promote() -> None:
        account = Account.objects.get(pk=people.first)
        account.role = "supervisor"
        account.save()

    await in_django(promote)
    await until(lambda: desk.contacts[contact.id]["caller"] is not None)
    await desk.close()


async def test_the_oldest_of_too_many_sockets_is_closed(server: Server, people: People) -> None:
    desks = [await told(server, people, people.first) for _number in range(hub.MOST_SOCKETS + 1)]
    other = await told(server, people, people.second)
    await until(lambda: desks[0].closed_with is not None)
    assert desks[0].closed_with == hub.TOO_MANY
    assert [desk.closed_with for desk in (*desks[1:], other)] == [None] * (hub.MOST_SOCKETS + 1)
    for desk in (*desks, other):
        await desk.close()
