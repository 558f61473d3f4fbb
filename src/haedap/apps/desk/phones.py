"""Credentials of telephones: random, kept only as the digest that SIP needs, told to nobody twice."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from haedap.apps.desk import api
from haedap.apps.desk.models import PhoneCredential

BROWSER_LIFE = timedelta(hours=8)
CITIZEN_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """What a telephone needs to register. `password` stands nowhere else."""

    username: str
    password: str
    expires_at: datetime | None

    @property
    def realm(self) -> str:
        return settings.HAEDAP.sip_realm

    @property
    def ha1(self) -> str:
        text = f"{self.username}:{self.realm}:{self.password}"
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def new_browser(account: int) -> Issued:
    """For the browser of an agent, for 8 hours; replaces the earlier one. The engine has not been told yet."""
    return _keep(f"agent-{account}", account, PhoneCredential.Kind.BROWSER, timezone.now() + BROWSER_LIFE)


def new_citizen() -> Issued:
    """For a citizen's telephone of the demo, for one hour. The engine has not been told yet."""
    expires_at = timezone.now() + CITIZEN_LIFE
    return _keep(f"citizen-demo-{uuid4().hex[:12]}", None, PhoneCredential.Kind.CITIZEN, expires_at)


def issue_desk(account: int) -> Issued:
    """For an agent's desk telephone, until it is taken away; the engine is told."""
    issued = _keep(f"desk-{account}", account, PhoneCredential.Kind.DESK, None)
    api.tell("phone_issued", username=issued.username)
    return issued


def live_citizens() -> int:
    """How many citizen telephones of the demo may register now."""
    return PhoneCredential.objects.filter(kind=PhoneCredential.Kind.CITIZEN, expires_at__gt=timezone.now()).count()


def revoke_expired() -> int:
    """Take away the telephones whose time is up; returns how many."""
    return api.revoke(PhoneCredential.objects.filter(expires_at__lte=timezone.now()))


def _keep(username: str, account: int | None, kind: PhoneCredential.Kind, expires_at: datetime | None) -> Issued:
    issued = Issued(username, secrets.token_urlsafe(24), expires_at)
    PhoneCredential.objects.update_or_create(
        username=username,
        defaults={
            "account_id": account,
            "kind": kind,
            "ha1": issued.ha1,
            "expires_at": expires_at,
            "created_at": timezone.now(),
        },
    )
    return issued
