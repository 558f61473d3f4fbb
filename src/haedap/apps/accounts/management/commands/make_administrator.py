"""`haedap manage make_administrator ID`: the first administrator of a centre, or a new password for one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from haedap.apps.accounts import actions
from haedap.apps.accounts.models import Account, Role

_LABELS = {"username": "아이디", "name": "이름"}


class Command(BaseCommand):
    help = "Makes an administrator, or gives an existing one a new first password; prints the password once"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="시스템 관리자")

    def handle(self, *_args: Any, **options: Any) -> None:
        username = str(options["username"])
        account = Account.objects.filter(username=username).first()
        if account is None:
            account = Account(username=username, name=str(options["name"]), role=Role.ADMINISTRATOR)
            _refuse_invalid(account)
        elif not account.is_administrator:
            raise CommandError(f"{username} 아이디는 다른 역할로 쓰이고 있습니다. 다른 아이디를 주십시오.")
        elif not account.is_active:
            raise CommandError(f"{username} 아이디는 로그인이 꺼져 있습니다. 다른 아이디를 주십시오.")
        self.stdout.write(f"아이디 {username}, 첫 비밀번호 {_password_for(account)}")
        self.stdout.write("이 비밀번호는 다시 볼 수 없습니다. 처음 로그인할 때 새 비밀번호를 정합니다.")


@transaction.atomic
def _password_for(account: Account) -> str:
    """The first password of a new account; or a new one for a known account, which may then log in at once."""
    if account.pk is None:
        return actions.make_at_the_machine(account)
    actor = actions.Actor(account=account.pk, address=None)
    actions.unlock(account, actor)
    return actions.reset_password(account, actor)


def _refuse_invalid(account: Account) -> None:
    try:
        account.full_clean(exclude=["password", "password_changed_at", "created_at"])
    except ValidationError as error:
        lines = (f"{_LABELS.get(name, name)}: {' '.join(said)}" for name, said in error.message_dict.items())
        raise CommandError(" ".join(lines)) from error
