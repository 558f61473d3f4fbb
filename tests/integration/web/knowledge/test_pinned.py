"""An article that is pinned for an alarm stands on top at the desk: for its words, its topics, its contacts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import Topic
from haedap.apps.radar import alarms, pins
from haedap.apps.radar.models import Alarm
from tests.integration.web.records import add_contact

from .conftest import Writer


@pytest.fixture
def alarm(db: None) -> Alarm:
    now = timezone.now()
    signs = [{"kind": "word", "value": "단수"}, {"kind": "topic", "value": "living_1"}]
    return Alarm.objects.create(
        title="단수", signs=signs, window_seconds=600, observed=20, expected=1, since=now, raised_at=now, last_at=now
    )


def test_it_stands_on_top_with_its_mark_until_its_end(
    alarm: Alarm, written: Writer, logged_in: Callable[[str], Client], people: dict[str, Account]
) -> None:
    written()
    contact = add_contact(people["agent1"])
    now = timezone.now()
    lamp = Topic.objects.get(code="living_1").pk

    def on_top(**asked: Any) -> list[tuple[str, bool]]:
        found = logged_in("agent1").post("/api/desk/search", asked, content_type="application/json").json()
        return [(article["key"], article["pinned"]) for article in found["articles"]]

    assert on_top(q="단수") == []
    assert on_top(q="이사정산") == [("water-moving", False)]
    wanted = pins.Wanted(now + timedelta(hours=1), article="water-moving")
    pin = pins.pin(wanted, alarm, now, account=people["supervisor"], address=None)
    assert on_top(q="동네 단수 언제까지") == [("water-moving", True)]
    assert on_top(q="", topic=lamp) == [("water-moving", True)]
    assert on_top(q="여권") == on_top(q="", contact=str(contact.pk)) == []
    alarms.link(alarm, contact.pk, now, account=people["agent1"], address=None, belongs=True)
    assert on_top(q="", contact=str(contact.pk)) == [("water-moving", True)]
    assert pins.take_off(pin, now)
    assert on_top(q="단수") == []
