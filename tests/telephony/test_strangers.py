"""The centre is closed to everyone who was not let in, and leads nowhere outside."""

from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack

import httpx
import pytest

from haedap.domain.events import AgentReachable, AgentUnreachable, CitizenLeft, ContactArrived
from haedap.plain_http import NO_CERTIFICATES
from tests.support.patience import PATIENCE
from tests.telephony.conftest import password, registered_desk
from tests.telephony.support.conversation import CITIZEN_TONE, becomes, still_answers, talk
from tests.telephony.support.exchange import Exchange
from tests.telephony.support.raw import Sender, invite
from tests.telephony.support.script import Script
from tests.telephony.support.telephone import Caller, Desk

STRANGER, OFFICE = "127.0.0.66", "127.0.0.3"


@pytest.mark.parametrize("host", [STRANGER, OFFICE, "127.0.0.1"])
@pytest.mark.parametrize("name", ["trunk", "01000001234", "desk-7", "haedap"])
async def test_call_from_anywhere_else_is_refused(host: str, name: str, exchange: Exchange, script: Script) -> None:
    async with Caller(exchange.sip, host) as stranger:
        stranger.invite(caller=name)
        assert await stranger.acknowledge_refusal() in {401, 403}
    await still_answers(exchange, script)
    assert len(script.of(ContactArrived)) == 1


@pytest.mark.parametrize("called", ["h", "s", "i", "t", "anything", "desk-7", "trunk", "*97"])
async def test_names_that_are_no_numbers_are_not_found(called: str, script: Script, caller: Caller) -> None:
    caller.invite(called)
    assert await caller.acknowledge_refusal() == 404
    assert not script.of(ContactArrived)


@pytest.mark.parametrize("called", ["00112025550100", "+12025550100", "0600000000", "1588", "0200000120;ext=1"])
async def test_outside_numbers_reach_only_the_router(
    called: str, exchange: Exchange, script: Script, caller: Caller
) -> None:
    """The router refuses what the centre does not own; no second leg comes into being meanwhile."""
    caller.invite(called)
    contact = await script.arrival()
    assert len(await asyncio.to_thread(exchange.ask, "channels")) == 1
    await script.refuse(contact)
    assert await caller.acknowledge_refusal() == 404


async def test_agents_telephone_can_call_nobody(exchange: Exchange, script: Script, desk: Desk) -> None:
    async with Caller(exchange.sip, OFFICE) as telephone:
        for called in ("0200000120", "desk-1", "s"):
            telephone.received.clear()
            await call_with_password(telephone, called, "desk-7")
            assert await telephone.acknowledge_refusal() == 404
    assert not script.of(ContactArrived)


async def call_with_password(telephone: Caller, called: str, username: str) -> None:
    """Call, answer the challenge, leave the final answer to the test."""
    from tests.telephony.support.message import authorization

    telephone.invite(called, username)
    challenge = await telephone.final()
    assert challenge.status == 401
    await telephone.acknowledge_refusal()
    uri = telephone._target
    proof = authorization(challenge["WWW-Authenticate"], "INVITE", uri, username, password(username))
    telephone.received.clear()
    telephone.invite(called, username, headers={"Authorization": proof})


@pytest.mark.parametrize(
    ("username", "secret", "host", "statuses"),
    [
        ("desk-7", "wrong", OFFICE, {401, 403}),
        ("desk-99", "anything", OFFICE, {401, 403}),
        ("trunk", "anything", OFFICE, {401, 403}),
        ("desk-7", password("desk-7"), STRANGER, {401, 403}),
        ("desk-7", password("desk-7"), "127.0.0.2", {403, 404, 405}),
    ],
)
async def test_registration_of_strangers_is_refused(
    username: str, secret: str, host: str, statuses: set[int], exchange: Exchange, script: Script
) -> None:
    async with Desk(exchange.sip, host) as stranger:
        assert await stranger.register(username, secret) in statuses
    assert not script.of(AgentReachable, agent=7)


async def test_revoked_telephone_is_gone(exchange: Exchange, script: Script, desk: Desk) -> None:
    await script.channel.phone_revoked("desk-7")
    await script.wait_for(AgentUnreachable, lambda event: event.agent == 7, after=len(script.events) - 1)
    assert await desk.register("desk-7", password("desk-7")) in {401, 403}
    await script.channel.phone_revoked("desk-7")
    await script.channel.phone_revoked("never-heard-of")


async def test_registration_leaves_nothing_in_the_log(exchange: Exchange, script: Script) -> None:
    """Every telephone registers anew each minute: a line for each would bury what matters, and fill the disk."""
    before = len(exchange.log())
    async with AsyncExitStack() as stack:
        await registered_desk(stack, exchange, script, 7)
    assert "desk-7" not in exchange.log()[before:]


async def test_newest_window_wins(exchange: Exchange, script: Script, caller: Caller, desk: Desk) -> None:
    async with Desk(exchange.sip, OFFICE) as second:
        assert await second.register("desk-7", password("desk-7")) == 200
        caller.invite()
        contact = await script.arrival()
        await script.offer(contact)
        await second.ring()
        assert not [message for message in desk.received if message.method == "INVITE"]
        await script.end(contact)
        await caller.acknowledge_refusal()
        assert await second.register("desk-7", password("desk-7"), expires=0) == 200


async def test_scanners_get_nowhere(exchange: Exchange, script: Script) -> None:
    """Two hundred probes from a stranger and from the office: none succeeds, none disturbs."""
    before = len(script.events)
    for host in (STRANGER, OFFICE):
        with Sender(exchange.sip, host) as scanner:
            for number in range(100):
                call = invite(scanner.host, scanner.port, {"to": b"%d00112025550100" % number})
                options = call.replace(b"INVITE", b"OPTIONS")
                register = call.replace(b"INVITE", b"REGISTER").replace(b"sip:01000001234@", b"sip:%d@" % number)
                scanner.send(call, options, register)
            await still_answers(exchange, script)
            assert not any(answer.startswith(b"SIP/2.0 2") for answer in scanner.answers())
    assert len([event for event in script.events[before:] if isinstance(event, ContactArrived)]) == 2


async def test_transfer_by_the_citizen_is_refused(script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    await script.play(contact, "long")
    await caller.answered()
    caller.send(caller.request("REFER", headers={"Refer-To": "<sip:0600000000@127.0.0.1>"}))
    assert (await caller.final("REFER")).status == 603
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_nobody_takes_the_place_of_a_citizen(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk
) -> None:
    """Not even who comes by the trunk and knows the call: it goes on, and its end is told."""
    await talk(script, caller, desk)
    theirs = caller._to.partition("tag=")[2]
    async with Caller(exchange.sip) as other:
        other.invite(headers={"Replaces": f"{caller._call_id};to-tag={theirs};from-tag={caller.tag}"})
        assert await other.acknowledge_refusal() in {401, 403}
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    caller.send(caller.request("OPTIONS"))
    assert (await caller.final("OPTIONS")).status == 200
    await caller.hang_up()
    await script.wait_for(CitizenLeft)
    await script.end(await script.arrival())
    await desk.wait_for("BYE")


def test_control_interfaces_are_closed(exchange: Exchange) -> None:
    """Without the password nothing is told, and beyond loopback nobody listens."""
    url = exchange.settings.ari_url
    for path in ("ari/channels", "ari/asterisk/info", "arawman?action=CoreStatus", "rawman?action=CoreStatus"):
        answer = httpx.get(f"{url}/{path}", timeout=PATIENCE, trust_env=False, verify=NO_CERTIFICATES)
        assert answer.status_code in {401, 403} or "Response: Error" in answer.text
    for path in ("static/index.html", "phoneprov", ""):
        assert httpx.get(f"{url}/{path}", timeout=PATIENCE, trust_env=False, verify=NO_CERTIFICATES).status_code == 404
    with socket.socket() as probe:
        host = _own_address()
        assert probe.connect_ex((host, exchange.settings.asterisk_http_port)) != 0


def _own_address() -> str:
    """An address of this machine that is not loopback; loopback's second where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.2"
        return str(probe.getsockname()[0])
