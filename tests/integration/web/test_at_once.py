"""Two people who change the same thing in the same moment, each over a connection of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connections
from django.test import Client

from haedap.apps.accounts.models import Account, Role
from haedap.apps.contacts.models import Citizen, CitizenNumber, Topic
from haedap.apps.offices.models import Department
from tests.support.patience import PATIENCE

from .records import add_contact

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def browsers(orm_database: str, password_hash: str) -> tuple[Client, Client]:
    """Two administrators, each in a browser of their own."""
    for username in ("one", "two"):
        Account.objects.create(
            username=username,
            name=username,
            role=Role.ADMINISTRATOR,
            password=password_hash,
            must_change_password=False,
        )
    first, second = Client(), Client()
    for client, username in ((first, "one"), (second, "two")):
        client.force_login(
            Account.objects.get(username=username), backend="haedap.apps.accounts.backend.AccountBackend"
        )
    return first, second


def at_once(database: str, table: str, *posts: Callable[[], int]) -> list[int]:
    """What the requests answer, of which each came as far as it may before any has written to the table."""

    def sent(post: Callable[[], int]) -> int:
        try:
            return post()
        finally:
            connections.close_all()

    with psycopg.connect(database) as holding, psycopg.connect(database, autocommit=True) as looking:
        holding.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        with ThreadPoolExecutor(len(posts)) as pool:
            answers = [pool.submit(sent, post) for post in posts]
            deadline = time.monotonic() + PATIENCE
            while looking.execute(_WAITING).fetchone() != (len(posts),):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            holding.commit()
            return sorted(answer.result() for answer in answers)


def test_of_two_administrators_who_demote_each_other_one_stays(
    orm_database: str, browsers: tuple[Client, Client]
) -> None:
    one, two = Account.objects.order_by("pk")

    def demote(client: Client, whom: Account) -> Callable[[], int]:
        form = {
            "username": whom.username,
            "name": whom.name,
            "role": "agent",
            "telephone": "browser",
            "is_active": "on",
        }
        return lambda: client.post(f"/centre/people/{whom.pk}/", form).status_code

    assert at_once(orm_database, "account", demote(browsers[0], two), demote(browsers[1], one)) == [302, 403]
    assert Account.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count() == 1


def test_departments_that_move_below_each_other_make_no_circle(
    orm_database: str, browsers: tuple[Client, Client]
) -> None:
    roads, water = (Department.objects.create(name=name) for name in ("도로과", "수도과"))

    def move(client: Client, what: Department, below: Department) -> Callable[[], int]:
        form = {"name": what.name, "parent": below.pk, "position": 0, "active": "on"}
        return lambda: client.post(f"/offices/{what.pk}/edit", form).status_code

    moves = move(browsers[0], roads, water), move(browsers[1], water, roads)
    assert at_once(orm_database, "department", *moves) == [302, 400]
    assert Department.objects.filter(parent=None).count() == 1


def test_topics_that_move_below_each_other_make_no_circle(orm_database: str, browsers: tuple[Client, Client]) -> None:
    tax, water = (Topic.objects.create(code=code, name=code) for code in ("tax", "water"))

    def move(client: Client, what: Topic, below: Topic) -> Callable[[], int]:
        form = {"name": what.name, "parent": below.pk, "active": "on"}
        return lambda: client.post(f"/centre/topics/{what.pk}/", form).status_code

    moves = move(browsers[0], tax, water), move(browsers[1], water, tax)
    assert at_once(orm_database, "topic", *moves) == [302, 400]
    assert Topic.objects.filter(parent=None).count() == 1


@pytest.mark.parametrize("where", ["desk", "page"])
def test_a_citizen_who_is_named_twice_at_once_is_one(orm_database: str, password_hash: str, where: str) -> None:
    agent = Account.objects.create(
        username="agent1", name="상담사", role=Role.AGENT, password=password_hash, must_change_password=False
    )
    contact = add_contact(agent)

    def name() -> int:
        client = Client()
        client.force_login(agent, backend="haedap.apps.accounts.backend.AccountBackend")
        if where == "page":
            return client.post(f"/contacts/{contact.pk}/citizen", {"name": "홍가람"}).status_code
        address = f"/api/desk/contacts/{contact.pk}/citizen"
        return client.post(address, {"name": "홍가람"}, content_type="application/json").status_code

    at_once(orm_database, "citizen", name, name)
    assert (Citizen.objects.count(), CitizenNumber.objects.count()) == (1, 1)
