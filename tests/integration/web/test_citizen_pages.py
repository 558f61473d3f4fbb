"""The citizen's page: seen by whom it may be, merged and taken apart with a reason, every step in the access log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.contacts import citizens, merging
from haedap.apps.contacts.models import AccessLog, AgentStatus, Citizen, CitizenNumber

from .pages import Browser
from .records import add_contact

HOME, MOBILE = "+82200000001", "+821000000002"
WHY = "통화에서 본인이 확인함"


@pytest.fixture
def two(people: dict[str, Account]) -> tuple[Citizen, Citizen]:
    """A citizen who is known twice."""
    one, other = citizens.new_citizen("김하늘"), citizens.new_citizen("김 하늘")
    citizens.know(one, HOME, "voice")
    citizens.know(other, MOBILE, "voice")
    add_contact(people["agent2"], caller=HOME, ago=timedelta(days=1))
    add_contact(people["agent2"], caller=MOBILE, ago=timedelta(days=2))
    return one, other


def logged() -> list[tuple[Any, ...]]:
    rows = AccessLog.objects.exclude(action="citizen.viewed").order_by("pk")
    return [(row.action, row.citizen, row.reason, row.detail) for row in rows]


def page(client: Client, citizen: Citizen) -> str:
    return client.get(f"/citizens/{citizen.pk}/").content.decode()


def test_two_are_found_compared_merged_and_taken_apart(two: tuple[Citizen, Citizen], logged_in: Browser) -> None:
    one, other = two
    client = logged_in("supervisor")
    found = client.post(f"/citizens/{one.pk}/same/search", {"sought": "010-0000-0002"}, follow=True)
    assert "0002" not in found.redirect_chain[-1][0]
    assert f"other={other.pk}" in found.content.decode()
    compared = client.get(f"/citizens/{one.pk}/same/?other={other.pk}").content.decode()
    assert "02-0000-0001" in compared
    assert "010-0000-0002" in compared
    merged = client.post(f"/citizens/{one.pk}/merge", {"other": other.pk, "reason": WHY}, follow=True)
    assert merged.content.decode().count('<th scope="row">') == 2
    assert client.get(f"/citizens/{other.pk}/").headers["Location"] == f"/citizens/{one.pk}/"
    again = client.post(f"/citizens/{one.pk}/merge", {"other": other.pk, "reason": WHY})
    assert again.status_code == 400
    client.post(f"/citizens/{other.pk}/split", {"reason": WHY})
    assert client.post(f"/citizens/{other.pk}/split", {"reason": WHY}).status_code == 409
    assert page(client, other).count('<th scope="row">') == 1
    assert logged() == [
        ("citizens.searched", one.pk, "", {"sought": "010-0000-0002"}),
        ("citizen.merged", one.pk, WHY, {"other": other.pk}),
        ("citizen.split", one.pk, WHY, {"other": other.pk}),
    ]


def test_a_number_is_added_and_taken_off_with_a_reason(two: tuple[Citizen, Citizen], logged_in: Browser) -> None:
    one, other = two
    client = logged_in("admin")
    client.post(f"/citizens/{one.pk}/numbers", {"number": "010-0000-0002", "reason": WHY})
    assert citizens.citizens_of(MOBILE) == [other, one]
    row = CitizenNumber.objects.get(citizen=one, number=MOBILE)
    assert client.post(f"/citizens/{one.pk}/numbers", {"number": "+821000000002", "reason": WHY}).status_code == 409
    answer = client.post(f"/citizens/{one.pk}/numbers", {"number": "02-0000-1234 (내선 12)", "reason": WHY})
    assert (answer.status_code, "02-0000-1234만" in answer.content.decode()) == (409, True)
    client.post(f"/citizens/{one.pk}/numbers/{row.pk}", {"reason": WHY})
    assert citizens.citizens_of(MOBILE) == [other]
    assert [action for action, *_rest in logged()] == ["citizen.number_added", "citizen.number_removed"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("{one}/merge", {"reason": WHY}, 400),
        ("{one}/merge", {"other": "{other}"}, 400),
        ("{one}/merge", {"other": "{other}", "reason": "x"}, 400),
        ("{one}/merge", {"other": "{other}", "reason": "x" * 201}, 400),
        ("{one}/merge", {"other": "{one}", "reason": WHY}, 409),
        ("{one}/merge", {"other": "\x00", "reason": WHY}, 400),
        ("99999999999999/merge", {"other": "{other}", "reason": WHY}, 404),
        ("{one}/split", {"reason": WHY}, 409),
        ("{one}/split", {}, 400),
        ("{one}/numbers", {"number": "전화", "reason": WHY}, 409),
        ("{one}/numbers", {"number": "0" * 31, "reason": WHY}, 400),
        ("{one}/numbers/99999999999999999999", {"reason": WHY}, 409),
        ("{one}/same/search", {"sought": "가"}, 400),
        ("{one}/same/search", {"sought": "가" * 61}, 400),
    ],
)
def test_bad_input_changes_nobody(
    two: tuple[Citizen, Citizen], logged_in: Browser, path: str, body: dict[str, str], status: int
) -> None:
    keys = {"one": two[0].pk, "other": two[1].pk}
    answer = logged_in("supervisor").post(
        f"/citizens/{path.format(**keys)}", {name: text.format(**keys) for name, text in body.items()}
    )
    assert answer.status_code == status
    assert not Citizen.objects.exclude(merged_into=None).exists()
    assert CitizenNumber.objects.count() == 2
    assert logged() == []


def test_agents_see_who_is_on_their_line_and_change_nobody(
    two: tuple[Citizen, Citizen], people: dict[str, Account], logged_in: Browser
) -> None:
    one, other = two
    client = logged_in("agent1")
    assert client.get(f"/citizens/{one.pk}/").status_code == 404
    ringing = add_contact(None, caller=HOME, state="offered")
    AgentStatus.objects.create(agent=people["agent1"], state="offered", since=timezone.now(), contact=ringing.pk, seq=1)
    assert client.get(f"/citizens/{one.pk}/").status_code == 200
    assert f"/citizens/{one.pk}/" in client.get(f"/contacts/{ringing.pk}/").content.decode()
    assert client.get(f"/citizens/{other.pk}/").status_code == 404
    assert client.post(f"/citizens/{one.pk}/merge", {"other": other.pk, "reason": WHY}).status_code == 403
    assert "번호 떼기" not in page(client, one)
    viewed = AccessLog.objects.filter(action="citizen.viewed").first()
    assert viewed is not None
    assert (viewed.citizen, viewed.contact) == (one.pk, ringing.pk)


def test_what_was_said_to_be_anothers_does_not_stand_on_the_page(
    two: tuple[Citizen, Citizen], people: dict[str, Account], logged_in: Browser
) -> None:
    one, other = two
    call = add_contact(people["agent1"], caller=HOME)
    client = logged_in("supervisor")
    assert page(client, one).count('<th scope="row">') == 2
    citizens.choose(call, other, people["agent1"].pk)
    assert page(client, one).count('<th scope="row">') == 1
    listed = client.get("/contacts/").content.decode()
    assert listed.count("<td>김하늘</td>") == 0
    assert listed.count("<td>김 하늘 · 김하늘</td>") == 1
    merging.merge(one, other)
    assert client.get("/contacts/").content.decode().count("<td>김하늘</td>") == 3
