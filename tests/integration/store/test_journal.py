"""The journal's writer: whole batches, each once, by one engine."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime

import psycopg
import pytest

from haedap.domain.codec import decode_event, decode_fact
from haedap.domain.events import DigitPressed
from haedap.domain.facts import ContactClosed
from haedap.domain.ids import ContactId
from haedap.domain.states import ContactOutcome, EndedBy
from haedap.store import CommandsWithdrawnError, TakenOverError
from haedap.store.commands import Outcome
from haedap.store.connection import connected
from haedap.store.journal import Journal, read_facts
from haedap.store.rows import Row, rows_of
from tests.support.patience import PATIENCE

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
CONTACT = ContactId(str(uuid.uuid4()))


def _rows(first: int, digit: str = "1") -> list[Row]:
    event = DigitPressed(at=AT, contact=CONTACT, digit=digit)
    closed = ContactClosed(contact=CONTACT, outcome=ContactOutcome.ABANDONED, by=EndedBy.CITIZEN)
    return rows_of(event, (closed,), first, AT)


async def _written(url: str) -> list[tuple[int, object]]:
    decoders = {"E": decode_event, "F": decode_fact}
    async with connected(url, "test") as connection:
        cursor = await connection.execute("SELECT seq, role, data::text FROM journal ORDER BY seq")
        return [(seq, decoders[role](text)) for seq, role, text in await cursor.fetchall()]


async def _end_backend(url: str, purpose: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE starts_with(application_name, %s)",
            (purpose,),
        )


async def test_what_is_appended_is_read_back(database: str) -> None:
    journal = Journal(database)
    await journal.open()
    await journal.append(_rows(1))
    await journal.append(_rows(3, '"\\\\\n가'))
    await journal.close()
    assert await _written(database) == [(row.seq, row.data) for row in (*_rows(1), *_rows(3, '"\\\\\n가'))]
    assert journal.tail == 4
    async with connected(database, "test") as connection:
        assert [seq async for seq, _, _ in read_facts(connection, 2)] == [4]


@pytest.mark.parametrize("limit", ["statement_timeout", "lock_timeout", "idle_session_timeout"])
async def test_an_administrators_limit_ends_nobody_who_waits_for_the_lock(database: str, limit: str) -> None:
    async with connected(f"{database}&options=-c{limit}%3D3s", "test") as connection:
        cursor = await connection.execute(f"SHOW {limit}".encode())
        assert await cursor.fetchone() == ("0",)


async def test_a_lost_connection_is_no_lost_batch(database: str) -> None:
    journal = Journal(database)
    await journal.open()
    await journal.append(_rows(1))
    await _end_backend(database, "haedap-engine journal")
    await asyncio.wait_for(journal.append(_rows(3)), PATIENCE)
    await journal.close()
    assert [seq for seq, _ in await _written(database)] == [1, 2, 3, 4]


async def test_a_batch_that_landed_although_nobody_heard_is_not_written_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(database)
    await journal.open()
    write = journal._write

    async def write_and_lose_the_answer(rows: list[Row], outcomes: list[Outcome]) -> None:
        await write(rows, outcomes)
        monkeypatch.setattr(journal, "_write", write)
        await _end_backend(database, "haedap-engine journal")
        assert journal._connection is not None
        await write([], [Outcome(str(uuid.uuid4()), "done")])

    monkeypatch.setattr(journal, "_write", write_and_lose_the_answer)
    await asyncio.wait_for(journal.append(_rows(1)), PATIENCE)
    await journal.append(_rows(3))
    await journal.close()
    assert [seq for seq, _ in await _written(database)] == [1, 2, 3, 4]


async def test_rows_of_somebody_else_are_noticed(database: str) -> None:
    journal = Journal(database)
    await journal.open()
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute(
            "INSERT INTO journal (seq, at, role, name, data) VALUES (1, now(), 'E', 'TimePassed', '{}')"
        )
    with pytest.raises(TakenOverError):
        await journal.append(_rows(1))
    await journal.close()


async def test_a_withdrawn_command_takes_its_batch_along(database: str) -> None:
    journal = Journal(database)
    await journal.open()
    there, gone = str(uuid.uuid4()), str(uuid.uuid4())
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute("INSERT INTO command (id, name) VALUES (%s, 'sign_in')", (there,))
        with pytest.raises(CommandsWithdrawnError) as withdrawn:
            await journal.append(_rows(1), [Outcome(there, "done"), Outcome(gone, "done")])
        assert withdrawn.value.commands == {gone}
        assert await _written(database) == []
        await journal.append(_rows(1), [Outcome(there, "done")])
        await journal.append([], [Outcome(gone, "refused", "late")])
        cursor = await connection.execute("SELECT outcome FROM command")
        assert await cursor.fetchall() == [("done",)]
    await journal.close()
    assert journal.tail == 2
