"""Puts the invented centre into an empty database. What somebody has changed since is left as it is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from haedap.apps.accounts.models import Account
from haedap.apps.centre import api as centre
from haedap.apps.centre.models import (
    AgentSkill,
    AwayReason,
    CentreSettings,
    Flow,
    Hours,
    Number,
    Prompt,
    Queue,
    QueueOverflow,
    QueueWidening,
    Skill,
    SpecialDay,
)
from haedap.apps.centre.starting_set import Row, add_all, add_topics, centre_data, without
from haedap.apps.contacts.models import Disposition
from haedap.apps.demo.people import ACCOUNTS, PASSWORD


def seed() -> int:
    """Add what is not there yet, by its key; returns how many rows were added. Tells the engine when there were any."""
    plan = centre_data()
    with transaction.atomic():
        added = _settings(plan["settings"]) + _hours(plan["hours"]) + _lists(plan)
        added += add_topics(plan["topics"], None) + _accounts(plan["accounts"])
        if added:
            centre.plan_changed()
    return added


def _lists(plan: dict[str, Any]) -> int:
    """Everything that is one row with a key; lists are in display order."""
    added = add_all(Skill, plan["skills"])
    added += _queues(plan["queues"])
    added += add_all(Prompt, plan["prompts"])
    added += add_all(Flow, plan["flows"])
    added += add_all(Number, [_renamed(row, "flow") for row in plan["numbers"]], key="number")
    added += add_all(AwayReason, plan["away_reasons"], ordered=True)
    return added + add_all(Disposition, plan["dispositions"], ordered=True)


def _settings(values: Row) -> int:
    _row, new = CentreSettings.objects.get_or_create(pk=1, defaults=values)
    return int(new)


def _hours(rows: list[Row]) -> int:
    added = 0
    for row in rows:
        days = row.get("special_days", [])
        hours, new = Hours.objects.get_or_create(pk=row["key"], defaults=without(row, "key", "special_days"))
        if new:
            SpecialDay.objects.bulk_create(SpecialDay(hours=hours, **day) for day in days)
        added += int(new)
    return added


def _queues(rows: list[Row]) -> int:
    """A new queue gets its rules once all queues are there, for they name one another."""
    known = set(Queue.objects.values_list("pk", flat=True))
    columns = [_renamed(_renamed(without(row, "overflows", "widenings"), "skill"), "callback_hours") for row in rows]
    added = add_all(Queue, columns, ordered=True)
    for row in (row for row in rows if row["key"] not in known):
        for rule in row.get("overflows", []):
            QueueOverflow.objects.create(queue_id=row["key"], **_renamed(rule, "to"))
        for rule in row.get("widenings", []):
            QueueWidening.objects.create(queue_id=row["key"], **_renamed(rule, "skill"))
    return added


def _accounts(rows: list[Row]) -> int:
    public = {account.username for account in ACCOUNTS}
    missing = public - set(Account.objects.values_list("username", flat=True))
    hashed = make_password(PASSWORD) if missing else ""
    for row in (row for row in rows if row["username"] in missing):
        account = Account.objects.create(
            username=row["username"], name=row["name"], role=row["role"], password=hashed, must_change_password=False
        )
        AgentSkill.objects.bulk_create(
            AgentSkill(account=account, skill_id=skill, level=level) for skill, level in row["skills"].items()
        )
    return len(missing)


def _renamed(row: Row, name: str) -> Row:
    return {**without(row, name), f"{name}_id": row[name]}
