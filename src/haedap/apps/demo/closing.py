"""What production closes of a demonstration whose state folder it goes on with: log-ins with a public password."""

from __future__ import annotations

from haedap.apps.accounts import actions
from haedap.apps.accounts.models import Account
from haedap.apps.centre import api as centre
from haedap.apps.demo.people import ACCOUNTS, PASSWORD


def close_public_accounts() -> int:
    """Stop the demo's accounts that still have their public password; returns how many."""
    names = [account.username for account in ACCOUNTS]
    known = Account.objects.filter(username__in=names, is_active=True)
    public = [account for account in known if account.check_password(PASSWORD)]
    for account in public:
        account.is_active = False
        actions.save_account(account, centre.skills_of(account.pk), actions.Actor(account.pk, None))
    return len(public)
