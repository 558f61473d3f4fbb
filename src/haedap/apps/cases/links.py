"""The address of a case's page at its office. Passing the case on makes the old address void."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from haedap.apps.briefs.links import Links
from haedap.apps.cases.models import Case, CaseState

_AFTER_END = timedelta(days=7)
_AFTER_TERM = timedelta(days=60)
_WHILE_WAITING = timedelta(days=366)
_links = Links("haedap.case", "case_at_office")


def token_of(case: Case) -> str:
    """`<id>.<which link>:<signature>`."""
    return _links.token_of(_key(case))


def address_of(case: Case) -> str:
    """The whole address, for a message."""
    return _links.address_of(_key(case))


def case_of(token: str, now: datetime) -> Case | None:
    """The case that the token opens at `now`; None when it was not given out, is not theirs any more, or too late."""
    case, _dot, link = (_links.key_of(token) or "").partition(".")
    try:
        found = Case.objects.filter(pk=UUID(hex=case)).first()
    except ValueError:
        return None
    if found is None or str(found.link) != link or now >= closes_at(found):
        return None
    return found


def closes_at(case: Case) -> datetime:
    """Until when the office may open it: for a week after its end, and not for ever if it never ends."""
    if case.ended_at is not None:
        return case.ended_at + _AFTER_END
    return case.due_at + (_WHILE_WAITING if case.state == CaseState.SUSPENDED else _AFTER_TERM)


def _key(case: Case) -> str:
    return f"{case.pk.hex}.{case.link}"
