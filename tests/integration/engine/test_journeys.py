"""Whole journeys: from a citizen's call to the rows that screens and figures read."""

from __future__ import annotations

import psycopg

from haedap.domain.ids import AgentId, ContactId, OfferId
from haedap.domain.states import EndedBy
from haedap.store.projector import rebuild
from tests.support.engine import (
    KOREA,
    QUEUE_IN_SILENCE,
    Centre,
    journaled,
    make_centre,
    read_models,
    replayed,
    running_engine,
    state_of,
    wait_until,
)
from tests.support.exchange import Answering, Exchange

ONE, TWO = AgentId(1), AgentId(2)


async def _talking(centre: Centre) -> tuple[ContactId, OfferId]:
    """A citizen who talks to agent 1."""
    contact = centre.exchange.call()
    await wait_until(lambda: contact in centre.exchange.joins)
    leg = next(leg for leg in centre.exchange.legs.values() if leg.contact == contact)
    return contact, leg.offer


async def test_a_call_is_answered_and_leaves_its_record(database: str) -> None:
    make_centre(database, wrap_up=30)
    exchange = Exchange()
    exchange.answering[ONE] = Answering.AT_ONCE
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        contact, offer = await _talking(centre)
        during = await centre.contact(contact)
        exchange.end_agent_leg(offer)
        await wait_until(lambda: not exchange.calls)
        row = await centre.contact(contact)
        segments = await centre.rows("SELECT * FROM segment")
        status = (await centre.rows("SELECT * FROM agent_status"))[0]
        recordings = await centre.rows("SELECT file, status FROM recording")
        assert await centre.command("available", 1) == "done"
        await centre.projected()
        wrapped = await centre.rows("SELECT wrap_up_seconds FROM segment")
    assert (during["state"], during["agent"], during["segments"]) == ("engaged", 1, 1)
    assert (row["state"], row["outcome"], row["ended_by"]) == ("ended", "answered", "agent")
    assert row["arrived_at"] <= row["queued_at"] <= row["answered_at"] <= row["ended_at"]
    assert row["recorded"]
    assert [(item["number"], item["agent"], item["ended_by"]) for item in segments] == [(1, 1, "agent")]
    assert segments[0]["wrap_up_seconds"] is None
    assert 0 < wrapped[0]["wrap_up_seconds"] < 30, "they ended it themselves"
    assert (status["state"], str(status["contact"])) in {("wrap_up", contact), ("wrap_up", "None")}
    assert recordings[0]["file"].endswith(f"/{contact}.wav")
    assert not exchange.legs


async def test_a_telephone_rings_while_its_offer_is_being_committed(database: str) -> None:
    make_centre(database, flow=QUEUE_IN_SILENCE)
    exchange = Exchange()
    exchange.answering[ONE] = Answering.NEVER
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        async with await psycopg.AsyncConnection.connect(database) as other:
            await other.execute("LOCK TABLE journal IN SHARE MODE")
            contact = exchange.call()
            await wait_until(lambda: bool(exchange.legs))
            assert not await centre.rows("SELECT 1 FROM journal WHERE contact = %s", (contact,))
            exchange.answer(next(iter(exchange.legs)))
        await wait_until(lambda: contact in exchange.joins)
        exchange.hang_up(contact)
        await wait_until(lambda: not exchange.legs)
    assert exchange.joins == {contact: 1}


async def test_the_silent_agent_is_set_away_and_the_next_one_asked(database: str) -> None:
    make_centre(database, ring=1)
    exchange = Exchange()
    exchange.answering |= {ONE: Answering.NEVER, TWO: Answering.AT_ONCE}
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1, 2)
        contact = exchange.call()
        await wait_until(lambda: contact in exchange.joins)
        row = await centre.contact(contact)
        status = await centre.rows("SELECT agent, state, reason FROM agent_status ORDER BY agent")
        exchange.hang_up(contact)
        await wait_until(lambda: not exchange.legs)
    assert row["agent"] == 2
    assert status[0] == {"agent": 1, "state": "away", "reason": "no_answer"}
    assert status[1]["state"] == "engaged"


async def test_hold_is_counted_and_ends_with_the_call(database: str) -> None:
    make_centre(database)
    exchange = Exchange()
    exchange.answering[ONE] = Answering.AT_ONCE
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        contact, _ = await _talking(centre)
        assert await centre.command("control", 1, contact=contact, control="hold") == "done"
        held = await centre.contact(contact)
        exchange.hang_up(contact)
        await wait_until(lambda: not exchange.legs)
        row = await centre.contact(contact)
        segment = (await centre.rows("SELECT hold_seconds, ended_by FROM segment"))[0]
    assert held["held"]
    assert not row["held"]
    assert row["hold_seconds"] > 0
    assert segment == {"hold_seconds": row["hold_seconds"], "ended_by": "citizen"}


async def test_a_lost_leg_is_given_back_in_the_same_segment(database: str) -> None:
    make_centre(database)
    exchange = Exchange()
    exchange.answering[ONE] = Answering.AT_ONCE
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        contact, offer = await _talking(centre)
        exchange.end_agent_leg(offer, EndedBy.LINE)
        await wait_until(lambda: exchange.joins.get(contact) == 2)
        row = await centre.contact(contact)
        segments = await centre.rows("SELECT ended_at FROM segment")
        exchange.hang_up(contact)
        await wait_until(lambda: not exchange.legs)
    assert (row["state"], row["segments"]) == ("engaged", 1)
    assert segments == [{"ended_at": None}]


async def test_a_citizen_who_gives_up_is_an_abandon(database: str) -> None:
    make_centre(database)
    exchange = Exchange()
    async with running_engine(database, exchange) as centre:
        contact = exchange.call()
        await wait_until(lambda: exchange.calls[contact].sound == "music")
        exchange.hang_up(contact)
        row = await _ended(centre, contact)
    assert (row["outcome"], row["answered_at"], row["agent"]) == ("abandoned", None, None)


async def test_a_number_of_others_is_refused(database: str) -> None:
    make_centre(database)
    exchange = Exchange()
    async with running_engine(database, exchange) as centre:
        contact = exchange.call(called="+82200009999", caller=None)
        await wait_until(lambda: not exchange.calls)
        row = await centre.contact(contact)
    assert (row["outcome"], row["flow"], row["withheld"]) == ("refused", None, True)


async def test_who_floods_the_centre_is_refused_and_leaves_a_record(database: str) -> None:
    make_centre(database, calls_per_minute=1)
    exchange = Exchange()
    async with running_engine(database, exchange) as centre:
        contacts = [exchange.call() for _ in range(3)]  # at least two of them within one minute of the clock
        other = exchange.call(caller="+821000005678")
        await wait_until(lambda: len(exchange.calls) < len(contacts) + 1)
        flooding = next(contact for contact in contacts if contact not in exchange.calls)
        row = await centre.contact(flooding)
        await wait_until(lambda: exchange.calls[other].sound == "music")
    assert (row["outcome"], row["ended_by"], row["flow"], row["caller"]) == ("refused", "centre", None, "+821000001234")


async def test_replay_and_rebuild_give_what_there_is(database: str) -> None:
    make_centre(database)
    exchange = Exchange()
    exchange.answering |= {ONE: Answering.AT_ONCE, TWO: Answering.REJECTS}
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1, 2)
        contact, offer = await _talking(centre)
        waiting = exchange.call()
        assert await centre.command("control", 1, contact=contact, control="hold") == "done"
        assert await centre.command("away", 1, reason="lunch") == "done"
        exchange.end_agent_leg(offer)
        await wait_until(lambda: contact not in exchange.calls)
        exchange.hang_up(waiting)
        await _ended(centre, waiting)
        core = state_of(centre)
    before = await read_models(database)
    again, rows = await replayed(database)
    assert rows == await journaled(database)
    assert again.snapshot() == core
    await rebuild(database, recorded_in=KOREA)
    assert await read_models(database) == before


async def _ended(centre: Centre, contact: str) -> dict[str, object]:
    async def row() -> dict[str, object]:
        return await centre.contact(contact)

    found = await row()
    while found["state"] != "ended":
        found = await row()
    return found
