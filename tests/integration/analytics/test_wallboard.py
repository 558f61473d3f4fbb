"""The figures by HTTP, and the pages of the wallboard."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

if TYPE_CHECKING:
    from haedap.apps.contacts.models import Contact


@pytest.fixture
def client_of(db: None) -> Any:
    from haedap.apps.accounts.models import Account

    def log_in(role: str) -> Client:
        account = Account.objects.create_account(
            f"{role}-of-figures", name=role, role=role, password=None, must_change_password=False
        )
        client = Client()
        client.force_login(account, backend="haedap.apps.accounts.backend.AccountBackend")
        return client

    return log_in


@pytest.fixture
def call(db: None) -> Contact:
    """A contact of now: queued at once, answered after 30 s, its queue promises 20 s."""
    from haedap.apps.centre.models import Queue, Skill
    from haedap.apps.contacts.models import Contact

    skill = Skill.objects.create(key="figures", name="지표")
    Queue.objects.create(key="figures", name="지표 대기열", skill=skill)
    now = timezone.now()
    times: dict[str, datetime] = {"arrived_at": now, "queued_at": now, "answered_at": now + timedelta(seconds=30)}
    return Contact.objects.create(
        id=uuid.uuid4(),
        channel="voice",
        state="engaged",
        queue="figures",
        asked_queue="figures",
        caller="+821000005678",
        seq=1,
        **times,
    )


@pytest.mark.parametrize("role", ["agent", "supervisor", "administrator"])
def test_everybody_may_see_the_figures(client_of: Any, call: Contact, role: str) -> None:
    client = client_of(role)
    figures = client.get("/api/figures/today").json()
    assert figures["type"] == "figures"
    assert figures["today"]["answered"] == 1
    assert figures["queues"]["figures"]["service_level"] == 0
    assert client.get("/wallboard/").status_code == 200
    explained = {each["key"]: each for each in client.get("/api/figures/definitions").json()}
    assert explained["service_level"]["settings"]["service_level_seconds"] == {"지표 대기열": 20}
    assert (explained["offered"]["opens"], explained["occupancy"]["opens"]) == (True, False)


def test_no_figure_tells_who_called(client_of: Any, call: Contact) -> None:
    client = client_of("agent")
    for address in ("/api/figures/today", "/api/figures/definitions", "/wallboard/"):
        assert "5678" not in client.get(address).content.decode()


def test_supervisors_open_a_figure_down_to_its_contacts(client_of: Any, call: Contact) -> None:
    client = client_of("supervisor")
    found = client.get("/api/figures/service_level/contacts").json()
    assert found["more"] is False
    assert [(each["id"], each["waited_seconds"], each["counted"]) for each in found["contacts"]] == [
        (str(call.pk), 30.0, False)
    ]
    assert client.get("/api/figures/service_level/contacts?counted=true").json()["contacts"] == []
    page = client.get("/wallboard/figures/service_level/?counted=no&queue=figures")
    assert page.status_code == 200
    assert f"/contacts/{call.pk}/" in page.content.decode()


def test_agents_do_not_open_figures_and_strangers_see_nothing(client_of: Any, call: Contact) -> None:
    agent, stranger = client_of("agent"), Client()
    assert agent.get("/api/figures/offered/contacts").status_code == 403
    assert agent.get("/wallboard/figures/offered/").status_code == 403
    for address in ("/api/figures/today", "/api/figures/definitions", "/api/figures/offered/contacts"):
        assert stranger.get(address).status_code == 401
    assert stranger.get("/wallboard/").status_code == 302


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/figures/nonsense/contacts", 404),
        ("/api/figures/occupancy/contacts", 404),
        ("/api/figures/offered/contacts?day=yesterday", 422),
        ("/api/figures/offered/contacts?offset=-1", 422),
        ("/api/figures/offered/contacts?offset=99999999999999999999", 422),
        ("/api/figures/offered/contacts?queue=" + "x" * 5000, 422),
        ("/api/figures/offered/contacts?queue=%27%20OR%201=1", 200),
        ("/api/figures/offered/contacts?queue=%00", 422),
        ("/api/figures/offered/contacts?day=0001-01-01", 422),
        ("/api/figures/offered/contacts?day=9999-12-31", 422),
        ("/wallboard/figures/nonsense/", 404),
        ("/wallboard/figures/occupancy/", 404),
        ("/wallboard/figures/offered/?day=yesterday", 400),
        ("/wallboard/figures/offered/?day=0001-01-01", 400),
        ("/wallboard/figures/offered/?day=9999-12-31", 400),
        ("/wallboard/figures/offered/?queue=nonsense", 400),
        ("/wallboard/figures/offered/?offset=-5", 400),
    ],
)
def test_questions_that_make_no_sense(client_of: Any, call: Contact, address: str, status: int) -> None:
    assert client_of("supervisor").get(address).status_code == status
