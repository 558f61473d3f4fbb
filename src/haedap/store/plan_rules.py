"""The rules of queues and callbacks in the centre's tables. What is out of bounds is left out and reported."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from haedap.domain.ids import HoursKey, QueueKey, SkillKey
from haedap.domain.plan import CallbackRules, Overflow, Queue, Widening
from haedap.flows import FlowsError

Built = TypeVar("Built")
RawRow = dict[str, Any]

_WITHIN = {
    "ring_seconds": (1, 600),
    "wrap_up_seconds": (0, 86_400),
    "service_level_seconds": (1, 3600),
    "announce_every_seconds": (0, 3600),
    "reconnect_seconds": (0, 3600),
    "rest_seconds": (0, 86_400),
    "notice_seconds": (0, 86_400),
    "end_seconds": (0, 86_400),
}
_CALLBACKS_WITHIN = {
    "callback_deadline_minutes": (1, 100_000),
    "callback_escalate_minutes": (0, 100_000),
    "callback_ring_seconds": (1, 600),
    "redial_minutes": (0, 1440),
}
_LONGEST_WAIT = 86_400
_MOST_PAUSES = 20
_LONGEST_PAUSE = 100_000


def built(table: str, rows: Iterable[RawRow], build: Callable[[RawRow], Built], problems: list[str]) -> list[Built]:
    """What `build` makes of each row; a row that it raises at is left out and said in `problems`."""
    found: list[Built] = []
    for row in rows:
        try:
            found.append(build(row))
        except (ValueError, TypeError, KeyError, OSError, FlowsError, msgspec.ValidationError) as error:
            name = row.get("key") or row.get("id") or row.get("flow_id")
            problems.append(f"{table} {name} is left out: {error}")
    return found


def queues_of(
    tables: Mapping[str, list[RawRow]], hours: Collection[HoursKey], problems: list[str]
) -> tuple[Queue, ...]:
    """The queues, each with the overflows and widenings that can be used."""
    queues = built("queue", tables["queue"], lambda row: _queue(row, hours, problems), problems)
    known = {queue.key for queue in queues}
    overflows = built("queue_overflow", tables["queue_overflow"], lambda row: _overflow(row, known), problems)
    widenings = built("queue_widening", tables["queue_widening"], _widening, problems)
    return tuple(
        msgspec.structs.replace(
            queue,
            overflow=tuple(rule for key, rule in overflows if key == queue.key),
            widening=tuple(rule for key, rule in widenings if key == queue.key),
        )
        for queue in queues
    )


def callback_rules(settings: RawRow, problems: list[str]) -> CallbackRules:
    """Those of the settings; the usual ones while nobody has saved any, or when they cannot be used."""
    if not settings:
        return CallbackRules()
    try:
        return _callbacks(settings)
    except (ValueError, TypeError, KeyError) as error:
        problems.append(f"the rules of callbacks are left out: {error}")
        return CallbackRules()


def _callbacks(settings: RawRow) -> CallbackRules:
    for name, (low, high) in _CALLBACKS_WITHIN.items():
        _check_within(name, settings[name], low, high)
    pauses = settings["callback_again_minutes"]
    if not isinstance(pauses, list) or len(pauses) > _MOST_PAUSES:
        raise ValueError("callback_again_minutes is no list of minutes")
    for pause in pauses:
        _check_within("callback_again_minutes", pause, 1, _LONGEST_PAUSE)
    return CallbackRules(
        again_after_minutes=tuple(pauses),
        deadline_minutes=settings["callback_deadline_minutes"],
        escalate_minutes=settings["callback_escalate_minutes"],
        ring_seconds=settings["callback_ring_seconds"],
        redial_minutes=settings["redial_minutes"],
    )


def _queue(row: RawRow, hours: Collection[HoursKey], problems: list[str]) -> Queue:
    for name, (low, high) in _WITHIN.items():
        _check_within(name, row[name], low, high)
    offer = row["callback_offer_seconds"]
    if offer is not None:
        _check_within("callback_offer_seconds", offer, 0, _LONGEST_WAIT)
    callback_hours = row["callback_hours_id"]
    if callback_hours is not None and callback_hours not in hours:
        problems.append(f"queue {row['key']} calls back at any time: its hours {callback_hours} cannot be used")
        callback_hours = None
    return Queue(
        key=QueueKey(row["key"]),
        name=row["name"],
        skill=SkillKey(row["skill_id"]),
        callback_offer_seconds=offer,
        callback_hours=callback_hours,
        abandoned_callback=row["abandoned_callback"],
        **{name: row[name] for name in _WITHIN},
    )


def _overflow(row: RawRow, queues: Collection[QueueKey]) -> tuple[QueueKey, Overflow]:
    to = QueueKey(row["to_queue"])
    if to not in queues or to == row["queue_id"]:
        raise ValueError(f"its queue {to} cannot be used")
    for name in ("after_seconds", "longer_than"):
        if row[name] is not None:
            _check_within(name, row[name], 0, _LONGEST_WAIT)
    rule = Overflow(to, row["after_seconds"], row["longer_than"], row["nobody"])
    return QueueKey(row["queue_id"]), rule


def _widening(row: RawRow) -> tuple[QueueKey, Widening]:
    _check_within("after_seconds", row["after_seconds"], 0, _LONGEST_WAIT)
    return QueueKey(row["queue_id"]), Widening(row["after_seconds"], SkillKey(row["skill_id"]))


def _check_within(name: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} is not within {low} and {high}")
