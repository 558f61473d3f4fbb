"""Real SIP clients and all three transports, unchanged: as citizens' telephones and as agents' desk telephones."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from haedap.domain.events import (
    AgentLegEnded,
    AgentReachable,
    AgentUnreachable,
    CitizenLeft,
    Connected,
    ContactArrived,
    OfferAnswered,
    PlaybackEnded,
)
from haedap.domain.states import EndedBy
from haedap.operations.sipp import CITIZEN, Sipp, run_sipp
from tests.telephony.conftest import admitted, password
from tests.telephony.support.baresip import baresip
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, LOUD, becomes, taken
from tests.telephony.support.exchange import WELCOME, Exchange
from tests.telephony.support.linphone import account, linphone
from tests.telephony.support.script import Script
from tests.telephony.support.sound import RATE, presence
from tests.telephony.support.telephone import Caller, Desk


def port_of(exchange: Exchange, transport: str) -> int:
    settings = exchange.settings
    return {"udp": settings.sip_udp_port, "tcp": settings.sip_tcp_port, "tls": settings.sip_tls_port}[transport]


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_baresip_as_a_desk_telephone(
    transport: str, tmp_path: Path, exchange: Exchange, script: Script, caller: Caller
) -> None:
    port = port_of(exchange, transport)
    line = (
        f"<sip:desk-5@127.0.0.1:{port};transport={transport}>;auth_user=desk-5;auth_pass={password('desk-5')}"
        ";answermode=auto;regint=60"
    )
    before = len(script.events)
    await admitted(exchange, "desk-5")
    async with baresip(tmp_path / "desk", "127.0.0.3", line, AGENT_TONE) as telephone:
        await script.wait_for(AgentReachable, lambda event: event.agent == 5, after=before)
        caller.invite()
        contact = await script.arrival()
        offer = await script.offer(contact, 5)
        await script.wait_for(OfferAnswered)
        await script.connect(contact, offer)
        await caller.answered()
        await script.wait_for(Connected)
        await becomes(caller.media, AGENT_TONE, heard=True)
        await asyncio.sleep(0.5)
        await telephone.stop()
        ended = await script.wait_for(AgentLegEnded)
        assert ended.by is EndedBy.AGENT, telephone.said
        assert presence(telephone.heard()[-RATE:], CITIZEN_TONE) > LOUD, telephone.said
        await script.end(contact)
        await caller.wait_for("BYE")


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_linphone_as_a_desk_telephone(
    transport: str, tmp_path: Path, exchange: Exchange, script: Script, caller: Caller
) -> None:
    settings = account("desk-5", password("desk-5"), port_of(exchange, transport), transport)
    before = len(script.events)
    await admitted(exchange, "desk-5")
    async with linphone(tmp_path / "desk", "127.0.0.3", "desk-5", AGENT_TONE, settings) as telephone:
        # Over TLS Asterisk asks for a client's certificate, which nobody needs; Linphone 5.1 takes that for a question.
        async with telephone.answering("Password for", password("desk-5")):
            await script.wait_for(AgentReachable, lambda event: event.agent == 5, after=before)
        await telephone.sit_down()
        caller.invite()
        contact = await script.arrival()
        offer = await script.offer(contact, 5)
        await telephone.says("Receiving new incoming call")
        await telephone.type("answer")
        await script.wait_for(OfferAnswered)
        await script.connect(contact, offer)
        await caller.answered()
        await script.wait_for(Connected)
        await becomes(caller.media, AGENT_TONE, heard=True)
        await caller.media.listen(0.5)
        await telephone.type("terminate")
        ended = await script.wait_for(AgentLegEnded)
        assert ended.by is EndedBy.AGENT, telephone.said
        await telephone.stop()
        await script.wait_for(AgentUnreachable, lambda event: event.agent == 5, after=before)
        assert telephone.heard(CITIZEN_TONE) > LOUD, telephone.said
        await script.end(contact)
        await caller.wait_for("BYE")


async def test_baresip_as_a_citizens_telephone(tmp_path: Path, exchange: Exchange, script: Script, desk: Desk) -> None:
    line = f"<sip:01000001234@127.0.0.1:{exchange.sip[1]}>;regint=0"
    dial = f"/dial sip:0200000120@127.0.0.1:{exchange.sip[1]}"
    async with baresip(tmp_path / "citizen", "127.0.0.2", line, CITIZEN_TONE, dial) as telephone:
        arrived = await script.wait_for(ContactArrived)
        assert arrived.caller == "+821000001234"
        await script.play(arrived.contact, "welcome")
        await script.wait_for(PlaybackEnded)
        await taken(script, arrived.contact, desk)
        await becomes(desk.media, CITIZEN_TONE, heard=True)
        await telephone.stop()
        assert (await script.wait_for(CitizenLeft)).by is EndedBy.CITIZEN, telephone.said
        assert presence(telephone.heard()[:RATE], WELCOME) > LOUD / 4, telephone.said
        await script.end(arrived.contact)
        await desk.wait_for("BYE")


@pytest.mark.parametrize(("transport", "mode"), [("tcp", "t1"), ("udp", "u1")])
async def test_citizens_over_each_transport_of_the_trunk(
    transport: str, mode: str, exchange: Exchange, script: Script
) -> None:
    call = Sipp(
        scenario=CITIZEN,
        remote=f"127.0.0.1:{port_of(exchange, transport)}",
        local="127.0.0.2",
        called="0200000120",
        people=(("01000001234", "김민원"),),
        transport=mode,
        talk_ms=500,
    )
    running = asyncio.create_task(run_sipp(call))
    contact = await script.arrival()
    await script.play(contact, "long")
    outcome = await running
    assert outcome.ok, outcome.errors
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.CITIZEN
