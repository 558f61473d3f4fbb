"""A flow that uses every kind of step, and hours that are open on weekdays with a lunch break."""

from datetime import UTC, datetime
from typing import Any

from haedap.domain.ids import FlowKey, HoursKey
from haedap.domain.plan import Hours
from haedap.flows import Flow, FlowError, FlowInvalid, parse_flow, parse_week

OPEN = datetime(2026, 11, 23, 1, tzinfo=UTC)
"""A Monday, 10:00 in Seoul."""
LUNCH = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 25, 1, tzinfo=UTC)
PROMPTS = {"welcome", "recording_notice", "main_menu", "invalid_choice", "connecting", "closed", "closed_holiday"}


def sample_definition() -> dict[str, Any]:
    return {
        "start": "welcome",
        "steps": {
            "welcome": {"kind": "play", "prompts": ["welcome", "recording_notice"], "next": "hours"},
            "hours": {"kind": "hours", "hours": "main", "open": "menu", "closed": "closed", "holiday": "rest"},
            "menu": {
                "kind": "menu",
                "prompts": ["main_menu"],
                "choices": {"1": "tax", "12": "water", "9": "bye", "0": "menu"},
                "otherwise": "general",
                "invalid_prompts": ["invalid_choice"],
            },
            "tax": {"kind": "queue", "queue": "tax", "priority": 2, "prompts": ["connecting"]},
            "water": {"kind": "queue", "queue": "water", "music": False},
            "general": {"kind": "queue", "queue": "general"},
            "closed": {"kind": "announcement", "prompts": ["closed"], "next": None},
            "rest": {"kind": "announcement", "prompts": ["closed_holiday"], "next": "bye"},
            "bye": {"kind": "hang_up"},
        },
    }


def sample_hours() -> dict[HoursKey, Hours]:
    weekday = [["09:00", "12:00"], ["13:00", "18:00"]]
    return {HoursKey("main"): Hours(key=HoursKey("main"), week=parse_week([weekday] * 5 + [[], []]))}


def parse(definition: object) -> Flow:
    return parse_flow(FlowKey("main"), definition, queues={"tax", "water", "general"}, hours={"main"}, prompts=PROMPTS)


def errors_of(definition: object) -> tuple[FlowError, ...]:
    try:
        parse(definition)
    except FlowInvalid as error:
        return error.errors
    return ()


def found(definition: object) -> list[tuple[str, str]]:
    """Places and codes of what is wrong."""
    return [(error.place, error.code.value) for error in errors_of(definition)]
