"""A burst while it happens: seen within minutes, shown, answered by a pin in one step, and over by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connections, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account, Role
from haedap.apps.centre.models import CentreSettings, Flow, Number, Prompt
from haedap.apps.contacts import api as contacts_api
from haedap.apps.contacts.models import AccessLog, Contact, ContactNote, JournalEntry, Topic
from haedap.apps.desk.models import Command
from haedap.apps.radar import alarms, pins, signs, watching
from haedap.apps.radar.models import Alarm, AlarmContact, ContactSigns, Pin
from haedap.apps.search import api as search
from haedap.worker.main import work
from tests.integration.web.records import add_contact
from tests.support.language_process import a_language_process

MINUTE = timedelta(minutes=1)
NOW = datetime.fromisoformat("2026-03-04T10:20:00+09:00")
"""A Wednesday; the centre's clock in these tests."""
FLOW = {
    "start": "menu",
    "steps": {
        "menu": {"kind": "menu", "prompts": ["hello"], "choices": {"1": "tax", "2": "water"}, "otherwise": "tax"},
        "tax": {"kind": "queue", "queue": "tax"},
        "water": {"kind": "queue", "name": "상하수도 연결", "queue": "water"},
    },
}


@pytest.fixture
def centre(db: None) -> None:
    a_centre()


def a_centre() -> None:
    """A flow, a number, and eight weeks in which four contacts came in ten minutes, one of them about water."""
    Prompt.objects.create(key="hello", text="안녕하십니까.")
    flow = Flow.objects.create(key="main", name="대표번호", definition=FLOW)
    Number.objects.create(number="+82200000120", flow=flow)
    usual = ["queue:water", "choice:main/water"], *[["queue:tax", "choice:main/tax"]] * 3
    ContactSigns.objects.bulk_create(
        ContactSigns(contact=uuid4(), at=NOW - week * timedelta(weeks=1) - minutes * MINUTE, signs=signs)
        for week in range(9)
        for minutes in range(1 if week else 130, 240, 10)
        for signs in usual
    )


def call(ago: float, queue: str = "water", note: str = "", topic: Topic | None = None, **values: Any) -> Contact:
    """A citizen who called so many minutes before NOW and pressed the queue's key."""
    arrived = NOW - ago * MINUTE
    contact = add_contact(None, queue=queue, arrived_at=arrived, queued_at=arrived, **values)
    _presses(contact, arrived, queue)
    if note:
        ContactNote.objects.create(contact=contact.pk, text=note, version=1, topic=topic)
    return contact


def _presses(contact: Contact, at: datetime, step: str) -> None:
    """The citizen comes to this step by a key."""
    JournalEntry.objects.create(
        at=at,
        role="F",
        name="FlowStepEntered",
        contact=contact.pk,
        data={"type": "FlowStepEntered", "contact": str(contact.pk), "flow": "main", "step": step, "digit": "2"},
    )


def burst(contacts: int = 16) -> list[Contact]:
    """A water main has burst eight minutes ago, and nobody has written a note yet."""
    return [call(8 * (at + 1) / (contacts + 1), state="engaged") for at in range(contacts)]


def usual() -> list[Contact]:
    return [call(ago, queue) for ago, queue in ((9, "tax"), (6, "tax"), (4, "water"), (1, "tax"))]


def links(alarm: Alarm, how: AlarmContact.How) -> set[UUID]:
    return set(alarm.contacts.filter(how=how).values_list("contact", flat=True))


def test_a_usual_morning_is_no_alarm_nor_one_contact_nor_none(centre: None) -> None:
    watching.watch(NOW)
    usual()
    watching.watch(NOW)
    watching.look_back(NOW)
    assert not Alarm.objects.exists()


def test_a_burst_is_seen_within_minutes_before_any_note_exists(centre: None) -> None:
    usual()
    contacts = burst()
    watching.watch(NOW - 6 * MINUTE)
    assert not Alarm.objects.exists()
    watching.watch(NOW - 3 * MINUTE)
    alarm = Alarm.objects.get()
    assert alarm.title == "상하수도 연결"
    assert alarm.observed >= 6
    assert alarm.expected < 2
    watching.watch(NOW)
    alarm.refresh_from_db()
    assert (Alarm.objects.count(), alarm.state) == (1, Alarm.State.OPEN)
    assert links(alarm, AlarmContact.How.BEHIND) >= {contact.pk for contact in contacts[:8]}
    assert alarm.since < NOW - 6 * MINUTE


def test_a_rush_of_the_usual_mix_is_an_alarm_only_as_a_whole(centre: None) -> None:
    for at in range(40):
        call(at / 4 + 0.1, "water" if at % 4 == 0 else "tax")
    watching.watch(NOW)
    assert [row["kind"] for row in Alarm.objects.get().signs] == ["all"]


def test_all_in_the_same_second_and_a_centre_without_history(db: None) -> None:
    for _at in range(12):
        call(1)
    watching.watch(NOW)
    assert not Alarm.objects.exists()
    for _at in range(30):
        call(1)
    watching.watch(NOW)
    assert Alarm.objects.get().observed == 42


def test_what_was_dismissed_is_not_raised_again_and_what_is_quiet_is_over(centre: None) -> None:
    burst()
    watching.watch(NOW)
    alarm = Alarm.objects.get()
    assert alarms.decide(alarm, Alarm.State.DISMISSED, NOW)
    assert not alarms.decide(alarm, Alarm.State.CLOSED, NOW)
    watching.watch(NOW + MINUTE)
    assert Alarm.objects.get().state == Alarm.State.DISMISSED
    Alarm.objects.update(state=Alarm.State.ACKNOWLEDGED)
    watching.watch(NOW + timedelta(hours=2))
    assert Alarm.objects.get().state == Alarm.State.ACKNOWLEDGED
    watching.watch(NOW + timedelta(hours=4))
    assert Alarm.objects.get().state == Alarm.State.CLOSED
    assert list(alarm.steps.values_list("step", flat=True)) == ["raised", "dismissed", "closed"]


def test_later_contacts_that_fit_are_linked_and_a_hand_has_the_last_word(
    centre: None, people: dict[str, Account]
) -> None:
    contacts = burst()
    watching.watch(NOW)
    alarm = Alarm.objects.get()
    later, other = call(-5), call(-5, "tax")
    usual_again = call(-50)
    alarms.link(alarm, contacts[0].pk, NOW, account=people["supervisor"], address=None, belongs=False)
    alarms.link(alarm, other.pk, NOW, account=people["supervisor"], address=None, belongs=True)
    watching.watch(NOW + 61 * MINUTE)
    assert links(alarm, AlarmContact.How.MATCHED) == {later.pk}
    assert usual_again.pk not in {one.contact for one in alarms.linked(alarm)}
    assert links(alarm, AlarmContact.How.HAND) == {other.pk}
    assert links(alarm, AlarmContact.How.REMOVED) == {contacts[0].pk}
    assert contacts[0].pk not in {one.contact for one in alarms.linked(alarm)}
    assert [one.pk for one in alarms.alarms_of(other.pk)] == [alarm.pk]
    assert AccessLog.objects.filter(action="radar.linked", contact=other.pk).exists()


def test_the_words_of_the_notes_name_the_event(orm_database: str, tmp_path: Path) -> None:
    a_centre()
    topic = Topic.objects.create(code="cut", name="단수·출수 불량")
    with a_language_process(orm_database, tmp_path):
        for contact in burst(14):
            ContactNote.objects.create(
                contact=contact.pk, text="상수도관이 터져 단수됐다고 하심. 양지동. [전화번호]", version=1, topic=topic
            )
        unlike = call(2, note="수도요금 자동이체 문의")
        watching.watch(NOW)
        (alarm,) = Alarm.objects.all()
        kinds = {(row["kind"], row["value"]) for row in alarm.signs}
        assert {("word", "단수"), ("topic", "cut")} <= kinds
        assert ("word", "전화번호") not in kinds
        assert "단수" in alarm.title
        assert len(links(alarm, AlarmContact.How.BEHIND)) == 14
        assert unlike.pk not in {one.contact for one in alarms.linked(alarm)}


def test_reading_what_has_changed_is_reading_everything(
    orm_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens to contacts between two looks, each look finds the signs that a look at all of them finds."""
    a_centre()
    chance = Random(1)
    topics = [Topic.objects.create(code=code, name=code) for code in ("cut", "bill")]
    contacts = [call(ago, "tax", state="in_flow" if ago % 2 else "ended") for ago in range(1, 30)]
    lately = NOW - 120 * MINUTE, NOW
    account = Account.objects.create(username="writer", name="상담사", role=Role.AGENT)

    def change(contact: Contact) -> None:
        match chance.randrange(6):
            case 0:
                Contact.objects.filter(pk=contact.pk).update(queue=chance.choice(["tax", "water"]), seq=F("seq") + 1)
            case 1:
                Contact.objects.filter(pk=contact.pk).update(state="ended", seq=F("seq") + 1)
            case 2 if Contact.objects.filter(pk=contact.pk, state="in_flow").exists():
                _presses(contact, NOW, chance.choice(["tax", "water"]))
            case 3:
                contacts_api.set_topic(contact, chance.choice([*topics, None]), account.pk)
            case 4:
                version = contacts_api.note_of(contact.pk).version
                words = chance.choice(["수도관이 터져 단수", "고지서 문의", ""])
                contacts_api.save_note(contact, words, version, account.pk)
            case _:
                contacts.append(call(chance.uniform(0, 100), chance.choice(["tax", "water"])))

    with a_language_process(orm_database, tmp_path):
        for look in range(8):
            with monkeypatch.context() as away:
                if look % 3 == 1:
                    away.setattr(signs, "_words", lambda notes: None if notes else {})
                signs.gather_changed(*lately)
                of_changed = _signs()
                with transaction.atomic():
                    signs.gather(*lately)
                    assert of_changed == _signs(), look
                    transaction.set_rollback(True)
            for _ in range(12):
                change(chance.choice(contacts))
        Contact.objects.filter(state="in_flow").update(state="ended", seq=F("seq") + 1)
        signs.gather_changed(*lately)
        assert signs.gather_changed(*lately) == 0, "nothing has changed"


def _signs() -> dict[UUID, list[str]]:
    rows = ContactSigns.objects.filter(at__gte=NOW - 120 * MINUTE)
    return {row.contact: [str(row.note), *row.signs] for row in rows}


@pytest.fixture
def spoken(orm_database: str, password_hash: str) -> Account:
    """A centre whose worker has a folder for its sounds; the supervisor's account."""
    settings.HAEDAP.prompts.mkdir(parents=True, exist_ok=True)
    a_centre()
    CentreSettings.objects.create(pk=1)
    return Account.objects.create(
        username="supervisor", name="관리자", role=Role.SUPERVISOR, password=password_hash, must_change_password=False
    )


def browser(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username), backend="haedap.apps.accounts.backend.AccountBackend")
    return client


def run_tasks() -> None:
    async_to_sync(work)(wait=False)
    connections.close_all()


def test_one_step_pins_an_announcement_and_an_article_until_their_end(spoken: Account) -> None:
    burst()
    watching.watch(NOW)
    alarm = Alarm.objects.get()
    search.publish_all([search.entry("article", "water-cut", title="단수 안내")])
    page = browser("supervisor")
    text = "양지동 상수도관 파손으로 단수되어 복구하고 있습니다."
    until = timezone.localtime() + timedelta(hours=1)
    answer = page.post(
        f"/radar/pins/new?alarm={alarm.pk}",
        {"text": text, "flows": ["main"], "article": "water-cut", "until": f"{until:%Y-%m-%dT%H:%M}"},
    )
    assert (answer.status_code, answer["Location"]) == (302, f"/radar/{alarm.pk}/")
    pin = Pin.objects.get()
    assert not pin.on_air
    run_tasks()
    pin.refresh_from_db()
    assert pin.on_air
    assert (settings.HAEDAP.prompts / f"{pin.prompt}.wav").stat().st_size > 10_000
    assert [command.name for command in Command.objects.order_by("created_at")][-2:] == [
        "prompts_changed",
        "plan_changed",
    ]
    shown = page.get(f"/radar/{alarm.pk}/").content.decode()
    assert text in shown
    assert "단수 안내" in shown
    assert pins.pinned_articles("", set, UUID(str(alarm.contacts.first().contact)), timezone.now()) == ["water-cut"]
    assert pins.pinned_articles("여권", set, None, timezone.now()) == []

    assert pins.take_off_due(timezone.now()) == 0
    assert pins.take_off_due(timezone.now() + timedelta(hours=2)) == 1
    pin.refresh_from_db()
    assert not pin.on_air
    assert not Prompt.objects.filter(pk=pin.prompt).exists()
    assert Command.objects.order_by("created_at").last().name == "plan_changed"
    assert pins.pinned_articles("", set, UUID(str(alarm.contacts.first().contact)), timezone.now()) == []
    assert {"raised", "pinned", "taken_off"} <= set(alarm.steps.values_list("step", flat=True))


def test_what_cannot_be_spoken_is_said_and_never_on_air(spoken: Account) -> None:
    pin = pins.pin(
        pins.Wanted(timezone.now() + timedelta(hours=1), "…", ["main"]),
        None,
        timezone.now(),
        account=spoken,
        address=None,
    )
    run_tasks()
    pin.refresh_from_db()
    assert (pin.on_air, pin.problem) == (False, "nothing_to_say")
    assert "읽을 수 있는 것이 없습니다" in browser("supervisor").get("/radar/").content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "", "article": ""}, "__all__"),
        ({"flows": []}, "flows"),
        ({"flows": ["nowhere"]}, "flows"),
        ({"text": "?!"}, "text"),
        ({"text": "{number}분 안에 복구합니다."}, "text"),
        ({"text": "가" * 301}, "text"),
        ({"until": "2020-01-01T00:00"}, "until"),
        ({"until": "2999-01-01T00:00"}, "until"),
        ({"until": "soon"}, "until"),
        ({"article": "unknown"}, "article"),
    ],
)
def test_a_wrong_pin_is_refused_with_a_sentence(
    centre: None, logged_in: Callable[[str], Client], change: dict[str, Any], field: str
) -> None:
    until = timezone.localtime() + timedelta(hours=1)
    right = {"text": "단수를 복구하고 있습니다.", "flows": ["main"], "article": "", "until": f"{until:%Y-%m-%dT%H:%M}"}
    answer = logged_in("supervisor").post("/radar/pins/new", {**right, **change})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Pin.objects.exists()


def test_the_pages_show_decide_and_bear_hostile_words(centre: None, logged_in: Callable[[str], Client]) -> None:
    burst()
    watching.watch(NOW)
    Alarm.objects.update(title="<script>alert(1)</script>")
    alarm = Alarm.objects.get()
    page = logged_in("supervisor")
    for address in ("/radar/", f"/radar/{alarm.pk}/"):
        shown = page.get(address).content.decode()
        assert "<script>alert(1)" not in shown
    assert '<ol class="hd-timeline hd-underlined">' in shown, "beside the links to contacts stands grey text"
    assert page.post(f"/radar/{alarm.pk}/acknowledge").status_code == 302
    assert page.post(f"/radar/{alarm.pk}/explode").status_code == 404
    assert page.post(f"/radar/{alarm.pk}/dismiss", {"text": "가" * 300}).status_code == 302
    alarm.refresh_from_db()
    assert alarm.state == Alarm.State.ACKNOWLEDGED
    page.post(f"/radar/{alarm.pk}/dismiss", {"text": "훈련"})
    page.post(f"/radar/{alarm.pk}/close")
    alarm.refresh_from_db()
    assert alarm.state == Alarm.State.DISMISSED
    assert list(AccessLog.objects.filter(action__startswith="radar.").values_list("action", "reason"))[1:] == [
        ("radar.acknowledged", ""),
        ("radar.dismissed", "훈련"),
    ]


def test_the_agent_links_the_contact_on_the_screen(
    centre: None, people: dict[str, Account], logged_in: Callable[[str], Client]
) -> None:
    burst()
    watching.watch(NOW)
    alarm = Alarm.objects.get()
    contact = add_contact(people["agent1"])
    address, desk = f"/api/desk/contacts/{contact.pk}/alarms", logged_in("agent1")

    def say(**body: Any) -> int:
        return desk.post(address, body, content_type="application/json").status_code

    assert desk.get(address).json() == {"alarms": []}
    assert say(alarm=alarm.pk, belongs=True) == 200
    assert desk.get(address).json() == {"alarms": [alarm.pk]}
    assert alarm.title in desk.get(f"/contacts/{contact.pk}/").content.decode()
    assert say(alarm=alarm.pk, belongs=False) == 200
    assert desk.get(address).json() == {"alarms": []}
    assert say(alarm=10**9, belongs=True) == 404
    assert say(alarm=10**30, belongs=True) == 422
    assert logged_in("agent2").get(address).status_code == 404
    answer = logged_in("supervisor").post(f"/radar/contacts/{contact.pk}", {"alarm": alarm.pk, "belongs": "1"})
    assert answer.status_code == 302
    assert links(alarm, AlarmContact.How.HAND) == {contact.pk}


def test_what_came_over_the_week_is_seen_at_night(centre: None) -> None:
    history = [
        ContactSigns(contact=uuid4(), at=NOW - timedelta(days=day, minutes=minutes), signs=["topic:tax"])
        for day in range(1, 64)
        for minutes in range(20)
    ]
    slow = [
        ContactSigns(contact=uuid4(), at=NOW - timedelta(days=day, minutes=minutes), signs=["word:지원금"])
        for day in range(1, 7)
        for minutes in range(5)
    ]
    ContactSigns.objects.bulk_create(history + slow)
    watching.look_back(NOW)
    alarm = Alarm.objects.get()
    assert (alarm.title, alarm.observed) == ("지원금", 30)
