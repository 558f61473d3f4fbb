"""What was said and what a machine makes of it: masked as it is kept, masked as it leaves, and for its agent alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import AccessLog, Contact, ContactNote
from haedap.apps.transcripts import api as transcripts
from haedap.apps.transcripts.models import TranscriptPiece
from haedap.config import Speech
from haedap.operations.checks import speech as speech_check
from haedap.operations.checks import summary as summary_check
from tests.integration.web.cases import add_contact_with_note
from tests.support.machines import Machines, Reply, running_machines

from .pages import Browser

NOW = timezone.now()


@pytest.fixture
def contact(people: dict[str, Account]) -> Contact:
    return add_contact_with_note(people["agent1"])


@pytest.fixture
def machines(settings: LazySettings) -> Iterator[Machines]:
    with running_machines() as made:
        settings.HAEDAP = replace(
            settings.HAEDAP, summary_url=made.address, summary_key="invented-key", speech=Speech.ENDPOINT
        )
        yield made


def say(contact: Contact, side: str, text: str, second: int = 0) -> None:
    at = NOW + timedelta(seconds=second)
    transcripts.keep(contact.pk, side, text, at, at + timedelta(seconds=1))


def summarize(client: Client, contact: Any) -> Any:
    return client.post(f"/api/desk/contacts/{contact}/summary", "{}", content_type="application/json")


def test_what_is_said_is_kept_without_personal_data(contact: Contact) -> None:
    say(contact, "agent", "네 홍가람 님", 2)
    say(contact, "citizen", "공일공 공공공공 일이삼사예요, 010-0000-1234요", 1)
    say(contact, "citizen", "  \0 ", 3)
    transcripts.keep(uuid4(), "citizen", "모르는 통화", NOW, NOW)
    said = transcripts.text_of(contact.pk)
    assert said.splitlines()[0].startswith("민원인: ")
    assert said.splitlines()[1] == "상담사: 네 [이름] 님"
    assert "1234" not in said
    assert "일이삼사" not in said
    assert TranscriptPiece.objects.count() == 2


def test_old_pieces_are_forgotten(contact: Contact) -> None:
    say(contact, "citizen", "오래된 말", -31 * 86_400)
    say(contact, "citizen", "새 말")
    assert transcripts.forget_old() == 1
    assert transcripts.text_of(contact.pk) == "민원인: 새 말"


def test_the_agent_reads_what_is_new(contact: Contact, logged_in: Browser) -> None:
    say(contact, "citizen", "첫 말")
    say(contact, "agent", "다음 말", 1)
    client, address = logged_in("agent1"), f"/api/desk/contacts/{contact.pk}/transcript"
    first, second = client.get(address).json()
    assert (first["side"], first["text"]) == ("citizen", "첫 말")
    assert client.get(f"{address}?after={first['id']}").json() == [second]
    assert logged_in("agent2").get(address).status_code == 404
    assert client.get(f"/api/desk/contacts/{uuid4()}/transcript").status_code == 404
    for bad in ("-1", "x", "9" * 30):
        assert client.get(f"{address}?after={bad}").status_code == 422


def test_without_machines_there_are_none(contact: Contact, logged_in: Browser) -> None:
    client = logged_in("agent1")
    assert client.get("/api/desk/machines").json() == {"transcript": False, "summary": False}
    assert summarize(client, contact.pk).status_code == 404


def test_a_summary_is_made_of_masked_text_and_logged(contact: Contact, logged_in: Browser, machines: Machines) -> None:
    say(contact, "citizen", "홍가람이고 번호는 010-0000-1234입니다")
    client = logged_in("agent1")
    assert client.get("/api/desk/machines").json() == {"transcript": True, "summary": True}
    answer = summarize(client, contact.pk)
    assert answer.json() == {"lines": ["수도요금 문의", "고지서 재발송 안내"]}
    [asked] = machines.asked
    sent = json.loads(asked.text)["messages"][1]["content"]
    assert "가로등이 꺼짐" in sent
    assert "홍가람" not in sent
    assert "1234" not in sent
    row = AccessLog.objects.get(action="summary.made")
    assert row.contact == contact.pk
    assert row.detail == {"system": "127.0.0.1", "sent": len(sent), "received": 17, "ok": True}


@pytest.mark.parametrize("reply", [Reply(401), Reply(500), Reply(body=b"{}")])
def test_a_summary_that_fails_is_a_sentence(
    contact: Contact, logged_in: Browser, machines: Machines, reply: Reply
) -> None:
    machines.replies = [reply]
    answer = summarize(logged_in("agent1"), contact.pk)
    assert (answer.status_code, answer.json()["code"]) == (502, "no_summary")
    assert answer.json()["message"].endswith("십시오.")
    assert AccessLog.objects.get(action="summary.made").detail["ok"] is False


def test_nothing_to_summarize_and_nobody_elses(contact: Contact, logged_in: Browser, machines: Machines) -> None:
    ContactNote.objects.filter(pk=contact.pk).update(text=" ")
    answer = summarize(logged_in("agent1"), contact.pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_summarize")
    assert summarize(logged_in("agent2"), contact.pk).status_code == 404
    assert machines.asked == []


def test_doctor_says_who_is_away(settings: LazySettings, machines: Machines) -> None:
    centre = settings.HAEDAP
    assert speech_check(replace(centre, speech=Speech.NONE)).ok
    assert speech_check(replace(centre, speech_url=machines.address)).ok
    assert "응답 없음" in speech_check(replace(centre, speech_url="http://127.0.0.1:1")).found
    missing = speech_check(replace(centre, speech=Speech.WHISPER))
    assert "faster-whisper" in missing.mend
    assert summary_check(replace(centre, summary_url="")).ok
    assert summary_check(centre).ok
    machines.models = 401
    assert "HAEDAP_SUMMARY_KEY" in summary_check(centre).mend
