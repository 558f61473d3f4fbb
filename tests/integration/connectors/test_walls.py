"""What leaves this machine: certificates are checked, one site is asked, and nothing personal comes into a log."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from haedap.connectors.port import Answer, ConnectorError, FailureCode, Misconfigured
from haedap.connectors.registry import build
from tests.support.city import WORLD, TestCity, ask

CALLER = "+821000001234"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that signs itself, for 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fake city")])
    now = datetime.now(UTC)
    own = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "city.pem"
    path.write_bytes(own.public_bytes(serialization.Encoding.PEM) + private)
    return path


@asynccontextmanager
async def https(certificate: Path, answer: bytes) -> AsyncIterator[str]:
    """A server that gives this answer to everybody; yields its address."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        writer.write(head + f"Content-Length: {len(answer)}\r\n\r\n".encode() + answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def pointed_at(city: TestCity, **site: str) -> dict[str, Any]:
    configuration = city.configuration("bulky_waste")
    return {**configuration, "system": {**configuration["system"], "site": site}}


async def test_only_a_certificate_that_is_trusted_is_spoken_to(city: TestCity, certificate: Path) -> None:
    secrets = city.secrets("bulky_waste")
    async with https(certificate, b'{"items": []}') as address:
        with pytest.raises(ConnectorError) as caught:
            await ask(build(pointed_at(city, address=address), secrets, WORLD), telephone=CALLER)
        assert caught.value.failure is FailureCode.UNREACHABLE
        pem = (await asyncio.to_thread(certificate.read_text)).partition("-----BEGIN PRIVATE")[0]
        trusting = build(pointed_at(city, address=address, authority=pem), secrets, WORLD)
        assert (await ask(trusting, telephone=CALLER)).records == ()


async def test_a_pointer_to_elsewhere_is_not_followed(city: TestCity) -> None:
    city.tell("bulky_waste", fault="redirect")
    with pytest.raises(Misconfigured, match="HTTP status 302"):
        await ask(city.connector("bulky_waste"), telephone=CALLER)


@pytest.mark.parametrize("fault", ["none", "error", "garbage", "cut", "refuse"])
async def test_neither_keys_nor_people_come_into_the_log(
    city: TestCity, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets: set[str] = {"1234", "홍시민"}
    for system in ("parking_lot", "road_address", "bulky_waste", "non_tax", "petition", "local_tax"):
        city.tell(system, fault=fault)
        secrets |= set(city.secrets(system).values())
        looking = ask(city.guarded(system, attempts=2), telephone=CALLER, town="미르동", keyword="1234")
        (outcome,) = await asyncio.gather(looking, return_exceptions=True)
        assert isinstance(outcome, Answer | ConnectorError)
        assert not any(secret in repr(outcome) for secret in secrets)
    ours = [record for record in caplog.records if record.name != "httpx" or "/control/" not in record.getMessage()]
    assert not any(secret in record.getMessage() for secret in secrets for record in ours)
