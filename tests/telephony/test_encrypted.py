"""A carrier that wants SIP over TLS and encrypted sound (SRTP): baresip at its end, and a centre that wants no less."""

from __future__ import annotations

import os
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest import mock

import pytest

from haedap.domain.events import AgentReachable, CitizenNotReached, Connected, ContactArrived, OfferAnswered
from haedap.domain.ids import ContactId
from haedap.domain.states import AttemptOutcome
from tests.support.ports import free_ports
from tests.telephony.conftest import admitted, eventually, password
from tests.telephony.support.baresip import Baresip, baresip
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, LOUD, QUIET, becomes, taken
from tests.telephony.support.exchange import TRUNK_PEER, Exchange, running_exchange
from tests.telephony.support.script import Script
from tests.telephony.support.sound import RATE, level, presence
from tests.telephony.support.telephone import Caller, Desk
from tests.telephony.test_call import read_recording
from tests.telephony.test_callbacks import NUMBER, agent_ready

ENCRYPTED_ONLY = "srtp-mand"


@pytest.fixture(scope="module")
def certificates() -> Iterator[Path]:
    """A folder of certificates: `trusted.pem` is the carrier's, `stranger.pem` somebody's; this machine trusts one."""
    with tempfile.TemporaryDirectory(prefix="hdc-") as home:
        folder = Path(home)
        for name in ("trusted", "stranger"):
            _make_certificate(folder / f"{name}.pem")
        (folder / "store").mkdir()
        digest = _openssl("x509", "-hash", "-noout", "-in", f"{folder}/trusted.pem").strip()
        (folder / "store" / f"{digest}.0").symlink_to(folder / "trusted.pem")
        yield folder


def _make_certificate(path: Path) -> None:
    """Of the carrier's address, with its key."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{path}.key")
    whose = ("-subj", f"/CN={path.stem}", "-addext", f"subjectAltName=IP:{TRUNK_PEER}", "-days", "2")
    path.write_text(_openssl("req", "-x509", *key, *whose) + Path(f"{path}.key").read_text())


def _openssl(*arguments: str) -> str:
    return subprocess.run(("openssl", *arguments), capture_output=True, check=True, text=True).stdout


@pytest.fixture(scope="module")
def shared_exchange(certificates: Path) -> Iterator[Exchange]:
    """An Asterisk whose trunk is at 127.0.0.1, which baresip has over TLS, and which calls by TLS. It wants the sound
    of the trunk encrypted, and that of telephones where they can."""
    [port] = free_ports(1, TRUNK_PEER)
    trunk = {
        "HAEDAP_TRUNK_ALLOWED": "127.0.0.1/32",
        "HAEDAP_TELEPHONES_ALLOWED": "127.0.0.3/32",
        "HAEDAP_TRUNK_HOST": f"{TRUNK_PEER}:{port + 1};transport=tls",
        "HAEDAP_TRUNK_ENCRYPTION": "required",
        "HAEDAP_TELEPHONES_ENCRYPTION": "optional",
    }
    trusting = mock.patch.dict(os.environ, {"SSL_CERT_DIR": str(certificates / "store")})
    with (
        trusting,
        tempfile.TemporaryDirectory(prefix="hde-") as home,
        running_exchange(Path(home), **trunk) as exchange,
    ):
        yield exchange


async def test_a_citizens_call_is_encrypted(tmp_path: Path, exchange: Exchange, script: Script, desk: Desk) -> None:
    """The agent's telephone knows nothing of it. The citizen's end has no certificate, but hears that the call ends."""
    centre = f"127.0.0.1:{exchange.settings.sip_tls_port};transport=tls"
    line = f"<sip:01000001234@{centre}>;regint=0;mediaenc={ENCRYPTED_ONLY}"
    dial = f"/dial sip:0200000120@{centre}"
    async with baresip(tmp_path / "citizen", "127.0.0.2", line, CITIZEN_TONE, dial) as citizen:
        arrived = await script.wait_for(ContactArrived)
        await taken(script, arrived.contact, desk)
        await becomes(desk.media, CITIZEN_TONE, heard=True)
        await desk.media.listen(0.5)
        await script.end(arrived.contact)
        await eventually(lambda: "session closed" in citizen.said)
        await desk.wait_for("BYE")
        await citizen.stop()
        assert presence(citizen.heard(), AGENT_TONE) > LOUD / 4, citizen.said
    recorded = await read_recording(exchange, arrived)
    assert min(level(recorded, CITIZEN_TONE), level(recorded, AGENT_TONE)) > QUIET


async def test_who_offers_plain_sound_is_refused(exchange: Exchange, script: Script) -> None:
    async with Caller(exchange.sip, "127.0.0.1") as plain:
        plain.invite()
        assert await plain.acknowledge_refusal() == 488
    assert not script.of(ContactArrived)


async def test_a_callback_is_encrypted_to_the_citizen_and_to_the_agent(
    tmp_path: Path, certificates: Path, exchange: Exchange, script: Script
) -> None:
    before = len(script.events)
    contact = ContactId(str(uuid.uuid4()))
    async with (
        _desk_telephone(tmp_path, exchange) as agent,
        _carrier(tmp_path, exchange, certificates / "trusted.pem") as carrier,
    ):
        await script.wait_for(AgentReachable, lambda event: event.agent == 5, after=before)
        offer = await script.offer(contact, 5, join=False, auto_answer=True)
        await script.wait_for(OfferAnswered)
        await script.call_citizen(offer, NUMBER)
        await script.wait_for(Connected, lambda event: event.offer == offer)
        await eventually(lambda: _heard_by_the_centre(exchange) > RATE // 2)
        await script.end(contact)
        await eventually(lambda: "session closed" in agent.said and "session closed" in carrier.said)
        await agent.stop()
        await carrier.stop()
        assert "SRTP is Enabled" in agent.said
        assert presence(agent.heard(), CITIZEN_TONE) > LOUD / 4, agent.said
        assert presence(carrier.heard(), AGENT_TONE) > LOUD / 4, carrier.said


async def test_nobody_is_called_who_is_not_the_carrier(
    tmp_path: Path, certificates: Path, exchange: Exchange, script: Script, desk: Desk
) -> None:
    """The keys of the sound would be theirs."""
    contact, offer = await agent_ready(script, desk)
    async with _carrier(tmp_path, exchange, certificates / "stranger.pem") as carrier:
        await script.call_citizen(offer, NUMBER)
        assert (await script.wait_for(CitizenNotReached)).outcome is AttemptOutcome.FAILED, carrier.said
    # Asterisk writes its log by a thread of its own, after the call that it tells of.
    await eventually(lambda: "The certificate is untrusted" in exchange.log())
    await script.end(contact)
    await desk.wait_for("BYE")


def _heard_by_the_centre(exchange: Exchange) -> int:
    """Samples of sound that came by whichever leg of the only call brought fewer, decrypted."""
    legs = [exchange.ask(f"channels/{channel['id']}/rtp_statistics") for channel in exchange.ask("channels")]
    return min(int(leg["rxoctetcount"]) for leg in legs)


@asynccontextmanager
async def _desk_telephone(folder: Path, exchange: Exchange) -> AsyncIterator[Baresip]:
    """Of agent 5; it answers by itself, and encrypts when it is offered."""
    await admitted(exchange, "desk-5")
    login = f"auth_user=desk-5;auth_pass={password('desk-5')};regint=60"
    line = f"<sip:desk-5@127.0.0.1:{exchange.sip[1]}>;{login};mediaenc=srtp;answermode=auto"
    async with baresip(folder / "desk", "127.0.0.3", line, AGENT_TONE) as telephone:
        yield telephone


@asynccontextmanager
async def _carrier(folder: Path, exchange: Exchange, certificate: Path) -> AsyncIterator[Baresip]:
    """The telephone behind the trunk; it answers by itself, and encrypted sound only."""
    port = int(exchange.settings.trunk_host.partition(":")[2].partition(";")[0])
    more = f"sip_listen {TRUNK_PEER}:{port - 1}\nsip_certificate {certificate}\n"  # TLS has the port beside
    line = f"<sip:01000001234@{TRUNK_PEER}>;regint=0;mediaenc={ENCRYPTED_ONLY};answermode=auto"
    async with baresip(folder / "carrier", TRUNK_PEER, line, CITIZEN_TONE, more=more) as carrier:
        await eventually(lambda: "baresip is ready" in carrier.said)
        yield carrier
