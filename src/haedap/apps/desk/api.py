"""What other apps may ask of the desk: to tell the engine something, and to take telephones away.

The classes are offered as types; commands and telephones are written here alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from haedap.apps.desk.models import Command, PhoneCredential

__all__ = ["Command", "PhoneCredential", "forget_old_commands", "revoke", "revoke_phones", "tell"]

_KEPT = timedelta(days=7)


def tell(name: str, agent: int | None = None, **data: Any) -> Command:
    """Leave a command for the engine and do not wait for its outcome."""
    return Command.objects.create(name=name, agent=agent, data=data)


def revoke_phones(account: int, *kinds: PhoneCredential.Kind) -> int:
    """The account's telephones of these kinds may not register any more; returns how many there were."""
    return revoke(PhoneCredential.objects.filter(account_id=account, kind__in=kinds))


@transaction.atomic
def revoke(credentials: QuerySet[PhoneCredential]) -> int:
    """Take these telephones away, and tell the engine of each; returns how many there were.

    One that is renewed meanwhile is asked for again, and stays if it is none of these any more.
    """
    usernames = list(credentials.select_for_update().values_list("username", flat=True))
    PhoneCredential.objects.filter(pk__in=usernames).delete()
    for username in usernames:
        tell("phone_revoked", username=username)
    return len(usernames)


def forget_old_commands() -> int:
    """Remove commands that were finished a week ago; returns how many."""
    removed, _by_model = Command.objects.filter(finished_at__lt=timezone.now() - _KEPT).delete()
    return removed
