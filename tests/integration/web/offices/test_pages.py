"""Departments, officers, duties and absences in the browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from haedap.apps.contacts.models import AccessLog
from haedap.apps.offices import api
from haedap.apps.offices.models import Absence, Department, Deputy, Duty, Officer, Synonym

LoggedIn = Callable[..., Client]


def officer_of(code: str) -> Officer:
    return Officer.objects.select_related("department").get(code=code)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def logged(what: str) -> list[dict[str, object]]:
    rows = AccessLog.objects.filter(action="offices.changed").values_list("detail", flat=True)
    return [row for row in rows if row["what"] == what]


def test_the_tree_the_department_and_the_officer(city: None, logged_in: LoggedIn) -> None:
    client = logged_in("agent1")
    assert "재산세팀" in page(client, "/offices/")
    team = Department.objects.get(name="재산세팀")
    shown = page(client, f"/offices/{team.pk}/")
    assert "재산세 부과 및 감면" in shown
    assert "02-0000-1200" in shown  # the number of the department above
    assert "고치기" not in shown
    officer = team.officers.first()
    assert officer is not None
    shown = page(client, f"/offices/officers/{officer.pk}/")
    assert officer.email in shown
    assert "부재 추가" not in shown


def test_the_search_page(city: None, logged_in: LoggedIn) -> None:
    shown = page(logged_in("agent1"), "/offices/?q=가로등이 고장")
    assert "도로조명팀" in shown
    assert "찾지 못했습니다" in page(logged_in("agent1"), "/offices/?q=quux")


def _asked(client: Client, body: object) -> Any:
    return client.post("/offices/search", body, content_type="application/json")


def test_the_desk_is_told_who_answers_and_why(city: None, logged_in: LoggedIn) -> None:
    away, deputy = officer_of("H003"), officer_of("H004")
    now = timezone.now()
    Absence.objects.create(
        officer=away, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=2), reason="leave"
    )
    answer = _asked(logged_in("agent1"), {"q": away.extension}).json()["found"][0]
    assert answer["officer"] == {"id": away.pk, "name": away.name, "title": away.title}
    assert answer["department"]["place"] == "민원여권과 > 여권팀"
    assert answer["answers"]["officer"]["id"] == deputy.pk
    assert (answer["answers"]["telephone"], answer["answers"]["extension"]) == (deputy.telephone, deputy.extension)
    assert answer["answers"]["reason"].startswith("연가 ~ ")
    assert answer["answers"]["reason"].endswith(f", 대직 {deputy.name}")
    assert _asked(logged_in("agent1"), {}).json() == {"found": []}


@pytest.mark.parametrize("body", [b'{"q": [1]}', b'{"q": "\\ud800"}', b'{"q": "\xff"}', b'{"x": ' + b"[" * 5000])
def test_what_no_office_can_be_looked_for_by_is_told_so(logged_in: LoggedIn, body: bytes) -> None:
    refused = logged_in("agent1").post("/offices/search", body, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json()["message"].startswith("이대로는 받을 수 없습니다")


def test_a_form_in_the_place_of_json_is_told_so(logged_in: LoggedIn) -> None:
    browser = logged_in("agent1", enforce_csrf_checks=True)
    token = browser.get("/api/me").json()["csrf"]
    assert browser.post("/offices/search", {"q": "세정과"}, headers={"X-CSRFToken": token}).status_code == 400


def test_without_a_deputy_the_department_answers(city: None) -> None:
    away = officer_of("H003")
    away.deputies.all().delete()
    Absence.objects.create(officer=away, starts_at=timezone.now(), reason="long_leave")
    found = api.who_answers(away.pk, timezone.now())
    assert found is not None
    assert (found.officer, found.telephone, found.extension) == (None, "+82200001100", "")
    assert found.reason == "휴직, 대직자 없음: 부서에서 받습니다"


def test_what_other_apps_are_told(city: None) -> None:
    card = api.officer_card(officer_of("H003").pk)
    assert card is not None
    assert (card.extension, card.email, card.department.place) == ("1103", "h003@haedap.example", "민원여권과 > 여권팀")
    assert (card.department.telephone, card.department.active) == ("+82200001100", True)
    assert [deputy.id for deputy in api.deputy_cards(card.id)] == [officer_of("H004").pk]
    assert api.officer_card(0) is None
    assert api.department_card(0) is None
    assert api.who_answers(0, timezone.now()) is None
    answering = api.who_answers(card.id, timezone.now())
    assert answering is not None
    assert (answering.officer, answering.reason) == (card, "")


def test_a_supervisor_plans_an_absence(city: None, logged_in: LoggedIn) -> None:
    officer = officer_of("H003")
    client = logged_in("supervisor")
    today = timezone.localdate()
    address = f"/offices/officers/{officer.pk}/absences"
    data = {"reason": "leave", "first_day": today.isoformat(), "last_day": today.isoformat()}
    assert client.post(address, data).status_code == 302
    absence = officer.absences.get()
    assert absence.ends_at is not None
    assert absence.ends_at - absence.starts_at == timedelta(days=1)
    assert f"연가 ~ {today.month}.{today.day}., 대직" in page(client, f"/offices/officers/{officer.pk}/")
    assert client.post(f"{address}/{absence.pk}/remove").status_code == 302
    assert not officer.absences.exists()
    assert [row["how"] for row in logged("absence")] == ["added", "removed"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "비어 있습니다"),
        ({"first_day": "2026-11-23", "last_day": "2026-11-22"}, "끝은 시작보다 뒤"),
        (
            {"first_day": "2026-11-23", "last_day": "2026-11-23", "first_time": "15:00", "last_time": "14:00"},
            "끝은 시작보다",
        ),
        ({"first_day": "2026-11-23", "last_time": "14:00"}, "마지막 날도"),
        ({"first_day": "2026-11-23", "last_day": "2226-11-23"}, "5년"),
        ({"first_day": "9999-12-31", "last_day": "9999-12-31"}, "연도"),
    ],
)
def test_an_absence_that_makes_no_sense(city: None, logged_in: LoggedIn, data: dict[str, str], words: str) -> None:
    officer = officer_of("H003")
    answer = logged_in("supervisor").post(f"/offices/officers/{officer.pk}/absences", {"reason": "leave", **data})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Absence.objects.exists()


def test_deputies_in_their_order(city: None, logged_in: LoggedIn) -> None:
    officer, second, third = officer_of("H003"), officer_of("H004"), officer_of("H005")
    address = f"/offices/officers/{officer.pk}/deputies"
    data = {"deputy_0": third.pk, "deputy_1": second.pk, "deputy_2": third.pk}
    assert logged_in("supervisor").post(address, data).status_code == 302
    assert [deputy.id for deputy in api.deputy_cards(officer.pk)] == [third.pk, second.pk]
    assert logged("deputies") == [{"what": "deputies", "id": officer.pk, "how": "changed"}]
    assert logged_in("supervisor").post(address, {"deputy_0": officer.pk}).status_code == 400
    assert Deputy.objects.filter(officer=officer).count() == 2


def test_a_department_cannot_be_below_itself(city: None, logged_in: LoggedIn) -> None:
    tax = Department.objects.get(name="세정과")
    team = Department.objects.get(name="재산세팀")
    client = logged_in("supervisor")
    for parent in (tax.pk, team.pk):
        data = {"name": tax.name, "parent": parent, "position": 0, "active": "on"}
        answer = client.post(f"/offices/{tax.pk}/edit", data)
        assert answer.status_code == 400
        assert "자기 자신이나 자기 아래" in answer.content.decode()
    tax.refresh_from_db()
    assert tax.parent_id is None


def test_the_tree_has_an_end(city: None, logged_in: LoggedIn) -> None:
    step = None
    for number in range(8):
        step = Department.objects.create(name=f"{number}단계", parent=step)
    assert step is not None
    data = {"name": "9단계", "parent": step.pk, "position": 0, "active": "on"}
    answer = logged_in("supervisor").post("/offices/new", data)
    assert answer.status_code == 400
    assert "8단계까지" in answer.content.decode()


def test_a_new_department_with_an_officer_and_a_duty(city: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    data = {"name": "드론팀", "parent": Department.objects.get(name="교통과").pk, "position": 0, "active": "on"}
    assert client.post("/offices/new", {**data, "telephone": "02 0000 3000"}).status_code == 302
    team = Department.objects.get(name="드론팀")
    assert team.telephone == "+82200003000"
    data = {"name": "하늘찬", "department": team.pk, "extension": "3001", "position": 0, "active": "on"}
    assert client.post(f"/offices/{team.pk}/officers/new", data).status_code == 302
    officer = Officer.objects.get(name="하늘찬")
    data = {"text": "무인비행장치 운영", "keywords": "드론,, 드론 ,날리는", "officers": officer.pk, "position": 0}
    assert client.post(f"/offices/{team.pk}/duties/new", data).status_code == 302
    duty = Duty.objects.get(department=team)
    assert (duty.keywords, list(duty.officers.all())) == ("드론, 날리는", [officer])
    assert api.search_offices("드론 날려도 돼요?", 1, timezone.now())[0].officer == officer
    assert client.post(f"/offices/{team.pk}/duties/new", data).status_code == 400  # twice
    assert client.post(f"/offices/duties/{duty.pk}/remove").status_code == 302
    assert {row["what"] for row in AccessLog.objects.values_list("detail", flat=True)} >= {
        "department",
        "officer",
        "duty",
    }


def test_a_department_with_people_is_not_closed(city: None, logged_in: LoggedIn) -> None:
    team = Department.objects.get(name="재산세팀")
    data = {"name": team.name, "parent": team.parent_id, "position": 0}
    answer = logged_in("supervisor").post(f"/offices/{team.pk}/edit", data)
    assert answer.status_code == 400
    assert "먼저 옮긴" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("telephone", "없음"), ("extension", "12-3"), ("email", "x"), ("department", "999999"), ("name", "")],
)
def test_an_officer_that_makes_no_sense(city: None, logged_in: LoggedIn, field: str, value: str) -> None:
    officer = officer_of("H003")
    data = {"name": officer.name, "department": officer.department_id, "position": 0, "active": "on", field: value}
    answer = logged_in("supervisor").post(f"/offices/officers/{officer.pk}/edit", data)
    assert answer.status_code == 400
    officer.refresh_from_db()
    assert officer.extension == "1103"


@pytest.mark.parametrize(
    ("telephone", "extension", "status", "kept"),
    [
        ("02-0000-1234 (내선 56)", "", 302, ("+82200001234", "56")),
        ("02-0000-1234 ext. 56", "56", 302, ("+82200001234", "56")),
        ("02-0000-1234 (내선 56)", "1103", 400, ("+82200001103", "1103")),
        ("02-0000-1234 (내선 5)", "", 400, ("+82200001103", "1103")),
    ],
)
def test_an_extension_behind_the_number_of_an_officer_is_kept_as_one(
    city: None, logged_in: LoggedIn, telephone: str, extension: str, status: int, kept: tuple[str, str]
) -> None:
    officer = officer_of("H003")
    data = {"name": officer.name, "department": officer.department_id, "position": 0, "active": "on"}
    data |= {"telephone": telephone, "extension": extension}
    assert logged_in("supervisor").post(f"/offices/officers/{officer.pk}/edit", data).status_code == status
    officer.refresh_from_db()
    assert (officer.telephone, officer.extension) == kept


def test_words_of_citizens(city: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    assert client.post("/offices/synonyms/", {"said": "쪽쪽이", "means": "도서 대출"}).status_code == 302
    assert api.search_offices("쪽쪽이", 1, timezone.now())[0].department.name == "열람팀"
    assert client.post("/offices/synonyms/", {"said": "쪽쪽이", "means": "여권"}).status_code == 400
    found = Synonym.objects.get(said="쪽쪽이")
    assert client.post(f"/offices/synonyms/{found.pk}/remove").status_code == 302
    assert api.search_offices("쪽쪽이", 1, timezone.now()) == []


def test_the_access_log_holds_no_names(city: None, logged_in: LoggedIn) -> None:
    officer = officer_of("H003")
    data = {"name": "바뀐이름", "department": officer.department_id, "position": 0, "active": "on"}
    logged_in("supervisor").post(f"/offices/officers/{officer.pk}/edit", data)
    row = AccessLog.objects.get(action="offices.changed")
    assert row.detail == {"what": "officer", "id": officer.pk, "how": "changed"}
    assert row.account_id is not None


def test_deputies_of_deputies_answer_from_the_database(city: None) -> None:
    first, second, third = officer_of("H003"), officer_of("H004"), officer_of("H005")
    Deputy.objects.filter(officer__in=(first, second, third)).delete()
    Deputy.objects.create(officer=first, deputy=second)
    Deputy.objects.create(officer=second, deputy=first)
    Deputy.objects.create(officer=second, deputy=third, position=1)
    now = timezone.now()
    for away in (first, second):
        Absence.objects.create(officer=away, starts_at=now - timedelta(days=1), reason="leave")
    found = api.who_answers(first.pk, now)
    assert found is not None
    assert found.officer == api.officer_card(third.pk)
    assert found.reason == f"연가, 대직 {third.name}"
