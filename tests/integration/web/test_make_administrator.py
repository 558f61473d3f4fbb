"""The first administrator of a centre is made at the machine."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from haedap.apps.accounts.models import Account, Role
from haedap.apps.centre.models import CentreSettings
from haedap.apps.contacts.models import AccessLog


def made(username: str) -> str:
    """The first password that the command prints."""
    said = StringIO()
    call_command("make_administrator", username, stdout=said)
    return said.getvalue().splitlines()[0].split()[-1]


def test_the_first_administrator_logs_in_and_chooses_a_password(db: None, client: Client) -> None:
    password = made("chief")
    account = Account.objects.get(username="chief")
    assert (account.role, account.must_change_password) == (Role.ADMINISTRATOR, True)
    answer = client.post("/login", {"username": "chief", "password": password})
    assert answer.status_code == 302
    assert client.get("/centre/people/", follow=True).redirect_chain[-1][0].startswith("/password")


def test_the_first_administrator_stands_in_the_access_log_and_reaches_the_engine(db: None) -> None:
    version = CentreSettings.objects.filter(pk=1).values_list("plan_version", flat=True).first() or 1
    made("chief")
    account = Account.objects.get(username="chief")
    row = AccessLog.objects.get(action="account.created")
    assert (row.account_id, row.detail["changes"]["role"]["to"]) == (account.pk, Role.ADMINISTRATOR)
    assert CentreSettings.objects.get(pk=1).plan_version > version, "administrators take part in talks, too"


def test_a_new_password_opens_a_locked_account(db: None, client: Client) -> None:
    made("chief")
    for _ in range(5):
        client.post("/login", {"username": "chief", "password": "wrong"})
    password = made("chief")
    assert client.post("/login", {"username": "chief", "password": password}).status_code == 302


def test_a_stopped_administrator_gets_no_password_that_opens_nothing(db: None) -> None:
    made("chief")
    Account.objects.update(is_active=False)
    with pytest.raises(CommandError, match="로그인이 꺼져"):
        made("chief")


def test_an_administrator_who_forgot_gets_a_new_password(db: None) -> None:
    assert made("chief") != made("chief")
    assert Account.objects.filter(username="chief").count() == 1


@pytest.mark.parametrize("username", ["", "a", "홍길동", "x" * 41, "agent"])
def test_a_wrong_name_is_refused_in_one_sentence(db: None, username: str) -> None:
    Account.objects.create_account("agent", name="상담사", role=Role.AGENT, password=None)
    with pytest.raises(CommandError):
        made(username)
    assert Account.objects.get().username == "agent"
