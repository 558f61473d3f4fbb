"""Log-in, its lock, the first password, log-out, the idle clock."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest import mock

import pytest
from asgiref.sync import async_to_sync
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import AsyncClient, Client
from django.utils import timezone

from haedap.apps.accounts import actions
from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import AccessLog, AgentStatus
from haedap.apps.desk.models import Command
from tests.support.passwords import FULL_WORK

from .conftest import PASSWORD
from .pages import Browser


def log_in(client: Client, username: str, password: str = PASSWORD, address: str = "203.0.113.7") -> int:
    return client.post("/login", {"username": username, "password": password}, REMOTE_ADDR=address).status_code


def test_who_logs_in_comes_to_the_page_of_their_role(people: dict[str, Account]) -> None:
    for username, start in (("agent1", "/desk/"), ("supervisor", "/wallboard/"), ("admin", "/centre/")):
        client = Client()
        assert log_in(client, username) == 302
        assert client.get("/").headers["Location"] == start


def test_a_password_is_kept_with_all_the_work_that_argon2_takes(
    people: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in FULL_WORK.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, value)
    assert log_in(Client(), "agent1") == 302
    people["agent1"].refresh_from_db()
    kept = re.fullmatch(r"argon2\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$.+", people["agent1"].password)
    assert kept is not None
    assert int(kept[1]) >= 65_536
    assert int(kept[2]) >= 2
    assert log_in(Client(), "agent1") == 302


def test_a_new_session_begins_with_the_log_in(people: dict[str, Account]) -> None:
    client = Client()
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    assert log_in(client, "agent1") == 302
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_the_next_page_is_only_one_of_ours(people: dict[str, Account]) -> None:
    for wanted, reached in (("/contacts/", "/contacts/"), ("https://evil.example/", "/"), ("//evil.example", "/")):
        answer = Client().post("/login", {"username": "agent1", "password": PASSWORD, "next": wanted})
        assert answer.headers["Location"] == reached


def test_the_next_page_outlives_a_wrong_password(people: dict[str, Account]) -> None:
    client = Client()
    for _ in range(5):
        page = client.post("/login", {"username": "agent1", "password": "wrong", "next": "/contacts/"})
        assert 'name="next" value="/contacts/"' in page.content.decode()
    assert page.status_code == 429


def test_an_address_of_forms_is_no_page_to_come_back_to(people: dict[str, Account]) -> None:
    assert Client().get("/contacts/?number=1").headers["Location"] == "/login?next=/contacts/%3Fnumber%3D1"
    assert Client().post("/logout").headers["Location"] == "/login?next=/"


@pytest.mark.parametrize(
    ("told", "kept"),
    [("fe80::1%eth0", "fe80::1"), ("203.0.113.7:49152", None), ("not an address", None), ("", None)],
)
def test_people_log_in_from_odd_addresses(people: dict[str, Account], told: str, kept: str | None) -> None:
    assert log_in(Client(), "agent1", "wrong", address=told) == 400
    assert log_in(Client(), "agent1", address=told) == 302
    assert AccessLog.objects.get(action="session.opened").from_address == kept


def test_wrong_password_says_nothing_about_which_part_is_wrong(people: dict[str, Account]) -> None:
    known = Client().post("/login", {"username": "agent1", "password": "wrong"}).content.decode()
    unknown = Client().post("/login", {"username": "nobody", "password": "wrong"}).content.decode()
    sentence = re.compile(r'role="alert"><p>(.+?)</p>')
    assert sentence.findall(known) == sentence.findall(unknown) != []


@pytest.mark.parametrize("name", ["", "agent1\x00", "가" * 400, "' OR 1=1 --", "a" * 5000])
def test_hostile_names_are_refused_not_crashed_on(people: dict[str, Account], name: str) -> None:
    assert Client().post("/login", {"username": name, "password": "x"}).status_code == 400


def test_five_failures_lock_the_account_for_this_address_only(people: dict[str, Account]) -> None:
    client = Client()
    statuses = [log_in(client, "agent1", "wrong") for _ in range(5)]
    assert statuses == [400, 400, 400, 400, 429]
    answer = client.post("/login", {"username": "agent1", "password": PASSWORD}, REMOTE_ADDR="203.0.113.7")
    assert answer.status_code == 429
    assert "10" in answer.content.decode().split('role="alert"')[1].split("</p>")[0]
    assert log_in(Client(), "agent1", address="203.0.113.8") == 302
    assert log_in(Client(), "agent2") == 302


def test_the_lock_says_the_time_that_is_left_and_ends(people: dict[str, Account]) -> None:
    client = Client()
    for _ in range(5):
        log_in(client, "agent1", "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=7, seconds=30))
    answer = client.post("/login", {"username": "agent1", "password": PASSWORD}, REMOTE_ADDR="203.0.113.7")
    assert re.search(r"\b3\D", answer.content.decode().split('role="alert"')[1].split("</p>")[0])
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10, seconds=1))
    assert log_in(client, "agent1") == 302


def test_the_lock_says_the_time_that_is_left_where_the_server_is_asynchronous(people: dict[str, Account]) -> None:
    """As the centre's is: there the library that counts failures does not tell whose log-in it has locked."""
    for _ in range(5):
        log_in(Client(), "agent1", "wrong", address="127.0.0.1")
    answer = async_to_sync(AsyncClient().post)("/login", {"username": "AGENT1", "password": PASSWORD})
    assert answer.status_code == 429
    assert "10" in answer.content.decode().split('role="alert"')[1].split("</p>")[0]


def test_the_current_password_cannot_be_guessed_either(people: dict[str, Account], logged_in: Browser) -> None:
    client = logged_in("agent1")
    sent = {"new": "Another-one-77", "again": "Another-one-77"}
    answers = [client.post("/password", {"old": f"wrong{number}", **sent}) for number in range(5)]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, 429]
    assert "10" in answers[-1].content.decode().split('role="alert"')[1].split("</p>")[0]
    assert client.post("/password", {"old": PASSWORD, **sent}).status_code == 429
    assert log_in(Client(), "agent1", address="127.0.0.1") == 429
    assert client.get("/desk/").status_code == 200
    actions.unlock(people["agent1"], actions.Actor(people["admin"].pk, None))
    assert client.post("/password", {"old": PASSWORD, **sent}).status_code == 302


def test_failures_of_several_browsers_at_one_address_lock_together(people: dict[str, Account]) -> None:
    """Each has a row of its own; the lock ends when so few are left that they lock no more."""
    for browser, count in (("one", 3), ("another", 2)):
        for _ in range(count):
            answer = Client(headers={"user-agent": browser}).post("/login", {"username": "agent1", "password": "wrong"})
    assert answer.status_code == 429
    AccessAttempt.objects.filter(user_agent="one").update(
        attempt_time=timezone.now() - timedelta(minutes=7, seconds=30)
    )
    answer = Client().post("/login", {"username": "agent1", "password": PASSWORD})
    assert re.search(r"\b3\D", answer.content.decode().split('role="alert"')[1].split("</p>")[0])
    assert actions.locked_for("agent1") is not None
    AccessAttempt.objects.filter(user_agent="another").update(ip_address="203.0.113.7")
    assert actions.locked_for("agent1") is None


def test_the_log_keeps_no_password(people: dict[str, Account]) -> None:
    log_in(Client(), "agent1", "Geheim-wrong-123")
    assert "Geheim" not in str(list(AccessAttempt.objects.values()))


def test_who_stopped_working_here_cannot_log_in(people: dict[str, Account], logged_in: Browser) -> None:
    client = logged_in("agent1")
    Account.objects.filter(username="agent1").update(is_active=False)
    assert log_in(Client(), "agent1") == 400
    assert client.get("/contacts/").status_code == 302


def test_the_first_password_must_be_changed_before_anything_else(people: dict[str, Account]) -> None:
    Account.objects.filter(username="agent1").update(must_change_password=True)
    client = Client()
    log_in(client, "agent1")
    assert client.get("/contacts/").headers["Location"] == "/password"
    assert client.get("/api/me").status_code == 403
    new = "Another-one-77"
    answer = client.post("/password", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302, answer.content.decode()
    assert client.get("/contacts/").status_code == 200
    assert log_in(Client(), "agent1", new) == 302


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("Short-1a", "length"),
        ("onlysmallletters", "kinds"),
        ("Agent1-이름", "similar"),
        ("Password123", "common"),
        ("My-Agent1-2026-x", "name"),
    ],
)
def test_password_rules(logged_in: Browser, new: str, why: str) -> None:
    client = logged_in("agent1")
    assert client.post("/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 400, why
    assert log_in(Client(), "agent1") == 302


def test_another_log_in_of_the_same_person_ends_when_the_password_changes(logged_in: Browser) -> None:
    here, there = logged_in("agent1"), logged_in("agent1")
    new = "Another-one-77"
    assert here.post("/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert here.get("/contacts/").status_code == 200
    assert there.get("/contacts/").status_code == 302


def test_a_late_answer_to_an_old_log_in_ends_no_new_one(logged_in: Browser) -> None:
    """The desk goes on asking with the log-in that was; its answer may come after the browser has a new one."""
    here = logged_in("agent1")
    elsewhere = logged_in("agent1")
    elsewhere.post("/password", {"old": PASSWORD, "new": "Haedap-Neu-2026", "again": "Haedap-Neu-2026"})
    for _again in range(2):
        answer = here.get("/api/me")
        assert answer.status_code == 401
        assert settings.SESSION_COOKIE_NAME not in answer.cookies


def test_an_answer_that_took_longer_than_its_log_in_ends_no_new_one(logged_in: Browser) -> None:
    """It was asked for in time, and restarted the idle clock; what it would set is the cookie of the old log-in."""
    client = logged_in("agent1")
    idle_for(client, 5)
    before = client.session["seen"]
    answer = client.get("/api/me")
    assert answer.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert client.session["seen"] > before


def test_log_out_ends_the_session_and_the_duty(people: dict[str, Account], logged_in: Browser) -> None:
    agent = people["agent1"].pk
    AgentStatus.objects.create(agent_id=agent, state="available", since=timezone.now(), seq=1)
    client = logged_in("agent1")
    assert client.get("/logout").status_code == 405
    assert client.post("/logout").status_code == 302
    assert client.get("/contacts/").status_code == 302
    assert list(Command.objects.values_list("name", "agent")) == [("sign_out", agent)]
    assert AccessLog.objects.filter(action="session.closed", account=agent).exists()


def idle_for(client: Client, minutes: int) -> None:
    session = client.session
    session["seen"] = (timezone.now() - timedelta(minutes=minutes)).timestamp()
    session.save()


def test_idle_people_are_logged_out(people: dict[str, Account]) -> None:
    client = Client()
    log_in(client, "supervisor")
    idle_for(client, 29)
    assert client.get("/contacts/").status_code == 200
    idle_for(client, 31)
    assert client.get("/contacts/").status_code == 302
    assert AccessLog.objects.filter(action="session.idle", account=people["supervisor"]).exists()


def test_nobody_idles_because_the_machines_clock_is_set(people: dict[str, Account]) -> None:
    client, now = Client(), timezone.now()
    log_in(client, "supervisor")
    for hours in (2, -2):
        with mock.patch("django.utils.timezone.now", return_value=now + timedelta(hours=hours)):
            assert client.get("/contacts/").status_code == 200


@pytest.mark.parametrize(
    ("state", "since_minutes", "status"),
    [("available", 90, 200), ("engaged", 90, 200), ("away", 90, 302), ("away", 5, 200), ("signed_out", 90, 302)],
)
def test_an_agent_at_work_is_not_idle(people: dict[str, Account], state: str, since_minutes: int, status: int) -> None:
    client = Client()
    log_in(client, "agent1")
    since = timezone.now() - timedelta(minutes=since_minutes)
    AgentStatus.objects.create(agent=people["agent1"], state=state, since=since, seq=1)
    idle_for(client, 60)
    assert client.get("/contacts/").status_code == status


def test_pages_carry_the_guards(logged_in: Browser) -> None:
    answer = logged_in("agent1").get("/contacts/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    assert "ws://127.0.0.1:8088/ws" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"


def test_forms_need_their_token(people: dict[str, Account], logged_in: Browser) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/login", {"username": "agent1", "password": PASSWORD})
    assert answer.status_code == 403
    assert "hd-card" in answer.content.decode()
    answer = logged_in("agent1", enforce_csrf_checks=True).post("/api/desk/sign-in", {}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
