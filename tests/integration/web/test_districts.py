"""읍면동 and owning offices: where a matter is, and whose it is."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.districts import district_in
from haedap.apps.contacts.models import Contact, Topic
from haedap.apps.offices.models import Department

KNOWN = ("가온동", "가온1동", "누리읍", "다솜")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("가온동에서 전화함", "가온동"),
        ("누리읍 이장님이 가온1동 일을 물음", "누리읍"),
        ("가온1동", "가온1동"),
        ("새가온동 이야기", ""),
        ("(가온동)", "가온동"),
        ("a가온동", ""),
        ("다솜면", "다솜"),
        ("", ""),
    ],
)
def test_the_first_district_that_is_named(text: str, found: str) -> None:
    assert district_in(text, KNOWN) == found
    assert district_in(text, ()) == ""


@pytest.fixture
def administrator(db: None) -> Client:
    account = Account.objects.create_account(
        "district-admin", name="한바다", role="administrator", password=None, must_change_password=False
    )
    client = Client()
    client.force_login(account, backend="haedap.apps.accounts.backend.AccountBackend")
    return client


def test_the_list_is_a_setting_and_notes_are_searched_for_it(administrator: Client) -> None:
    page = administrator.get("/centre/settings")
    sent = {name: field.value() for name, field in ((field.name, field) for field in page.context["form"])}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    answer = administrator.post(
        "/centre/settings", sent | {"districts": " 가온동\n\n누리읍, 가온동\r\n", "repeat_days": 9}
    )
    assert answer.status_code == 302
    assert (contacts.districts(), centre.settings().repeat_days) == (["가온동", "누리읍"], 9)
    assert administrator.get("/centre/settings").context["form"]["districts"].value() == "가온동\n누리읍"
    contact = Contact.objects.create(id=uuid.uuid4(), channel="voice", state="ended", arrived_at=timezone.now(), seq=1)
    first = contacts.save_note(contact, "누리읍 12-3 김하늘 씨 집 앞 가로등", 0, 1)
    assert first.district == "누리읍"
    assert contacts.save_note(contact, "가로등", first.version, 1).district == ""
    assert administrator.post("/centre/settings", sent | {"districts": "가" * 21}).status_code == 400


def test_a_topic_has_an_owning_office(administrator: Client) -> None:
    office = Department.objects.create(name="도로과")
    topic = Topic.objects.create(code="road", name="도로")
    assert "도로과" in administrator.get(f"/centre/topics/{topic.pk}/").content.decode()
    sent = {"name": "도로", "active": "on"}
    assert administrator.post(f"/centre/topics/{topic.pk}/", sent | {"office": office.pk}).status_code == 302
    topic.refresh_from_db()
    assert topic.office == office
    assert administrator.post(f"/centre/topics/{topic.pk}/", sent | {"office": 999_999}).status_code == 400
    office.delete()
    topic.refresh_from_db()
    assert topic.office is None
