"""kill -9 of any process while citizens are on the line: no call dropped, no contact lost, none counted twice."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from haedap.operations.sipp import CITIZEN, Outcome, Sipp, run_sipp
from tests.acceptance.support.town import AGENT_TONE, TELEPHONES, Database, Group, on_duty, settle, telephones
from tests.browser.support.citizen import ADDRESS, SippCitizen, calling
from tests.browser.support.numbers import command
from tests.support.centre import Centre, a_centre
from tests.support.patience import PATIENCE
from tests.telephony.support.conversation import becomes
from tests.telephony.support.sound import to_ulaw, tone
from tests.telephony.support.telephone import Desk

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]
Sip = tuple[str, int]

TALK = Group("talk", "0200007101", 8)
RING = Group("ring", "0200007102", 3)
WAIT = Group("wait", "0200007103", 9, menu_number="0200007104")
SPARE = Group("spare", "0200007105", 1)
_EVERYBODY_MS = 600_000


class Town:
    """The centre, its line, its books, and the telephones that ring until somebody lifts them."""

    def __init__(self, centre: Centre, sip: Sip, database: Database, passwords: dict[str, str]) -> None:
        self.centre = centre
        self.sip = sip
        self.database = database
        self.passwords = passwords

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.database.execute(query.encode(), values).fetchall()

    def count(self, query: str, *values: object) -> int:
        return int(self.rows(query, *values)[0][0])

    async def until(self, query: str, wanted: object, *values: object) -> None:
        """Wait until the query's one value is `wanted`."""
        deadline = time.monotonic() + PATIENCE
        while (found := self.rows(query, *values)[0][0]) != wanted:
            assert time.monotonic() < deadline, f"{query} {values} is {found}, not {wanted}"
            await asyncio.sleep(0.05)

    def citizens(self, group: Group, calls: int, first: int) -> asyncio.Task[Outcome]:
        """Citizens by SIPp, with numbers from `first` on, who stay until the centre hangs up."""
        run = Sipp(
            scenario=CITIZEN,
            remote=f"{self.sip[0]}:{self.sip[1]}",
            local=ADDRESS,
            called=group.number,
            people=[(f"0100000{first + n}", "") for n in range(calls)],
            calls=calls,
            talk_ms=_EVERYBODY_MS,
            answer_ms=_EVERYBODY_MS,
            voice=to_ulaw(tone(440.0, 1.0)),
        )
        return asyncio.create_task(run_sipp(run))

    async def telephone(self, stack: AsyncExitStack, agent: int) -> Desk:
        """The agent's own telephone, registered; it rings, and is answered when the test says so."""
        desk = await stack.enter_async_context(Desk(self.sip, TELEPHONES, AGENT_TONE))
        await register(desk, f"desk-{agent}", self.passwords[f"desk-{agent}"])
        return desk

    async def kill(self, name: str) -> None:
        """kill -9; returns at once."""
        os.kill(self.centre.pid(name), signal.SIGKILL)

    async def hang_up(self, agents: Sequence[int]) -> None:
        """The agents end their calls."""
        for agent in agents:
            ((contact,),) = self.rows("SELECT contact::text FROM agent_status WHERE agent = %s", agent)
            await asyncio.to_thread(command, self.database, "control", agent, contact=contact, control="end", digits="")


async def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)


async def register(desk: Desk, user: str, password: str) -> None:
    """Register as soon as the exchange admits the telephone."""
    deadline = time.monotonic() + PATIENCE
    while await desk.register(user, password, expires=3600) != 200:
        assert time.monotonic() < deadline, f"{user} is not admitted"
        await asyncio.sleep(0.2)


@pytest.fixture(scope="module")
def started() -> Iterator[Centre]:
    with a_centre() as centre:
        centre.start()
        centre.wait_ready()
        yield centre


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(started: Centre) -> AsyncIterator[Town]:
    found = started.info()["sip"]
    sip = str(found["host"]), int(found["udp_port"])
    with psycopg.connect(f"postgresql://haedap@/haedap?host={started.runtime}", autocommit=True) as database:
        passwords = await asyncio.to_thread(settle, database, (TALK, RING, WAIT, SPARE))
        yield Town(started, sip, database, passwords)


@pytest_asyncio.fixture(loop_scope="module")
async def answering(town: Town) -> AsyncIterator[None]:
    """The telephones of those who answer at once."""
    users = [f"desk-{agent}" for agent in (*TALK.agents, *WAIT.agents)]
    async with telephones(town.sip, {user: town.passwords[user] for user in users}):
        yield


LIVE = "SELECT count(*) FROM contact WHERE state = %s AND called = ANY(%s)"
CALLED = [f"+82{number[1:]}" for number in (TALK.number, RING.number, WAIT.number, WAIT.menu_number)]


async def test_kill_of_web_worker_and_engine_during_20_calls(town: Town, answering: None) -> None:
    """8 talk, 3 ring, 5 wait, 4 listen to a menu. In the end all 20 have been served."""
    async with AsyncExitStack() as stack:
        await on_duty(town.database, TALK.agents)
        ringing = [await town.telephone(stack, agent) for agent in RING.agents]
        await on_duty(town.database, RING.agents)
        calls = [town.citizens(TALK, 7, 4100), town.citizens(WAIT, 5, 4200), town.citizens(RING, 3, 4300)]
        listening = await stack.enter_async_context(calling(town.sip, called=TALK.number, caller="01000004107"))
        choosing = [
            await stack.enter_async_context(calling(town.sip, called=WAIT.menu_number, caller=f"0100000440{n}"))
            for n in range(4)
        ]
        await asyncio.gather(*(desk.ring() for desk in ringing))
        for state, number in (("engaged", 8), ("offered", 3), ("waiting", 5), ("in_flow", 4)):
            await town.until(LIVE, number, state, CALLED)
        contacts, again = _contacts(town), 0
        assert len(contacts) == 20

        for name in ("web", "worker", "engine"):
            before = town.centre.pid(name)
            await town.kill(name)
            if name == "engine":
                again = len(ringing[0].received)
                await ringing[0].answer()
            await becomes(listening.media, AGENT_TONE, heard=True)
            await until(lambda name=name, before=before: town.centre.pid(name) != before, name)  # type: ignore[misc]
        await _has_the_citizen(town, ringing[0], again)
        await town.until(LIVE, 9, "engaged", CALLED)
        for state, number in (("offered", 2), ("waiting", 5), ("in_flow", 4)):
            assert town.count(LIVE, state, CALLED) == number
        assert _contacts(town) == contacts
        assert not any(call.done() for call in calls)

        await asyncio.gather(*(desk.answer() for desk in ringing[1:]))
        for citizen in choosing:
            citizen.media.press("1")
        await town.until(LIVE, 9, "waiting", CALLED)
        await on_duty(town.database, WAIT.agents)
        await town.until(LIVE, 20, "engaged", CALLED)
        await town.hang_up([*TALK.agents, *RING.agents, *WAIT.agents])
        await town.until(LIVE, 20, "ended", CALLED)
        await _all_went_well(calls, [listening, *choosing])
        assert _contacts(town) == contacts
        _books_are_right(town, contacts)


async def _has_the_citizen(town: Town, desk: Desk, after: int) -> None:
    """The agent lifted the receiver while there was no engine.

    Either the exchange kept the line until there was one again, or it cut the agent off; then the citizen, who heard
    music all the while, is put to them again.
    """

    def rings_again() -> bool:
        return any(message.method == "INVITE" and not message.status for message in desk.received[after:])

    await until(lambda: rings_again() or town.count(LIVE, "engaged", CALLED) == 9, "the agent lost the citizen")
    if rings_again():
        await desk.ring(after)
        await desk.answer()


async def _all_went_well(calls: Sequence[asyncio.Task[Outcome]], citizens: Sequence[SippCitizen]) -> None:
    async with asyncio.timeout(PATIENCE):
        outcomes = [*await asyncio.gather(*calls), *[await citizen.ended() for citizen in citizens]]
    assert all(outcome.ok for outcome in outcomes), outcomes


def _contacts(town: Town) -> set[str]:
    return {row[0] for row in town.rows("SELECT id::text FROM contact WHERE called = ANY(%s)", CALLED)}


def _books_are_right(town: Town, contacts: set[str]) -> None:
    """Each contact was opened, queued, answered and closed exactly once, by its agent."""
    known = town.rows(
        "SELECT name, count(*), count(DISTINCT contact) FROM journal WHERE role = 'F' AND contact = ANY(%s::uuid[])"
        " AND name IN ('ContactOpened', 'ContactQueued', 'SegmentStarted', 'SegmentEnded', 'ContactClosed')"
        " GROUP BY name",
        list(contacts),
    )
    assert sorted(known) == [
        (name, 20, 20) for name in ("ContactClosed", "ContactOpened", "ContactQueued", "SegmentEnded", "SegmentStarted")
    ]
    outcomes = town.rows(
        "SELECT DISTINCT outcome, ended_by, segments FROM contact WHERE id = ANY(%s::uuid[])", list(contacts)
    )
    assert outcomes == [("answered", "agent", 1)]
    assert town.count("SELECT count(*) FROM segment WHERE contact = ANY(%s::uuid[])", list(contacts)) == 20


async def test_kill_of_asterisk_ends_its_calls_truthfully(town: Town) -> None:
    """Who was talking is owed a call; here it is taken back, so that the next citizen is the next."""
    (agent,) = SPARE.agents
    async with AsyncExitStack() as stack:
        desk = await town.telephone(stack, agent)
        await on_duty(town.database, [agent])
        call = town.citizens(SPARE, 1, 4500)
        contact = await _answered(town, desk, "+821000004500")
        before = town.centre.pid("asterisk")
        await town.kill("asterisk")
        await until(lambda: town.centre.pid("asterisk") != before, "asterisk")
        await town.until("SELECT state FROM contact WHERE id = %s", "ended", contact)
        assert town.rows("SELECT outcome, ended_by, segments FROM contact WHERE id = %s", contact) == [
            ("answered", "centre", 1)
        ]
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        owed = "SELECT count(*) FROM promise WHERE contact = %s AND reason = 'dropped' AND state <> 'ended'"
        await town.until(owed, 1, contact)
        promise = str(town.rows("SELECT id::text FROM promise WHERE contact = %s", contact)[0][0])
        settled = {"promise": promise, "outcome": "cancelled"}
        await asyncio.to_thread(command, town.database, "settle_promise", agent, **settled)
        await town.until(owed, 0, contact)
        after = len(desk.received)
        await register(desk, f"desk-{agent}", town.passwords[f"desk-{agent}"])
        await town.until("SELECT reachable::int FROM agent_status WHERE agent = %s", 1, agent)
        await on_duty(town.database, [agent])
        again = town.citizens(SPARE, 1, 4501)
        await _answered(town, desk, "+821000004501", after)
        await town.hang_up([agent])
        assert (await again).ok
        await asyncio.to_thread(command, town.database, "sign_out", agent)


async def _answered(town: Town, desk: Desk, caller: str, after: int = 0) -> str:
    """The telephone rings and is answered; returns the contact."""
    await desk.ring(after)
    await desk.answer()
    await town.until("SELECT count(*) FROM contact WHERE caller = %s AND state = 'engaged'", 1, caller)
    return str(town.rows("SELECT id::text FROM contact WHERE caller = %s", caller)[0][0])


async def test_kill_of_postgresql_stalls_and_loses_nothing(town: Town) -> None:
    """Somebody talks, somebody else calls while the database is dead: both are served, both are in the books."""
    (agent,) = SPARE.agents
    async with AsyncExitStack() as stack:
        desk = await town.telephone(stack, agent)
        await on_duty(town.database, [agent])
        talking = town.citizens(SPARE, 1, 4600)
        await _answered(town, desk, "+821000004600")
        before = town.centre.pid("postgresql")
        await town.kill("postgresql")
        late = town.citizens(SPARE, 1, 4601)
        await until(lambda: town.centre.pid("postgresql") != before, "postgresql")
        town.database.close()
        town.database = await _connected(town.centre)
        stack.callback(town.database.close)
        await town.until("SELECT count(*) FROM contact WHERE caller = '+821000004601' AND state = 'waiting'", 1)
        after = len(desk.received)
        await town.hang_up([agent])
        assert (await talking).ok
        await _answered(town, desk, "+821000004601", after)
        await town.hang_up([agent])
        assert (await late).ok
        await town.until("SELECT count(*) FROM contact WHERE caller = '+821000004601' AND state = 'ended'", 1)
        found = town.rows(
            "SELECT c.caller, c.outcome, c.segments, count(*) FROM contact c JOIN journal j ON j.contact = c.id"
            " WHERE c.caller IN ('+821000004600', '+821000004601') AND j.name IN ('ContactOpened', 'ContactClosed')"
            " GROUP BY c.id ORDER BY c.caller"
        )
        assert found == [("+821000004600", "answered", 1, 2), ("+821000004601", "answered", 1, 2)]


async def _connected(centre: Centre) -> Database:
    """A new connection, as soon as the database answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(f"postgresql://haedap@/haedap?host={centre.runtime}", autocommit=True)
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "the database does not come back"
            await asyncio.sleep(0.2)
