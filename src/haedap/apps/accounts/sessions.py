"""The idle clock of a log-in.

Every request of a person restarts the clock; an open page or WebSocket by itself does not. An agent who is on duty
(available, ringing, talking, wrapping up) is at work and never idle: whoever leaves the desk in that state is set
away by the first contact that is not answered, and from then on the clock runs. It is the centre's time: nobody is
logged out because the machine's clock was set.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from haedap.apps.accounts.models import Account
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.clock import centre_time

_KEY = "seen"
_GRAIN = timedelta(seconds=30)


def touch(session: SessionBase) -> None:
    """Restart the clock. It is written at most twice a minute."""
    now = centre_time()
    seen = last_seen(session)
    if seen is None or abs(now - seen) >= _GRAIN:
        session[_KEY] = now.timestamp()


def last_seen(session: SessionBase) -> datetime | None:
    """When the person last did something, to half a minute."""
    stamp = session.get(_KEY)
    return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int | float) else None


def is_idle(session: SessionBase, account: Account) -> bool:
    """Whether the person has done nothing for the centre's limit, and is not at work."""
    seen = last_seen(session)
    if seen is None:
        return False
    limit = timedelta(minutes=centre.settings().idle_logout_minutes)
    now = centre_time()
    if now - seen < limit:
        return False
    duty = contacts.duty_of(account.id)
    return not duty.on_duty and now - max(seen, duty.since or seen) >= limit
