"""What other parts may ask of accounts."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone

from haedap.apps.accounts.models import Account


def names() -> dict[int, str]:
    """Names of all people by account, those who have left included."""
    return dict(Account.objects.values_list("pk", "name"))


def forget_old_failures() -> int:
    """Remove failed log-ins that lock nobody any more; returns how many."""
    old = AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - settings.AXES_COOLOFF_TIME)
    removed: int = old.delete()[0]
    return removed
