"""Linphone, a real SIP client, unchanged: as a citizen's telephone and as an agent's desk telephone."""

from __future__ import annotations

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
from tests.telephony.conftest import password
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, LOUD, becomes
from tests.telephony.support.exchange import WELCOME, Exchange
from tests.telephony.support.linphone import account, linphone
from tests.telephony.support.script import Script
from tests.telephony.support.sound import level
from tests.telephony.support.telephone import Caller, Desk


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_linphone_as_a_desk_telephone(
    transport: str, tmp_path: Path, exchange: Exchange, script: Script, caller: Caller
) -> None:
    port = exchange.settings.sip_tls_port if transport == "tls" else exchange.settings.sip_tcp_port
    settings = account("desk-5", password("desk-5"), port, transport)
    before = len(script.events)
    async with linphone(tmp_path / "desk", "127.0.0.3", "desk-5", AGENT_TONE, settings) as telephone:
        await script.wait_for(AgentReachable, lambda event: event.agent == 5, after=before)
        caller.invite()
        contact = await script.arrival()
        offer = await script.offer(contact, 5)
        await telephone.says("Receiving new incoming call")
        telephone.type("answer")
        await script.wait_for(OfferAnswered)
        await script.connect(contact, offer)
        await caller.answered()
        await script.wait_for(Connected)
        await becomes(caller.media, AGENT_TONE, heard=True)
        telephone.type("terminate")
        ended = await script.wait_for(AgentLegEnded)
        assert ended.by is EndedBy.AGENT, telephone.said
        await telephone.stop()
        await script.wait_for(AgentUnreachable, lambda event: event.agent == 5, after=before)
        assert level(telephone.heard()[-4000:], CITIZEN_TONE) > LOUD, telephone.said
        await script.end(contact)
        await caller.wait_for("BYE")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_linphone_as_a_citizens_telephone(
    transport: str, tmp_path: Path, exchange: Exchange, script: Script, desk: Desk
) -> None:
    async with linphone(tmp_path / "citizen", "127.0.0.2", "01000001234", CITIZEN_TONE) as telephone:
        telephone.type(f"call sip:0200000120@127.0.0.1:{exchange.settings.sip_tcp_port};transport={transport}")
        arrived = await script.wait_for(ContactArrived)
        assert arrived.caller == "+821000001234"
        await script.play(arrived.contact, "welcome")
        await script.wait_for(PlaybackEnded)
        offer = await script.offer(arrived.contact)
        await desk.ring()
        await desk.answer()
        await script.wait_for(OfferAnswered)
        await script.connect(arrived.contact, offer)
        await becomes(desk.media, CITIZEN_TONE, heard=True)
        telephone.type("terminate")
        assert (await script.wait_for(CitizenLeft)).by is EndedBy.CITIZEN, telephone.said
        await telephone.stop()
        heard = telephone.heard()
        assert level(heard[:8000], WELCOME) > LOUD / 4, telephone.said
        assert level(heard[-2000:], desk.tone) > LOUD, telephone.said
        await script.end(arrived.contact)
        await desk.wait_for("BYE")
