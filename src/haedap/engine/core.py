"""The router and what the engine must know beside it, as one value that is replayed and kept in snapshots. No I/O."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from haedap.domain.decisions import AnyDecision
from haedap.domain.events import AnyEvent, PlanChanged
from haedap.domain.facts import AgentStateChanged, AnyFact
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.plan import Plan
from haedap.domain.states import AgentState
from haedap.engine import UnreadableJournalError
from haedap.engine.rules import RULES
from haedap.routing import PromiseRecord, Router, Snapshot
from haedap.store.rows import Row, rows_of

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_FORMAT = 1


class Duty(msgspec.Struct, frozen=True):
    """What an agent is doing, as far as commands must know it."""

    state: AgentState
    contact: ContactId | None


class _State(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    at: datetime
    retired: tuple[ContactId, ...]
    router: Snapshot
    rules: str = ""


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(_State)


class Core:
    """The state after journal row `seq`.

    Of a journal that could not be read any more: `retired` are its contacts, which are over although their calls may
    live; `promises` are owed still. `own`: whether the rows behind it were decided by the rules of this program.
    """

    def __init__(
        self, *, seq: int = 0, retired: Iterable[ContactId] = (), promises: Iterable[PromiseRecord] = ()
    ) -> None:
        self.seq = seq
        self.own = False
        self.at = _BEGINNING
        self.plan: Plan | None = None
        self.duties: dict[AgentId, Duty] = {}
        self.retired = frozenset(retired)
        self._router = Router.owing(promises)

    @classmethod
    def restore(cls, snapshot: bytes, seq: int) -> "Core":
        """The core that made this snapshot after row `seq`. Raises UnreadableJournalError."""
        try:
            state = _decoder.decode(snapshot)
            router = Router.restore(state.router)
        except Exception as error:  # what does not fit together is nothing to go on from, and the journal has it all
            raise UnreadableJournalError(type(error).__name__) from error
        if state.format != _FORMAT:
            raise UnreadableJournalError(f"a snapshot of format {state.format}")
        core = cls(seq=seq, retired=state.retired)
        core.own = state.rules == RULES
        core.at, core.plan = state.at, state.router.plan
        core.duties = {agent.id: Duty(agent.state, agent.contact) for agent in state.router.agents}
        core._router = router
        return core

    def snapshot(self) -> bytes:
        """Everything, as JSON."""
        return _encode(
            _State(
                format=_FORMAT,
                at=self.at,
                retired=tuple(sorted(self.retired)),
                router=self._router.snapshot(),
                rules=RULES,
            )
        )

    def contacts(self) -> frozenset[ContactId]:
        """Those that are open."""
        return self._router.contacts()

    def next_deadline(self) -> datetime | None:
        """When time itself has to be told to `handle`."""
        return self._router.next_deadline()

    def refusal(self, event: AnyEvent) -> str | None:
        """Why what somebody asked for cannot be done now, in a code. None: it can, or is so already."""
        return self._router.refusal(event)

    def handle(self, event: AnyEvent) -> list[Row]:
        """Let the router decide; returns the rows to journal, the event's own first."""
        answers = self.replay(event)
        rows = rows_of(event, answers, self.seq + 1, self.at)
        self.seq += len(rows)
        return rows

    def replay(self, event: AnyEvent) -> tuple[AnyDecision | AnyFact, ...]:
        """Let the router decide again what is journaled already; `seq` stays."""
        answers = self._router.handle(event)
        if event.at > self.at:
            self.at = event.at
        if isinstance(event, PlanChanged):
            self.plan = event.plan
        for answer in answers:
            if isinstance(answer, AgentStateChanged):
                self.duties[answer.agent] = Duty(answer.state, answer.contact)
        return answers
