"""To whom a citizen can be put through, and to whom a call can be owed."""

import msgspec

from haedap.domain.ids import AgentId, OfficerId, QueueKey


class ToAgent(msgspec.Struct, frozen=True, tag="agent"):
    """A colleague on duty."""

    agent: AgentId


class ToQueue(msgspec.Struct, frozen=True, tag="queue"):
    """Whoever is free in a queue; blind, the citizen waits there."""

    queue: QueueKey


class ToOutside(msgspec.Struct, frozen=True, tag="outside"):
    """An officer's extension or an outside number."""

    number: str
    """E.164, or the 2 to 8 digits of an extension of the city's exchange."""
    officer: OfficerId | None = None
    name: str = ""
    """Whom the agent meant, as it is shown: `세무과 재산세팀 김○○`; at most 100 characters."""


Target = ToAgent | ToQueue | ToOutside
Owner = ToQueue | ToAgent | ToOutside
"""Who owes a callback. `ToOutside` names an officer: the centre reminds, the officer calls."""
