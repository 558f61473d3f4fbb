"""What is to happen when: a heap that is never searched. An entry that no longer holds is dropped when it comes up.

Whether it holds is asked of the records: they carry the truth, so the heap is no part of a snapshot. Entries of the
same moment come in the order of kind and id, which a restored router shares with the one it was copied from.
"""

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from heapq import heappop, heappush

from haedap.domain.ids import AgentId, ContactId, PromiseId


class Kind(IntEnum):
    """What a deadline is for. At one moment those who give back come before those who take."""

    RING = 1
    CONSULT_RING = 2
    SUPERVISOR_RING = 3
    RECONNECT = 4
    RETRY = 5
    FLOW = 6
    WRAP_UP = 7
    COOLING = 8
    ANNOUNCE = 9
    PREFERRED = 10
    CALLING = 11
    RECALL = 12
    OVERFLOW = 13
    WIDEN = 14
    ESCALATION = 15
    PROMISE = 16
    ABSENCE = 17


Deadline = tuple[datetime, Kind, ContactId | PromiseId, AgentId]
"""When, what, for which contact or promise ("" if none), for which agent (0 if none)."""

NO_CONTACT = ContactId("")
NO_AGENT = AgentId(0)


class Deadlines:
    """The deadlines of all records. `holds` tells whether an entry is still what its record says."""

    __slots__ = ("_heap", "_holds", "_promised")

    def __init__(self, holds: Callable[[Deadline], bool]) -> None:
        self._heap: list[Deadline] = []
        self._holds = holds
        self._promised: set[Deadline] = set()
        """Those of promises, which may be owed for a year and are told anew with each plan."""

    def add(self, at: datetime, kind: Kind, *, contact: ContactId = NO_CONTACT, agent: AgentId = NO_AGENT) -> None:
        """Something is due at `at`; the record must say so, too."""
        heappush(self._heap, (at, kind, contact, agent))

    def add_promise(self, at: datetime, kind: Kind, promise: PromiseId) -> None:
        """Likewise, of a promise; told again it is the same."""
        entry = (at, kind, promise, NO_AGENT)
        if entry not in self._promised:
            self._promised.add(entry)
            heappush(self._heap, entry)

    def next(self) -> datetime | None:
        """When the first deadline that holds is due."""
        while self._heap:
            if self._holds(self._heap[0]):
                return self._heap[0][0]
            self._pop()
        return None

    def take_due(self, now: datetime) -> list[Deadline]:
        """Removes and returns all entries up to `now`, in order. Each is to be checked again when its turn comes."""
        due: list[Deadline] = []
        while self._heap and self._heap[0][0] <= now:
            entry = self._pop()
            if not due or due[-1] != entry:
                due.append(entry)
        return due

    def _pop(self) -> Deadline:
        entry = heappop(self._heap)
        self._promised.discard(entry)
        return entry
