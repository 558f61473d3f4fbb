"""Commands of the web: each carried out once or refused with a code, and told as done."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import timedelta

import psycopg
import pytest

from haedap.channels.port import PhoneCredential
from haedap.clock import wall_time
from haedap.domain.ids import AgentId
from haedap.engine import desk
from haedap.store.commands import Outcome
from haedap.store.rows import Row
from tests.support.engine import Centre, journaled, make_centre, running_engine, wait_until
from tests.support.exchange import Answering, Exchange
from tests.support.patience import PATIENCE

ONE = AgentId(1)
_CREDENTIAL = (
    "INSERT INTO phone_credential (username, account_id, kind, ha1, expires_at)"
    " VALUES ('agent-1', 1, 'browser', 'secret', now() + interval '1 hour')"
)


async def _events(centre: Centre, name: str) -> int:
    return sum(1 for role, found, _ in await journaled(centre.url) if (role, found) == ("E", name))


async def test_a_command_is_told_as_done_in_the_transaction_of_its_event(database: str) -> None:
    make_centre(database)
    async with (
        running_engine(database, Exchange()) as centre,
        await psycopg.AsyncConnection.connect(database, autocommit=True) as listener,
    ):
        await listener.execute("LISTEN haedap_command_done")
        command = await centre.write_command("sign_in", 1, {})
        notices = [notice async for notice in listener.notifies(timeout=PATIENCE, stop_after=1)]
        assert [notice.payload for notice in notices] == [command]
        assert await _events(centre, "AgentSignedIn") == 1
        row = (await centre.rows("SELECT outcome, detail, finished_at FROM command"))[0]
    assert (row["outcome"], row["detail"]) == ("done", "")
    assert row["finished_at"] is not None


@pytest.mark.parametrize(
    ("name", "agent", "data", "code"),
    [
        ("sign_in", 99, {}, "unknown_agent"),
        ("fly", 1, {}, "unknown_command"),
        ("away", 1, {"reason": 5}, "malformed"),
        ("away", 1, [[[]]], "malformed"),
        ("control", 1, {"contact": str(uuid.uuid4()), "control": "end"}, "signed_out"),
        ("phone_issued", None, {"username": "agent-404"}, "unknown_phone"),
        ("phone_revoked", None, "agent-1", "malformed"),
    ],
)
async def test_a_wrong_command_is_refused(name: str, agent: int | None, data: object, code: str, database: str) -> None:
    make_centre(database)
    async with running_engine(database, Exchange()) as centre:
        assert await centre.outcome_of(await centre.write_command(name, agent, data)) == code
    assert [found for _, found, _ in await journaled(database)] == ["PlanChanged", "ChannelReconciled"]


async def test_a_late_command_is_refused(database: str) -> None:
    make_centre(database)
    async with running_engine(database, Exchange()) as centre:
        assert await centre.outcome_of(await centre.write_command("sign_in", 1, {}, age=31)) == "late"


async def test_a_contact_of_another_agent_is_not_touched(database: str) -> None:
    make_centre(database)
    exchange = Exchange()
    exchange.answering[ONE] = Answering.AT_ONCE
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        contact = exchange.call()
        await wait_until(lambda: contact in exchange.joins)
        assert await centre.command("sign_in", 2) == "done"
        assert await centre.command("control", 2, contact=contact, control="end") == "not_theirs"
        assert contact in exchange.calls
        assert await centre.command("control", 1, contact=contact, control="end") == "done"
        await wait_until(lambda: not exchange.calls)


async def test_what_can_do_nothing_in_a_talk_is_refused_and_leaves_no_row(database: str) -> None:
    make_centre(database, agents=2)
    exchange = Exchange()
    exchange.answering[ONE], exchange.answering[AgentId(2)] = Answering.AT_ONCE, Answering.NEVER
    async with running_engine(database, exchange) as centre:
        await centre.on_duty(1)
        contact = exchange.call()
        await wait_until(lambda: contact in exchange.joins)
        assert await centre.command("consult_step", 1, contact=contact, step="complete") == "not_consulting"
        await centre.on_duty(2)
        target = {"type": "agent", "agent": 2}
        assert await centre.command("transfer", 1, contact=contact, mode="consult", target=target) == "done"
        assert await centre.command("control", 1, contact=contact, control="hold") == "consulting"
        assert await centre.command("control", 1, contact=contact, control="unhold") == "done"
        assert (await _events(centre, "ControlRequested"), await _events(centre, "ConsultStepped")) == (1, 0)


async def test_commands_written_while_no_engine_ran_are_carried_out_once(database: str) -> None:
    make_centre(database)
    async with running_engine(database, Exchange()) as first:
        pass
    command = await first.write_command("sign_in", 1, {})
    for _life in range(2):
        async with running_engine(database, Exchange()) as centre:
            assert await centre.outcome_of(command) == "done"
    assert await _events(centre, "AgentSignedIn") == 1


async def test_a_storm_of_notifications_carries_out_nothing_twice(database: str) -> None:
    make_centre(database)
    async with running_engine(database, Exchange()) as centre:
        for _ in range(50):
            await centre.execute("SELECT pg_notify('haedap_command', '')")
            await centre.write_command("sign_in", 1, {})
        await _all_finished(centre)
        assert await _events(centre, "AgentSignedIn") == 50


async def test_a_command_withdrawn_in_the_last_moment_has_no_effect(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The web gives up between the engine's reading and its commit: either both know it as done, or neither does it."""
    make_centre(database)
    exchange = Exchange()
    async with running_engine(database, exchange) as centre:
        append = centre.engine.journal.append
        withdrawn: list[str] = []

        async def append_after_withdrawal(rows: Sequence[Row], outcomes: Sequence[Outcome] = ()) -> None:
            if outcomes and not withdrawn:
                withdrawn.append(outcomes[0].id)
                await centre.execute("DELETE FROM command WHERE id = %s", (outcomes[0].id,))
            await append(rows, outcomes)

        monkeypatch.setattr(centre.engine.journal, "append", append_after_withdrawal)
        await centre.write_command("sign_in", 1, {})
        await wait_until(lambda: bool(withdrawn))
        contact = exchange.call()
        await wait_until(lambda: exchange.calls[contact].sound == "music")
        assert await _events(centre, "AgentSignedIn") == 0
        assert await centre.command("available", 1) == "signed_out"
        assert await centre.command("sign_in", 1) == "done"
        assert await centre.command("available", 1) == "done"


async def test_a_new_plan_is_in_force_and_journaled_once(database: str) -> None:
    make_centre(database)
    async with running_engine(database, Exchange()) as centre:
        assert await centre.command("plan_changed") == "done"
        assert await _events(centre, "PlanChanged") == 1
        await centre.execute("UPDATE queue SET ring_seconds = 33")
        assert await centre.command("plan_changed") == "done"
        assert await _events(centre, "PlanChanged") == 2
        await wait_until(lambda: centre.channel.plans[-1].queues[0].ring_seconds == 33)


async def test_a_flow_that_cannot_run_leaves_the_old_one_in_force(database: str) -> None:
    make_centre(database)
    exchange = Exchange()
    async with running_engine(database, exchange) as centre:
        await centre.execute("""UPDATE flow SET definition = '{"start": "nowhere", "steps": {}}'""")
        await centre.execute("UPDATE queue SET wrap_up_seconds = 44")
        assert await centre.command("plan_changed") == "done"
        await wait_until(lambda: centre.channel.plans[-1].queues[0].wrap_up_seconds == 44)
        contact = exchange.call()
        await wait_until(lambda: exchange.calls[contact].sound == "music")


async def test_telephones_are_issued_revoked_and_expire(database: str) -> None:
    make_centre(database)
    shift = timedelta()
    async with running_engine(database, Exchange(), now=lambda: wall_time() + shift) as centre:
        await centre.execute(_CREDENTIAL)
        assert await centre.command("phone_issued", username="agent-1") == "done"
        assert centre.channel.phones["agent-1"].agent == 1
        assert "secret" not in repr(centre.channel.phones)
        assert await centre.command("phone_revoked", username="agent-1") == "done"
        assert not centre.channel.phones
        assert await centre.command("phone_issued", username="agent-1") == "done"
    async with running_engine(database, Exchange(), now=lambda: wall_time() + shift) as centre:
        assert set(centre.channel.phones) == {"agent-1"}
        shift = timedelta(hours=2)
        await wait_until(lambda: not centre.channel.phones)


async def test_a_telephone_that_is_renewed_as_its_time_is_up_stays(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_centre(database)
    shift = timedelta()
    async with running_engine(database, Exchange(), now=lambda: wall_time() + shift) as centre:
        issue, taken, goes_on = centre.channel.phone_issued, asyncio.Event(), asyncio.Event()

        async def slowly(credential: PhoneCredential) -> None:
            await issue(credential)
            taken.set()
            await goes_on.wait()

        await centre.execute(_CREDENTIAL)
        assert await centre.command("phone_issued", username="agent-1") == "done"
        await centre.execute("UPDATE phone_credential SET expires_at = now() + interval '8 hours'")
        monkeypatch.setattr(centre.channel, "phone_issued", slowly)
        renewal = await centre.write_command("phone_issued", None, {"username": "agent-1"})
        await asyncio.wait_for(taken.wait(), PATIENCE)
        shift = timedelta(hours=2)
        for _ in range(3):  # the commands are looked at again and again meanwhile
            await centre.command("fly", 1)
        goes_on.set()
        assert await centre.outcome_of(renewal) == "done"
        assert set(centre.channel.phones) == {"agent-1"}
        shift = timedelta(hours=9)
        await wait_until(lambda: not centre.channel.phones)


async def test_a_telephone_whose_removal_took_too_long_is_removed_all_the_same(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked for it does not ask again."""
    make_centre(database)
    monkeypatch.setattr(desk, "_PATIENCE", 0.2)
    async with running_engine(database, Exchange()) as centre:
        revoke, tries = centre.channel.phone_revoked, 0

        async def slow_at_first(username: str) -> None:
            nonlocal tries
            tries += 1
            if tries == 1:
                await asyncio.Event().wait()
            await revoke(username)

        await centre.execute(
            "INSERT INTO phone_credential (username, account_id, kind, ha1) VALUES ('desk-1', 1, 'desk', 'secret')"
        )
        assert await centre.command("phone_issued", username="desk-1") == "done"
        monkeypatch.setattr(centre.channel, "phone_revoked", slow_at_first)
        assert await centre.command("phone_revoked", username="desk-1") == "unavailable"
        await wait_until(lambda: not centre.channel.phones)


async def test_changed_prompts_are_told_to_the_channel(database: str) -> None:
    make_centre(database)
    async with running_engine(database, Exchange()) as centre:
        assert await centre.command("prompts_changed") == "done"
        assert centre.channel.prompts_changes == 1


async def _all_finished(centre: Centre) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await centre.rows("SELECT count(*) AS n FROM command WHERE outcome IS NULL"))[0]["n"]:
            await asyncio.sleep(0.01)
