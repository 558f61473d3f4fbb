"""Briefs: read by who holds the link and by nobody else, sent to real servers, answered."""

from __future__ import annotations

import dataclasses
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.briefs import api, delivery, links
from haedap.apps.briefs.models import Brief, BriefDelivery
from haedap.apps.briefs.sending import DeliveryError, State
from haedap.apps.contacts.models import AccessLog, Citizen, CitizenNumber, ContactNote
from haedap.apps.desk.models import Command

from .mailbox import Mailbox
from .records import add_contact

TEXT = "가로등이 사흘째 꺼져 있다고 하심.\n<b>밤길</b>이 어둡습니다."


@pytest.fixture
def brief(people: dict[str, Account]) -> Brief:
    """For an officer, about a citizen who is known by name."""
    contact = add_contact(people["agent1"])
    citizen = Citizen.objects.create(name="홍가람")
    CitizenNumber.objects.create(number="+821000000001", citizen=citizen)
    ContactNote.objects.create(contact=contact.pk, text=TEXT, version=1)
    return api.write(contact, author=people["agent1"].pk, receiver="도로과 이하늘", text=api.draft(contact))


def test_the_link_opens_the_brief_without_an_account_and_the_reading_is_logged(brief: Brief) -> None:
    page = Client().get(f"/b/{links.token_of(brief.pk)}")
    text = page.content.decode()
    assert page.status_code == 200
    assert "홍가람" in text
    assert "010-0000-0001" in text
    assert "&lt;b&gt;밤길&lt;/b&gt;" in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store"
    brief.refresh_from_db()
    assert brief.readings == 1
    assert brief.first_read_at is not None
    row = AccessLog.objects.get(action="brief.read")
    assert (row.contact, row.account) == (brief.contact, None)


@pytest.mark.parametrize("spoil", ["other id", "no signature", "nonsense", "huge"])
def test_an_address_that_was_not_given_out_opens_nothing(brief: Brief, spoil: str) -> None:
    token = links.token_of(brief.pk)
    wrong = {
        "other id": f"{uuid4().hex}:{token.partition(':')[2]}",
        "no signature": brief.pk.hex,
        "nonsense": "가나다:라마바",
        "huge": "x" * 5000,
    }[spoil]
    page = Client().get(f"/b/{wrong}")
    assert page.status_code == 410
    assert "홍가람" not in page.content.decode()
    assert not AccessLog.objects.filter(action="brief.read").exists()


@pytest.mark.parametrize("how", ["expired", "revoked"])
def test_a_brief_closes(brief: Brief, how: str) -> None:
    if how == "expired":
        Brief.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        api.revoke(brief.pk)
    address = f"/b/{links.token_of(brief.pk)}"
    assert Client().get(address).status_code == 410
    assert Client().post(f"{address}/answer", {"kind": "called"}).status_code == 410
    assert not brief.answers.exists()


@pytest.mark.parametrize(
    ("kind", "command", "outcome"),
    [
        ("called", "settle_promise", "kept"),
        ("no_answer", "promise_attempt", "no_answer"),
        ("settled", "settle_promise", "resolved"),
    ],
)
def test_an_answer_reaches_the_centre_once(brief: Brief, kind: str, command: str, outcome: str) -> None:
    promise = uuid4()
    api.set_promise(brief.pk, promise)
    address = f"/b/{links.token_of(brief.pk)}/answer"
    for _twice in range(2):
        assert Client().post(address, {"kind": kind, "text": "오늘 교체합니다."}).status_code == 302
    assert [(given.kind, given.text) for given in brief.answers.all()] == [(kind, "오늘 교체합니다.")]
    told = Command.objects.get(name=command)
    assert (told.agent, told.data) == (None, {"promise": str(promise), "outcome": outcome})
    assert "오늘 교체합니다." in Client().get(f"/b/{links.token_of(brief.pk)}").content.decode()


def test_another_days_attempt_is_one_though_its_words_are_the_same(brief: Brief) -> None:
    api.set_promise(brief.pk, uuid4())
    page = f"/b/{links.token_of(brief.pk)}"
    officer = Client()

    def answered() -> dict[str, str]:
        seen = officer.get(page).content.decode().partition('name="seen" value="')[2].partition('"')[0]
        sent = {"kind": "no_answer", "seen": seen}
        assert officer.post(f"{page}/answer", sent).status_code == 302
        return sent

    first = answered()
    officer.post(f"{page}/answer", first)
    assert brief.answers.count() == 1, "sent twice from one page"
    second = answered()
    assert brief.answers.count() == 2
    for late in (first, second):
        officer.post(f"{page}/answer", late)
    assert brief.answers.count() == Command.objects.filter(name="promise_attempt").count() == 2


def test_an_answer_without_a_promise_tells_the_engine_nothing(brief: Brief) -> None:
    Client().post(f"/b/{links.token_of(brief.pk)}/answer", {"kind": "called"})
    assert brief.answers.count() == 1
    assert not Command.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "other"},
        {"kind": "called", "text": "가" * 501},
        {"kind": "c\x00"},
        {"kind": "called", "seen": "9" * 30},
    ],
)
def test_what_cannot_be_read_is_said_and_not_kept(brief: Brief, body: dict[str, str]) -> None:
    page = Client().post(f"/b/{links.token_of(brief.pk)}/answer", body)
    assert page.status_code == 400
    assert not brief.answers.exists()


def test_the_answer_is_guarded_against_other_sites(brief: Brief) -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(f"/b/{links.token_of(brief.pk)}/answer", {"kind": "called"}).status_code == 403


def test_what_is_spoken_names_the_matter_and_nobody(brief: Brief) -> None:
    assert "홍가람" not in api.announcement(brief)
    Brief.objects.update(topic="도로·교통 > 가로등 > 고장 신고")
    assert "고장 신고" in api.announcement(Brief.objects.get())


def test_a_link_goes_by_mail_and_the_mail_says_nothing_of_the_citizen(brief: Brief, mailbox: Mailbox) -> None:
    sent = BriefDelivery.objects.create(brief=brief, way=api.Way.MAIL, address="haneul@city.invalid")
    mailbox.refusals = 1
    with pytest.raises(DeliveryError):
        delivery.deliver(sent.pk, last=False)
    delivery.deliver(sent.pk, last=False)
    delivery.deliver(sent.pk, last=False)  # a repetition of a task that was done
    sent.refresh_from_db()
    assert sent.state == State.SENT
    [mail] = mailbox.mails
    text = str(mail.get_content())
    assert api.address_of(brief.pk) in text
    assert "홍가람" not in text
    assert "0000" not in text.replace(api.address_of(brief.pk), "")


def test_what_cannot_be_sent_is_noted_in_the_end(brief: Brief, mailbox: Mailbox) -> None:
    mailbox.refusals = 2
    sent = BriefDelivery.objects.create(brief=brief, way=api.Way.MAIL, address="haneul@city.invalid")
    with pytest.raises(DeliveryError):
        delivery.deliver(sent.pk, last=False)
    delivery.deliver(sent.pk, last=True)
    sent.refresh_from_db()
    assert sent.state == State.FAILED


def test_a_messenger_gets_the_link(brief: Brief, settings: Any) -> None:
    heard: list[dict[str, str]] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        url = f"http://127.0.0.1:{server.server_port}/send"
        settings.HAEDAP = dataclasses.replace(settings.HAEDAP, messenger_url=url)
        sent = BriefDelivery.objects.create(brief=brief, way=api.Way.MESSENGER, address="haneul")
        delivery.deliver(sent.pk, last=False)
        server.shutdown()
        thread.join()
    sent.refresh_from_db()
    assert sent.state == State.SENT
    [message] = heard
    assert message["to"] == "haneul"
    assert message["url"] == api.address_of(brief.pk)
