"""The queue's page: callbacks, overflow and widening are set there, checked, and reach the engine."""

from __future__ import annotations

import pytest
from django.test import Client

from haedap.apps.accounts.models import Account
from haedap.apps.centre.models import CentreSettings, Queue, QueueOverflow, QueueWidening

from .pages import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_database")]

PAGE = "/centre/queues/tax/"
QUEUE = {
    "name": "지방세",
    "skill": "tax",
    "ring_seconds": "20",
    "wrap_up_seconds": "60",
    "service_level_seconds": "20",
    "announce_every_seconds": "45",
    "reconnect_seconds": "30",
    "callback_offer_seconds": "",
    "callback_hours": "",
    "notice_seconds": "900",
    "end_seconds": "1200",
    "rest_seconds": "600",
    "position": "1",
}


@pytest.fixture
def people(db: None) -> dict[str, Account]:
    """The accounts of the demonstration."""
    return {account.username: account for account in Account.objects.all()}


def version() -> int:
    return CentreSettings.objects.get().plan_version


def test_the_demos_queues_have_rules(admin: Client) -> None:
    tax = Queue.objects.get(pk="tax")
    assert [(rule.to_id, rule.after_seconds) for rule in tax.overflows.all()] == [("general", 180)]
    assert [(rule.skill_id, rule.after_seconds) for rule in tax.widenings.all()] == [("general", 90)]
    assert (tax.callback_offer_seconds, tax.callback_hours_id) == (60, "weekday")
    page = said(admin.get(PAGE))
    assert "180" in page
    assert "일반 상담" in page


def test_callbacks_of_a_queue_can_be_set_and_taken_away(admin: Client) -> None:
    before = version()
    assert admin.post(PAGE, {**QUEUE, "callback_offer_seconds": "30", "abandoned_callback": "on"}).status_code == 302
    tax = Queue.objects.get(pk="tax")
    assert (tax.callback_offer_seconds, tax.callback_hours, tax.abandoned_callback) == (30, None, True)
    assert version() == before + 1
    assert admin.post(PAGE, QUEUE).status_code == 302
    assert Queue.objects.get(pk="tax").callback_offer_seconds is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("callback_offer_seconds", "-1"),
        ("callback_offer_seconds", "4000"),
        ("callback_hours", "never"),
        ("end_seconds", "600"),
        ("rest_seconds", "a lot"),
        ("notice_seconds", "99999"),
    ],
)
def test_what_the_engine_could_not_use_is_refused(admin: Client, field: str, value: str) -> None:
    assert admin.post(PAGE, {**QUEUE, field: value}).status_code == 400


def test_an_overflow_is_added_once_with_a_condition_and_removed(admin: Client) -> None:
    address, before = f"{PAGE}overflows", version()
    assert admin.post(address, {"to": "water", "nobody": "on", "longer_than": "5"}).status_code == 302
    rule = QueueOverflow.objects.get(queue="tax", to="water")
    assert (rule.after_seconds, rule.longer_than, rule.nobody) == (None, 5, True)
    for wrong in (
        {"to": "water", "nobody": "on"},
        {"to": "vehicle"},
        {"to": "tax", "nobody": "on"},
        {"to": "nowhere", "nobody": "on"},
        {"to": "vehicle", "after_seconds": "1"},
        {},
    ):
        assert admin.post(address, wrong).status_code == 400, wrong
    assert admin.post(f"{address}/{rule.pk}/remove").status_code == 302
    assert not QueueOverflow.objects.filter(to="water").exists()
    assert version() == before + 2


def test_a_widening_is_added_once_and_removed(admin: Client) -> None:
    address = f"{PAGE}widenings"
    assert admin.post(address, {"skill": "civil", "after_seconds": "45"}).status_code == 302
    rule = QueueWidening.objects.get(queue="tax", skill="civil")
    for wrong in (
        {"skill": "civil", "after_seconds": "45"},
        {"skill": "tax", "after_seconds": "45"},
        {"skill": "water", "after_seconds": "0"},
        {"skill": "nothing", "after_seconds": "45"},
    ):
        assert admin.post(address, wrong).status_code == 400, wrong
    assert admin.post(f"/centre/queues/water/widenings/{rule.pk}/remove").status_code == 404
    assert admin.post(f"{address}/{rule.pk}/remove").status_code == 302


def test_a_queue_that_another_one_overflows_to_stays(admin: Client) -> None:
    Queue.objects.create(pk="spare", name="예비", skill_id="general")
    QueueOverflow.objects.create(queue_id="tax", to_id="spare", nobody=True)
    answer = admin.post("/centre/queues/spare/remove", follow=True)
    assert "tax → spare" in said(answer)
    assert Queue.objects.filter(pk="spare").exists()
