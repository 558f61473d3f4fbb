"""The API of who I am."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema

from haedap.apps.accounts.api_auth import SIGNED_IN, RoleAuth, caller_of

router = Router(tags=["me"])


class Error(Schema):
    """What every refusal looks like."""

    message: str
    code: str


class Me(Schema):
    """The account that is logged in. `csrf` goes into the header X-CSRFToken."""

    id: int
    name: str
    role: str
    telephone: str
    csrf: str


@router.get("/me", response={200: Me, 401: Error, 403: Error}, auth=RoleAuth(SIGNED_IN))
def me(request: HttpRequest) -> Me:
    """Who is logged in. Also restarts the idle clock: a page calls it when its user types or points."""
    account = caller_of(request)
    return Me(id=account.pk, name=account.name, role=account.role, telephone=account.telephone, csrf=get_token(request))
