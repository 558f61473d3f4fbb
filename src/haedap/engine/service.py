"""The engine as a whole: starts its parts in the right order, joins them, and stops them."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog

from haedap.channels.port import Channel
from haedap.clock import SteadyClock, keep_up
from haedap.domain.decisions import AnyDecision, OfferContact
from haedap.domain.events import CentreStopped, PlanChanged, TimePassed
from haedap.domain.plan import Plan
from haedap.engine import UnreadableJournalError
from haedap.engine.core import Core
from haedap.engine.desk import Desk, log_problems
from haedap.engine.follower import Follower
from haedap.engine.host import ChannelHost
from haedap.engine.inbox import Inbox
from haedap.engine.loop import Loop
from haedap.engine.notify import Notifier
from haedap.engine.performer import Performer
from haedap.engine.recordings import RecordingFolder, keep_recordings
from haedap.engine.recovery import closing_facts, owed, recover
from haedap.store import StoreUnavailableError
from haedap.store.connection import Connection, connected, reach
from haedap.store.journal import Journal, journal_time, open_offers
from haedap.store.life import give_sign, keep_signs, last_sign
from haedap.store.plans import load_plan, same_rules
from haedap.store.projector import Projector
from haedap.store.rows import Row, fact_rows
from haedap.store.snapshots import save_snapshot
from haedap.store.tables import last_attempts, load_agents, load_contacts, load_promises

SNAPSHOT_EVERY = 20_000
"""Rows of the journal between two snapshots: less than a second of replay."""
_CONFIRM_EVERY = 0.5
_STOPPED = timedelta(seconds=10)
"""The least time without a sign of life in which the whole centre may have been off."""
_LAST_BATCH = 3.0
_LAST_REQUESTS = 2.0
"""Seconds that a stop waits for what is under way."""

_log = structlog.get_logger()


class Engine:
    """One centre's engine. `run` it once; `stop` ends it cleanly from any task of its event loop.

    `ahead`: how far the centre's time is before `now`, after a jump of the machine's clock.
    `recordings`: where the channel records conversations; None when it does not.
    """

    def __init__(
        self,
        url: str,
        channel: Channel,
        now: Callable[[], datetime],
        *,
        recordings: RecordingFolder | None,
        snapshot_every: int = SNAPSHOT_EVERY,
        notifier: Notifier | None = None,
        ahead: timedelta = timedelta(),
    ) -> None:
        self._url = url
        self._channel = channel
        self._now = SteadyClock(now, time.monotonic, ahead)
        self._notifier = notifier or Notifier({})
        self._recordings = recordings
        self._snapshot_every = snapshot_every
        self._snapshot_seq = 0
        self._saving: asyncio.Task[None] | None = None
        self.journal = Journal(url)
        self.projector = Projector(url, recorded_in=recordings.zone if recordings is not None else None)
        self.inbox = Inbox(self._now)
        self._performer = Performer(channel)
        self._host = ChannelHost(channel, self.inbox.post)
        self._desk = Desk(url, self.inbox, channel, self._plan, now)
        self._loop: Loop | None = None
        self._stop_wanted = asyncio.Event()

    def _plan(self) -> Plan | None:
        return self._loop.core.plan if self._loop is not None else None

    def stop(self) -> None:
        """End after the present batch, or before the first. Calls in progress stay as they are."""
        self._stop_wanted.set()

    async def run(self) -> None:
        """Start, work until `stop`, and leave everything committed. Raises TakenOverError."""
        # A standby has no other use for the clock, and must not take up at its takeover what happened hours ago.
        always = [asyncio.create_task(work) for work in (self._notifier.beat(), keep_up(self._now))]
        try:
            loop = await self._until_stopped(self._begin())
            if loop is not None:
                await self._work(loop)
        finally:
            await _end(always)
            await self.journal.close()

    async def _until_stopped(self, starting: Coroutine[Any, Any, Loop]) -> Loop | None:
        """The loop, or None when `stop` came first: a start may wait for PostgreSQL or for another engine."""
        start = asyncio.create_task(starting)
        stop = asyncio.create_task(self._stop_wanted.wait())
        try:
            await asyncio.wait([start, stop], return_when=asyncio.FIRST_COMPLETED)
            return start.result() if start.done() else None
        finally:
            await _end([start, stop])

    async def _begin(self) -> Loop:
        follower = Follower(self._url, lambda: self._notifier.status("standby"))
        following = asyncio.create_task(follower.run())
        try:
            await self.journal.open()
        finally:
            await _end([following])
        self._loop = Loop(await self._start(follower), self.inbox, self.journal, self, self._now)
        self._snapshot_seq = self._loop.core.seq
        return self._loop

    async def _start(self, follower: Follower) -> Core:
        """The state of the journal, the plan of the tables, and all the channel must know before it runs."""
        connection = await reach(self._url, "start")
        try:
            core = await self._recovered(connection, follower)
            await self._look_back(connection, core)
            await self._take_plan(connection, core)
            if not core.own:  # from here on the rows are those of this program
                await self._save(core.seq, core.at, core.snapshot())
            if core.plan is not None:
                await self._channel.plan_changed(core.plan)
            await self._desk.issue_all(connection)
        finally:
            await connection.close()
        return core

    async def _catch_up(self) -> None:
        """The read models are for screens: what is wrong with them must not keep the centre closed.

        Raises StoreUnavailableError.
        """
        try:
            await self.projector.catch_up()
        except StoreUnavailableError:
            raise
        except Exception:
            _log.exception("the read models cannot be written")

    async def _recovered(self, connection: Connection, follower: Follower) -> Core:
        try:
            return await follower.finish(connection, self.journal.tail)
        except UnreadableJournalError as error:
            _log.error(
                "the journal was written by another version: all contacts that were open are closed", why=str(error)
            )
        if (told := await journal_time(connection)) is not None:
            self._now.not_before(told)
        await self._catch_up()
        contacts = await load_contacts(connection)
        offers = await open_offers(connection)
        promises = await load_promises(connection)
        facts = closing_facts(contacts, offers, await load_agents(connection), promises)
        rows = fact_rows(facts, self.journal.tail + 1, self._now())
        await self.journal.append(rows)
        await self._catch_up()
        core = Core(
            seq=self.journal.tail,
            retired=[contact.row.id for contact in contacts],
            promises=owed(promises, await last_attempts(connection)),
        )
        await save_snapshot(connection, core.seq, self._now(), core.snapshot())
        return core

    async def _look_back(self, connection: Connection, core: Core) -> None:
        """What was under way when the whole centre stopped ended then, not now: a night is no talk of fifteen hours."""
        self._now.not_before(core.at)
        now, sign = self._now(), await last_sign(connection)
        # One that is still to come was given by a clock that has been set back: it tells nothing, and moves no clock.
        stopped_at = max(core.at, min(sign or core.at, now))
        if core.plan is None or now - stopped_at < _STOPPED:
            return
        if not await self._channel.outlasted(stopped_at, core.contacts()):
            _log.info("the centre was off", since=f"{stopped_at:%Y-%m-%d %H:%M:%S}Z")
            await self.journal.append(core.handle(CentreStopped(at=stopped_at, resumed_at=now)))

    async def _take_plan(self, connection: Connection, core: Core) -> None:
        loaded = await load_plan(connection, core.plan)
        log_problems(loaded.problems)
        changed = not same_rules(core.plan, loaded.plan)
        # An engine that lost the lock without knowing it yet sees by any new row that it is not the one any more. No
        # time passes by it: what happened while no engine ran is not known before the channel has told it.
        event = PlanChanged(at=self._now(), plan=loaded.plan) if changed else TimePassed(at=core.at)
        await self.journal.append(core.handle(event))

    async def _work(self, loop: Loop) -> None:
        _log.info("the engine is at work", seq=self.journal.tail)
        self._notifier.status("active")
        working = asyncio.create_task(loop.run())
        beside = [asyncio.create_task(work) for work in self._works_beside()]
        stop = asyncio.create_task(self._stop_wanted.wait())
        try:
            done, _ = await asyncio.wait([working, stop, *beside], return_when=asyncio.FIRST_COMPLETED)
            if any(task.exception() is not None for task in done):
                # Another engine may be at work already: the channel must not come back once more.
                await _end([working, *beside])
            for task in done:
                task.result()
            loop.stop()
            # A batch that PostgreSQL does not take is given up: nothing of it was performed.
            await asyncio.wait([working], timeout=_LAST_BATCH)
            if working.done():
                working.result()
        finally:
            await _end([working, stop])
            await self._performer.finish(_LAST_REQUESTS)
            await _end(beside if self._saving is None else [*beside, self._saving])
        await self._leave(None if working.cancelled() else loop.core)

    def _works_beside(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield self._keep_lock()
        yield keep_signs(self._url, self._now)
        yield self.projector.run()
        yield self._desk.run()
        yield self._desk.administer()
        yield self._host.run()
        if self._recordings is not None:
            yield keep_recordings(self._url, self._recordings, self._now)

    async def _keep_lock(self) -> None:
        """An engine that has nothing to write would not see that its connection, and with it the lock, is gone."""
        while True:
            await asyncio.sleep(_CONFIRM_EVERY)
            await self.journal.confirm()

    async def _leave(self, core: Core | None) -> None:
        """So that the next start is quick and the screens show the last state. None: what the core knows is not all in
        the journal, and no snapshot may say so."""
        try:
            await self._catch_up()
            async with connected(self._url, "snapshot") as connection:
                if core is not None:
                    await save_snapshot(connection, core.seq, core.at, core.snapshot())
                await give_sign(connection, self._now())
        except StoreUnavailableError:
            _log.warning("PostgreSQL does not answer: the next start will replay the journal")
        _log.info("the engine has stopped", seq=self.journal.tail)

    # --- what the loop hands on

    def about_to_commit(self, offers: list[OfferContact]) -> None:
        """See `Surroundings`."""
        self._performer.prepare(offers)

    def committed(self, rows: list[Row], decisions: list[AnyDecision], plan: Plan | None) -> None:
        """See `Surroundings`."""
        self._performer.submit(decisions)
        if plan is not None:
            self._performer.tell(plan)
        if rows:
            self.projector.hand_over(rows)
            self._consider_snapshot()

    async def recover(self) -> Core:
        """See `Surroundings`."""
        while True:
            connection = await reach(self._url, "recovery")
            try:
                return await recover(connection, self.journal.tail)
            except StoreUnavailableError:
                await asyncio.sleep(1)
            finally:
                await connection.close()

    def caught_up(self) -> None:
        """See `Surroundings`."""
        _log.info("the inbox is empty again; the channel is asked anew")
        self._host.reconcile()

    def _consider_snapshot(self) -> None:
        core = self._loop.core if self._loop else None
        if core is None or core.seq - self._snapshot_seq < self._snapshot_every:
            return
        if self._saving is None or self._saving.done():
            self._snapshot_seq = core.seq
            self._saving = asyncio.create_task(self._save(core.seq, core.at, core.snapshot()))

    async def _save(self, seq: int, at: datetime, data: bytes) -> None:
        try:
            async with connected(self._url, "snapshot") as connection:
                await save_snapshot(connection, seq, at, data)
        except StoreUnavailableError:
            _log.info("a snapshot was not saved, for PostgreSQL does not answer", seq=seq)


async def _end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    tasks = tuple(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
