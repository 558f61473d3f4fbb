"""What citizens write: on the page and through a gateway. Kept once, bound to a promise, and no way in for floods."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.centre.models import CentreSettings, Queue, Skill
from haedap.apps.desk.models import Command
from haedap.apps.promises import message_keeping
from haedap.apps.promises.message_keeping import Message
from haedap.apps.promises.models import WrittenMessage

TOKEN = "gateway-token-of-a-test-0001"
GOOD = {"number": "010-0000-1234", "text": "가로등이 꺼져 있어요", "consent": "on"}


@pytest.fixture
def queue(db: None) -> Queue:
    """The centre takes messages for the queue `general`, on its page, too."""
    skill = Skill.objects.create(key="general", name="일반")
    queue = Queue.objects.create(key="general", name="일반", skill=skill)
    CentreSettings.objects.update_or_create(pk=1, defaults={"message_page": True, "message_queue": queue})
    return queue


@pytest.fixture
def later() -> Iterator[Callable[[timedelta], None]]:
    """Moves the clock of the form's signature: a person needs more than three seconds to write."""
    real = time.time
    offset = timedelta()

    def moved() -> float:
        return float(real() + offset.total_seconds())

    def move(by: timedelta) -> None:
        nonlocal offset
        offset += by

    with mock.patch("django.core.signing.time.time", moved):
        yield move


def opened(client: Client) -> str:
    """Opens the page; the form's key."""
    page = client.get("/message")
    assert page.status_code == 200
    return str(page.context["form"].initial["key"])


def written(client: Client, move: Callable[[timedelta], None], **values: str) -> Any:
    key = opened(client)
    move(timedelta(seconds=10))
    return client.post("/message", {**GOOD, "key": key, **values})


def test_a_citizen_writes_and_is_owed_a_call(queue: Queue, later: Callable[[timedelta], None]) -> None:
    answer = written(Client(), later)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/message/sent")
    kept = WrittenMessage.objects.get()
    assert (kept.citizen, kept.text, kept.queue, kept.way) == (
        "+821000001234",
        "가로등이 꺼져 있어요",
        "general",
        "page",
    )
    command = Command.objects.get(name="message_written")
    assert command.agent is None
    assert command.data == {"promise": str(kept.pk), "queue": "general", "citizen": "+821000001234"}
    assert "전화를 드립니다" in Client().get("/message/sent").content.decode()


def test_the_same_form_twice_is_one_message(queue: Queue, later: Callable[[timedelta], None]) -> None:
    client = Client()
    key = opened(client)
    later(timedelta(seconds=10))
    for _time in range(2):
        assert client.post("/message", {**GOOD, "key": key}).status_code == 302
    assert WrittenMessage.objects.count() == Command.objects.filter(name="message_written").count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"number": "060-700-1234"}, "국내 전화번호"),
        ({"number": "+1 212 555 0100"}, "국내 전화번호"),
        ({"number": "전화"}, "국내 전화번호"),
        ({"number": "2000-0000"}, "국내 전화번호"),
        ({"number": "0" * 31}, "30"),
        ({"text": " \n "}, ""),
        ({"text": "가" * 1001}, "1000"),
        ({"consent": ""}, "동의가 없으면"),
        ({"homepage": "http://spam.invalid"}, "받지 못했습니다"),
        ({"key": "forged"}, "다시 보내십시오"),
        ({"key": ""}, "다시 보내십시오"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    queue: Queue, later: Callable[[timedelta], None], values: dict[str, str], sentence: str
) -> None:
    answer = written(Client(), later, **values)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert sentence in page
    if "text" not in values:
        assert GOOD["text"] in page
    assert not WrittenMessage.objects.exists()
    assert not Command.objects.exists()


def test_a_robots_speed_and_an_old_page_are_told_apart(queue: Queue, later: Callable[[timedelta], None]) -> None:
    client = Client()
    key = opened(client)
    quick = client.post("/message", {**GOOD, "key": key})
    assert (quick.status_code, "너무 빨리" in quick.content.decode()) == (400, True)
    assert quick.context["form"]["key"].value() == key, "the clock goes on; it does not begin anew"
    later(timedelta(hours=13))
    old = client.post("/message", {**GOOD, "key": key})
    assert (old.status_code, "오래되었습니다" in old.content.decode()) == (400, True)
    again = old.context["form"].data["key"]
    later(timedelta(seconds=10))
    assert client.post("/message", {**GOOD, "key": again}).status_code == 302


def test_a_clock_that_was_set_back_makes_no_robot(queue: Queue, later: Callable[[timedelta], None]) -> None:
    client = Client()
    key = opened(client)
    later(timedelta(hours=-1))
    assert client.post("/message", {**GOOD, "key": key}).status_code == 302


def test_who_writes_too_often_waits(queue: Queue, later: Callable[[timedelta], None]) -> None:
    client = Client()
    for _time in range(message_keeping.MOST_BY_NUMBER):
        assert written(client, later).status_code == 302
    refused = written(client, later)
    assert (refused.status_code, "여러 번" in refused.content.decode()) == (429, True)
    for number in range(message_keeping.MOST_BY_ADDRESS - message_keeping.MOST_BY_NUMBER):
        assert written(client, later, number=f"010-0000-200{number}").status_code == 302
    assert written(client, later, number="010-0000-3000").status_code == 429, "all from one address"
    assert WrittenMessage.objects.count() == message_keeping.MOST_BY_ADDRESS
    WrittenMessage.objects.update(written_at=timezone.now() - message_keeping.WINDOW - timedelta(seconds=1))
    assert written(client, later).status_code == 302


def test_many_messages_of_one_moment_are_counted_too(orm_database: str) -> None:
    """Seen by several connections at once, as in a centre."""
    at_once = 2 * message_keeping.MOST_BY_ADDRESS
    together = Barrier(at_once)

    def keep(number: str) -> bool:
        try:
            message = Message(uuid4(), number, "안녕하세요", WrittenMessage.Way.PAGE, "192.0.2.7")
            together.wait()
            message_keeping.keep(message, "general")
        except message_keeping.TooManyError:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_once) as pool:
        assert sum(pool.map(keep, ["+821000001234"] * at_once)) == message_keeping.MOST_BY_NUMBER
        others = message_keeping.MOST_BY_ADDRESS - message_keeping.MOST_BY_NUMBER
        assert sum(pool.map(keep, [f"+82100000{place:04}" for place in range(at_once)])) == others


def test_the_page_is_closed_unless_the_centre_opens_it(queue: Queue, people: dict[str, Account]) -> None:
    CentreSettings.objects.update(message_page=False)
    assert Client().get("/message").status_code == 410
    assert Client().post("/message", GOOD).status_code == 410
    CentreSettings.objects.update(message_page=True, message_queue=None)
    assert Client().get("/message").status_code == 410


def test_who_opens_the_page_chooses_the_queue(queue: Queue, logged_in: Callable[[str], Client]) -> None:
    client = logged_in("admin")
    form = client.get("/centre/settings").context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    values["callback_again_minutes"] = "10, 60"
    refused = client.post("/centre/settings", {**values, "message_page": "on", "message_queue": ""})
    assert (refused.status_code, "대기열을 고르십시오" in refused.content.decode()) == (400, True)
    assert client.post("/centre/settings", {**values, "message_page": "on"}).status_code == 302
    assert CentreSettings.objects.get().message_queue_id == queue.pk


@pytest.fixture
def gateway(queue: Queue, settings: Any) -> Callable[..., Any]:
    """A gateway that is set up."""
    settings.HAEDAP = dataclasses.replace(settings.HAEDAP, message_token=TOKEN)

    def send(token: str = TOKEN, **values: Any) -> Any:
        body = {"number": "01000001234", "text": "문자입니다", **values}
        headers = {"Authorization": f"Bearer {token}"}
        return Client(headers=headers).post("/api/messages", body, content_type="application/json")

    return send


def test_a_gateway_hands_over_a_text_once(gateway: Callable[..., Any]) -> None:
    reference = uuid4().hex
    first, again = gateway(reference=reference), gateway(reference=reference)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    kept = WrittenMessage.objects.get()
    assert (str(kept.pk), kept.way, kept.from_address) == (first.json()["promise"], "gateway", None)
    assert Command.objects.filter(name="message_written").count() == 1


def test_bad_texts_from_a_gateway(gateway: Callable[..., Any]) -> None:
    assert gateway(token="x" * 30).status_code == 401
    assert gateway(number="0607001234").json()["code"] == "number_not_allowed"
    assert "02-0000-1234" in gateway(number="02-0000-1234 (내선 12)").json()["message"]
    for values in ({"text": ""}, {"text": "가" * 1001}, {"text": "a\x00b"}, {"number": ""}, {"more": 1}, {"text": 3}):
        answer = gateway(**values)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), values
    for _time in range(message_keeping.MOST_BY_NUMBER):
        assert gateway().status_code == 201
    assert (gateway().status_code, gateway().json()["code"]) == (429, "too_many")
    CentreSettings.objects.update(message_queue=None)
    assert (gateway().status_code, gateway().json()["code"]) == (409, "closed")


def test_without_a_token_in_the_settings_there_is_no_such_address(queue: Queue) -> None:
    answer = Client(headers={"Authorization": "Bearer "}).post("/api/messages", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
