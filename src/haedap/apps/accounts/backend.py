"""Checks a user name and a password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from haedap.apps.accounts.models import Account

_LONGEST = 200


class AccountBackend(BaseBackend):
    """Active accounts only; an unknown name takes as long as a wrong password."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:  # noqa: ARG002 - Django's
        """The account, when the password is right and the account active."""
        username, password = str(credentials.get("username") or ""), str(credentials.get("password") or "")
        if not username or not password or len(username) > _LONGEST or len(password) > _LONGEST:
            return None
        account = Account.objects.filter(username=username).first()
        if account is None:
            Account().set_password(password)
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, while it is active."""
        return Account.objects.filter(pk=user_id, is_active=True).first()
