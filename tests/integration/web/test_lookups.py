"""Look-ups by their rules: each of them is broken here once, over the API, against a system on a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.centre.models import AgentSkill, Skill
from haedap.apps.contacts.models import AccessLog, AgentStatus, Citizen, CitizenNumber, Contact
from haedap.apps.desk.errors import DeskError
from haedap.apps.lookups import api as lookups
from haedap.apps.lookups import keeping, looking
from haedap.apps.lookups.asking import Asker
from haedap.apps.lookups.models import Identification, KeptAnswer, LookupUse, Purpose, System
from haedap.apps.lookups.schemas import LookUpIn
from haedap.connectors.port import Answer, Record, Value
from tests.support.patience import PATIENCE
from tests.support.slow_city import SlowCity, a_slow_city, limits

from .records import add_contact

JSON = "application/json"
FOUND = {"items": [{"month": 10, "payer": "홍길동", "amount": 12300, "remark": "홍길동 자동이체"}]}


@pytest.fixture(scope="module")
def serving() -> Iterator[SlowCity]:
    with a_slow_city() as city:
        yield city


@pytest.fixture
def city(serving: SlowCity) -> SlowCity:
    serving.answers = {"water": FOUND, "tax": FOUND}
    serving.slow = {}
    serving.asked.clear()
    return serving


@pytest.fixture
def water(city: SlowCity, db: None) -> System:
    Purpose.objects.create(key="bill", name="요금 안내")
    return System.objects.create(
        key="water", title="water 조회", kind="rest", configuration=city.configuration("water")
    )


@pytest.fixture
def contact(people: dict[str, Account]) -> Contact:
    """A citizen on record talks to agent1."""
    citizen = Citizen.objects.create(name="홍길동")
    CitizenNumber.objects.create(number="+821000000001", citizen=citizen)
    row = add_contact(people["agent1"], state="engaged")
    with_agent(people["agent1"], row.pk)
    return row


def with_agent(agent: Account, contact: UUID | None, state: str = "engaged") -> None:
    values = {"state": state, "contact": contact, "since": timezone.now(), "reachable": True, "seq": 1}
    AgentStatus.objects.update_or_create(agent=agent, defaults=values)


class Asking:
    """A browser of one agent, about one contact."""

    def __init__(self, client: Client, contact: UUID) -> None:
        self._client, self._base = client, f"/api/desk/contacts/{contact}"

    def get(self, path: str) -> Any:
        return self._client.get(f"{self._base}/{path}")

    def post(self, path: str, **body: Any) -> Any:
        return self._client.post(f"{self._base}/{path}", json.dumps(body), content_type=JSON)

    def identify(self, **changes: Any) -> Any:
        body = {"level": "asked", "how": "asked", "asked": ["name", "birth"], "subject": {"name": "홍길동"}, **changes}
        return self.post("identification", **body)

    def look_up(self, key: str = "water", **changes: Any) -> Any:
        return self.post(f"panels/{key}", **{"purpose": "bill", **changes})


@pytest.fixture
def asking(logged_in: Callable[[str], Client], contact: Contact, water: System) -> Asking:
    return Asking(logged_in("agent1"), contact.pk)


def refusals() -> list[str]:
    return [row.detail["why"] for row in AccessLog.objects.filter(action="lookup.refused").order_by("id")]


def test_an_identified_citizen_is_looked_up_masked_and_logged(
    asking: Asking, contact: Contact, city: SlowCity, people: dict[str, Account]
) -> None:
    assert asking.get("panels").json()["panels"][0]["refusal"] == "level"
    answer = asking.identify().json()
    assert answer["panels"][0]["refusal"] == ""
    name = answer["panels"][0]["subject"][0]
    assert (name["label"], name["known"], name["shown"]) == ("성명", True, "홍*동")
    found = asking.look_up(subject={"customer_no": "11111"}).json()
    assert city.asked == [("water", {"name": "홍길동", "no": "11111"})]
    assert (found["state"], found["read_out"]) == ("ok", "홍*동 님, 1건입니다.")
    assert found["records"][0]["title"] == "10월분 홍*동"
    values = {value["name"]: (value["value"], value["masked"]) for value in found["records"][0]["values"]}
    assert values == {
        "month": (10, False),
        "payer": ("홍*동", True),
        "amount": (12300, False),
        "remark": ("홍*동 자동이체", False),
    }
    log = AccessLog.objects.get(action="lookup.made")
    assert (log.account_id, log.contact, log.from_address) == (people["agent1"].pk, contact.pk, "127.0.0.1")
    assert log.citizen == Citizen.objects.get().pk
    assert log.detail == {
        "system": "water",
        "purpose": "bill",
        "subject": "성명 홍*동, 수용가번호 *****",
        "lookup": found["lookup"],
    }
    [use] = lookups.used([contact.pk])
    assert (use.contact, use.agent, use.system, use.ok) == (contact.pk, people["agent1"].pk, "water", True)


def test_nothing_personal_stands_readable_in_the_database(asking: Asking, contact: Contact) -> None:
    asking.identify(subject={"name": "홍길동", "birth": "1980-01-02"})
    asking.look_up(subject={"customer_no": "4417788"})
    assert KeptAnswer.objects.count() == 1
    with connection.cursor() as cursor:
        for table in ("identification", "lookup_use", "lookup_answer", "access_log", "lookup_system"):
            cursor.execute(f"SELECT string_agg(row::text, ' ') FROM {table} row")  # noqa: S608 - own names
            text = str(cursor.fetchone()[0])
            for secret in ("홍길동", "1980-01-02", "4417788"):
                assert secret not in text, table
                assert secret.encode().hex() not in text, table


@pytest.mark.parametrize("state", ["offered", "available", "away", "signed_out"])
def test_no_contact_no_look_up(
    asking: Asking, contact: Contact, people: dict[str, Account], city: SlowCity, state: str
) -> None:
    asking.identify()
    with_agent(people["agent1"], contact.pk if state == "offered" else None, state)
    for answer in (asking.look_up(), asking.identify(), asking.get("panels")):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_live")
    assert city.asked == []
    assert refusals() == ["not_live", "not_live"]


def test_wrap_up_is_still_with_the_citizen(asking: Asking, contact: Contact, people: dict[str, Account]) -> None:
    asking.identify()
    with_agent(people["agent1"], contact.pk, "wrap_up")
    assert asking.look_up().json()["state"] == "ok"


def test_another_agents_contact(
    asking: Asking, contact: Contact, people: dict[str, Account], logged_in: Callable[[str], Client], city: SlowCity
) -> None:
    asking.identify()
    lookup = asking.look_up().json()["lookup"]
    with_agent(people["agent2"], uuid4())
    other = Asking(logged_in("agent2"), contact.pk)
    unmask = {"lookup": lookup, "record": 0, "field": "payer", "reason": "본인 대조"}
    assert other.get("panels").status_code == 404
    for answer in (other.look_up(), other.identify(), other.post("panels/water/unmask", **unmask)):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_live")
    assert len(city.asked) == 1


def test_supervisors_and_strangers_have_no_desk(
    contact: Contact, water: System, logged_in: Callable[[str], Client]
) -> None:
    for client, status in ((logged_in("supervisor"), 403), (logged_in("admin"), 403), (Client(), 401)):
        assert Asking(client, contact.pk).look_up().status_code == status


def test_the_level_the_role_the_switch_and_the_purpose(
    asking: Asking, water: System, people: dict[str, Account], city: SlowCity
) -> None:
    assert asking.look_up().json()["code"] == "level"
    asking.identify()
    assert asking.look_up(purpose="curiosity").json()["code"] == "purpose"
    water.level = "verified"
    water.save()
    assert asking.look_up().json()["code"] == "level"
    water.level, water.roles = "asked", ["skill:tax"]
    water.save()
    assert asking.look_up().json()["code"] == "role"
    assert asking.get("panels").json()["panels"] == []
    Skill.objects.create(key="tax", name="세무")
    AgentSkill.objects.create(account=people["agent1"], skill_id="tax", level=1)
    assert asking.look_up().json()["state"] == "ok"
    water.enabled = False
    water.save()
    assert asking.look_up().json()["code"] == "switched_off"
    assert refusals() == ["level", "purpose", "level", "role", "switched_off"]
    assert len(city.asked) == 1


def test_fields_are_given_by_role_and_a_centre_can_hide_more(asking: Asking, water: System) -> None:
    water.fields = {"amount": {"roles": ["supervisor"]}, "remark": {"personal": True}, "payer": {"personal": False}}
    water.save()
    asking.identify()
    found = asking.look_up().json()
    shown = {value["name"]: value["masked"] for value in found["records"][0]["values"]}
    assert shown == {"month": False, "payer": True, "remark": True}
    assert "12300" not in json.dumps(found)
    body = {"lookup": found["lookup"], "record": 0, "field": "amount", "reason": "확인"}
    assert asking.post("panels/water/unmask", **body).status_code == 403


def test_unmasking_is_for_one_field_with_a_reason(asking: Asking, contact: Contact) -> None:
    asking.identify()
    lookup = asking.look_up().json()["lookup"]
    body = {"lookup": lookup, "record": 0, "field": "payer"}
    for reason in ("", " ", "x", "\u0000\u0000", "가" * 201):
        assert asking.post("panels/water/unmask", **body, reason=reason).status_code == 422
    assert not AccessLog.objects.filter(action="lookup.unmasked").exists()
    assert asking.post("panels/water/unmask", **body, reason="납부자 본인 대조").json() == {"value": "홍길동"}
    log = AccessLog.objects.get(action="lookup.unmasked")
    assert (log.contact, log.reason) == (contact.pk, "납부자 본인 대조")
    assert log.detail == {"system": "water", "field": "payer", "lookup": lookup, "record": 0}
    for wrong in ({"field": "amount"}, {"field": "none"}):
        assert asking.post("panels/water/unmask", **(body | wrong), reason="확인").status_code == 403
    assert asking.post("panels/water/unmask", **(body | {"record": 1}), reason="확인").status_code == 404


def test_an_answer_of_another_contact_is_not_replayed(
    asking: Asking, contact: Contact, people: dict[str, Account], logged_in: Callable[[str], Client]
) -> None:
    asking.identify()
    lookup = asking.look_up().json()["lookup"]
    next_one = add_contact(people["agent1"], state="engaged", caller="+821000000002")
    with_agent(people["agent1"], next_one.pk)
    now = Asking(logged_in("agent1"), next_one.pk)
    body = {"lookup": lookup, "record": 0, "field": "payer", "reason": "확인"}
    assert now.post("panels/water/unmask", **body).json()["code"] == "level"
    now.identify(subject={"name": "김나라"})
    assert now.post("panels/water/unmask", **body).status_code == 404
    assert now.post("panels/nothing/unmask", **body).status_code == 404
    assert asking.post("panels/water/unmask", **body).json()["code"] == "not_live"


def test_the_subject_cannot_be_changed_behind_the_identification(asking: Asking, city: SlowCity) -> None:
    asking.identify()
    for subject in ({"name": "김나라"}, {"birth": "1990-01-01"}, {"telephone": "010-0000-0009"}, {"secrets": "x"}):
        assert asking.look_up(subject=subject).status_code in {409, 422}
    number = {"telephone": "010-0000-0009"}
    assert asking.identify(level="number", how="number", subject=number).json()["code"] == "subject_changed"
    assert city.asked == []
    assert asking.look_up(subject={"name": "홍길동"}).json()["state"] == "ok"


def test_who_turns_out_to_be_somebody_else_leaves_nothing(asking: Asking, contact: Contact, city: SlowCity) -> None:
    asking.identify()
    asking.look_up(subject={"customer_no": "11111"})
    asking.identify(subject={"name": "김나라"})
    assert KeptAnswer.objects.count() == 0
    assert keeping.subject_of(contact.pk) == {"name": "김나라"}
    asking.look_up()
    assert city.asked[-1] == ("water", {"name": "김나라"})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"asked": ["name"]}, "not_identified"),
        ({"asked": ["name", "shoe size"]}, "not_identified"),
        ({"level": "verified"}, "way"),
        ({"level": "number", "how": "asked"}, "way"),
        ({"level": "everything"}, "invalid"),
        ({"subject": {"name": "x" * 101}}, "invalid"),
        ({"subject": {str(place): "x" for place in range(13)}}, "invalid"),
        ({"asked": "name"}, "invalid"),
        ({"extra": 1}, "invalid"),
    ],
)
def test_an_identification_that_was_none(asking: Asking, changes: dict[str, Any], code: str) -> None:
    answer = asking.identify(**changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Identification.objects.exists()


def test_a_number_identifies_only_when_it_is_on_record(asking: Asking, contact: Contact) -> None:
    assert asking.identify(level="number", how="number").json()["identification"]["level"] == "number"
    Contact.objects.filter(pk=contact.pk).update(withheld=True)
    assert asking.identify(level="number", how="number").json()["code"] == "not_identified"
    Contact.objects.filter(pk=contact.pk).update(withheld=False, caller="+821000000077")
    assert asking.identify(level="verified", how="callback").json()["code"] == "not_identified"


def test_an_answer_is_kept_for_this_contact_and_asked_anew_on_request(asking: Asking, city: SlowCity) -> None:
    asking.identify()
    assert [asking.look_up().json()["cached"] for _ in range(2)] == [False, True]
    assert asking.look_up(fresh=True).json()["cached"] is False
    assert len(city.asked) == 2
    assert AccessLog.objects.filter(action="lookup.made").count() == 3
    KeptAnswer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert asking.look_up().json()["cached"] is False


def test_what_was_found_goes_with_the_contact(asking: Asking, contact: Contact, people: dict[str, Account]) -> None:
    asking.identify()
    lookup = asking.look_up().json()["lookup"]
    assert lookups.forget() == 0
    with_agent(people["agent1"], contact.pk, "wrap_up")
    Contact.objects.filter(pk=contact.pk).update(state="ended")
    assert lookups.forget() == 0
    with_agent(people["agent1"], None, "available")
    assert lookups.forget() == 1
    assert keeping.subject_of(contact.pk) == {}
    with_agent(people["agent1"], contact.pk, "wrap_up")
    body = {"lookup": lookup, "record": 0, "field": "payer", "reason": "확인"}
    assert asking.post("panels/water/unmask", **body).json()["code"] == "gone"


def test_a_system_that_fails_is_a_sentence_and_another_one_answers(asking: Asking, city: SlowCity) -> None:
    System.objects.create(key="tax", title="tax 조회", kind="rest", configuration=city.configuration("tax"))
    hurried = city.configuration("water", limits=limits(0.5))
    System.objects.filter(pk="water").update(configuration=hurried)
    city.slow["water"] = PATIENCE
    asking.identify()
    failed = asking.look_up().json()
    assert (failed["state"], failed["failure"], failed["again"]) == ("failed", "timeout", True)
    assert "늦어지고" in failed["sentence"]
    assert 450 <= failed["took_ms"] < 1000 * PATIENCE
    assert asking.look_up("tax").json()["state"] == "ok"
    use = LookupUse.objects.get(system="water")
    assert (use.outcome, use.failure) == ("failed", "timeout")


def test_an_answer_that_comes_when_the_citizen_is_gone_is_not_shown(
    asking: Asking, contact: Contact, people: dict[str, Account]
) -> None:
    asking.identify()
    question = looking._begin(Asker(people["agent1"], contact.pk, None), "water", LookUpIn(purpose="bill"), None)
    with_agent(people["agent1"], None, "available")
    answer = Answer(records=(Record(title="1", values={"payer": "홍길동"}),), read_out="", fetched_at=timezone.now())
    with pytest.raises(DeskError) as refused:
        looking._answered(question, answer)
    assert refused.value.code == "not_live"
    assert not KeptAnswer.objects.exists()
    assert (LookupUse.objects.get().outcome, refusals()) == ("failed", ["not_live"])


def test_answers_are_kept_as_they_were(contact: Contact, water: System) -> None:
    values: dict[str, Value] = {
        "text": "홍길동", "won": 12300, "number": Decimal("1.50"), "day": date(2026, 1, 2),
        "moment": datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "list": ("가", "나"), "nothing": None,
    }  # fmt: skip
    answer = Answer(
        records=(Record(title="가", values=values, facts={"reading": 7}),), read_out="예", fetched_at=timezone.now()
    )
    keeping.keep(contact.pk, water, "digest", answer)
    assert keeping.kept(contact.pk, "water", "digest") == answer
    KeptAnswer.objects.update(contact=uuid4())
    assert keeping.kept(KeptAnswer.objects.get().contact, "water", "digest") is None
