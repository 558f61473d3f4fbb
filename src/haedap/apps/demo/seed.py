"""Puts the invented centre into an empty database. What somebody has changed since is left as it is."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model

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
    Skill,
    SpecialDay,
)
from haedap.apps.contacts.models import Disposition, Topic
from haedap.apps.demo.people import ACCOUNTS, PASSWORD

Row = dict[str, Any]


@cache
def demo_plan() -> dict[str, Any]:
    """The invented centre as data."""
    text = files("haedap.apps.centre").joinpath("demo/demo_plan.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def seed() -> int:
    """Add what is not there yet, by its key; returns how many rows were added. Tells the engine when there were any."""
    plan = demo_plan()
    with transaction.atomic():
        added = _settings(plan["settings"]) + _lists(plan) + _hours(plan["hours"])
        added += _topics(plan["topics"], None) + _accounts(plan["accounts"])
        if added:
            centre.plan_changed()
    return added


def _lists(plan: dict[str, Any]) -> int:
    """Everything that is one row with a key; lists are in display order."""
    added = _add_all(Skill, plan["skills"])
    added += _add_all(Queue, [_renamed(row, "skill") for row in plan["queues"]], ordered=True)
    added += _add_all(Prompt, plan["prompts"])
    added += _add_all(Flow, plan["flows"])
    added += _add_all(Number, [_renamed(row, "flow") for row in plan["numbers"]], key="number")
    added += _add_all(AwayReason, plan["away_reasons"], ordered=True)
    return added + _add_all(Disposition, plan["dispositions"], ordered=True)


def _settings(values: Row) -> int:
    _row, new = CentreSettings.objects.get_or_create(pk=1, defaults=values)
    return int(new)


def _hours(rows: list[Row]) -> int:
    added = 0
    for row in rows:
        days = row.get("special_days", [])
        hours, new = Hours.objects.get_or_create(pk=row["key"], defaults=_without(row, "key", "special_days"))
        if new:
            SpecialDay.objects.bulk_create(SpecialDay(hours=hours, **day) for day in days)
        added += int(new)
    return added


def _topics(rows: list[Row], parent: Topic | None) -> int:
    added = 0
    for position, row in enumerate(rows):
        defaults = {"name": row["name"], "parent": parent, "position": position}
        topic, new = Topic.objects.get_or_create(code=row["code"], defaults=defaults)
        added += int(new) + _topics(row.get("children", []), topic)
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


def _add_all(model: type[Model], rows: list[Row], *, key: str = "key", ordered: bool = False) -> int:
    added = 0
    for position, row in enumerate(rows):
        defaults = _without(row, key) | ({"position": position} if ordered else {})
        _found, new = model.objects.get_or_create(**{key: row[key]}, defaults=defaults)  # type: ignore[attr-defined]
        added += int(new)
    return added


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _renamed(row: Row, name: str) -> Row:
    return {**_without(row, name), f"{name}_id": row[name]}
