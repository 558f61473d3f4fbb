"""What is done to accounts. Every change is written to the access log: who was given or denied what."""

from __future__ import annotations

import secrets
import string
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from haedap.apps.accounts.models import Account, Telephone
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.desk import api as desk
from haedap.apps.desk import phones

_READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("Il1O0o")))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, and from which address."""

    account: int
    address: str | None


def first_password() -> str:
    """A random password for the first log-in, easy to read aloud, by the rules."""
    groups = ["".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3)]
    return "-".join(groups) + secrets.choice("23456789") + secrets.choice("abcdefghkmnpqrstuvwxyz")


def save_account(account: Account, levels: dict[str, int], actor: Actor) -> str | None:
    """Write a new or changed account with its skills; returns the first password of a new one, to be shown once."""
    new = account.pk is None
    before = {} if new else _state(Account.objects.get(pk=account.pk))
    password = first_password() if new else None
    with transaction.atomic():
        if password is not None:
            account.set_password(password)
            account.must_change_password = True
        account.save()
        centre.set_skills(account.pk, levels if account.is_agent else {})
        if not account.is_active or not account.is_agent:
            _take_off_duty(account)
        elif account.telephone == Telephone.BROWSER:
            desk.revoke_phones(account.pk, desk.PhoneCredential.Kind.DESK)
        centre.plan_changed()
        _log(actor, "account.created" if new else "account.changed", account, _changes(before, _state(account)))
    return password


def make_at_the_machine(account: Account) -> str:
    """Write a new account; returns its first password. Its actor is itself: whoever does this has the machine."""
    password = first_password()
    account.set_password(password)
    account.must_change_password = True
    with transaction.atomic():
        account.save()
        centre.plan_changed()
        _log(Actor(account.pk, None), "account.created", account, _changes({}, _state(account)))
    return password


def reset_password(account: Account, actor: Actor) -> str:
    """A new first password, to be shown once; the old one is void at once, and so are the person's log-ins.

    Whoever is at work goes off duty, after the call and its wrap-up: nobody would hear the next one ring.
    """
    password = first_password()
    account.set_password(password)
    account.must_change_password = True
    with transaction.atomic():
        account.save(update_fields=["password", "must_change_password"])
        _sign_out(account)
        _log(actor, "account.password_reset", account)
    return password


def change_password(account: Account, password: str, actor: Actor) -> None:
    """The person's own new password."""
    account.set_password(password)
    account.must_change_password = False
    account.password_changed_at = timezone.now()
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    _log(actor, "account.password_changed", account)


def unlock(account: Account, actor: Actor) -> None:
    """Forget the failures that locked the account."""
    reset(username=account.username)
    _log(actor, "account.unlocked", account)


def issue_desk_phone(account: Account, actor: Actor) -> phones.Issued:
    """New credentials of the person's desk telephone, to be shown once."""
    issued = phones.issue_desk(account.pk)
    _log(actor, "account.desk_phone_issued", account)
    return issued


def locked_for(username: str, address: str | None = None) -> timedelta | None:
    """How long log-ins of `username` (from `address`, or from anywhere) are still refused; None when they are not.

    Failures of one address count together, whichever browser they came from.
    """
    now = timezone.now()
    attempts = AccessAttempt.objects.filter(username=username, attempt_time__gt=now - settings.AXES_COOLOFF_TIME)
    if address is not None:
        attempts = attempts.filter(ip_address=address)
    failures: Counter[str | None] = Counter()
    ends = now
    for attempt in attempts.order_by("-attempt_time"):
        before = failures[attempt.ip_address]
        failures[attempt.ip_address] += attempt.failures_since_start
        if before < settings.AXES_FAILURE_LIMIT <= failures[attempt.ip_address]:
            ends = max(ends, attempt.attempt_time + settings.AXES_COOLOFF_TIME)
    return ends - now if ends > now else None


def _sign_out(account: Account) -> None:
    if contacts.duty_of(account.pk).since is not None:
        desk.tell("sign_out", account.pk)


def _take_off_duty(account: Account) -> None:
    _sign_out(account)
    desk.revoke_phones(account.pk, *desk.PhoneCredential.Kind)


def _state(account: Account) -> dict[str, Any]:
    return {
        "role": account.role,
        "is_active": account.is_active,
        "telephone": account.telephone,
        "skills": centre.skills_of(account.pk),
    }


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: {"from": before.get(name), "to": value} for name, value in after.items() if before.get(name) != value}


def _log(actor: Actor, action: str, account: Account, changes: dict[str, Any] | None = None) -> None:
    contacts.log_access(
        action,
        account=actor.account,
        address=actor.address,
        detail={"account": account.pk, "username": account.username, **({"changes": changes} if changes else {})},
    )
