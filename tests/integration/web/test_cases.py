"""Cases: opened at the desk, worked on by the office's link, answered to the citizen, and counted by the law."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.cases import acting, counting, links
from haedap.apps.cases import api as cases
from haedap.apps.cases.models import Case, CaseEvent, CaseState, Kind
from haedap.apps.contacts.citizens import choose
from haedap.apps.contacts.models import AccessLog, Citizen, CitizenNumber, Contact
from haedap.apps.desk.models import Command
from haedap.apps.knowledge.models import Article, Gap
from haedap.apps.offices.models import Department

from .cases import NUMBER, OFFICE, opened
from .pages import Browser
from .records import add_contact

SEOUL = ZoneInfo("Asia/Seoul")


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def kinds(case: Case) -> list[str]:
    return list(case.events.values_list("kind", flat=True))


def address(case: Case, step: str = "") -> str:
    return f"/c/{links.token_of(case)}" + (f"/{step}" if step else "")


# --- at the desk


def body(**changed: Any) -> dict[str, Any]:
    department = Department.objects.get(name="도로과").pk
    return {
        "office": {"type": "department", "department": department},
        "kind": "grievance",
        "text": "홍가람 님, 연락처 010-0000-4321, 가로등이 꺼짐",
        "reply": "message",
        **changed,
    }


def post(client: Client, contact: Contact, what: Any) -> Any:
    return client.post(f"/api/desk/contacts/{contact.pk}/cases", json.dumps(what), content_type="application/json")


def test_an_agent_opens_a_case_and_sees_it(contact_to_refer: Contact, logged_in: Browser) -> None:
    agent = logged_in("agent1")
    before = agent.get(f"/api/desk/contacts/{contact_to_refer.pk}/cases").json()
    assert before["cases"] == []
    assert before["draft"] == "홍가람 님 댁 앞 가로등이 꺼짐"
    assert [kind["key"] for kind in before["kinds"]] == list(Kind)
    made = post(agent, contact_to_refer, body())
    assert made.status_code == 200
    row = Case.objects.get()
    assert made.json()["number"] == row.number == f"{timezone.localdate().year}-000001"
    assert (row.office, row.officer_name, row.citizen_name) == ("안전도시국 > 도로과", "이하늘 주무관", "홍가람")
    assert (row.topic_path, row.state, row.term) == ("가로등", "open", "7d")
    assert "홍가람" not in row.text
    assert "4321" not in row.text
    assert "가로등이 꺼짐" in row.text
    (shown,) = agent.get(f"/api/desk/contacts/{contact_to_refer.pk}/cases").json()["cases"]
    assert (shown["number"], shown["office"], shown["here"]) == (row.number, "도로과", True)
    assert AccessLog.objects.filter(action="case.opened", contact=contact_to_refer.pk).count() == 1


def test_the_same_case_twice_is_one(contact_to_refer: Contact, logged_in: Browser) -> None:
    agent = logged_in("agent1")
    assert post(agent, contact_to_refer, body()).json()["id"] == post(agent, contact_to_refer, body()).json()["id"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"text": "   "}, 422),
        ({"text": "가" * 100_000}, 422),
        ({"kind": "pass_on"}, 422),
        ({"kind": "whatever"}, 422),
        ({"reply": "pigeon"}, 422),
        ({"number": "없음"}, 422),
        ({"office": {"type": "department", "department": 999_999}}, 404),
        ({"office": {"type": "officer", "officer": 999_999}}, 404),
        ({"office": {"type": "queue", "queue": "tax"}}, 422),
    ],
)
def test_what_is_no_case_is_refused_in_a_sentence(
    contact_to_refer: Contact, logged_in: Browser, changed: dict[str, Any], status: int
) -> None:
    refused = post(logged_in("agent1"), contact_to_refer, body(**changed))
    assert refused.status_code == status
    assert refused.json()["message"]
    assert not Case.objects.exists()


def test_a_citizen_without_a_number_must_leave_one(contact_to_refer: Contact, logged_in: Browser) -> None:
    Contact.objects.update(caller=None)
    agent = logged_in("agent1")
    assert post(agent, contact_to_refer, body()).status_code == 422
    assert post(agent, contact_to_refer, body(number="010-0000-0007")).status_code == 200
    assert Case.objects.get().citizen_number == "+821000000007"


def test_only_who_had_the_contact_opens_a_case(contact_to_refer: Contact, logged_in: Browser) -> None:
    assert post(logged_in("agent2"), contact_to_refer, body()).status_code == 404


def test_the_answer_is_shown_when_the_citizen_calls_again_and_told_once(
    case: Case, people: dict[str, Account], logged_in: Browser
) -> None:
    acting.answer(case, OFFICE, "오늘 교체했습니다.")
    again = add_contact(people["agent2"])
    agent = logged_in("agent2")
    (shown,) = agent.get(f"/api/desk/contacts/{again.pk}/cases").json()["cases"]
    assert (shown["answer"], shown["to_tell"], shown["here"]) == ("오늘 교체했습니다.", True, False)
    where = f"/api/desk/contacts/{again.pk}/cases/{case.pk}/told"
    assert agent.post(where, "{}", content_type="application/json").status_code == 200
    assert fresh(case).state == CaseState.CLOSED
    assert agent.post(where, "{}", content_type="application/json").status_code == 409


def test_the_cases_of_a_citizen_are_found_by_all_their_numbers(case: Case) -> None:
    CitizenNumber.objects.create(number="+821000000002", citizen=Citizen.objects.get())
    assert cases.cases_of(add_contact(None, caller="+821000000002")) == [case]
    assert cases.cases_of(add_contact(None, caller="+821000000003")) == []
    assert cases.cases_of(add_contact(None, caller=None)) == []


def test_of_a_number_that_two_share_the_cases_of_the_chosen_one_are_shown(
    case: Case, people: dict[str, Account]
) -> None:
    other = Citizen.objects.create(name="이다온")
    CitizenNumber.objects.create(number=NUMBER, citizen=other)
    call = add_contact(people["agent1"])
    assert cases.cases_of(call) == [case]
    choose(call, other, people["agent1"].pk)
    assert cases.cases_of(call) == []


def test_the_third_case_about_the_same_matter_is_told_to_the_office(
    contact_to_refer: Contact, people: dict[str, Account]
) -> None:
    for text in ("하나", "둘"):
        acting.answer(opened(contact_to_refer, people, text=f"가로등이 꺼짐 {text}"), OFFICE, "교체했습니다.")
    third = opened(contact_to_refer, people, text="가로등이 또 꺼짐")
    assert third.earlier_alike == 2
    assert "제23조" in Client().get(address(third)).content.decode()


# --- at the office


def test_the_link_opens_the_case_without_an_account(case: Case) -> None:
    page = Client().get(address(case))
    assert page.status_code == 200
    text = page.content.decode()
    assert all(word in text for word in (case.number, "가로등이 꺼짐", "홍가람", "010-0000-0001"))
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    Client().get(address(case))
    assert kinds(case) == ["opened", "read"]
    assert AccessLog.objects.filter(action="case.read", contact=case.contact, account=None).count() == 2


@pytest.mark.parametrize("spoil", ["other case", "no signature", "nonsense", "another link"])
def test_an_address_that_was_not_given_out_opens_nothing(case: Case, spoil: str) -> None:
    token = links.token_of(case)
    wrong = {
        "other case": f"{'0' * 32}.1:{token.partition(':')[2]}",
        "no signature": f"{case.pk.hex}.1",
        "nonsense": "가나다:라마바",
        "another link": f"{case.pk.hex}.2:{token.partition(':')[2]}",
    }[spoil]
    page = Client().get(f"/c/{wrong}")
    assert page.status_code == 410
    assert "홍가람" not in page.content.decode()


def test_the_link_closes_a_week_after_the_end(case: Case) -> None:
    acting.withdraw(case, OFFICE, "취하")
    Case.objects.update(ended_at=timezone.now() - timedelta(days=7))
    assert Client().get(address(case)).status_code == 410


def test_an_office_accepts_and_answers(case: Case, people: dict[str, Account]) -> None:
    assert Client().post(address(case, "accept")).status_code == 302
    assert fresh(case).state == CaseState.ACCEPTED
    given = {"text": "홍가람 님, 오늘 교체했습니다. 문의 010-0000-4321"}
    assert Client().post(address(case, "answer"), given).status_code == 302
    done = fresh(case)
    assert done.state == CaseState.ANSWERED
    assert "4321" not in done.answer
    assert "오늘 교체했습니다." in done.answer
    told = Command.objects.get(name="promise")
    assert told.agent == people["agent1"].pk
    assert (told.data["promise"], told.data["citizen"]) == (str(done.promise), NUMBER)
    assert Client().post(address(case, "answer"), given).status_code == 409


def test_an_office_passes_a_case_on_and_its_address_is_void(case: Case) -> None:
    sewers = Department.objects.get(name="하수과")
    page = Client().post(address(case, "pass-on"), {"department": sewers.pk, "reason": "하수과 소관"})
    assert page.status_code == 200
    moved = fresh(case)
    assert (moved.state, moved.office, moved.officer) == ("passed_on", "안전도시국 > 하수과", None)
    assert moved.due_at == case.due_at
    assert Client().get(address(case)).status_code == 410
    assert Client().get(address(moved)).status_code == 200
    assert case.events.get(kind="passed_on").data == {
        "from": "안전도시국 > 도로과",
        "to": "안전도시국 > 하수과",
        "late": False,
    }


def test_passing_on_too_late_stands_in_the_history(case: Case) -> None:
    Case.objects.update(received_at=timezone.now() - timedelta(days=10))
    sewers = Department.objects.get(name="하수과")
    Client().post(address(case, "pass-on"), {"department": sewers.pk, "reason": "하수과 소관"})
    assert case.events.get(kind="passed_on").data["late"] is True


def test_another_agency_gets_it_and_the_citizen_is_told(case: Case) -> None:
    given = {"agency": "한국전력공사", "reason": "전봇대"}
    assert Client().post(address(case, "pass-on"), given).status_code == 302
    done = fresh(case)
    assert done.state == CaseState.ANSWERED
    assert "한국전력공사" in done.answer
    assert Command.objects.filter(name="promise").exists()


def test_an_extension_is_at_most_the_term_and_the_second_needs_consent(case: Case) -> None:
    for data, status in (
        ({"length": "8", "reason": "현장 조사"}, 409),
        ({"length": "3", "reason": "  "}, 400),
        ({"length": "-1", "reason": "현장 조사"}, 400),
        ({"length": "", "reason": "현장 조사"}, 400),
        ({"length": "7", "reason": "현장 조사"}, 302),
        ({"length": "7", "reason": "현장 조사"}, 409),
        ({"length": "7", "reason": "현장 조사", "consent": "on"}, 302),
        ({"length": "1", "reason": "현장 조사", "consent": "on"}, 409),
    ):
        assert Client().post(address(case, "extend"), data).status_code == status, data
    longer = fresh(case)
    assert longer.extensions == ["7d", "7d"]
    assert longer.state == CaseState.EXTENDED
    assert longer.due_at > case.due_at + timedelta(days=14)


def test_a_term_that_is_over_is_not_extended(case: Case) -> None:
    Case.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert Client().post(address(case, "extend"), {"length": "1", "reason": "현장 조사"}).status_code == 409


def test_the_term_stands_still_while_the_citizen_completes(case: Case) -> None:
    assert Client().post(address(case, "suspend"), {"reason": "사진이 없음"}).status_code == 302
    assert fresh(case).state == CaseState.SUSPENDED
    Case.objects.update(
        received_at=datetime(2026, 11, 9, 9, tzinfo=SEOUL), due_at=datetime(2026, 11, 17, 18, tzinfo=SEOUL)
    )
    assert cases.overdue() == 0
    case.suspensions.update(begins_at=datetime(2026, 11, 11, 10, tzinfo=SEOUL))
    resumed_by = datetime(2026, 11, 12, 10, tzinfo=SEOUL)
    acting.resume(case, OFFICE)
    case.suspensions.update(ends_at=resumed_by)
    assert counting.counted(fresh(case)).due == datetime(2026, 11, 19, 18, tzinfo=SEOUL)
    assert kinds(case) == ["opened", "suspended", "resumed"]


@pytest.mark.parametrize("step", ["accept", "resume", "pass-on", "extend", "suspend", "answer"])
def test_nothing_is_done_to_a_case_that_is_over(case: Case, step: str) -> None:
    acting.withdraw(case, OFFICE, "취하")
    sewers = Department.objects.get(name="하수과").pk
    data = {"text": "답", "reason": "까닭", "length": "1", "department": sewers}
    assert Client().post(address(case, step), data).status_code == 409
    assert kinds(case) == ["opened", "withdrawn"]


def test_a_step_that_nobody_knows_is_not_there(case: Case) -> None:
    assert Client().post(address(case, "delete")).status_code == 404
    assert Client(enforce_csrf_checks=True).post(address(case, "accept")).status_code == 403


def test_what_was_missing_in_the_knowledge_base_is_proposed_with_the_answer(case: Case) -> None:
    Client().post(address(case, "answer"), {"text": "가로등은 사흘 안에 고칩니다.", "missing": "on"})
    assert Gap.objects.get().last_contact == case.contact
    version = Article.objects.get(code=f"case-{case.number}").versions.get()
    assert version.answer == "가로등은 사흘 안에 고칩니다."
    assert version.state == "draft"


def test_history_cannot_be_changed(case: Case) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.update(text="")
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.all().delete()
    assert kinds(case) == ["opened"]
