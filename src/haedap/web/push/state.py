"""The live rows of the centre, and what each viewer may see of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from haedap.domain.states import ContactState, Direction, PromiseState

JsonRow: TypeAlias = dict[str, Any]

_encoder = msgspec.json.Encoder()
_CALLER_HIDDEN = {"caller": None, "caller_text": None, "caller_name": None, "flagged": None}
_CALLED_HIDDEN = {**_CALLER_HIDDEN, "called": None}
"""Of a call that the centre makes: there the called number is the citizen's."""
_CITIZEN_HIDDEN = {"citizen": None}
_HELD_BY_AGENT = frozenset(
    {
        ContactState.OFFERED,
        ContactState.ENGAGED,
        ContactState.RECONNECTING,
        ContactState.FORWARDED,
        ContactState.ENDED,
    }
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: `agent` is the account's id; a supervisor sees every caller, an agent only their own."""

    agent: int
    supervisor: bool
    role: str = "agent"


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows as PostgreSQL had them at `seq` of the projection, in one snapshot."""

    seq: int
    agents: Mapping[str, JsonRow]
    contacts: Mapping[str, JsonRow]
    promises: Mapping[str, JsonRow]


@dataclass(frozen=True, slots=True)
class Directory:
    """Names and skills by agent, and queues by key in the order in which they are shown."""

    agents: Mapping[str, Any]
    queues: Mapping[str, JsonRow]


class Entry:
    """A contact or a promise: its row, and its two encodings, with the citizen's number and without.

    `holders`: the agents who have it, and so may know who the citizen is.
    """

    __slots__ = ("ended", "full", "holders", "masked")

    def __init__(self, row: JsonRow, *, holders: frozenset[int | None], ended: bool, hidden: JsonRow) -> None:
        self.full = msgspec.Raw(_encoder.encode(row))
        self.masked = msgspec.Raw(_encoder.encode(row | hidden))
        self.holders = holders
        self.ended = ended

    def seen_by(self, viewer: Viewer) -> msgspec.Raw:
        return self.full if viewer.supervisor or viewer.agent in self.holders else self.masked


def _contact(row: JsonRow) -> Entry:
    """A colleague who is consulted knows who it is about, too."""
    agent = row["agent"] if row["state"] in _HELD_BY_AGENT else None
    transfer = row["transfer"]
    consulted = transfer["target_agent"] if transfer and transfer["ended_at"] is None else None
    hidden = _CALLED_HIDDEN if row["direction"] == Direction.OUT else _CALLER_HIDDEN
    return Entry(row, holders=frozenset({agent, consulted}), ended=row["state"] == ContactState.ENDED, hidden=hidden)


def _promise(row: JsonRow) -> Entry:
    ended = row["state"] == PromiseState.ENDED
    return Entry(row, holders=frozenset({row["owner_agent"]}), ended=ended, hidden=_CITIZEN_HIDDEN)


Entries: TypeAlias = Mapping[str, Entry]


class Delta:
    """What changed up to `seq`. Encoded once for each kind of viewer, not once for each viewer."""

    def __init__(self, seq: int, agents: Mapping[str, msgspec.Raw], contacts: Entries, promises: Entries) -> None:
        self.seq = seq
        self._agents = agents
        self._contacts = contacts
        self._promises = promises
        self._holders = {who for entries in (contacts, promises) for entry in entries.values() for who in entry.holders}
        self._texts: dict[int | str, str] = {}

    def is_own(self, viewer: Viewer) -> bool:
        """Whether it tells of a contact or a promise that `viewer` has."""
        return viewer.agent in self._holders

    def text_for(self, viewer: Viewer) -> str:
        """The message for `viewer`, as JSON."""
        kind = self._kind(viewer)
        if kind not in self._texts:
            self._texts[kind] = self._encode(viewer)
        return self._texts[kind]

    def _kind(self, viewer: Viewer) -> int | str:
        if viewer.supervisor:
            return "supervisor"
        return viewer.agent if self.is_own(viewer) else "other"

    def _encode(self, viewer: Viewer) -> str:
        message = {
            "type": "delta",
            "seq": self.seq,
            "agents": self._agents,
            "contacts": _seen(self._contacts, viewer),
            "promises": _seen(self._promises, viewer),
        }
        return _encoder.encode(message).decode()


class CentreState:
    """Agents, live contacts and promises that are not over by id, as of `seq`."""

    def __init__(self) -> None:
        self.seq = -1
        self._queues: Mapping[str, JsonRow] = {}
        self._agents: dict[str, msgspec.Raw] = {}
        self._contacts: dict[str, Entry] = {}
        self._promises: dict[str, Entry] = {}

    def replace(self, whole: Reading, queues: Mapping[str, JsonRow]) -> None:
        """Become what was read."""
        self.seq = whole.seq
        self._queues = queues
        self._agents = {key: msgspec.Raw(_encoder.encode(row)) for key, row in whole.agents.items()}
        self._contacts = {key: _contact(row) for key, row in whole.contacts.items()}
        self._promises = {key: _promise(row) for key, row in whole.promises.items()}

    def advance(self, changed: Reading) -> Delta | None:
        """Take in the rows that changed since `seq`; none when nothing did."""
        self.seq = changed.seq
        if not changed.agents and not changed.contacts and not changed.promises:
            return None
        agents = {key: msgspec.Raw(_encoder.encode(row)) for key, row in changed.agents.items()}
        contacts = {key: _contact(row) for key, row in changed.contacts.items()}
        promises = {key: _promise(row) for key, row in changed.promises.items()}
        self._agents |= agents
        _take_in(self._contacts, contacts)
        _take_in(self._promises, promises)
        return Delta(changed.seq, agents, contacts, promises)

    def snapshot_for(self, viewer: Viewer, now: datetime) -> str:
        """Everything that `viewer` may see, as JSON."""
        message = {
            "type": "snapshot",
            "seq": self.seq,
            "now": now,
            "me": viewer.agent,
            "role": viewer.role,
            "agents": self._agents,
            "contacts": _seen(self._contacts, viewer),
            "promises": _seen(self._promises, viewer),
            "queues": self._queues,
        }
        return _encoder.encode(message).decode()


def _take_in(known: dict[str, Entry], changed: Entries) -> None:
    """What is over is forgotten."""
    for key, entry in changed.items():
        if entry.ended:
            known.pop(key, None)
        else:
            known[key] = entry


def _seen(entries: Entries, viewer: Viewer) -> dict[str, msgspec.Raw]:
    return {key: entry.seen_by(viewer) for key, entry in entries.items()}
