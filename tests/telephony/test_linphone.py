"""Linphone, a real SIP client, unchanged as a citizen's telephone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from haedap.domain.events import CitizenLeft, ContactArrived, PlaybackEnded
from haedap.domain.states import EndedBy
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, LOUD, becomes, taken
from tests.telephony.support.exchange import WELCOME, Exchange, running_exchange
from tests.telephony.support.linphone import linphone
from tests.telephony.support.script import Script
from tests.telephony.support.telephone import Desk


@pytest.fixture(scope="module")
def shared_exchange() -> Iterator[Exchange]:
    """An Asterisk whose trunk is at 127.0.0.1: over TCP Linphone cannot choose its own address and has this one."""
    trunk = {"HAEDAP_TRUNK_ALLOWED": "127.0.0.1/32", "HAEDAP_TELEPHONES_ALLOWED": "127.0.0.3/32"}
    with tempfile.TemporaryDirectory(prefix="hdl-") as home, running_exchange(Path(home), **trunk) as exchange:
        yield exchange


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_linphone_as_a_citizens_telephone(
    transport: str, tmp_path: Path, exchange: Exchange, script: Script, desk: Desk
) -> None:
    async with linphone(tmp_path / "citizen", "127.0.0.1", "01000001234", CITIZEN_TONE) as telephone:
        await telephone.sit_down()
        await telephone.type(f"call sip:0200000120@127.0.0.1:{exchange.sip[1]};transport={transport}")
        arrived = await script.wait_for(ContactArrived)
        assert arrived.caller == "+821000001234"
        await script.play(arrived.contact, "welcome")
        await script.wait_for(PlaybackEnded)
        await taken(script, arrived.contact, desk)
        await becomes(desk.media, CITIZEN_TONE, heard=True)
        await desk.media.listen(0.5)
        await telephone.type("terminate")
        assert (await script.wait_for(CitizenLeft)).by is EndedBy.CITIZEN, telephone.said
        await telephone.stop()
        assert telephone.heard(WELCOME) > LOUD, telephone.said
        assert telephone.heard(AGENT_TONE) > LOUD, telephone.said
        await script.end(arrived.contact)
        await desk.wait_for("BYE")
