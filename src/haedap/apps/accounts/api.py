"""What other parts may ask of accounts.

The classes are offered as types and to be read; accounts are written here alone, but for the demonstration's people.
"""

from __future__ import annotations

from collections.abc import Collection

from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone

from haedap.apps.accounts.models import Account, Role, Telephone

__all__ = ["Account", "Role", "Telephone", "agents", "forget_old_failures", "names", "who_stands_for"]


def names(of: Collection[int] | None = None) -> dict[int, str]:
    """Names by account of these people, or of all; those who have left included."""
    rows = Account.objects.all() if of is None else Account.objects.filter(pk__in=of)
    return dict(rows.values_list("pk", "name"))


def agents(*, with_left: bool = False) -> dict[int, str]:
    """Names of the agents by account, in their order; `with_left`: also of those who have left."""
    rows = Account.objects.filter(role=Role.AGENT)
    return dict((rows if with_left else rows.filter(is_active=True)).values_list("pk", "name"))


def who_stands_for(account: int) -> int | None:
    """The person themselves, a supervisor for one who has left; None when there is nobody."""
    here = Account.objects.filter(is_active=True)
    if here.filter(pk=account).exists():
        return account
    return here.filter(role=Role.SUPERVISOR).order_by("pk").values_list("pk", flat=True).first()


def forget_old_failures() -> int:
    """Remove failed log-ins that lock nobody any more; returns how many."""
    old = AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - settings.AXES_COOLOFF_TIME)
    removed: int = old.delete()[0]
    return removed
