"""Listening: a reason first, a row in the access log, then a player that can seek."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core import signing
from django.db import connections
from django.test import AsyncClient
from django.utils import timezone

from haedap.apps.accounts.models import Account, Role
from haedap.apps.contacts import listening
from haedap.apps.contacts.models import AccessLog, Contact, Recording

from .records import add_contact


class SignedLongAgo(signing.TimestampSigner):
    """Signs as of just before a token's life."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - listening.LIFE_SECONDS - 1)


CONTENT = bytes(range(256)) * 1000


@pytest.fixture
async def agent(orm_database: str, password_hash: str) -> AsyncIterator[Account]:
    yield await Account.objects.acreate(
        username="agent1", name="한이슬", role=Role.AGENT, password=password_hash, must_change_password=False
    )
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def client(agent: Account) -> AsyncClient:
    browser = AsyncClient()
    await sync_to_async(browser.force_login)(agent, backend="haedap.apps.accounts.backend.AccountBackend")
    return browser


@pytest.fixture
async def recorded(agent: Account) -> AsyncIterator[Contact]:
    contact = await sync_to_async(add_contact)(agent)
    path = await sync_to_async(put_file)(contact.pk, CONTENT)
    yield contact
    path.unlink(missing_ok=True)


def put_file(contact: UUID, content: bytes, status: str = "ready") -> Path:
    folder = settings.HAEDAP.recordings
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{contact}.wav"
    path.write_bytes(content)
    Recording.objects.create(
        contact=contact,
        file=path.name,
        started_at=timezone.now(),
        duration_seconds=32,
        bytes=len(content),
        status=status,
    )
    return path


def address(contact: UUID, account: Account) -> str:
    return f"/contacts/{contact}/recording?{urlencode({'token': listening.sign(contact, account.pk)})}"


async def body(answer: object) -> bytes:
    return b"".join([block async for block in answer])  # type: ignore[attr-defined]


async def test_the_reason_comes_first(client: AsyncClient, agent: Account, recorded: Contact) -> None:
    page = (await client.get(f"/contacts/{recorded.pk}/")).content.decode()
    assert "<audio" not in page
    for reason in ("", "  ", "왜", "x" * 201):
        answer = await client.post(f"/contacts/{recorded.pk}/listen", {"reason": reason})
        assert answer.status_code == 400
        assert "<audio" not in answer.content.decode()
    assert not await AccessLog.objects.filter(action="recording.listened").aexists()
    answer = await client.post(f"/contacts/{recorded.pk}/listen", {"reason": "민원인 요청으로 확인"})
    assert "<audio" in answer.content.decode()
    row = await AccessLog.objects.aget(action="recording.listened")
    assert (row.account_id, row.contact, row.reason) == (agent.pk, recorded.pk, "민원인 요청으로 확인")


async def test_whole_and_in_parts(client: AsyncClient, agent: Account, recorded: Contact) -> None:
    url = address(recorded.pk, agent)
    answer = await client.get(url)
    assert (answer.status_code, answer.headers["Accept-Ranges"]) == (200, "bytes")
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert await body(answer) == CONTENT
    answer = await client.get(url, headers={"Range": "bytes=100000-200000"})
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes 100000-200000/{len(CONTENT)}"
    assert await body(answer) == CONTENT[100_000:200_001]
    answer = await client.get(url, headers={"Range": "bytes=-5"})
    assert await body(answer) == CONTENT[-5:]
    answer = await client.get(url, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")
    answer = await client.head(url)
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(CONTENT)))
    assert await body(answer) == b""
    for ignored in ("bytes=", "bytes=-", "bytes=9-1", "bytes=0-0,5-6", "items=0-1", "bytes=" + "9" * 30 + "-", "\x00"):
        assert (await client.get(url, headers={"Range": ignored})).status_code == 200, ignored
    for known, status in ((answer.headers["Last-Modified"], 206), ("Sat, 01 Jan 2022 00:00:00 GMT", 200), ('"x"', 200)):
        answer = await client.get(url, headers={"Range": "bytes=0-9", "If-Range": known})
        assert answer.status_code == status, known


async def test_an_empty_file(client: AsyncClient, agent: Account) -> None:
    contact = await sync_to_async(add_contact)(agent)
    path = await sync_to_async(put_file)(contact.pk, b"")
    url = address(contact.pk, agent)
    assert await body(await client.get(url)) == b""
    assert (await client.get(url, headers={"Range": "bytes=0-"})).status_code == 416
    path.unlink()
    assert (await client.get(url)).status_code == 404


async def test_the_address_is_for_one_person_and_not_for_long(
    client: AsyncClient, agent: Account, recorded: Contact
) -> None:
    other = await sync_to_async(add_contact)(agent)
    await sync_to_async(put_file)(other.pk, CONTENT)
    token = urlencode({"token": listening.sign(recorded.pk, agent.pk)})
    assert (await client.get(f"/contacts/{recorded.pk}/recording")).status_code == 403
    assert (await client.get(f"/contacts/{recorded.pk}/recording?token=x")).status_code == 403
    assert (await client.get(f"/contacts/{other.pk}/recording?{token}")).status_code == 403
    assert (await client.get(address(recorded.pk, Account(pk=agent.pk + 1)))).status_code == 403
    assert (await AsyncClient().get(f"/contacts/{recorded.pk}/recording?{token}")).status_code == 302
    late = urlencode({"token": SignedLongAgo(salt="haedap.recording").sign(f"{recorded.pk}/{agent.pk}")})
    assert (await client.get(f"/contacts/{recorded.pk}/recording?{late}")).status_code == 403


async def test_a_file_that_was_moved_away_is_told_and_not_logged_as_heard(
    client: AsyncClient, recorded: Contact
) -> None:
    (settings.HAEDAP.recordings / f"{recorded.pk}.wav").unlink()
    page = (await client.get(f"/contacts/{recorded.pk}/")).content.decode()
    assert "녹취 파일이 없습니다" in page
    assert 'name="reason"' not in page.split('id="recording"')[1].split("</section>")[0]
    answer = await client.post(f"/contacts/{recorded.pk}/listen", {"reason": "민원인이 다시 물음"})
    assert "<audio" not in answer.content.decode()
    assert not await AccessLog.objects.filter(action="recording.listened").aexists()


async def test_files_outside_the_folder_are_not_there(client: AsyncClient, agent: Account) -> None:
    for file in ("../secrets.toml", "/etc/hostname", ".", "no-such.wav"):
        contact = await sync_to_async(add_contact)(agent)
        await Recording.objects.acreate(contact=contact.pk, file=file, started_at=timezone.now(), status="ready")
        assert (await client.get(address(contact.pk, agent))).status_code == 404


@pytest.mark.parametrize(("status", "word"), [("writing", "마무리"), ("missing", "없습니다")])
async def test_what_cannot_be_heard_says_why(client: AsyncClient, agent: Account, status: str, word: str) -> None:
    contact = await sync_to_async(add_contact)(agent)
    await Recording.objects.acreate(contact=contact.pk, file="x.wav", started_at=timezone.now(), status=status)
    page = (await client.get(f"/contacts/{contact.pk}/")).content.decode()
    assert word in page.split('id="recording"')[1].split("</section>")[0]
    assert (await client.post(f"/contacts/{contact.pk}/listen", {"reason": "확인합니다"})).status_code == 404
