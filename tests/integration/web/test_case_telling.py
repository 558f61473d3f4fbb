"""Cases: who is told what and when; the pages of the centre; the calendar by which terms are counted."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as current
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.briefs.sending import DeliveryError, State
from haedap.apps.cases import acting, counting, following, links, starting
from haedap.apps.cases import api as cases
from haedap.apps.cases.acting import Actor
from haedap.apps.cases.models import Case, CaseNotice, CaseState, Reply
from haedap.apps.centre.models import Hours, SpecialDay
from haedap.apps.contacts.models import AccessLog, CallbackPromise, Contact
from haedap.apps.desk.models import Command
from haedap.apps.offices import starting as offices
from haedap.apps.offices.models import Department

from .cases import OFFICE, opened
from .pages import Browser
from .records import add_contact

SEOUL = ZoneInfo("Asia/Seoul")
Heard = list[dict[str, Any]]


@pytest.fixture
def gateway(settings: Any) -> Iterator[Heard]:
    """A real server to which text messages and the messenger's go; gives what it heard."""
    heard: Heard = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/send"
        settings.HAEDAP = dataclasses.replace(current.HAEDAP, text_message_url=url, messenger_url=url)
        yield heard
        server.shutdown()
        thread.join()


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def kinds(case: Case) -> list[str]:
    return list(case.events.values_list("kind", flat=True))


def send_all(*, last: bool = False) -> None:
    for notice in CaseNotice.objects.filter(state=State.WAITING):
        cases.deliver(notice.pk, last=last)


# --- the citizen


def test_the_answer_goes_to_the_citizen_as_a_message_and_closes_the_case(
    contact_to_refer: Contact, people: dict[str, Account], gateway: Heard
) -> None:
    case = opened(contact_to_refer, people, reply=Reply.MESSAGE)
    acting.answer(case, OFFICE, "오늘 교체했습니다.")
    send_all()
    [message] = gateway
    assert message["to"] == "+821000000001"
    assert case.number in message["text"]
    assert "오늘 교체했습니다." in message["text"]
    assert fresh(case).state == CaseState.CLOSED
    assert kinds(case) == ["opened", "answered", "told"]
    assert not Command.objects.filter(name="promise").exists()


def test_a_message_that_cannot_be_sent_becomes_a_call(
    contact_to_refer: Contact, people: dict[str, Account], settings: Any
) -> None:
    nobody = "http://127.0.0.1:9/send"
    settings.HAEDAP = dataclasses.replace(current.HAEDAP, text_message_url=nobody)
    case = opened(contact_to_refer, people, reply=Reply.MESSAGE)
    acting.answer(case, OFFICE, "오늘 교체했습니다.")
    with pytest.raises(DeliveryError):
        send_all()
    send_all(last=True)
    assert fresh(case).state == CaseState.ANSWERED
    assert Command.objects.get(name="promise").data["promise"] == str(fresh(case).promise)
    assert kinds(case) == ["opened", "answered", "not_told"]


def test_without_a_gateway_an_answer_by_message_becomes_a_call(
    contact_to_refer: Contact, people: dict[str, Account]
) -> None:
    case = opened(contact_to_refer, people, reply=Reply.MESSAGE)
    acting.answer(case, OFFICE, "오늘 교체했습니다.")
    assert Command.objects.filter(name="promise").count() == 1


def test_an_extension_and_what_is_missing_are_told(case: Case, gateway: Heard) -> None:
    acting.extend(case, OFFICE, "7d", "현장 조사")
    acting.suspend(case, OFFICE, "사진을 보내 주십시오")
    send_all()
    assert ["현장 조사" in gateway[0]["text"], "사진을 보내 주십시오" in gateway[1]["text"]] == [True, True]


@pytest.mark.parametrize(
    ("outcome", "state", "last"),
    [("kept", "closed", "told"), ("not_reached", "answered", "not_told"), ("resolved", "answered", "answered")],
)
def test_the_call_that_told_the_answer_closes_the_case(case: Case, outcome: str, state: str, last: str) -> None:
    acting.answer(case, OFFICE, "오늘 교체했습니다.")
    promise = _promise(fresh(case).promise)
    cases.follow()
    assert fresh(case).state == CaseState.ANSWERED
    CallbackPromise.objects.filter(pk=promise).update(state="ended", outcome=outcome, ended_at=timezone.now())
    cases.follow()
    cases.follow()
    assert fresh(case).state == state
    assert kinds(case)[-1] == last


def test_a_call_that_was_joined_with_another_is_followed_there(case: Case) -> None:
    acting.answer(case, OFFICE, "오늘 교체했습니다.")
    first = _promise(fresh(case).promise, state="ended", outcome="merged")
    other = _promise(uuid4(), state="ended", outcome="kept")
    CallbackPromise.objects.filter(pk=first).update(into=other)
    cases.follow()
    assert fresh(case).state == CaseState.CLOSED


def test_who_told_the_citizen_need_not_call(case: Case) -> None:
    acting.answer(case, OFFICE, "오늘 교체했습니다.")
    _promise(fresh(case).promise)
    acting.told(case, Actor("상담사", 1), "통화 중")
    assert Command.objects.get(name="settle_promise").data["outcome"] == "resolved"


def test_for_an_agent_who_left_a_supervisor_promises_the_call(case: Case, people: dict[str, Account]) -> None:
    Account.objects.filter(pk=people["agent1"].pk).update(is_active=False)
    acting.answer(case, OFFICE, "오늘 교체했습니다.")
    assert Command.objects.get(name="promise").agent == people["supervisor"].pk


def _promise(key: Any, **values: Any) -> Any:
    now = timezone.now()
    row = {"state": "waiting", "made_at": now, "place_at": now, "due_at": now, "deadline": now, "seq": 1}
    return CallbackPromise.objects.create(
        id=key, citizen="+821000000001", owner_kind="queue", owner_queue="tax", reason="agent", **(row | values)
    ).pk


# --- the office


@pytest.mark.parametrize(
    ("received", "due", "now", "about"),
    [
        ("2026-11-23T09:00", "2026-12-01T18:00", "2026-11-27T13:29", None),
        ("2026-11-23T09:00", "2026-12-01T18:00", "2026-11-27T13:30", "half"),
        ("2026-11-23T09:00", "2026-12-01T18:00", "2026-11-30T17:59", "half"),
        ("2026-11-23T09:00", "2026-12-01T18:00", "2026-11-30T18:00", "tomorrow"),
        ("2026-11-23T09:00", "2026-12-01T18:00", "2026-12-01T18:00", "overdue"),
        ("2026-11-23T09:00", "2026-11-23T12:00", "2026-11-23T11:59", None),
        ("2026-11-23T09:00", "2026-11-23T12:00", "2026-11-23T12:00", "overdue"),
    ],
)
def test_what_an_officer_is_reminded_of(received: str, due: str, now: str, about: str | None) -> None:
    times = (datetime.fromisoformat(text).replace(tzinfo=SEOUL) for text in (received, due, now))
    assert following.reminder(*times) == about


def test_an_officer_is_told_and_reminded_once_of_each_due_time(
    contact_to_refer: Contact, people: dict[str, Account], gateway: Heard
) -> None:
    Department.objects.get(name="도로과").officers.update(messenger="haneul")
    case = opened(contact_to_refer, people)
    for _twice in range(2):
        following.remind(case.due_at)
    send_all()
    assert [message["to"] for message in gateway] == ["haneul", "haneul"]
    assert all("가로등" not in json.dumps(message, ensure_ascii=False) for message in gateway)
    assert gateway[0]["url"] == links.address_of(case)
    assert CaseNotice.objects.filter(about="overdue").count() == 1
    acting.extend(case, OFFICE, "7d", "현장 조사")
    assert following.remind(timezone.now()) == 0
    assert following.remind(fresh(case).due_at) == 1


def test_nobody_is_reminded_of_what_waits_for_the_citizen(case: Case) -> None:
    acting.suspend(case, OFFICE, "사진이 없음")
    assert following.remind(case.due_at + timedelta(days=30)) == 0


def test_a_message_to_an_office_that_passed_the_case_on_is_not_sent(
    contact_to_refer: Contact, people: dict[str, Account], gateway: Heard
) -> None:
    Department.objects.get(name="도로과").officers.update(messenger="haneul")
    case = opened(contact_to_refer, people)
    sewers = cases.of_department(Department.objects.get(name="하수과").pk, timezone.now())
    assert sewers is not None
    acting.pass_on(case, OFFICE, sewers, "하수과 소관")
    send_all()
    assert gateway == []


# --- the centre


def test_the_list_shows_what_is_overdue_first(
    case: Case, contact_to_refer: Contact, people: dict[str, Account], logged_in: Browser
) -> None:
    late = opened(contact_to_refer, people, text="늦은 건")
    Case.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
    page = logged_in("supervisor").get("/cases/")
    text = page.content.decode()
    assert page.status_code == 200
    assert text.index(late.number) < text.index(case.number)
    assert logged_in("supervisor").get("/cases/?show=overdue").content.decode().count("hd-urgent") == 1
    assert cases.overdue() == 1


@pytest.mark.parametrize("query", ["show=today", "show=untold", "show=all", "state=open", "office=1", "show=nothing"])
def test_every_filter_answers(case: Case, logged_in: Browser, query: str) -> None:
    assert logged_in("supervisor").get(f"/cases/?{query}").status_code in {200, 400}
    assert case.number in logged_in("supervisor").get("/cases/").content.decode()


def test_the_list_as_a_file(case: Case, logged_in: Browser) -> None:
    Case.objects.update(citizen_name="=1+1")
    data = logged_in("supervisor").get("/cases/cases.csv").content.decode("utf-8-sig")
    assert case.number in data
    assert "'=1+1" in data
    assert AccessLog.objects.filter(action="cases.exported").count() == 1


def test_one_case_with_its_history(case: Case, logged_in: Browser) -> None:
    acting.extend(case, OFFICE, "7d", "현장 조사")
    text = logged_in("supervisor").get(f"/cases/{case.pk}/").content.decode()
    assert all(word in text for word in (case.number, "현장 조사", "도로과 이하늘", links.address_of(case)))


def test_agents_open_the_cases_of_their_citizens_only(
    case: Case, people: dict[str, Account], logged_in: Browser
) -> None:
    assert logged_in("agent1").get(f"/cases/{case.pk}/").status_code == 200
    assert logged_in("agent2").get(f"/cases/{case.pk}/").status_code == 404
    add_contact(people["agent2"], caller="+821000000009")
    assert logged_in("agent2").get(f"/cases/{case.pk}/").status_code == 404


def test_a_supervisor_withdraws_a_case_with_a_reason(case: Case, logged_in: Browser) -> None:
    supervisor = logged_in("supervisor")
    assert supervisor.post(f"/cases/{case.pk}/withdraw", {"reason": ""}).status_code == 400
    assert supervisor.post(f"/cases/{case.pk}/withdraw", {"reason": "민원인이 취하"}).status_code == 302
    assert fresh(case).state == CaseState.WITHDRAWN
    assert AccessLog.objects.get(action="case.changed").reason == "민원인이 취하"


def test_the_own_days_of_the_centre_do_not_count(db: None) -> None:
    day = ["09:00", "12:00"], ["13:00", "18:00"]
    hours = Hours.objects.create(pk=counting.CALENDAR, name="시청", week=[list(map(list, day))] * 5 + [[], []])
    received = datetime(2026, 11, 23, 9, tzinfo=SEOUL)
    assert counting.due_by_kind(received)["grievance"] == datetime(2026, 12, 1, 18, tzinfo=SEOUL)
    SpecialDay.objects.create(hours=hours, day=date(2026, 11, 26), name="임시공휴일")
    SpecialDay.objects.create(hours=hours, day=date(2026, 11, 28), name="토요 근무", periods=[["09:00", "18:00"]])
    assert counting.due_by_kind(received)["grievance"] == datetime(2026, 12, 2, 18, tzinfo=SEOUL)


def test_the_demo_has_cases_in_their_states_once(people: dict[str, Account]) -> None:
    offices.put_demo(timezone.now())
    assert starting.put_demo(timezone.now()) == 5
    assert starting.put_demo(timezone.now()) == 0
    states = set(Case.objects.values_list("state", flat=True))
    assert states == {"open", "accepted", "extended", "suspended", "answered"}
    assert all(counting.counted(case).due == case.due_at for case in Case.objects.exclude(state="suspended"))
    assert following.remind(timezone.now() + timedelta(days=60)) == 3
