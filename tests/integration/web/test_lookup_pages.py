"""The pages on which systems are connected: mistakes at their lines, secrets written only, trying without data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

from haedap.apps.contacts.models import AccessLog
from haedap.apps.lookups import keeping
from haedap.apps.lookups.models import LookupUse, Purpose, System
from tests.support.slow_city import SlowCity, a_slow_city

BASE = "/centre/look-ups/"
FOUND = {"items": [{"month": 10, "payer": "홍길동", "amount": 12300, "remark": "홍길동 자동이체"}]}


@pytest.fixture(scope="module")
def city() -> Iterator[SlowCity]:
    with a_slow_city() as city:
        city.answers["water"] = FOUND
        yield city


def form(configuration: str, **changes: Any) -> dict[str, Any]:
    return {
        "configuration": configuration, "tariff": "", "level": "asked", "roles": ["agent"], "cache_seconds": 300,
        "position": 0, "enabled": "on", **changes,
    }  # fmt: skip


def with_key(city: SlowCity) -> str:
    data = json.loads(city.configuration("water"))
    data["system"]["secrets"] = {"token": "접속 토큰"}
    data["system"]["request"]["headers"] = {"X-Token": "{{ secrets.token }}"}
    return json.dumps(data, ensure_ascii=False, indent=2)


def test_a_system_is_connected_given_its_key_and_tried(admin: Client, city: SlowCity) -> None:
    assert "연결된 시스템이 없습니다" in admin.get(BASE).content.decode()
    answer = admin.post(BASE + "new", form(with_key(city)))
    assert (answer.status_code, answer.headers["Location"]) == (302, BASE + "water/")
    assert "더 넣어야 합니다: 접속 토큰" in admin.get(BASE).content.decode()
    assert admin.post(BASE + "water/secrets", {"secret_token": "s3cret-Token"}).status_code == 302
    page = admin.get(BASE + "water/").content.decode()
    assert "s3cret-Token" not in page
    assert "저장되어 있습니다" in page
    system = System.objects.get()
    assert keeping.secrets_of(system) == {"token": "s3cret-Token"}
    assert b"s3cret-Token" not in bytes(system.sealed_secrets or b"")
    admin.post(BASE + "water/secrets", {"secret_token": ""})
    system.refresh_from_db()
    assert keeping.secrets_of(system) == {"token": "s3cret-Token"}

    tried = admin.post(BASE + "water/try", {"name": "홍길동"}).content.decode()
    assert "12300" in tried
    assert "홍길동 자동이체" not in tried
    assert "홍*동" in tried
    use = LookupUse.objects.get()
    assert (use.contact, use.purpose, use.outcome, use.subject) == (None, "test", "ok", "")
    assert AccessLog.objects.get(action="lookup.tested").detail["system"] == "water"
    changes = [row.detail["how"] for row in AccessLog.objects.filter(action="centre.changed").order_by("id")]
    assert changes == ["added", "secrets changed", "secrets changed"]
    row = admin.get(BASE).content.decode()
    assert "사용 중" in row
    assert not any("s3cret" in json.dumps(log.detail) for log in AccessLog.objects.all())


def test_with_another_key_of_the_centre_the_secrets_have_to_be_given_again(
    admin: Client, city: SlowCity, people: dict[str, Any]
) -> None:
    admin.post(BASE + "new", form(with_key(city)))
    admin.post(BASE + "water/secrets", {"secret_token": "s3cret-Token"})
    with override_settings(SECRET_KEY="another key of the centre"):
        admin.force_login(people["admin"], backend="haedap.apps.accounts.backend.AccountBackend")
        assert "인증키를 다시 넣으십시오" in admin.get(BASE).content.decode()
        assert "다시 설정해야 합니다" in admin.post(BASE + "water/try", {"name": "가"}).content.decode()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"rest"', '"nothing"', "4번째 줄, kind: 다음 가운데 하나여야 합니다"),
        ('"won"', '"wons"', "type: "),
        ('"title": "water 조회",', '"title": "water 조회"', "JSON이 아닙니다"),
        ('"key": "water",', '"key": "water", "key": "x",', "“key”이(가) 두 번"),
        ('"records": "items"', '"records": "items["', "JMESPath"),
        ("{{ payer }}", "{{ nobody }}", "nobody"),
    ],
)
def test_a_mistake_is_said_at_its_line(admin: Client, city: SlowCity, before: str, after: str, said: str) -> None:
    text = city.configuration("water")
    assert before in text
    answer = admin.post(BASE + "new", form(text.replace(before, after, 1)))
    assert answer.status_code == 400
    assert said in answer.content.decode().replace("&quot;", '"')
    assert not System.objects.exists()


NO_CONFIGURATION = ["", "[]", "null", "{}", "[" * 5000, "\x00", '{"key": "\ud800"}', "x" * 100_001]
NO_CONFIGURATION += ['{"\\ud800": 1}', '{"key": ' + "1" * 5000 + "}"]


@pytest.mark.parametrize("text", NO_CONFIGURATION)
def test_what_is_no_configuration(admin: Client, text: str) -> None:
    assert admin.post(BASE + "new", form(text.encode("utf-8", "replace").decode())).status_code == 400
    assert not System.objects.exists()


def test_half_a_character_in_a_name_is_told_so(admin: Client, city: SlowCity) -> None:
    text = city.configuration("water").replace('"title": "', '"title": "\\ud83d', 1)
    answer = admin.post(BASE + "new", form(text))
    assert (answer.status_code, "반쪽 글자" in answer.content.decode()) == (400, True)
    assert not System.objects.exists()


def test_a_key_is_chosen_once_and_the_tariff_is_checked(admin: Client, city: SlowCity) -> None:
    admin.post(BASE + "new", form(city.configuration("water")))
    assert admin.post(BASE + "new", form(city.configuration("water"))).status_code == 400
    assert admin.post(BASE + "water/", form(city.configuration("other"))).status_code == 400
    assert admin.post(BASE + "water/", form(city.configuration("water"), tariff="{}")).status_code == 400
    assert admin.post(BASE + "water/", form(city.configuration("water"), roles=["everybody"])).status_code == 400
    assert admin.post(BASE + "water/", form(city.configuration("water"), cache_seconds=10**9)).status_code == 400
    assert admin.post(BASE + "water/", form(city.configuration("water"), level="verified")).status_code == 302
    assert System.objects.get().level == "verified"


def test_fields_can_be_made_personal_and_given_to_some(admin: Client, city: SlowCity) -> None:
    admin.post(BASE + "new", form(city.configuration("water")))
    data = {"personal_amount": "on", "roles_remark": ["supervisor"], "personal_payer": ""}
    assert admin.post(BASE + "water/fields", data).status_code == 302
    assert System.objects.get().fields == {"amount": {"personal": True}, "remark": {"roles": ["supervisor"]}}
    assert admin.post(BASE + "water/fields", {"roles_remark": ["nobody"]}).status_code == 400


def test_who_changes_a_system_second_is_told(admin: Client, city: SlowCity) -> None:
    admin.post(BASE + "new", form(city.configuration("water")))
    opened = admin.get(BASE + "water/").context
    fields = {"personal_amount": "on", "seen": opened["fields_form"].seen}
    system = form(city.configuration("water"), position=1, seen=opened["form"].seen)
    for address, first, second in (
        ("water/fields", fields, {"roles_remark": ["supervisor"], "seen": fields["seen"]}),
        ("water/", system, {**system, "position": 0, "level": "verified"}),
    ):
        assert admin.post(BASE + address, first).status_code == 302
        refused = admin.post(BASE + address, second)
        assert refused.status_code == 400
        assert "그사이 다른 사람이" in refused.content.decode()
    saved = System.objects.get()
    assert (saved.fields, saved.position, saved.level) == ({"amount": {"personal": True}}, 1, "asked")


def test_a_purpose_that_was_used_is_switched_off_and_not_removed(admin: Client, people: dict[str, Any]) -> None:
    assert admin.post("/centre/purposes/new", {"key": "test", "name": "시험", "position": 0}).status_code == 400
    admin.post("/centre/purposes/new", {"key": "bill", "name": "요금 안내", "active": "on", "position": 0})
    LookupUse.objects.create(agent=people["agent1"], system="water", purpose="bill")
    admin.post("/centre/purposes/bill/remove")
    assert Purpose.objects.get().name == "요금 안내"


def test_a_system_is_disconnected_and_its_look_ups_stay(admin: Client, city: SlowCity, people: dict[str, Any]) -> None:
    admin.post(BASE + "new", form(city.configuration("water")))
    LookupUse.objects.create(agent=people["agent1"], system="water", purpose="bill")
    assert admin.post(BASE + "water/remove").status_code == 302
    assert (System.objects.count(), LookupUse.objects.count()) == (0, 1)
