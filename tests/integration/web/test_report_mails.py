"""Reports by mail: due when their period is over, once to each mailbox, by a real mail server."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from haedap.analytics.tables import SEOUL
from haedap.apps.accounts.models import Account
from haedap.apps.briefs.sending import DeliveryError, State
from haedap.apps.contacts.models import AccessLog
from haedap.apps.reports import mailing
from haedap.apps.reports.models import ReportDelivery, ReportSchedule
from haedap.worker.main import work

from .mailbox import Mailbox
from .pages import Browser

MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=SEOUL)  # a Monday


@pytest.fixture
def sending(db: None, settings: Any, mailbox: Mailbox) -> Mailbox:
    settings.HAEDAP = dataclasses.replace(settings.HAEDAP, mail_url="smtp://127.0.0.1")
    return mailbox


def schedule(**values: Any) -> ReportSchedule:
    row = {"name": "주간 보고", "every": "week", "side": "topic", "mailboxes": "a@city.invalid\nb@city.invalid"}
    return ReportSchedule.objects.create(**{**row, "since": date(2026, 11, 20), **values})


def test_a_period_is_due_when_it_is_over_and_its_hour_has_come(sending: Mailbox) -> None:
    schedule()
    assert mailing.follow(MORNING.replace(hour=6, minute=59)) == 0
    assert mailing.follow(MORNING) == 2
    assert mailing.follow(MORNING) == 0
    assert {(row.since, row.until) for row in ReportDelivery.objects.all()} == {
        (date(2026, 11, 16), date(2026, 11, 23))
    }
    assert ProcrastinateJob.objects.filter(task_name="reports.deliver").count() == 2


def test_what_was_missed_is_made_up_for_but_not_what_was_before_the_schedule(sending: Mailbox) -> None:
    schedule(every="day", since=date(2026, 11, 20), mailboxes="a@city.invalid")
    assert mailing.follow(MORNING) == 3
    days = ReportDelivery.objects.order_by("since").values_list("since", flat=True)
    assert list(days) == [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)]
    schedule(name="오래됨", every="day", since=date(2020, 1, 1), mailboxes="b@city.invalid")
    assert mailing.follow(MORNING) == mailing.MOST_BACK
    schedule(name="꺼짐", active=False)
    assert mailing.follow(MORNING) == 0


def test_nothing_is_left_where_no_mail_can_be_sent(db: None) -> None:
    schedule()
    assert mailing.follow(MORNING) == 0


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
def test_a_report_goes_to_a_real_mailbox_once(sending: Mailbox, form: str, start: bytes) -> None:
    schedule(form=form, mailboxes="a@city.invalid")
    mailing.follow(MORNING)
    key = ReportDelivery.objects.get().pk
    sending.refusals = 1
    with pytest.raises(DeliveryError):
        mailing.deliver(key, last=False)
    mailing.deliver(key, last=False)
    mailing.deliver(key, last=False)  # a repetition of a task that was done
    [mail] = sending.mails
    assert mail["To"] == "a@city.invalid"
    assert "2026년 11월 16일 ~ 2026년 11월 22일" in mail["Subject"]
    assert mail["Message-ID"].startswith(f"<report-{key}-20261116@")
    [attached] = mail.iter_attachments()
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.startswith(start)
    assert attached.get_filename() == f"report-topic-20261116-20261122.{form}"
    body = mail.get_body()
    assert body is not None
    assert "/reports/?period=week&day=2026-11-16" in body.get_content()
    assert ReportDelivery.objects.get().state == State.SENT


def test_the_worker_sends_what_waits(orm_database: str, settings: Any, mailbox: Mailbox) -> None:
    settings.HAEDAP = dataclasses.replace(settings.HAEDAP, mail_url="smtp://127.0.0.1")
    off = schedule(form="csv", active=False)  # else the worker itself makes up for all weeks since
    mailing.send_now(off, MORNING)
    async_to_sync(work)(wait=False)
    connections.close_all()
    assert sorted(mail["To"] for mail in mailbox.mails) == ["a@city.invalid", "b@city.invalid"]
    assert {row.state for row in ReportDelivery.objects.all()} == {State.SENT}


def test_what_cannot_be_sent_is_noted_and_can_be_sent_again(sending: Mailbox) -> None:
    row = schedule(form="csv", mailboxes="a@city.invalid")
    mailing.follow(MORNING)
    sending.refusals = 1
    mailing.deliver(ReportDelivery.objects.get().pk, last=True)
    assert ReportDelivery.objects.get().state == State.FAILED
    assert mailing.send_now(row, MORNING) == 1
    mailing.deliver(ReportDelivery.objects.get().pk, last=True)
    assert ReportDelivery.objects.get().state == State.SENT
    assert mailing.send_now(row, MORNING) == 0
    assert len(sending.mails) == 1


def test_a_schedule_is_written_on_its_page(people: dict[str, Account], logged_in: Browser, sending: Mailbox) -> None:
    client = logged_in("supervisor")
    values = {"name": "<b>월간", "every": "month", "hour": "8", "side": "office", "form": "csv", "active": "on"}
    for mailboxes, sentence in (
        ("", "비어 있습니다"),
        ("a@city.invalid\nx", "메일 주소가 아닙니다"),
        ("\n".join(f"a{place}@city.invalid" for place in range(21)), "20개까지"),
    ):
        answer = client.post("/reports/schedules/new", {**values, "mailboxes": mailboxes})
        assert answer.status_code == 400
        assert sentence in answer.content.decode()
    client.post("/reports/schedules/new", {**values, "mailboxes": "a@city.invalid  a@city.invalid, b@city.invalid;"})
    row = ReportSchedule.objects.get()
    assert row.addresses == ["a@city.invalid", "b@city.invalid"]
    page = client.post(f"/reports/schedules/{row.pk}/send", follow=True).content.decode()
    assert "메일 2통을 보냅니다." in page
    assert "&lt;b&gt;월간" in page
    assert page.count("보내는 중") == 2
    assert (
        client.post(
            f"/reports/schedules/{row.pk}/", {**values, "hour": "24", "mailboxes": "a@city.invalid"}
        ).status_code
        == 400
    )
    client.post(f"/reports/schedules/{row.pk}/remove")
    assert not ReportSchedule.objects.exists()
    steps = AccessLog.objects.filter(action="report.schedule_changed").order_by("at", "pk")
    assert [entry.detail["step"] for entry in steps] == ["saved", "send", "remove"]


def test_without_mail_the_page_says_what_to_do(people: dict[str, Account], logged_in: Browser) -> None:
    row = schedule()
    client = logged_in("admin")
    assert "HAEDAP_MAIL_URL" in client.get("/reports/schedules/").content.decode()
    assert "HAEDAP_MAIL_URL" in client.post(f"/reports/schedules/{row.pk}/send", follow=True).content.decode()
    assert not ReportDelivery.objects.exists()
