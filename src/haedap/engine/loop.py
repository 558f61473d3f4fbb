"""The loop: take what happened → let the router decide → journal it, committed → perform.

All that waits in the inbox is decided and committed together, so that under load one commit carries many events. What
nobody waits for - events that led to no request and to no answer, and offers whose telephones ring already - may linger
for a moment, so that what somebody waits for is not held up by their commit.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec
import structlog

from haedap.domain.decisions import AnyDecision, Connect, EndContact, EndLeg, OfferContact
from haedap.domain.events import (
    AnyEvent,
    ChannelReconciled,
    CitizenReached,
    ContactArrived,
    PlanChanged,
    TimePassed,
)
from haedap.domain.ids import ContactId, RequestId
from haedap.domain.plan import Plan
from haedap.engine.core import Core
from haedap.engine.inbox import Finished, Inbox, Item
from haedap.engine.requests import Refused, read_command
from haedap.store import CommandsWithdrawnError
from haedap.store.commands import Command, Outcome
from haedap.store.journal import Journal
from haedap.store.plans import same_rules
from haedap.store.rows import Role, Row

_AT_ONCE = 1000
_LINGER = 0.03
"""Seconds that rows may wait for company when nothing is to be performed."""
_RINGING_LINGER = 0.01
"""Seconds that rows may wait while telephones are made to ring for them: Asterisk and the citizens come first, and what
the telephones say then is committed with them."""
_PATIENT = (Connect, EndLeg)
"""Requests that nobody waits for: the channel joins when the agent answers, and who has hung up has hung up."""
_SHORTEST_WAIT = 0.005
"""Seconds between two looks at the clock, should a deadline not go away."""
_PATIENCE = 5.0
"""Seconds at the start in which no deadline is over before a channel has said what is true: who answered while no
engine ran answered in time."""
_AFTER_FAILURE = 0.2
"""Seconds of rest, should the router fail again and again."""

_log = structlog.get_logger()


class Surroundings(Protocol):
    """What the loop hands on after each commit."""

    def about_to_commit(self, offers: list[OfferContact]) -> None:
        """These offers are on their way into the journal, and their telephones may ring meanwhile."""
        ...

    def committed(self, rows: list[Row], decisions: list[AnyDecision], plan: Plan | None) -> None:
        """These rows are in the journal; now perform the decisions. `plan`: a new one, for the channels."""
        ...

    async def recover(self) -> Core:
        """The state as the journal has it."""
        ...

    def caught_up(self) -> None:
        """The inbox is empty again after events had to be dropped: ask the channels what is true."""
        ...


class Batch(msgspec.Struct):
    """What one commit carries."""

    items: list[Item] = msgspec.field(default_factory=list)
    rows: list[Row] = msgspec.field(default_factory=list)
    outcomes: list[Outcome] = msgspec.field(default_factory=list)
    decisions: list[AnyDecision] = msgspec.field(default_factory=list)
    plan: Plan | None = None
    broken: bool = False
    """The router failed on the event after these: its state must be made anew."""
    ringing: set[RequestId] = msgspec.field(default_factory=set)
    """The offers among the decisions whose telephones are made to ring already."""
    due: float = 0.0
    """When rows that linger are to be committed, on the event loop's clock; 0 while none do."""

    @property
    def urgent(self) -> bool:
        """Whether somebody waits for the commit."""
        asked = any(
            not isinstance(decision, _PATIENT) and decision.id not in self.ringing for decision in self.decisions
        )
        return bool(asked or self.outcomes or self.broken or self.plan is not None)

    def take_offers(self) -> list[OfferContact]:
        """Those that may ring from now on, each once.

        Nothing can undo them any more but the death of the engine, and nothing of their contact precedes them.
        """
        if self.outcomes or self.broken:
            return []
        first: dict[ContactId, AnyDecision] = {}
        for decision in self.decisions:
            first.setdefault(decision.contact, decision)
        offers = [offer for offer in first.values() if isinstance(offer, OfferContact) and offer.id not in self.ringing]
        self.ringing.update(offer.id for offer in offers)
        return offers


class Loop:
    """Owns the only router of the centre."""

    def __init__(
        self, core: Core, inbox: Inbox, journal: Journal, surroundings: Surroundings, now: Callable[[], datetime]
    ) -> None:
        self.core = core
        self._inbox = inbox
        self._journal = journal
        self._surroundings = surroundings
        self._now = now
        self._patient_until = 0.0
        """On the event loop's clock; see `_PATIENCE`."""
        self._stopping = False

    def stop(self) -> None:
        """Let `run` return when the present batch is committed and handed on."""
        self._stopping = True
        self._inbox.wake()

    async def run(self) -> None:
        """Work until `stop`. Raises TakenOverError when another engine wrote the journal."""
        batch = Batch()
        self._patient_until = asyncio.get_running_loop().time() + _PATIENCE
        while not self._stopping:
            await self._inbox.wait(self._seconds_to_wait(batch))
            batch = await self._process(batch, deque(self._inbox.take(_AT_ONCE)))
            if self._inbox.overflowed and not len(self._inbox):
                self._inbox.overflowed = False
                self._surroundings.caught_up()
        if batch.rows:
            await self._journal.append(batch.rows)
            self._surroundings.committed(batch.rows, batch.decisions, batch.plan)

    def _seconds_to_wait(self, batch: Batch) -> float | None:
        deadline = self.core.next_deadline()
        seconds = None
        if deadline is not None:
            seconds = max((deadline - self._now()).total_seconds(), self._patience(), _SHORTEST_WAIT)
        if not batch.rows:
            return seconds
        lingering = max(batch.due - asyncio.get_running_loop().time(), 0)
        return lingering if seconds is None else min(seconds, lingering)

    async def _process(self, batch: Batch, items: deque[Item]) -> Batch:
        """Decide and commit; returns the batch that lingers, if any, else an empty one."""
        while True:
            self._think(items, batch)
            if offers := batch.take_offers():
                self._surroundings.about_to_commit(offers)
                # They are asked for before anything else has its turn.
                await asyncio.sleep(0)
            if not items and self._may_linger(batch):
                return batch
            try:
                await self._journal.append(batch.rows, batch.outcomes)
            except CommandsWithdrawnError as error:
                _log.info("commands were withdrawn before they took effect", commands=len(error.commands))
                items.extendleft(reversed([item for item in batch.items if not _is_one_of(item, error.commands)]))
                self.core = await self._surroundings.recover()
                batch = Batch()
                continue
            if batch.broken:
                await asyncio.sleep(_AFTER_FAILURE)
                self.core = await self._surroundings.recover()
            if batch.rows or batch.decisions:
                self._surroundings.committed(batch.rows, batch.decisions, batch.plan)
            batch = Batch()
            if not items:
                return batch

    @staticmethod
    def _may_linger(batch: Batch) -> bool:
        if batch.urgent:
            return False
        if not batch.rows:
            return True
        now = asyncio.get_running_loop().time()
        due = now + (_RINGING_LINGER if batch.ringing else _LINGER)
        batch.due = min(batch.due or due, due)
        return now < batch.due

    def _think(self, items: deque[Item], batch: Batch) -> None:
        """Let the router decide on the items, which are taken away, and on the time if it has come.

        A command stays where it is when telephones ring already: it may be withdrawn, and all of its batch with it.
        """
        while items and not batch.broken:
            if batch.ringing and isinstance(items[0], Command | Finished):
                return
            item = items.popleft()
            batch.items.append(item)
            event = self._event_of(item, batch)
            if event is not None and not self._decide(event, batch) and isinstance(item, Command | Finished):
                batch.outcomes[-1] = Outcome(batch.outcomes[-1].id, "refused", "failed")
        if not batch.broken:
            self._let_time_pass(batch)

    def _event_of(self, item: Item, batch: Batch) -> AnyEvent | None:
        if isinstance(item, Command):
            return self._event_of_command(item, batch)
        if isinstance(item, Finished):
            batch.outcomes.append(item.outcome)
            if item.plan is None or same_rules(self.core.plan, item.plan):
                return None
            return PlanChanged(at=self._now(), plan=item.plan)
        if isinstance(item, ContactArrived | CitizenReached) and item.contact in self.core.retired:
            # The journal that knew this contact could not be read: it is over, only its call is not.
            batch.decisions.append(EndContact(id=RequestId(f"{item.contact}-retired"), contact=item.contact))
            return None
        return item

    def _event_of_command(self, command: Command, batch: Batch) -> AnyEvent | None:
        try:
            event = read_command(command, self.core.plan, self.core.duties, self._now())
        except Refused as refusal:
            batch.outcomes.append(Outcome(command.id, "refused", refusal.code))
            return None
        if (why_not := self.core.refusal(event)) is not None:
            batch.outcomes.append(Outcome(command.id, "refused", why_not))
            return None
        batch.outcomes.append(Outcome(command.id, "done"))
        return event

    def _decide(self, event: AnyEvent, batch: Batch) -> bool:
        """Whether the router could decide."""
        try:
            rows = self.core.handle(event)
        except Exception:  # no event may stop the centre
            _log.exception("the router failed on an event, which is left out", kind=type(event).__name__)
            batch.broken = True
            return False
        batch.rows.extend(rows)
        batch.decisions.extend(row.data for row in rows if row.role is Role.DECISION)  # type: ignore[misc]
        if isinstance(event, PlanChanged):
            batch.plan = event.plan
        elif isinstance(event, ChannelReconciled):
            self._patient_until = 0.0
        return True

    def _patience(self) -> float:
        """For how many seconds yet no deadline is over."""
        return max(self._patient_until - asyncio.get_running_loop().time(), 0.0)

    def _let_time_pass(self, batch: Batch) -> None:
        """Under a jam time goes on with the events, so that nobody's answer in time is taken for a late one."""
        if self._patience():
            return
        now = self._now() if not len(self._inbox) else self.core.at
        deadline = self.core.next_deadline()
        if deadline is not None and deadline <= now:
            self._decide(TimePassed(at=now), batch)


def _is_one_of(item: Item, commands: frozenset[str]) -> bool:
    return (isinstance(item, Command) and item.id in commands) or (
        isinstance(item, Finished) and item.outcome.id in commands
    )
