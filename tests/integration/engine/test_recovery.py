"""Starting again: snapshots, damaged snapshots, a journal of another version, a second engine."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

import psycopg
import pytest
import structlog

from haedap.channels.port import Post
from haedap.clock import wall_time
from haedap.domain.decisions import EndContact, OfferContact
from haedap.domain.events import AnyEvent, CitizenReached, DigitPressed
from haedap.domain.ids import AgentId, ContactId
from haedap.engine.core import Core
from haedap.engine.recovery import recover
from haedap.engine.service import Engine
from haedap.operations.audit import examine
from haedap.store.connection import connected
from haedap.store.snapshots import load_snapshots
from tests.support.engine import (
    Centre,
    journaled,
    make_centre,
    read_models,
    replayed,
    running_engine,
    state_of,
    wait_until,
)
from tests.support.exchange import Answering, Exchange, ExchangeChannel
from tests.support.patience import PATIENCE

ONE = AgentId(1)


async def _some_calls(centre: Centre, count: int = 10) -> None:
    exchange = centre.exchange
    await centre.on_duty(1)
    for _ in range(count):
        contact = exchange.call()
        await wait_until(lambda contact=contact: contact in exchange.joins)  # type: ignore[misc]
        exchange.hang_up(contact)
    await wait_until(lambda: not exchange.legs)


def _exchange() -> Exchange:
    exchange = Exchange()
    exchange.answering[ONE] = Answering.AT_ONCE
    return exchange


async def test_every_snapshot_equals_the_replay_of_what_came_before(database: str) -> None:
    make_centre(database)
    async with running_engine(database, _exchange(), snapshot_every=20) as centre:
        await _some_calls(centre)
        state = state_of(centre)
    async with connected(database, "test") as connection:
        snapshots = await load_snapshots(connection)
        tail = centre.engine.journal.tail
        recovered = await recover(connection, tail)
    assert len(snapshots) == 3
    assert snapshots[0][0] == tail
    whole, _ = await replayed(database)
    assert whole.snapshot() == recovered.snapshot() == state
    for seq, data in snapshots:
        assert Core.restore(data, seq).snapshot() == Core.restore(Core.restore(data, seq).snapshot(), seq).snapshot()


async def test_a_batch_that_is_given_up_at_a_stop_is_in_no_snapshot(database: str) -> None:
    """Whoever writes rows of these numbers next would go on from what was never in the journal."""
    make_centre(database)
    exchange = _exchange()
    async with await psycopg.AsyncConnection.connect(database) as other, running_engine(database, exchange) as centre:
        await other.execute("LOCK TABLE journal IN EXCLUSIVE MODE")
        exchange.call()
        tail = centre.engine.journal.tail
        await wait_until(lambda: Core.restore(state_of(centre), 0).contacts() != frozenset())
    async with connected(database, "test") as connection:
        assert [seq for seq, _ in await load_snapshots(connection) if seq > tail] == []
    assert len(await journaled(database)) == tail


async def test_damaged_snapshots_are_passed_over(database: str) -> None:
    make_centre(database)
    exchange = _exchange()
    async with running_engine(database, exchange) as centre:
        await _some_calls(centre, 2)
        assert await centre.command("sign_out", 1) == "done"
        waiting = exchange.call()
        await wait_until(lambda: exchange.calls[waiting].sound == "music")
        state = state_of(centre)
    last = "(SELECT max(seq) FROM router_snapshot)"
    without_queues = f"UPDATE router_snapshot SET data = jsonb_set(data, '{{router,queues}}', '[]') WHERE seq = {last}"  # noqa: S608
    others = ('{"router": 7}', "[]", '{"format": 99}')
    for damage in (without_queues, *(f"UPDATE router_snapshot SET data = '{other}'" for other in others)):  # noqa: S608
        await centre.execute(damage)
        async with connected(database, "test") as connection:
            assert (await recover(connection, centre.engine.journal.tail)).snapshot() == state


async def test_a_journal_of_another_version_is_closed_cleanly(database: str) -> None:
    """Everybody who was there is recorded as ended by the centre with what was open; their calls are ended, new calls
    are taken, and no rule of the journal is broken."""
    make_centre(database, agents=3)
    exchange = _exchange()
    exchange.answering[AgentId(2)] = exchange.answering[AgentId(3)] = Answering.NEVER
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        talking = exchange.call()
        await wait_until(lambda: talking in exchange.joins)
        consult = {"contact": talking, "mode": "consult", "target": {"type": "agent", "agent": 3}}
        await centre.on_duty(3)
        assert await centre.command("transfer", 1, **consult) == "done"
        await centre.on_duty(2)
        ringing = exchange.call()
        await wait_until(lambda: len(exchange.legs) == 3)
        waiting = exchange.call()
        await wait_until(lambda: exchange.calls[waiting].sound == "music")
    await _make_unreadable(centre)
    async with running_engine(database, exchange) as centre:
        await wait_until(lambda: not exchange.calls)
        first, second = await centre.contact(talking), await centre.contact(waiting)
        status = (await centre.rows("SELECT state FROM agent_status WHERE agent = 1"))[0]
        await _some_calls(centre, 1)
    assert (first["outcome"], first["ended_by"]) == ("answered", "centre")
    assert (second["outcome"], second["ended_by"]) == ("abandoned", "centre")
    assert status["state"] == "signed_out"
    async with running_engine(database, exchange) as centre:
        await _some_calls(centre, 1)
        await centre.projected()
        count = await centre.rows("SELECT count(*) AS n FROM contact")
    assert count == [{"n": 5}]
    found = await centre.contact(ringing)
    assert (found["outcome"], found["ended_by"]) == ("abandoned", "centre")
    outcome = examine(database)
    assert outcome.ok, outcome.broken


async def test_a_journal_that_is_closed_goes_on_in_time_though_the_clock_was_set_back(database: str) -> None:
    make_centre(database)
    exchange = _exchange()
    async with running_engine(database, exchange) as centre:
        waiting = exchange.call()
        await wait_until(lambda: exchange.calls[waiting].sound == "music")
    await _make_unreadable(centre)
    async with running_engine(database, exchange, now=lambda: wall_time() - timedelta(minutes=10)):
        await wait_until(lambda: not exchange.calls)
    outcome = examine(database)
    assert outcome.ok, outcome.broken


async def test_what_other_rules_decided_is_not_decided_anew(database: str) -> None:
    """The program was renewed while its engine lay dead: the rows behind the last snapshot say what was. Who was there
    is over as those rows have it, and from then on the program's own rules go on."""
    make_centre(database)
    exchange = _exchange()
    async with running_engine(database, exchange) as centre:
        waiting = exchange.call()
        await wait_until(lambda: exchange.calls[waiting].sound == "music")
    await _rewrite(centre, "UPDATE journal SET data = data || '{\"priority\": 7}' WHERE name = 'ContactQueued'")
    await centre.execute('UPDATE router_snapshot SET data = data || \'{"rules": "others"}\'')
    async with running_engine(database, exchange) as centre:
        assert waiting in exchange.calls, "what the snapshot has is not in doubt"
    await centre.execute("DELETE FROM router_snapshot")
    async with running_engine(database, exchange) as centre:
        await wait_until(lambda: not exchange.calls)
        ended = await centre.contact(waiting)
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        talking = exchange.call()
        await wait_until(lambda: talking in exchange.joins)
    async with running_engine(database, exchange) as centre:
        await centre.projected()
        assert list(exchange.calls) == [talking]
    assert (ended["outcome"], ended["ended_by"]) == ("abandoned", "centre")
    outcome = examine(database)
    assert outcome.ok, outcome.broken


async def _make_unreadable(centre: Centre) -> None:
    """Another version could not go on with this journal."""
    await centre.execute("DELETE FROM router_snapshot")
    await _rewrite(centre, "UPDATE journal SET data = jsonb_set(data, '{type}', '\"Ancient\"') WHERE seq = 2")


async def _rewrite(centre: Centre, change: str) -> None:
    """The journal as another version wrote it."""
    await centre.execute("ALTER TABLE journal DISABLE TRIGGER journal_append_only")
    await centre.execute(change)
    await centre.execute("ALTER TABLE journal ENABLE TRIGGER journal_append_only")


async def _promise(centre: Centre, citizen: str, owner: Mapping[str, object], due_at: datetime | None = None) -> str:
    promise = str(uuid.uuid4())
    data = {"promise": promise, "citizen": citizen, "owner": owner, "reason": "agent"}
    due = {} if due_at is None else {"due_at": due_at.isoformat()}
    assert await centre.command("promise", 1, **data, **due) == "done"
    return promise


async def _calls_back(centre: Centre, promise: str) -> list[tuple[str, str | None, str | None]]:
    """The attempts, each with what its contact came to."""
    await centre.projected()
    rows = await centre.rows(
        "SELECT a.outcome, c.outcome AS contact_outcome, c.queue FROM promise_attempt a JOIN contact c"
        " ON c.id = a.contact WHERE a.promise = %s ORDER BY a.number",
        (promise,),
    )
    return [(row["queue"], row["outcome"], row["contact_outcome"]) for row in rows]


async def test_promises_outlive_a_journal_that_cannot_be_read(database: str) -> None:
    """Who was promised a call is called, by whom and when it was promised; what was over stays so. The old call to a
    citizen who answers it only now is ended."""
    make_centre(database)
    exchange = _exchange()
    promised = "SELECT id, owner_kind, owner_agent, owner_number, deadline FROM promise ORDER BY id"
    tomorrow = wall_time() + timedelta(days=1)
    colleague, officer = {"type": "agent", "agent": 2}, {"type": "outside", "number": "7012", "name": "세무과"}
    async with running_engine(database, exchange) as centre:
        waiting = await _promise(centre, "+821000000001", {"type": "queue", "queue": "general"})
        later = await _promise(centre, "+821000000002", colleague, tomorrow)
        owed = await _promise(centre, "+821000000003", officer)
        over = await _promise(centre, "+821000000004", colleague)
        assert await centre.command("settle_promise", 1, promise=over, outcome="cancelled") == "done"
        assert await _calls_back(centre, waiting) == [("general", None, None)]
    before = await centre.rows(promised)
    given_up = ("general", "failed", "not_reached")
    for starts in (1, 2):
        await _make_unreadable(centre)
        async with running_engine(database, exchange) as centre:
            assert await _calls_back(centre, waiting) == [given_up] * starts + [("general", None, None)]
    rows = await centre.rows("SELECT contact::text FROM promise_attempt WHERE promise = %s AND number = 2", (waiting,))
    late = ContactId(rows[0]["contact"])
    async with running_engine(database, exchange) as centre:
        assert exchange.tell is not None
        exchange.tell(CitizenReached(at=wall_time(), contact=late))
        await wait_until(
            lambda: late in {asked.contact for asked in exchange.performed if isinstance(asked, EndContact)}
        )
        await centre.on_duty(1)
        await wait_until(lambda: any(isinstance(asked, OfferContact) for asked in exchange.performed))
        assert await centre.command("change_promise", 1, promise=later, due_at=wall_time().isoformat()) == "done"
        assert await centre.command("settle_promise", 1, promise=owed, outcome="kept") == "done"
    assert await _calls_back(centre, later) == [("general", None, None)]
    after = await centre.rows(promised)
    states = {str(row["id"]): row["state"] for row in await centre.rows("SELECT id, state FROM promise")}
    assert after == before
    assert states == {waiting: "waiting", later: "waiting", owed: "ended", over: "ended"}
    outcome = examine(database)
    assert outcome.ok, outcome.broken


async def test_a_second_engine_waits_and_takes_over(database: str) -> None:
    make_centre(database)
    exchange, standby_exchange = _exchange(), _exchange()
    async with running_engine(database, exchange) as first:
        await _some_calls(first, 1)
        second = running_engine(database, standby_exchange)
        starting = asyncio.create_task(second.__aenter__())
        async with asyncio.timeout(PATIENCE):
            while not await first.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
                await asyncio.sleep(0.01)
        assert standby_exchange.tell is None
    centre = await starting
    contact = standby_exchange.call()
    await wait_until(lambda: contact in standby_exchange.joins)
    await second.__aexit__(None, None, None)
    assert (await centre.rows("SELECT count(*) AS n FROM contact")) == [{"n": 2}]


async def test_who_answered_while_no_engine_ran_answered_in_time_however_long_the_start_took(database: str) -> None:
    make_centre(database, ring=20)
    exchange = Exchange()
    exchange.answering[ONE] = Answering.NEVER
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        contact = exchange.call()
        await wait_until(lambda: bool(exchange.legs))
    (offer,) = exchange.legs
    exchange.answer(offer)
    async with running_engine(database, exchange, now=lambda: wall_time() + timedelta(minutes=1)) as centre:
        await wait_until(lambda: contact in exchange.joins)
        exchange.hang_up(contact)
        assert (await centre.contact(contact))["agent"] == ONE


class _Away(ExchangeChannel):
    """An exchange that does not answer."""

    async def run(self, post: Post) -> None:
        await asyncio.Event().wait()


async def test_an_exchange_that_is_away_holds_up_no_deadline_for_long(database: str) -> None:
    make_centre(database, wrap_up=30)
    exchange = _exchange()
    async with running_engine(database, exchange) as centre:
        await _some_calls(centre, 1)
    engine = Engine(database, _Away(exchange), lambda: wall_time() + timedelta(minutes=1), recordings=None)
    working = asyncio.create_task(engine.run())
    query = "SELECT 1 FROM agent_status WHERE agent = 1 AND state = 'available'"
    async with asyncio.timeout(PATIENCE):
        while not await centre.rows(query):
            await asyncio.sleep(0.05)
    engine.stop()
    await asyncio.wait_for(working, PATIENCE)


async def test_what_is_wrong_with_the_tables_of_the_screens_ends_no_engine(database: str) -> None:
    make_centre(database)
    exchange = _exchange()
    async with running_engine(database, exchange) as centre:
        waiting = exchange.call()
        await centre.projected()
        await centre.execute("UPDATE contact SET arrived_at = 'infinity'")
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        await wait_until(lambda: waiting in exchange.joins)
        await centre.execute("UPDATE contact SET arrived_at = queued_at")
        assert (await centre.contact(waiting))["state"] == "engaged"


async def test_an_event_that_the_router_cannot_take_is_left_out(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_centre(database)
    exchange = _exchange()
    replay = Core.replay

    def failing(core: Core, event: AnyEvent) -> object:
        answers = replay(core, event)
        if isinstance(event, DigitPressed):
            raise TypeError("a defect")
        return answers

    monkeypatch.setattr(Core, "replay", failing)
    async with running_engine(database, exchange) as centre:
        with structlog.testing.capture_logs() as log:
            waiting = exchange.call()
            exchange.press(waiting, "1")
            await centre.on_duty(1)
            await wait_until(lambda: waiting in exchange.joins)
    assert any("left out" in line["event"] for line in log)
    rows = await journaled(database)
    assert not any(name == "DigitPressed" for _, name, _ in rows)
    assert (await replayed(database))[1] == rows


async def test_a_restart_changes_no_row_of_the_past(database: str) -> None:
    make_centre(database)
    exchange = _exchange()
    async with running_engine(database, exchange) as centre:
        await _some_calls(centre, 3)
        contact = exchange.call()
        await wait_until(lambda: contact in exchange.joins)
        offer = next(iter(exchange.legs))
        assert await centre.command("control", 1, contact=contact, control="hold") == "done"
    before = await read_models(database)
    async with running_engine(database, exchange) as centre:
        await centre.projected()
        during = await read_models(database)
        exchange.end_agent_leg(offer)
        await wait_until(lambda: not exchange.calls)
        row = await centre.contact(contact)
    assert during["segment"] == before["segment"]
    assert during["agent_period"] == before["agent_period"]
    held_over = [json.loads(line) for line in before["contact"] if json.loads(line)["held"]]
    assert [line["id"] for line in held_over] == [contact]
    assert 0 < row["hold_seconds"] <= (wall_time() - row["answered_at"]).total_seconds()
