"""One Asterisk for the session; a voice channel of its own for each test; afterwards no channel may be left."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from haedap.channels.port import PhoneCredential, PhoneKind
from haedap.channels.voice.channel import VoiceChannel
from haedap.channels.voice.prompts import library_of
from haedap.domain.events import AgentReachable
from haedap.domain.ids import AgentId
from haedap.domain.plan import Agent, Plan
from tests.support.patience import PATIENCE
from tests.telephony.support.conversation import CITIZEN_TONE, COLLEAGUE_TONE, OFFICER_TONE, SUPERVISOR_TONE
from tests.telephony.support.exchange import Exchange, running_exchange
from tests.telephony.support.script import Script
from tests.telephony.support.telephone import Caller, Desk

AGENTS = range(1, 10)
PLAN = Plan(version=1, agents=tuple(Agent(id=AgentId(n), name=f"상담사 {n}", endpoint=f"desk-{n}") for n in AGENTS))


def password(username: str) -> str:
    return f"pw-{username}"


def credential(username: str, realm: str, kind: PhoneKind = PhoneKind.DESK) -> PhoneCredential:
    text = f"{username}:{realm}:{password(username)}"
    ha1 = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    number = username.rpartition("-")[2]
    agent = AgentId(int(number)) if number.isdigit() else None
    return PhoneCredential(username=username, kind=kind, agent=agent, ha1=ha1, expires_at=None)


@pytest.fixture(scope="session")
def shared_exchange() -> Iterator[Exchange]:
    with tempfile.TemporaryDirectory(prefix="hdv-") as home, running_exchange(Path(home)) as exchange:
        yield exchange


@pytest.fixture
def exchange(shared_exchange: Exchange) -> Iterator[Exchange]:
    """Asterisk. It fails the test that leaves a channel or a bridge behind."""
    yield shared_exchange
    try:
        wait_until_idle(shared_exchange)
    finally:
        shared_exchange.clear()


def wait_until_idle(exchange: Exchange) -> None:
    """Wait for the last channel and the last bridge to be gone."""
    deadline = time.monotonic() + PATIENCE
    while left := [*exchange.ask("channels"), *exchange.ask("bridges")]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


@pytest.fixture(scope="session")
def _mortal() -> Iterator[Exchange]:
    with tempfile.TemporaryDirectory(prefix="hdk-") as home, running_exchange(Path(home)) as exchange:
        yield exchange


@pytest.fixture
def mortal_exchange(_mortal: Exchange) -> Exchange:
    """Another Asterisk: one that a test may kill, and that runs again for the next one."""
    if _mortal.process.poll() is not None:
        _mortal.start()
    return _mortal


@pytest.fixture
async def mortal_script(mortal_exchange: Exchange) -> AsyncIterator[Script]:
    """A running voice channel there, which knows the telephone of agent 7."""
    channel = VoiceChannel(mortal_exchange.settings, library_of(mortal_exchange.settings))
    await channel.plan_changed(PLAN)
    await channel.phone_issued(credential("desk-7", mortal_exchange.settings.sip_realm))
    script = Script(channel)
    await script.start()
    yield script
    await script.stop()


@pytest.fixture
def make_script(exchange: Exchange) -> Callable[[], Awaitable[Script]]:
    """Starts a script on a voice channel of its own, as a new engine would."""

    async def make() -> Script:
        settings = exchange.settings
        channel = VoiceChannel(settings, library_of(settings))
        await channel.plan_changed(PLAN)
        for number in AGENTS:
            await channel.phone_issued(credential(f"desk-{number}", settings.sip_realm))
        script = Script(channel)
        await script.start()
        return script

    return make


@pytest.fixture
async def script(exchange: Exchange, make_script: Callable[[], Awaitable[Script]]) -> AsyncIterator[Script]:
    """A running voice channel and what it posts. It lives until it has cleared away: who dies leaves that to others."""
    made = await make_script()
    yield made
    try:
        await asyncio.to_thread(wait_until_idle, exchange)
    finally:
        await made.stop()


@pytest.fixture
async def caller(exchange: Exchange) -> AsyncIterator[Caller]:
    """A citizen's telephone at the trunk's address, who speaks at 440 Hz."""
    async with Caller(exchange.sip) as telephone:
        yield telephone


@pytest.fixture
async def desk(exchange: Exchange, script: Script) -> AsyncIterator[Desk]:
    """The registered desk telephone of agent 7, who speaks at 1000 Hz."""
    async with AsyncExitStack() as stack:
        yield await registered_desk(stack, exchange, script, 7)


async def registered_desk(
    stack: AsyncExitStack, exchange: Exchange, script: Script, agent: int, tone: float = 1000.0
) -> Desk:
    """A desk telephone of that agent, registered and known to be reachable; its registration ends with `stack`."""
    telephone = await stack.enter_async_context(Desk(exchange.sip, "127.0.0.3", tone=tone))
    username, after = f"desk-{agent}", len(script.events)
    await admitted(exchange, username)
    assert await telephone.register(username, password(username)) == 200
    await script.wait_for(AgentReachable, lambda event: event.agent == agent, after=after)

    async def leave() -> None:
        telephone.powered = True
        await telephone.register(username, password(username), expires=0)
        # Told before it is so: the next test's channel would find it registered, and hear of no change.
        await eventually(lambda: not exchange.reaches(username))

    stack.push_async_callback(leave)
    return telephone


async def admitted(exchange: Exchange, username: str) -> None:
    """Wait until this telephone may register. One that is refused tries again only after half a minute."""
    await eventually(lambda: exchange.knows(username))


@pytest.fixture
async def officer(exchange: Exchange) -> AsyncIterator[Desk]:
    """A telephone at the city's exchange, whose owner speaks at 1600 Hz."""
    async with at(exchange.settings.exchange_host, exchange, OFFICER_TONE) as telephone:
        yield telephone


@pytest.fixture
async def citizen(exchange: Exchange) -> AsyncIterator[Desk]:
    """The telephone at the other end of the trunk, whose owner speaks at 440 Hz."""
    async with at(exchange.settings.trunk_host, exchange, CITIZEN_TONE) as telephone:
        yield telephone


@pytest.fixture
async def colleague(exchange: Exchange, script: Script) -> AsyncIterator[Desk]:
    """The registered desk telephone of agent 8, who speaks at 1300 Hz."""
    async with AsyncExitStack() as stack:
        yield await registered_desk(stack, exchange, script, 8, COLLEAGUE_TONE)


@pytest.fixture
async def supervisor(exchange: Exchange, script: Script) -> AsyncIterator[Desk]:
    """The registered desk telephone of agent 9, a supervisor, who speaks at 2200 Hz."""
    async with AsyncExitStack() as stack:
        yield await registered_desk(stack, exchange, script, 9, SUPERVISOR_TONE)


def at(peer: str, exchange: Exchange, tone: float) -> Desk:
    """A telephone that answers for everybody behind `peer`, `host:port`."""
    host, _, port = peer.partition(":")
    return Desk(exchange.sip, host, tone, int(port))


@pytest.fixture(autouse=True)
def fail_on_errors_beside(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What goes wrong in a task beside the test is a failure of the test."""
    yield
    assert "unexpected error" not in caplog.text


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)
