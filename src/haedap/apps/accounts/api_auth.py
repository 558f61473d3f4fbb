"""The check of every API operation: session, CSRF token, role."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.errors import AuthenticationError, HttpError
from ninja.security import APIKeyCookie

from haedap.apps.accounts.access import ADMINISTRATORS, AGENTS, SIGNED_IN, SUPERVISORS
from haedap.apps.accounts.models import Account

__all__ = ["ADMINISTRATORS", "AGENTS", "SIGNED_IN", "SUPERVISORS", "RoleAuth", "caller_of"]


class RoleAuth(APIKeyCookie):
    """Lets accounts of these roles in. The request's account has been loaded by the middleware."""

    param_name = "haedap_session"

    def __init__(self, roles: frozenset[str]) -> None:
        self.roles = roles
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> Account:  # noqa: ARG002 - ninja's protocol
        """Raises AuthenticationError (401) without the log-in of the page's own, HttpError 403 for another role."""
        account = request.user
        if not isinstance(account, Account) or not _is_for(request, account):
            raise AuthenticationError
        if account.role not in self.roles or account.must_change_password:
            raise HttpError(403, "role")
        return account


def _is_for(request: HttpRequest, account: Account) -> bool:
    """Whether the page that asks was made for `account`, if it says for whom: by now another may use the browser."""
    return request.headers.get("X-Haedap-Account", str(account.pk)) == str(account.pk)


def caller_of(request: HttpRequest) -> Account:
    """The account that passed the check."""
    account = getattr(request, "auth", None)
    if not isinstance(account, Account):
        raise TypeError("only for operations with RoleAuth")
    return account
