"""Hand-kept books: contacts, segments and agents' periods put straight into a real database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from haedap.analytics.figures import Figures, Row, UsualCurve, ask_today
from haedap.analytics.tables import SEOUL

DAY = datetime(2026, 11, 18, tzinfo=SEOUL)
NOON = DAY + timedelta(hours=12)


def clock(text: str, day: datetime = DAY) -> datetime:
    """`09:00:05` of the day, Seoul."""
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return day + timedelta(hours=hours, minutes=minutes, seconds=seconds)


@dataclass
class Book:
    """Writes rows; times of a contact are seconds after its arrival."""

    connection: psycopg.Connection[Row]

    def queue(self, key: str, service_level_seconds: int = 20) -> None:
        self.connection.execute("INSERT INTO skill (key, name) VALUES (%s, %s)", (key, key))
        self.connection.execute(
            "INSERT INTO queue (key, name, skill_id, service_level_seconds) VALUES (%s, %s, %s, %s)",
            (key, key, key, service_level_seconds),
        )

    def settings(self, formula: str = "standard", short_abandon_seconds: int = 5) -> None:
        self.connection.execute(
            """INSERT INTO centre_settings (id, service_level_formula, short_abandon_seconds) VALUES (1, %s, %s)
            ON CONFLICT (id) DO UPDATE SET service_level_formula = excluded.service_level_formula,
            short_abandon_seconds = excluded.short_abandon_seconds""",
            (formula, short_abandon_seconds),
        )

    def contact(
        self,
        arrived: datetime,
        *,
        queue: str | None = None,
        queued: float | None = None,
        answered: float | None = None,
        ended: float | None = None,
        outcome: str | None = None,
        state: str | None = None,
        moved_to: str | None = None,
        **more: Any,
    ) -> uuid.UUID:
        """One contact; `state` follows from the times unless given. `more`: other columns."""

        def at(seconds: float | None) -> datetime | None:
            return None if seconds is None else arrived + timedelta(seconds=seconds)

        reached = "ended" if ended is not None else "engaged" if answered is not None else "waiting"
        made = uuid.uuid4()
        self.connection.execute(
            """INSERT INTO contact
            (id, channel, state, outcome, asked_queue, queue, arrived_at, queued_at, answered_at, ended_at, seq)
            VALUES (%s, 'voice', %s, %s, %s, %s, %s, %s, %s, %s, 1)""",
            (
                made,
                state or reached,
                outcome,
                queue,
                moved_to or queue,
                arrived,
                at(queued),
                at(answered),
                at(ended),
            ),
        )
        for name, value in more.items():
            change = sql.SQL("UPDATE contact SET {} = %s WHERE id = %s").format(sql.Identifier(name))
            self.connection.execute(change, (value, made))
        return made

    def case(self, contact: uuid.UUID, *, due: datetime, state: str = "open") -> None:
        """A case at an office, out of `contact`; one that is closed has ended when it was due."""
        made = uuid.uuid4()
        ended = due if state in {"closed", "withdrawn"} else None
        self.connection.execute(
            """INSERT INTO case_file
            (id, number, contact, citizen_name, citizen_number, topic_path, kind, term, text, department, office,
            officer_name, reply, opened_by, received_at, due_at, state, extensions, answer, ended_at,
            earlier_alike, link)
            VALUES (%s, %s, %s, '', '', '', 'grievance', '7d', '', 1, '', '', 'callback', 1, %s, %s, %s, '[]', '', %s,
            0, 1)""",
            (made, made.hex[:16], contact, due - timedelta(days=7), due, state, ended),
        )

    def promise(
        self,
        made: datetime,
        *,
        outcome: str | None = None,
        ended: float | None = None,
        window: float = 3600,
        contact: uuid.UUID | None = None,
        queue: str | None = "tax",
        into: uuid.UUID | None = None,
    ) -> uuid.UUID:
        """A promised callback, owed within `window` seconds; `ended`: seconds after it was made."""
        promise = uuid.uuid4()
        self.connection.execute(
            """INSERT INTO promise (id, citizen, owner_kind, owner_queue, reason, state, made_at, place_at, due_at,
            deadline, ended_at, outcome, contact, "into", seq)
            VALUES (%s, '+821000001234', 'queue', %s, 'queue', %s, %s, %s, %s, %s, %s, %s, %s, %s, 1)""",
            (
                promise,
                queue,
                "open" if outcome is None else "ended",
                made,
                made,
                made,
                made + timedelta(seconds=window),
                None if ended is None else made + timedelta(seconds=ended),
                outcome,
                contact,
                into,
            ),
        )
        return promise

    def segment(
        self,
        contact: uuid.UUID,
        started: datetime,
        seconds: float | None,
        wrap_up: float | None,
        number: int = 1,
        ringing: float | None = 0,
    ) -> None:
        """`ringing`: seconds until the talk began; None: it never did."""
        talk_from = None if ringing is None else started + timedelta(seconds=ringing)
        ended = None if seconds is None else started + timedelta(seconds=seconds)
        self.connection.execute(
            """INSERT INTO segment
            (contact, number, agent, queue, offer, started_at, talk_from, ended_at, wrap_up_seconds, seq)
            VALUES (%s, %s, 1, 'tax', 'offer', %s, %s, %s, %s, 1)""",
            (contact, number, started, talk_from, ended, wrap_up),
        )

    def period(self, agent: int, state: str, started: datetime, ended: datetime | None) -> None:
        self.connection.execute(
            "INSERT INTO agent_period (agent, state, started_at, ended_at) VALUES (%s, %s, %s, %s)",
            (agent, state, started, ended),
        )

    def status(self, agent: int, state: str) -> None:
        self.connection.execute(
            "INSERT INTO agent_status (agent, state, since, seq) VALUES (%s, %s, %s, 1)", (agent, state, NOON)
        )

    def figures(self, now: datetime = NOON) -> Figures:
        return figures_of(self.connection, now, UsualCurve())

    def today(self, now: datetime = NOON) -> dict[str, Any]:
        return self.figures(now).today


def figures_of(connection: psycopg.Connection[Row], now: datetime, usual: UsualCurve) -> Figures:
    """The figures as the web asks for them, on a connection with dict rows."""
    questions = ask_today(now.astimezone(UTC), usual)
    statement = next(questions)
    while True:
        rows = connection.execute(statement.sql, statement.parameters).fetchall()
        try:
            statement = questions.send(rows)
        except StopIteration as done:
            figures: Figures = done.value
            return figures


def open_book(url: str) -> psycopg.Connection[Row]:
    return psycopg.connect(url, autocommit=True, row_factory=dict_row)
