"""The live rows of the centre, and what each viewer may see of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from haedap.domain.states import ContactState

JsonRow: TypeAlias = dict[str, Any]

_encoder = msgspec.json.Encoder()
_HIDDEN = {"caller": None, "caller_text": None, "caller_name": None}
_HELD_BY_AGENT = frozenset({ContactState.OFFERED, ContactState.ENGAGED, ContactState.RECONNECTING, ContactState.ENDED})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: `agent` is the account's id; a supervisor sees every caller, an agent only their own."""

    agent: int
    supervisor: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows as PostgreSQL had them at `seq` of the projection, in one snapshot."""

    seq: int
    agents: Mapping[str, JsonRow]
    contacts: Mapping[str, JsonRow]


@dataclass(frozen=True, slots=True)
class Directory:
    """Names and skills by agent, and queues by key in the order in which they are shown."""

    agents: Mapping[str, Any]
    queues: Mapping[str, JsonRow]


class ContactEntry:
    """A contact's row and its two encodings: with the caller, and without."""

    __slots__ = ("full", "masked", "row")

    def __init__(self, row: JsonRow) -> None:
        self.row = row
        self.full = msgspec.Raw(_encoder.encode(row))
        self.masked = msgspec.Raw(_encoder.encode(row | _HIDDEN))

    @property
    def holders(self) -> frozenset[int]:
        """The agent who has the contact and the one who is consulted: they may know who calls."""
        agent = self.row["agent"] if self.row["state"] in _HELD_BY_AGENT else None
        transfer = self.row["transfer"]
        consulted = transfer["target_agent"] if transfer and transfer["ended_at"] is None else None
        return frozenset(one for one in (agent, consulted) if one is not None)

    @property
    def ended(self) -> bool:
        return bool(self.row["state"] == ContactState.ENDED)

    def seen_by(self, viewer: Viewer) -> msgspec.Raw:
        return self.full if viewer.supervisor or viewer.agent in self.holders else self.masked


class Delta:
    """What changed up to `seq`. Encoded once for each kind of viewer, not once for each viewer."""

    def __init__(self, seq: int, agents: Mapping[str, msgspec.Raw], contacts: Mapping[str, ContactEntry]) -> None:
        self.seq = seq
        self._agents = agents
        self._contacts = contacts
        self._holders = frozenset[int]().union(*(entry.holders for entry in contacts.values()))
        self._texts: dict[int | str, str] = {}

    def is_own(self, viewer: Viewer) -> bool:
        """Whether it tells of a contact that `viewer` has."""
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
        contacts = {key: entry.seen_by(viewer) for key, entry in self._contacts.items()}
        message = {"type": "delta", "seq": self.seq, "agents": self._agents, "contacts": contacts}
        return _encoder.encode(message).decode()


class CentreState:
    """Agents and live contacts by id, as of `seq`."""

    def __init__(self) -> None:
        self.seq = -1
        self._queues: Mapping[str, JsonRow] = {}
        self._agents: dict[str, msgspec.Raw] = {}
        self._contacts: dict[str, ContactEntry] = {}

    def replace(self, whole: Reading, queues: Mapping[str, JsonRow]) -> None:
        """Become what was read."""
        self.seq = whole.seq
        self._queues = queues
        self._agents = {key: msgspec.Raw(_encoder.encode(row)) for key, row in whole.agents.items()}
        self._contacts = {key: ContactEntry(row) for key, row in whole.contacts.items()}

    def advance(self, changed: Reading) -> Delta | None:
        """Take in the rows that changed since `seq`; none when nothing did."""
        self.seq = changed.seq
        if not changed.agents and not changed.contacts:
            return None
        agents = {key: msgspec.Raw(_encoder.encode(row)) for key, row in changed.agents.items()}
        contacts = {key: ContactEntry(row) for key, row in changed.contacts.items()}
        self._agents |= agents
        for key, entry in contacts.items():
            if entry.ended:
                self._contacts.pop(key, None)
            else:
                self._contacts[key] = entry
        return Delta(changed.seq, agents, contacts)

    def snapshot_for(self, viewer: Viewer, now: datetime) -> str:
        """Everything that `viewer` may see, as JSON."""
        message = {
            "type": "snapshot",
            "seq": self.seq,
            "now": now,
            "me": viewer.agent,
            "agents": self._agents,
            "contacts": {key: entry.seen_by(viewer) for key, entry in self._contacts.items()},
            "queues": self._queues,
        }
        return _encoder.encode(message).decode()
