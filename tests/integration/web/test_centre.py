"""Centre and people pages: what is saved, what is refused with the reason, and that the engine hears of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.centre import api
from haedap.apps.centre.forms import in_order
from haedap.apps.centre.models import (
    AgentSkill,
    AwayReason,
    CentreSettings,
    Flow,
    Hours,
    Number,
    Prompt,
    Queue,
    Skill,
    SpecialDay,
)
from haedap.apps.centre.sections import SECTIONS
from haedap.apps.centre.starting_set import centre_data
from haedap.apps.contacts.models import AccessLog, AgentPeriod, Disposition, Topic
from haedap.apps.desk.models import Command, PhoneCredential
from haedap.channels.voice.callers import e164

from .pages import said

FLOW = {
    "start": "menu",
    "steps": {
        "menu": {"kind": "menu", "prompts": ["main_menu"], "choices": {"1": "tax"}, "otherwise": "tax"},
        "tax": {"kind": "queue", "queue": "tax"},
    },
}


pytestmark = pytest.mark.usefixtures("demo_database")


@pytest.fixture
def people(db: None) -> dict[str, Account]:
    """The accounts of the demonstration."""
    return {account.username: account for account in Account.objects.all()}


def test_every_change_reaches_engine_and_access_log(admin: Client, django_capture_on_commit_callbacks: Any) -> None:
    version = CentreSettings.objects.get().plan_version
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin.post("/centre/skills/new", {"key": "health", "name": "보건"})
    assert answer.status_code == 302
    assert CentreSettings.objects.get().plan_version == version + 1
    assert list(Command.objects.values_list("name", "data")) == [("plan_changed", {})]
    assert AccessLog.objects.get(action="centre.changed").detail == {"list": "skills", "key": "health", "how": "added"}


@pytest.mark.parametrize("key", ["", "Tax", "세금", "a b", "tax", "x" * 41, "1a", "a\nb"])
def test_keys_that_cannot_be(admin: Client, key: str) -> None:
    before = Skill.objects.count()
    answer = admin.post("/centre/skills/new", {"key": key, "name": "무엇"})
    assert answer.status_code == 400
    assert Skill.objects.count() == before


def test_a_browsers_trailing_line_end_is_no_part_of_a_key(admin: Client) -> None:
    assert admin.post("/centre/skills/new", {"key": "a\n", "name": "무엇"}).status_code == 302
    assert Skill.objects.filter(key="a").exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"key": "tax", "name": "지방세"}, "이미 쓰고 있는 키입니다. 다른 키를 정해 주십시오."),
        ({"key": "a b", "name": "지방세"}, "영문 소문자"),
    ],
)
def test_a_taken_key_is_told_in_korean(admin: Client, values: dict[str, str], sentence: str) -> None:
    assert sentence in said(admin.post("/centre/skills/new", values))


def test_the_access_log_tells_details_in_korean(admin: Client) -> None:
    admin.post("/centre/skills/new", {"key": "health", "name": "보건"})
    page = admin.get("/centre/access-log/").content.decode()
    assert "<td>한 일: 추가 · 키: health · 목록: 상담 분야</td>" in page


@pytest.mark.parametrize("key", ["queues", "numbers", "hours"])
def test_a_list_costs_as_many_queries_however_long_it_is(admin: Client, key: str) -> None:
    model = SECTIONS[key].model

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(f"/centre/{key}/").status_code == 200
        return len(queries)

    asked()
    before = asked()
    row = model.objects.first()  # type: ignore[attr-defined]
    for number in range(3):
        row.pk = None if key == "numbers" else f"more_{number}"
        row.number = f"+8220000050{number}"
        row.save(force_insert=True)
    assert asked() == before


@pytest.mark.parametrize("path", ["numbers/1/", "skills/water/", "prompts/closed/"])
def test_nothing_is_removed_by_one_press(admin: Client, path: str) -> None:
    """The button that takes it away is behind another one that says that it is for good."""
    page = admin.get(f"/centre/{path}").content.decode()
    asked, _, removed = page.partition(">삭제</summary>")
    assert "<details" in asked
    assert "되돌릴 수 없습니다." in removed
    assert "/remove" not in asked


def test_a_number_is_called_as_people_write_it(admin: Client) -> None:
    number = Number.objects.get(number="+82200000120")
    assert "<h1>02-0000-0120</h1>" in admin.get(f"/centre/numbers/{number.pk}/").content.decode()


def test_what_django_says_is_said_like_all_the_rest(admin: Client) -> None:
    answer = admin.post("/centre/queues/new", {"key": "x" * 65, "ring_seconds": "-1", "position": "many"})
    told = said(answer)
    assert "비어 있습니다. 채워 주십시오." in told
    assert "0 이상으로 입력하십시오." in told
    assert "정수를 입력하십시오." in told
    assert "주세요" not in told
    assert "하세요" not in told


def test_what_is_used_cannot_be_removed(admin: Client) -> None:
    for address, user in (
        ("/centre/skills/tax/remove", "지방세"),
        ("/centre/queues/tax/remove", "대표번호"),
        ("/centre/flows/main/remove", "+82200000120"),
        ("/centre/hours/main/remove", "대표번호"),
        ("/centre/prompts/welcome/remove", "대표번호"),
    ):
        answer = admin.post(address, follow=True)
        assert user in said(answer).split('role="alert"')[1].split("</div>")[0], address
    assert Queue.objects.filter(pk="tax").exists()


def test_away_reasons_that_the_centre_sets_or_records_have_stay(admin: Client, people: dict[str, Account]) -> None:
    AgentPeriod.objects.create(agent=people["agent1"], state="away", reason="meal", started_at=timezone.now())
    for key in ("rest", "signed_in", "no_answer", "rejected", "unreachable", "meal"):
        answer = admin.post(f"/centre/away-reasons/{key}/remove", follow=True)
        assert "삭제할 수 없습니다" in said(answer), key
        assert AwayReason.objects.filter(pk=key).exists()
    assert admin.post("/centre/away-reasons/training/remove").status_code == 302
    assert not AwayReason.objects.filter(pk="training").exists()


def test_numbers_in_any_form(admin: Client) -> None:
    assert admin.post("/centre/numbers/new", {"number": "02-0000-0130", "flow": "main"}).status_code == 302
    assert Number.objects.filter(number="+82200000130").exists()
    for number in ("12", "abc", "02-0000-0130", ""):
        assert admin.post("/centre/numbers/new", {"number": number, "flow": "main"}).status_code == 400


@pytest.mark.parametrize("number", ["120", "7000", "02120"])
def test_a_short_number_is_registered_as_the_trunk_writes_it(admin: Client, number: str) -> None:
    assert admin.post("/centre/numbers/new", {"number": number, "flow": "main"}).status_code == 302
    assert e164(number) is None, "the voice channel reports such a called number as it came"
    assert Number.objects.filter(number=number).exists()
    assert number in said(admin.get("/centre/numbers/"))
    Number.objects.exclude(number=number).update(id=F("id") + 1000)
    assert api.main_number() == "+82200000120"


@pytest.mark.parametrize("number", ["0", "12", "02-120", "１２０"])
def test_a_number_with_digits_missing_is_no_short_one(admin: Client, number: str) -> None:
    answer = admin.post("/centre/numbers/new", {"number": number, "flow": "main"})
    assert "전화번호가 아닙니다" in said(answer)


def mark(page: Any) -> str:
    """What the page sends back of what it was filled with."""
    return said(page).split('name="seen" value="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("address", "first", "second"),
    [
        ("/centre/queues/tax/", {"ring_seconds": "33"}, {"wrap_up_seconds": "77"}),
        ("/centre/hours/main/", {"day_5": "09:00-13:00"}, {"name": "평일과 토요일"}),
        ("/centre/flows/main/", {"name": "둘째"}, {"name": "셋째"}),
        ("/centre/numbers/{number}/", {"label": "둘째"}, {"label": "셋째"}),
        ("/centre/prompts/welcome/", {"text": "둘째입니다."}, {"text": "셋째입니다."}),
        ("/centre/topics/{topic}/", {"name": "둘째"}, {"name": "셋째"}),
        ("/centre/dispositions/{disposition}/", {"name": "둘째"}, {"name": "셋째"}),
        ("/centre/settings", {"idle_logout_minutes": "45"}, {"short_abandon_seconds": "7"}),
        ("/centre/people/{person}/", {"skill_tax": "3"}, {"desk_extension": "1234"}),
    ],
)
def test_who_saves_second_is_told_and_loses_nothing(
    admin: Client, people: dict[str, Account], address: str, first: dict[str, str], second: dict[str, str]
) -> None:
    address = address.format(
        number=Number.objects.first().pk,  # type: ignore[union-attr]
        topic=Topic.objects.first().pk,  # type: ignore[union-attr]
        disposition=Disposition.objects.first().pk,  # type: ignore[union-attr]
        person=people["agent1"].pk,
    )
    page = admin.get(address)
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    filled = {name: value for name, value in shown.items() if value is not None and value is not False}
    filled = {name: form[name].field.prepare_value(value) for name, value in filled.items()} | {"seen": mark(page)}
    assert admin.post(address, filled | first).status_code == 302
    refused = admin.post(address, filled | second)
    assert refused.status_code == 400
    assert "그사이 다른 사람이" in said(refused)
    kept = next(iter(second.values()))
    assert kept in said(refused)
    now = admin.get(address)
    name, value = next(iter(first.items()))
    assert str(now.context["form"][name].value()) == value, "the first one's change stands"
    assert admin.post(address, filled | second | {"seen": mark(refused)}).status_code == 302


def week(**days: str) -> dict[str, str]:
    return {"name": "시험", **{f"day_{number}": days.get(f"day_{number}", "") for number in range(7)}}


def test_opening_hours(admin: Client) -> None:
    answer = admin.post("/centre/hours/new", {"key": "short", **week(day_0="09:00-12:00, 13:00 ~ 24:00")})
    assert answer.status_code == 302, said(answer)
    hours = Hours.objects.get(pk="short")
    assert hours.week == [[["09:00", "12:00"], ["13:00", "24:00"]], [], [], [], [], [], []]
    assert "09:00-12:00, 13:00-24:00" in said(admin.get("/centre/hours/short/"))
    for wrong in ("9-12", "25:00-26:00", "09:00-12:00, 11:00-13:00", "09:00", "아침", "09:00-12:00-13:00"):
        answer = admin.post("/centre/hours/short/", week(day_0=wrong))
        assert answer.status_code == 400, wrong
        assert wrong in said(answer)
        assert "form-hint-invalid" in said(answer)
        assert said(answer).count("시각은 00:00부터") <= 1, "each reason is given once"


def test_a_whole_day_is_not_opened_by_writing_one_time_twice(admin: Client) -> None:
    for twice in ("09:00-09:00", "00:00-00:00", "06:00-09:00, 12:00-12:00"):
        answer = admin.post("/centre/hours/new", {"key": "whole", **week(day_0=twice)})
        assert answer.status_code == 400, twice
        assert "하루 내내 열려면 00:00-24:00" in said(answer)
    assert admin.post("/centre/hours/new", {"key": "whole", **week(day_0="00:00-24:00")}).status_code == 302
    day = {"day": "2027-05-06", "name": "개청 기념일", "periods": "09:00-09:00"}
    assert admin.post("/centre/hours/main/days", day).status_code == 400


def test_hours_that_begin_at_the_end_of_a_day_are_not_opened_the_night_before(admin: Client) -> None:
    for early in ("24:00-06:00", "18:00-24:00, 24:00-02:00", "24:00-24:00"):
        answer = admin.post("/centre/hours/new", {"key": "early", **week(day_0=early)})
        assert answer.status_code == 400, early
        assert "다음 날 요일에 00:00부터" in said(answer)
        assert early in said(answer)
    day = {"day": "2027-05-06", "name": "개청 기념일", "periods": "24:00-06:00"}
    assert admin.post("/centre/hours/main/days", day).status_code == 400


def test_the_centres_own_days(admin: Client) -> None:
    day = {"day": "2027-05-06", "name": "개청 기념일", "periods": ""}
    assert admin.post("/centre/hours/main/days", day).status_code == 302
    assert admin.post("/centre/hours/main/days", day).status_code == 400
    assert admin.post("/centre/hours/main/days", {**day, "day": "2027-02-30"}).status_code == 400
    special = SpecialDay.objects.get(hours="main")
    assert special.periods == []
    assert admin.post(f"/centre/hours/weekday/days/{special.pk}/remove").status_code == 404
    assert admin.post(f"/centre/hours/main/days/{special.pk}/remove").status_code == 302
    assert not SpecialDay.objects.filter(hours="main").exists()


def test_a_right_flow_is_saved_and_shown_in_the_order_of_a_call(admin: Client) -> None:
    answer = admin.post("/centre/flows/new", {"key": "short", "name": "짧게", "definition": json.dumps(FLOW)})
    assert answer.status_code == 302, said(answer)
    assert Flow.objects.get(pk="short").definition == FLOW
    shown = admin.get("/centre/flows/short/").context["form"].initial["definition"]
    assert json.loads(shown) == FLOW
    assert list(json.loads(shown)["steps"]) == ["menu", "tax"]


def test_in_order_loses_nothing() -> None:
    for flow in centre_data()["flows"]:
        assert in_order(flow["definition"]) == flow["definition"]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("{", "", "올바른 JSON이 아닙니다"),
        ("[]", "", "JSON 객체"),
        (json.dumps({**FLOW, "start": "nowhere"}), "start", "단계가 없습니다"),
        (json.dumps({"start": "a", "steps": {"a": {"kind": "queue", "queue": "nothing"}}}), "steps.a.queue", "대기열"),
        (json.dumps({"start": "a", "steps": {"a": {"kind": "dance"}}}), "steps.a.kind", "kind"),
        (json.dumps({"start": "a", "steps": {"a": {"kind": "announcement", "prompts": ["x"], "next": None}}}),
         "steps.a.prompts", "안내 음성이 없습니다"),
    ],
)  # fmt: skip
def test_a_wrong_flow_is_refused_with_place_and_reason_and_kept(
    admin: Client, text: str, place: str, reason: str
) -> None:
    before = Flow.objects.get(pk="main").definition
    answer = admin.post("/centre/flows/main/", {"name": "대표번호", "definition": text})
    assert answer.status_code == 400
    problems = said(answer).split('id="id_definition_error"')[1].split("</ul>")[0]
    assert place in problems
    assert reason in problems
    assert answer.context["form"]["definition"].value() == text
    assert Flow.objects.get(pk="main").definition == before


def test_settings(admin: Client) -> None:
    good = {
        "name": "새 이름",
        "short_abandon_seconds": "7",
        "service_level_formula": "sl1",
        "idle_logout_minutes": "15",
        "calls_per_minute": "30",
        "unknown_calls_per_minute": "0",
        "callback_again_minutes": "5; 30,120",
        "callback_deadline_minutes": "240",
        "callback_escalate_minutes": "20",
        "callback_ring_seconds": "25",
        "redial_minutes": "0",
        "repeat_days": "7",
    }
    assert admin.post("/centre/settings", good).status_code == 302
    saved = CentreSettings.objects.get()
    assert (saved.callback_again_minutes, saved.redial_minutes, saved.calls_abroad) == ([5, 30, 120], 0, False)
    assert "5, 30, 120" in said(admin.get("/centre/settings"))
    assert (saved.short_abandon_seconds, saved.calls_per_minute, saved.unknown_calls_per_minute) == (7, 30, 0)
    for field, value in (
        ("idle_logout_minutes", "0"),
        ("short_abandon_seconds", "-1"),
        ("service_level_formula", "x"),
        ("calls_per_minute", "-1"),
        ("unknown_calls_per_minute", "many"),
        ("callback_again_minutes", "soon"),
        ("callback_again_minutes", "0"),
        ("callback_again_minutes", "１０"),
        ("callback_again_minutes", " ".join("1" * 11)),
        ("callback_again_minutes", "99999999999999999999"),
        ("callback_escalate_minutes", "240"),
        ("callback_deadline_minutes", "1"),
        ("redial_minutes", "1000"),
    ):
        assert admin.post("/centre/settings", {**good, field: value}).status_code == 400


# --- people


def person(**values: str) -> dict[str, str]:
    return {"username": "newbie", "name": "신입", "role": "agent", "telephone": "browser", "is_active": "on", **values}


def test_a_new_person_gets_a_password_that_is_shown_once(admin: Client) -> None:
    answer = admin.post("/centre/people/new", person(skill_tax="2", skill_water="0"))
    password = answer.context["password"]
    assert password in said(answer)
    account = Account.objects.get(username="newbie")
    assert account.must_change_password
    assert account.check_password(password)
    assert list(AgentSkill.objects.filter(account=account).values_list("skill_id", "level")) == [("tax", 2)]
    assert password not in said(admin.get(f"/centre/people/{account.pk}/"))
    assert password not in str(list(AccessLog.objects.values()))
    assert Client().post("/login", {"username": "newbie", "password": password}).status_code == 302


@pytest.mark.parametrize(
    "values",
    [
        {"username": "agent1"},
        {"username": "AB"},
        {"username": ""},
        {"name": ""},
        {"role": "king"},
        {"telephone": "fax"},
        {"skill_tax": "99"},
        {"name": "x" * 41},
        {"name": "\u200b"},
        {"name": "\u3164"},
    ],
)
def test_people_that_cannot_be(admin: Client, values: dict[str, str]) -> None:
    before = Account.objects.count()
    assert admin.post("/centre/people/new", person(**values)).status_code == 400
    assert Account.objects.count() == before


def test_a_change_of_rights_is_logged(admin: Client, people: dict[str, Account]) -> None:
    changed = people["agent2"]
    form = person(username="agent2", name="둘째", role="supervisor", skill_tax="1")
    assert admin.post(f"/centre/people/{changed.pk}/", form).status_code == 302
    row = AccessLog.objects.get(action="account.changed")
    assert row.detail["changes"]["role"] == {"from": "agent", "to": "supervisor"}
    assert not AgentSkill.objects.filter(account=changed).exists()


def test_who_is_stopped_loses_the_telephone(admin: Client, people: dict[str, Account]) -> None:
    stopped = people["agent2"]
    PhoneCredential.objects.create(username=f"agent-{stopped.pk}", account=stopped, kind="browser", ha1="x")
    form = person(username="agent2", name="둘째")
    del form["is_active"]
    assert admin.post(f"/centre/people/{stopped.pk}/", form).status_code == 302
    assert not PhoneCredential.objects.exists()
    assert Command.objects.filter(name="phone_revoked", data={"username": f"agent-{stopped.pk}"}).exists()


def test_nobody_locks_the_last_door(admin: Client, people: dict[str, Account]) -> None:
    me = people["admin"]
    answer = admin.post(f"/centre/people/{me.pk}/", person(username="admin", name="나", role="agent"))
    assert answer.status_code == 400
    assert Account.objects.get(pk=me.pk).role == "administrator"


def test_a_desk_telephone(admin: Client, people: dict[str, Account]) -> None:
    agent = people["agent2"]
    assert admin.post(f"/centre/people/{agent.pk}/telephone").status_code == 404
    admin.post(f"/centre/people/{agent.pk}/", person(username="agent2", name="둘째", telephone="desk"))
    answer = admin.post(f"/centre/people/{agent.pk}/telephone")
    issued = answer.context["phone"]
    assert issued.password in said(answer)
    credential = PhoneCredential.objects.get()
    assert (credential.username, credential.ha1, credential.expires_at) == (f"desk-{agent.pk}", issued.ha1, None)
    assert Command.objects.filter(name="phone_issued").count() == 1


def test_unlocking(admin: Client, people: dict[str, Account]) -> None:
    client = Client()
    for _ in range(5):
        client.post("/login", {"username": "agent2", "password": "wrong"})
    page = f"/centre/people/{people['agent2'].pk}/"
    assert "unlock" in said(admin.get(page))
    assert admin.post(page + "unlock").status_code == 302
    assert "unlock" not in said(admin.get(page))


# --- prompts


@pytest.mark.parametrize("key", ["tone", "pin_mine"])
def test_keys_of_sounds_that_the_centre_makes_are_refused(admin: Client, key: str) -> None:
    answer = admin.post("/centre/prompts/new", {"key": key, "text": "안내합니다."})
    assert answer.status_code == 400
    assert "센터가 스스로 쓰는 키" in said(answer)
    assert not Prompt.objects.filter(pk=key).exists()


def test_a_new_text_is_left_to_the_worker(admin: Client) -> None:
    assert admin.post("/centre/prompts/new", {"key": "extra", "text": "새 안내입니다."}).status_code == 302
    assert Prompt.objects.get(pk="extra").text == "새 안내입니다."
    assert jobs() == [("prompts.speak", {})]


def test_uploads_are_looked_at_first(admin: Client) -> None:
    for name, content in (("a.wav", b""), ("a.wav", b"not a wav"), ("a.exe", b"MZ" * 100)):
        answer = admin.post("/centre/prompts/welcome/upload", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 400
    assert jobs() == []
    wav = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 24
    answer = admin.post("/centre/prompts/welcome/upload", {"file": SimpleUploadedFile("../../x.wav", wav)})
    assert answer.status_code == 302
    waiting = Prompt.objects.get(pk="welcome").upload
    assert "/" not in waiting
    assert jobs() == [("prompts.take_upload", {"key": "welcome", "file": waiting})]


def jobs() -> list[tuple[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [(name, args if isinstance(args, dict) else json.loads(args)) for name, args in cursor.fetchall()]
