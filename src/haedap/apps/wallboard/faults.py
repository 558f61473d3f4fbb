"""Every fault of the centre itself, once: how grave it is, what the wallboard says, and what to do about it.

`haedap.operations.watch` finds most of them and writes their keys into `centre_health`; the push hub sees itself when
the database is away. Wallboard and `haedap doctor` say them in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

HEALTH_CHANNEL = "haedap_health"
ENGINES = "engines"
"""The key of the row that tells who is at work; no fault."""


class Level(StrEnum):
    """`NOTICE`: it is over, or needs nobody. `WARNING`: somebody should see to it. `FAULT`: calls are not served."""

    NOTICE = "notice"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Fault:
    """`says` and `remedy` are texts for gettext; both may name fields of the row's detail."""

    level: Level
    says: str
    remedy: str


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogue. Django's own wants its settings, which the supervisor does not load."""
    return text


FAULTS: Mapping[str, Fault] = {
    "database_away": Fault(
        Level.FAULT,
        gettext_noop("The database does not answer: calls in progress go on, nothing new is decided."),
        gettext_noop("It is started again by itself. If it stays away, look at postgresql.log and at the disk."),
    ),
    "no_engine": Fault(
        Level.FAULT,
        gettext_noop("No engine is at work: calls in progress go on, new calls wait."),
        gettext_noop("It is started again by itself. If it stays away, look at engine.log and standby.log."),
    ),
    "exchange_away": Fault(
        Level.FAULT,
        gettext_noop("The exchange (Asterisk) does not answer: its calls have ended, no call comes in."),
        gettext_noop("It is started again by itself. If it stays away, look at asterisk.log."),
    ),
    "trunk_unregistered": Fault(
        Level.FAULT,
        gettext_noop("The trunk is not registered with the provider: no citizen gets through."),
        gettext_noop("Check HAEDAP_TRUNK_REGISTRAR, the account and the line to the provider; tell the provider."),
    ),
    "disk_full": Fault(
        Level.FAULT,
        gettext_noop(
            "The disk is full (%(free_mb)s MB left): recordings break off, and decisions stop with the last space."
        ),
        gettext_noop("Free space now: move old recordings and logs away. The centre goes on by itself."),
    ),
    "calls_out_fail": Fault(
        Level.WARNING,
        gettext_noop(
            "Promised calls cannot go out: since %(since)s %(calls)s calls for %(promises)s promises have failed."
        ),
        gettext_noop(
            "Check HAEDAP_TRUNK_HOST, HAEDAP_TRUNK_USER and HAEDAP_TRUNK_PASSWORD, and ask the provider whether the"
            " account is blocked. The calls are tried again by themselves."
        ),
    ),
    "disk_low": Fault(
        Level.WARNING,
        gettext_noop("The disk is nearly full: %(free_mb)s MB left."),
        gettext_noop("Move old recordings and logs away before it is full."),
    ),
    "standby_missing": Fault(
        Level.WARNING,
        gettext_noop("No standby engine is ready: should the engine fail now, calls would wait until it has started."),
        gettext_noop("It is started again by itself. If it stays away, look at standby.log and engine.log."),
    ),
    "clock_jumped": Fault(
        Level.WARNING,
        gettext_noop(
            "The machine's clock was set: the centre's time is %(seconds)s s away from it and comes nearer slowly."
        ),
        gettext_noop("Let the clock be kept by NTP. Times of calls are right again when this line is gone."),
    ),
    "database_was_away": Fault(
        Level.NOTICE,
        gettext_noop("The database was away for %(seconds)s s. It is back; nothing was lost."),
        gettext_noop("Nothing is to be done. If it happens again, look at postgresql.log."),
    ),
}
