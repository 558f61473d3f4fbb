"""What people type is kept without personal data: notes, briefs, answers, messages, and what was there before."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from haedap.apps.accounts.models import Account
from haedap.apps.briefs import api as briefs
from haedap.apps.briefs import links
from haedap.apps.briefs.models import BriefAnswer
from haedap.apps.contacts import merging
from haedap.apps.contacts.models import Citizen, CitizenNumber, Contact, ContactNote
from haedap.apps.offices.models import Department, Officer
from haedap.apps.promises import message_keeping
from haedap.apps.promises.models import WrittenMessage

from .records import add_contact

NUMBER = "+821000000001"
TYPED = "홍가람 님 900101-1234567, 회신 010-0000-7777. 세정과 02-0000-1200 안내"
KEPT = "[이름] 님 [주민등록번호], 회신 [전화번호]. 세정과 02-0000-1200 안내"


@pytest.fixture
def mine(people: dict[str, Account]) -> Contact:
    """Of a citizen who is known by name, in a city whose office publishes a number."""
    CitizenNumber.objects.create(number=NUMBER, citizen=Citizen.objects.create(name="홍가람"))
    office = Department.objects.create(name="세정과", telephone="+82200001200")
    Officer.objects.create(name="이하늘", department=office, telephone="+82200001201")
    return add_contact(people["agent1"], caller=NUMBER)


def _put(client: Client, contact: Contact, text: str, version: int) -> Any:
    body = {"text": text, "version": version}
    return client.put(f"/api/desk/contacts/{contact.pk}/note", body, content_type="application/json")


def test_a_note_is_masked_as_it_is_saved_and_the_desk_is_told(
    mine: Contact, logged_in: Callable[[str], Client]
) -> None:
    client = logged_in("agent1")
    assert _put(client, mine, TYPED, 0).json() == {"version": 1, "text": KEPT}
    assert ContactNote.objects.get(pk=mine.pk).text == KEPT
    assert _put(client, mine, TYPED, 0).json() == {"version": 1, "text": KEPT}, "an answer that was lost is no conflict"
    assert _put(client, mine, KEPT, 1).json() == {"version": 1}
    conflict = _put(client, mine, f"{TYPED}함", 0)
    assert conflict.status_code == 409
    assert (conflict.json()["text"], conflict.json()["sent"]) == (KEPT, f"{KEPT}함")


def test_an_officers_direct_number_stays_and_a_citizens_does_not(
    mine: Contact, logged_in: Callable[[str], Client]
) -> None:
    kept = _put(logged_in("agent1"), mine, "집 02-0000-1201, 집 02-0000-1299", 0).json()
    assert kept["text"] == "집 02-0000-1201, 집 [전화번호]"


def test_whoever_was_merged_is_known_by_both_names(mine: Contact, logged_in: Callable[[str], Client]) -> None:
    other = Citizen.objects.create(name="단비네")
    merging.merge(other, Citizen.objects.get(name="홍가람"))
    client = logged_in("agent1")
    assert _put(client, mine, "단비네 확인, 홍가람 확인", 0).json()["text"] == "[이름] 확인, [이름] 확인"
    merging.split(Citizen.objects.get(name="홍가람"))
    merging.merge(Citizen.objects.get(name="홍가람"), other)
    assert _put(client, mine, "단비네 확인", 1).json()["text"] == "[이름] 확인"


def test_briefs_and_what_officers_answer_are_masked(mine: Contact, people: dict[str, Account]) -> None:
    brief = briefs.write(mine, author=people["agent1"].pk, receiver="세정과", text=TYPED)
    assert brief.text == KEPT
    assert (brief.citizen_name, brief.citizen_number) == ("홍가람", NUMBER), "what has a column of its own stays"
    Client().post(
        f"/b/{links.token_of(brief.pk)}/answer", {"kind": "settled", "text": "홍가람 씨 댁 010-0000-7777로 안내"}
    )
    assert BriefAnswer.objects.get().text == "[이름] 씨 댁 [전화번호]로 안내"


def test_messages_of_citizens_are_masked(mine: Contact) -> None:
    message = message_keeping.Message(uuid4(), NUMBER, "홍가람입니다. 010-0000-7777로 주세요", WrittenMessage.Way.PAGE)
    message_keeping.keep(message, "general")
    assert WrittenMessage.objects.get().text == "[이름]입니다. [전화번호]로 주세요"


def test_what_was_saved_before_is_masked_by_command_once(mine: Contact, people: dict[str, Account]) -> None:
    ContactNote.objects.create(contact=mine.pk, text=TYPED, version=3)
    brief = briefs.write(mine, author=people["agent1"].pk, receiver="세정과", text="가로등 문의")
    type(brief).objects.update(text=TYPED)
    said = StringIO()
    call_command("mask_saved", stdout=said)
    call_command("mask_saved", stdout=said)
    assert said.getvalue().split() == ["2건을", "가렸습니다.", "0건을", "가렸습니다."]
    note = ContactNote.objects.get(pk=mine.pk)
    assert (note.text, note.version) == (KEPT, 3)
    brief.refresh_from_db()
    assert brief.text == KEPT
