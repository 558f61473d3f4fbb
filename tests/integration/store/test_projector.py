"""The read models follow the journal whatever happens to their writer."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest
import structlog

from haedap.domain import facts
from haedap.domain.facts import AnyFact
from haedap.domain.ids import AgentId, ContactId, OfferId, OfficerId, PromiseId, QueueKey
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    Channel,
    ContactOutcome,
    Control,
    Direction,
    EndedBy,
    MoveCause,
    PromiseOutcome,
    PromiseReason,
    ProtectionStep,
    Supervision,
    TransferMode,
    TransferOutcome,
)
from haedap.domain.targets import ToOutside, ToQueue
from haedap.store import StoreError
from haedap.store.journal import Journal
from haedap.store.projector import Projector, rebuild
from haedap.store.rows import Row, fact_rows
from tests.support.engine import KOREA, read_models, wait_until
from tests.support.patience import PATIENCE

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
ONE, QUEUE = AgentId(1), QueueKey("tax")
_SYNTHETIC = """
WITH one AS (
    INSERT INTO contact (id, channel, state, arrived_at, seq)
    VALUES (gen_random_uuid(), 'voice', 'ended', '2023-05-02T01:00:00Z', 0) RETURNING id
), period AS (
    INSERT INTO agent_period (id, agent, state, reason, started_at) VALUES (-1, 9, 'available', '', '2023-05-02T00:00Z')
)
INSERT INTO segment (id, contact, number, agent, queue, offer, started_at, seq)
SELECT -1, id, 1, 9, 'tax', '', '2023-05-02T01:00:10Z', 0 FROM one
"""
"""As `haedap demo year` leaves them: without a row of the journal."""


def _story() -> list[AnyFact]:
    """One contact from arrival to end."""
    contact = ContactId(str(uuid.uuid4()))
    offer = OfferId(f"{contact}.1")
    return [
        facts.ContactOpened(
            contact=contact,
            channel=Channel.VOICE,
            called="+82200000120",
            caller=None,
            caller_text="anonymous",
            caller_name='김 "시민" \\ O\'Brien',
            withheld=True,
            flow=None,
        ),
        facts.ContactQueued(contact=contact, queue=QUEUE, priority=0),
        facts.ContactOffered(contact=contact, offer=offer, agent=ONE, queue=QUEUE),
        facts.AgentStateChanged(agent=ONE, state=AgentState.ENGAGED, contact=contact),
        facts.SegmentStarted(contact=contact, segment=1, agent=ONE, queue=QUEUE, offer=offer),
        facts.ControlApplied(contact=contact, segment=1, agent=ONE, control=Control.HOLD),
        facts.ControlApplied(contact=contact, segment=1, agent=ONE, control=Control.UNHOLD),
        facts.ControlApplied(contact=contact, segment=1, agent=ONE, control=Control.HOLD),
        facts.LegLost(contact=contact, segment=1, agent=ONE, held=True),
        facts.LegRegained(contact=contact, segment=1, agent=ONE),
        facts.SegmentEnded(contact=contact, segment=1, agent=ONE, by=EndedBy.AGENT),
        facts.ContactClosed(contact=contact, outcome=ContactOutcome.ANSWERED, by=EndedBy.AGENT),
        facts.AgentStateChanged(agent=ONE, state=AgentState.WRAP_UP),
        facts.AgentStateChanged(agent=ONE, state=AgentState.AVAILABLE),
    ]


def _story_of_promises() -> list[AnyFact]:
    """A citizen whose talk is supervised is put through, comes back, and is promised a call that is kept."""
    contact, callback = ContactId(str(uuid.uuid4())), ContactId(str(uuid.uuid4()))
    promise, other, third = (PromiseId(str(uuid.uuid4())) for _number in range(3))
    office = ToOutside("7012", OfficerId(3), "세무과 '재산세' \\ \"팀\"")
    segment: dict[str, Any] = {"contact": contact, "segment": 1, "agent": ONE}
    opened = _story()[0]
    assert isinstance(opened, facts.ContactOpened)
    made = facts.PromiseMade(
        promise=promise,
        citizen="+821000001234",
        owner=office,
        reason=PromiseReason.OFFICER,
        made_at=START,
        due_at=START,
        deadline=START + timedelta(days=1),
        agent=ONE,
        contact=contact,
    )
    to_queue = facts.PromiseAltered(promise=promise, owner=ToQueue(QUEUE), due_at=START, deadline=START)
    transfer: dict[str, Any] = {"contact": contact, "transfer": 1}
    return [
        msgspec.structs.replace(opened, contact=contact),
        facts.ContactQueued(contact=contact, queue=QUEUE, priority=0),
        facts.ContactMoved(contact=contact, queue=QueueKey("water"), cause=MoveCause.LENGTH),
        facts.SegmentStarted(**segment, queue=QUEUE, offer=OfferId(f"{contact}.1")),
        facts.ControlApplied(**segment, control=Control.HOLD),
        facts.SupervisionStarted(contact=contact, segment=1, supervisor=AgentId(9), mode=Supervision.LISTEN),
        facts.SupervisionStarted(contact=contact, segment=1, supervisor=AgentId(9), mode=Supervision.BARGE),
        facts.ProtectionTaken(**segment, step=ProtectionStep.WARN, kind="폭언"),
        facts.TransferStarted(**transfer, segment=1, agent=ONE, mode=TransferMode.CONSULT, target=office),
        facts.TransferAnswered(**transfer),
        facts.TransferStepped(**transfer, citizen=True, consulted=True),
        facts.SupervisionEnded(contact=contact, supervisor=AgentId(9)),
        facts.SegmentEnded(**segment, by=EndedBy.AGENT),
        facts.TransferEnded(**transfer, outcome=TransferOutcome.COMPLETED),
        facts.ContactReturned(**transfer, agent=ONE),
        facts.ContactClosed(contact=contact, outcome=ContactOutcome.ANSWERED, by=EndedBy.LINE),
        msgspec.structs.replace(made, promise=other),
        msgspec.structs.replace(made, promise=third),
        facts.PromiseEnded(promise=third, outcome=PromiseOutcome.MERGED, into=other),
        made,
        facts.PromiseEnded(promise=other, outcome=PromiseOutcome.MERGED, into=promise),
        to_queue,
        facts.AttemptStarted(promise=promise, attempt=1, contact=callback),
        msgspec.structs.replace(opened, contact=callback, direction=Direction.OUT, promise=promise),
        facts.SegmentStarted(contact=callback, segment=1, agent=ONE, queue=QUEUE, offer=OfferId(f"{callback}.1")),
        facts.CitizenCalled(contact=callback, segment=1, agent=ONE),
        facts.CitizenAnswered(contact=callback, segment=1, agent=ONE),
        facts.PromiseEscalated(promise=promise),
        facts.AttemptEnded(promise=promise, attempt=1, outcome=AttemptOutcome.REACHED, again_at=None),
        facts.PromiseEnded(promise=promise, outcome=PromiseOutcome.KEPT, contact=callback),
    ]


def _rows(count: int, *more: AnyFact) -> list[Row]:
    """The rows of `count` stories and of `more`, a second apart."""
    told = [*(fact for _ in range(count) for fact in _story()), *more]
    return [fact_rows([fact], seq, START + timedelta(seconds=seq))[0] for seq, fact in enumerate(told, 1)]


@asynccontextmanager
async def _at_work(projector: Projector) -> AsyncIterator[None]:
    working = asyncio.create_task(projector.run())
    try:
        yield
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _write(url: str, rows: list[Row]) -> None:
    journal = Journal(url)
    await journal.open()
    await journal.append(rows)
    await journal.close()


async def test_stopped_after_any_row_it_goes_on_to_the_same_tables(database: str) -> None:
    rows = _rows(2, *_story_of_promises())
    for row in rows:
        await _write(database, [row])
        await Projector(database, recorded_in=KOREA).catch_up()
    step_by_step = await read_models(database)
    await rebuild(database, recorded_in=KOREA)
    assert await read_models(database) == step_by_step
    assert {table: len(found) for table, found in step_by_step.items()} == {
        "contact": 4,
        "segment": 4,
        "agent_status": 1,
        "agent_period": 6,
        "transfer": 1,
        "protection_step": 1,
        "supervision": 2,
        "promise": 3,
        "promise_attempt": 1,
        "projection": 1,
        "recording": 4,
    }
    assert sum('"referred": true' in row for row in step_by_step["contact"]) == 1
    promises = [json.loads(row) for row in step_by_step["promise"]]
    (stands,) = (row["id"] for row in promises if row["outcome"] == "kept")
    assert [row["into"] for row in promises if row["outcome"] == "merged"] == [stands, stands]


async def test_a_rebuild_keeps_a_synthetic_year(database: str) -> None:
    await _write(database, _rows(1))
    await rebuild(database, recorded_in=KOREA)
    before = await read_models(database)
    async with await psycopg.AsyncConnection.connect(database) as connection:
        await connection.execute(_SYNTHETIC)
    both = await read_models(database)
    assert len(both["contact"]) == len(before["contact"]) + 1
    await rebuild(database, recorded_in=KOREA)
    assert await read_models(database) == both


async def test_what_is_handed_over_and_what_is_read_make_one_journal(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A jam: more is handed over than fits, so that the projector must go back to the journal."""
    monkeypatch.setattr("haedap.store.projector._MOST_HANDED", 3)
    journal, projector = Journal(database), Projector(database, recorded_in=KOREA)
    await journal.open()
    async with _at_work(projector):
        for row in _rows(20):
            await journal.append([row])
            projector.hand_over([row])
        await wait_until(lambda: projector.seq == journal.tail)
    await journal.close()
    before = await read_models(database)
    assert len(before["contact"]) == 20
    await rebuild(database, recorded_in=KOREA)
    assert await read_models(database) == before


async def test_a_lost_connection_loses_no_row(database: str) -> None:
    journal, projector = Journal(database), Projector(database, recorded_in=KOREA)
    await journal.open()
    async with _at_work(projector), await psycopg.AsyncConnection.connect(database, autocommit=True) as other:
        for number, row in enumerate(_rows(10)):
            await journal.append([row])
            projector.hand_over([row])
            if number % 30 == 10:
                await wait_until(lambda: projector.seq > 0)
                await other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name LIKE 'haedap-engine projector %'"
                )
        await wait_until(lambda: projector.seq == journal.tail)
    await journal.close()
    before = await read_models(database)
    await rebuild(database, recorded_in=KOREA)
    assert await read_models(database) == before


async def test_a_row_that_cannot_be_read_is_said_and_tried_again(database: str) -> None:
    """Whatever is wrong with the tables of the screens, the calls go on."""
    opened, *rest = _rows(1)
    await _write(database, [opened])
    await Projector(database, recorded_in=KOREA).catch_up()
    journal, projector = Journal(database), Projector(database, recorded_in=KOREA)
    await journal.open()
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as other:
        await other.execute("UPDATE contact SET arrived_at = 'infinity'")
        with structlog.testing.capture_logs() as log:
            async with _at_work(projector):
                await journal.append(rest)
                await wait_until(lambda: any("cannot be written" in line["event"] for line in log))
                await other.execute("UPDATE contact SET arrived_at = %s", (opened.at,))
                await wait_until(lambda: projector.seq == journal.tail)
    await journal.close()


async def test_screens_are_woken_with_the_row_that_is_projected(database: str) -> None:
    rows = _rows(1)
    await _write(database, rows)
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as listener:
        await listener.execute("LISTEN haedap_push")
        await Projector(database, recorded_in=KOREA).catch_up()
        notices = [notice async for notice in listener.notifies(timeout=PATIENCE, stop_after=1)]
    assert [notice.payload for notice in notices] == [str(rows[-1].seq)]


async def test_a_rebuild_keeps_what_is_known_of_recordings(database: str) -> None:
    await _write(database, _rows(1))
    await Projector(database, recorded_in=KOREA).catch_up()
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute("UPDATE recording SET status = 'ready', bytes = 160044")
    before = await read_models(database)
    await rebuild(database, recorded_in=KOREA)
    assert await read_models(database) == before


async def test_no_rebuild_beside_an_engine(database: str) -> None:
    journal = Journal(database)
    await journal.open()
    with pytest.raises(StoreError, match="engine is at work"):
        await rebuild(database, recorded_in=KOREA)
    await journal.close()
