"""The whole journal as a stream, past the rules of conservation: one pass, in memory that does not grow with it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from psycopg import Connection, sql

from haedap.domain.codec import decode_event, decode_fact
from haedap.domain.conservation import Breach, Conservation
from haedap.domain.decisions import AnyDecision
from haedap.domain.facts import AnyFact
from haedap.domain.ids import ContactId
from haedap.routing import Router
from haedap.store.rows import Role, says_the_same

_AT_ONCE = 5000
_COLUMNS = sql.SQL("seq, at, role, name, contact::text, data::text")
_TWICE = "SELECT max(seq), contact::text FROM journal WHERE name = %s GROUP BY contact HAVING count(*) > 1 ORDER BY 1"
Entry = tuple[int, datetime, str, str, str | None, str]


class Report(msgspec.Struct):
    """What an audit has seen so far."""

    rows: int = 0
    arrived: int = 0
    opened: int = 0
    closed: int = 0
    live: int = 0
    replayed: bool = False


def audit(connection: Connection[Any], report: Report, *, replay: bool) -> Iterator[Breach]:
    """Every breach in the order of the journal; `report` is filled on the way. `replay`: the router decides anew.

    All is read as of one moment. Raises psycopg.Error.
    """
    rules, again = Conservation(), _Replay() if replay else None
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for entry in _entries(connection):
            yield from _judged(rules, entry)
            if again is not None:
                yield from again.compare(entry)
            report.rows += 1
        yield from rules.finish()
        if again is not None:
            yield from again.finish(rules)
        for name, rule in (("ContactOpened", "contact_opened_twice"), ("ContactClosed", "contact_closed_twice")):
            for seq, contact in connection.execute(_TWICE, (name,)):
                yield Breach(seq, rule, ContactId(contact))
    report.arrived, report.opened, report.closed = rules.arrived, rules.opened, rules.closed
    report.live, report.replayed = len(rules.cases), replay


def _entries(connection: Connection[Any]) -> Iterator[Entry]:
    with psycopg.ServerCursor(connection, "haedap_audit") as cursor:
        cursor.itersize = _AT_ONCE
        yield from cursor.execute(sql.SQL("SELECT {} FROM journal ORDER BY seq").format(_COLUMNS))


def _judged(rules: Conservation, entry: Entry) -> list[Breach]:
    seq, at, role, name, contact, data = entry
    if role == Role.EVENT:
        return rules.event(seq, at, name, ContactId(contact) if contact else None)
    if role == Role.DECISION:
        return rules.decision(seq, at)
    try:
        fact = decode_fact(data)
    except msgspec.ValidationError:
        return [*rules.decision(seq, at), Breach(seq, "unreadable_fact", ContactId(contact) if contact else None)]
    return rules.fact(seq, at, fact)


class _Replay:
    """A router that is given the same events: it must say the same. After the first difference it is silent."""

    def __init__(self) -> None:
        self._router = Router()
        self._expected: list[AnyDecision | AnyFact] = []
        self._differs = False

    def compare(self, entry: Entry) -> Iterator[Breach]:
        """The router's next word against the journal's."""
        seq, _, role, _, contact, data = entry
        if self._differs:
            return
        if role == Role.EVENT:
            if self._expected:
                yield self._different(seq, contact)
                return
            try:
                answers = self._router.handle(decode_event(data))
            except msgspec.ValidationError:
                yield self._different(seq, contact)
                return
            self._expected = list(reversed(answers))
            return
        if not self._expected or not says_the_same(self._expected.pop(), role, data):
            yield self._different(seq, contact)

    def finish(self, rules: Conservation) -> Iterator[Breach]:
        """At the end nothing may be left to say, and the same contacts must be live."""
        if self._expected and not self._differs:
            yield self._different(rules.seq, None)
        if self._differs:
            return
        live = self._router.contacts()
        for contact in sorted(live ^ rules.cases.keys()):
            yield Breach(rules.seq, "live_in_router_only" if contact in live else "live_in_journal_only", contact)

    def _different(self, seq: int, contact: str | None) -> Breach:
        self._differs = True
        return Breach(seq, "replay_differs", ContactId(contact) if contact else None)
