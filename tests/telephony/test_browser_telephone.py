"""The browsers' way in: SIP over a WebSocket, for those who were given a password and for nobody else."""

from __future__ import annotations

import uuid

import pytest
from websockets.asyncio.client import ClientConnection, connect

from haedap.channels.port import PhoneKind
from haedap.domain.events import AgentReachable, AgentUnreachable, OfferFailed
from haedap.domain.ids import AgentId
from haedap.domain.plan import Agent, Plan
from haedap.domain.states import OfferOutcome
from tests.support.patience import PATIENCE
from tests.telephony.conftest import credential, password
from tests.telephony.support.exchange import Exchange
from tests.telephony.support.message import Message, authorization, parse
from tests.telephony.support.script import Script
from tests.telephony.support.telephone import Caller


async def answer(socket: ClientConnection, method: str) -> Message:
    """The next final response to `method`."""
    while True:
        data = await socket.recv()
        message = parse(data if isinstance(data, bytes) else data.encode())
        if message.status >= 200 and message.method == method:
            return message


async def register(socket: ClientConnection, username: str, secret: str) -> int:
    """Register as a browser does; returns the last status."""
    call, tag, uri = uuid.uuid4().hex, uuid.uuid4().hex[:8], "sip:127.0.0.1"
    who = f"<sip:{username}@127.0.0.1>"

    def request(number: int, *more: tuple[str, str]) -> str:
        headers = [
            ("Via", f"SIP/2.0/WS {call[:12]}.invalid;branch=z9hG4bK{uuid.uuid4().hex}"),
            *(("From", f"{who};tag={tag}"), ("To", who), ("Call-ID", call), ("CSeq", f"{number} REGISTER")),
            ("Contact", f"<sip:{username}@{call[:12]}.invalid;transport=ws>"),
            *(("Expires", "60"), ("Max-Forwards", "70")),
        ]
        return Message(f"REGISTER {uri} SIP/2.0", [*headers, *more]).encode().decode()

    await socket.send(request(1))
    challenge = await answer(socket, "REGISTER")
    if challenge.status != 401:
        return challenge.status
    proof = authorization(challenge["WWW-Authenticate"], "REGISTER", uri, username, secret)
    await socket.send(request(2, ("Authorization", proof)))
    return (await answer(socket, "REGISTER")).status


def address(exchange: Exchange) -> str:
    return exchange.settings.ari_url.replace("http", "ws", 1) + "/ws"


def line(exchange: Exchange) -> connect:
    """What a browser opens for its telephone."""
    return connect(address(exchange), subprotocols=["sip"], proxy=None, open_timeout=PATIENCE)  # type: ignore[list-item]


@pytest.fixture
async def browser_script(script: Script, exchange: Exchange) -> Script:
    """Agent 3 has a telephone in the browser."""
    plan = Plan(version=2, agents=(Agent(id=AgentId(3), name="상담사 3", endpoint="agent-3"),))
    await script.channel.plan_changed(plan)
    await script.channel.phone_issued(credential("agent-3", exchange.settings.sip_realm, PhoneKind.BROWSER))
    return script


async def test_browser_registers_and_is_missed_when_it_closes(browser_script: Script, exchange: Exchange) -> None:
    before = len(browser_script.events)
    async with line(exchange) as socket:
        assert await register(socket, "agent-3", password("agent-3")) == 200
        assert (await browser_script.wait_for(AgentReachable, after=before)).agent == 3
    assert (await browser_script.wait_for(AgentUnreachable, after=before)).agent == 3


async def test_reload_with_a_new_password(browser_script: Script, exchange: Exchange, caller: Caller) -> None:
    """The page is loaded anew: a new password, a new registration, the old one gone; the agent stays reachable."""
    before = len(browser_script.events)
    async with line(exchange) as first:
        assert await register(first, "agent-3", password("agent-3")) == 200
        await browser_script.wait_for(AgentReachable, after=before)
        again = credential("agent-3", exchange.settings.sip_realm, PhoneKind.BROWSER)
        await browser_script.channel.phone_issued(again)
        async with line(exchange) as second:
            assert await register(second, "agent-3", password("agent-3")) == 200
            await first.close()
            assert await register(second, "agent-3", password("agent-3")) == 200
    assert (await browser_script.wait_for(AgentUnreachable, after=before)).agent == 3


async def test_browser_of_a_stranger_is_refused(browser_script: Script, exchange: Exchange) -> None:
    async with line(exchange) as socket:
        assert await register(socket, "agent-3", "wrong") in {401, 403}
        assert await register(socket, "agent-99", "wrong") in {401, 403}
        assert await register(socket, "trunk", "wrong") in {401, 403}
    assert not browser_script.of(AgentReachable, agent=3)


async def test_offer_to_a_closed_browser_is_unreachable(
    browser_script: Script, exchange: Exchange, caller: Caller
) -> None:
    caller.invite()
    contact = await browser_script.arrival()
    await browser_script.offer(contact, 3)
    assert (await browser_script.wait_for(OfferFailed)).outcome is OfferOutcome.UNREACHABLE
    await browser_script.end(contact)
    await caller.acknowledge_refusal()
