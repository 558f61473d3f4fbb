"""What every centre starts with: topics, dispositions, away reasons and the prompts that name no city.

Put into empty lists only, so that what a city has taken out stays out. The demo begins with the same lists.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.db.models import Model

from haedap.apps.centre.models import AwayReason, Prompt
from haedap.apps.contacts.api import Disposition, Topic

Row = dict[str, Any]

NEUTRAL_PROMPTS = frozenset(
    {
        "recording_notice",
        "invalid_choice",
        "connecting",
        "position",
        "expected_wait",
        "long_wait",
        "reconnecting",
        "callback_offer",
        "callback_confirm",
        "callback_number",
        "callback_promised",
        "callback_not_understood",
        "voicemail_ask",
        "voicemail_thanks",
        "protection_notice",
        "protection_end",
        "closed_holiday",
        "goodbye",
    }
)


@cache
def centre_data() -> dict[str, Any]:
    """The lists as data: those of the demo's invented city, of which some fit any."""
    text = files("haedap.apps.centre").joinpath("demo/demo_plan.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def put_starting_set() -> int:
    """Fill the lists that are empty; returns how many rows were added."""
    data = centre_data()
    neutral = [row for row in data["prompts"] if row["key"] in NEUTRAL_PROMPTS]
    with transaction.atomic():
        added = 0 if Topic.objects.exists() else add_topics(data["topics"], None)
        added += 0 if Disposition.objects.exists() else add_all(Disposition, data["dispositions"], ordered=True)
        added += 0 if AwayReason.objects.exists() else add_all(AwayReason, data["away_reasons"], ordered=True)
        added += 0 if Prompt.objects.exists() else add_all(Prompt, neutral)
    return added


def add_topics(rows: list[Row], parent: Topic | None) -> int:
    """Add the branches that are not there yet, by their codes; returns how many."""
    added = 0
    for position, row in enumerate(rows):
        defaults = {"name": row["name"], "parent": parent, "position": position}
        topic, new = Topic.objects.get_or_create(code=row["code"], defaults=defaults)
        added += int(new) + add_topics(row.get("children", []), topic)
    return added


def add_all(model: type[Model], rows: list[Row], *, key: str = "key", ordered: bool = False) -> int:
    """Add the rows that are not there yet, by `key`; `ordered`: the list's order is the order of display."""
    added = 0
    for position, row in enumerate(rows):
        defaults = without(row, key) | ({"position": position} if ordered else {})
        _found, new = model.objects.get_or_create(**{key: row[key]}, defaults=defaults)  # type: ignore[attr-defined]
        added += int(new)
    return added


def without(row: Row, *names: str) -> Row:
    """The row less these fields."""
    return {name: value for name, value in row.items() if name not in names}
