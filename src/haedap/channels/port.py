"""The port between the engine and a channel: what the engine may rely on, and what a channel may rely on.

A channel turns the wire into events and decisions into requests on the wire. It keeps no truth of its own: after each
(re)connection it says what is true on the wire, and the router makes the rest agree.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from haedap.domain.decisions import AnyDecision, OfferContact
from haedap.domain.events import AnyEvent
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.plan import Plan
from haedap.domain.states import Channel as ChannelName

Post = Callable[[AnyEvent], None]
"""Hands an event to the engine. Never blocks and never raises; to be called on the engine's own event loop."""


class PhoneKind(StrEnum):
    """What a credential is for: an agent's browser, an agent's desk telephone, a citizen's demo telephone."""

    BROWSER = "browser"
    DESK = "desk"
    CITIZEN = "citizen"


class PhoneCredential(msgspec.Struct, frozen=True, kw_only=True):
    """What lets one telephone register. The password itself is known to nobody here."""

    username: str
    """`agent-7`, `desk-7` or `citizen-demo-...`: the name on the wire, and `Agent.endpoint` for agents."""
    kind: PhoneKind
    agent: AgentId | None
    ha1: str
    """MD5 of `username:realm:password` in hex, as SIP digest wants it. A secret."""
    expires_at: datetime | None
    """From then on the telephone may not register; the engine calls `phone_revoked` at that time. None: for ever."""

    def __repr__(self) -> str:
        return f"PhoneCredential({self.username})"


class Channel(Protocol):
    """One way of reaching the centre."""

    @property
    def channel(self) -> ChannelName:
        """Which channel this is."""
        ...

    async def outlasted(self, at: datetime, contacts: Collection[ContactId]) -> bool:
        """Whether anything from before `at` may still live: False only when it is certain that nothing does.

        `contacts` are those that were open then. Asked before `run`, by an engine that starts after a while.
        """
        ...

    async def run(self, post: Post) -> None:
        """Work until cancelled; reconnect by itself.

        After every connection first post what is found on the wire (`ContactArrived` for each citizen; a repetition
        does no harm), then one `ChannelReconciled`. Events that happen while the wire is being listed come after it.
        Where it is certain that the wire itself is gone, `ExchangeStopped` says so meanwhile, dated by its end.
        The engine may cancel `run` and call it again: that is how it asks for a new reconciliation.
        """
        ...

    async def perform(self, decision: AnyDecision) -> None:
        """Do what the router asks.

        Idempotent by `decision.id`. For a contact or a leg that is dead it posts the matching event (`CitizenLeft`,
        `OfferFailed`, `ConnectFailed`, `PlaybackEnded` FAILED ...) instead of raising. The engine calls it for one
        contact in the router's order, one after the other, and for different contacts at the same time.

        An answered `OfferContact` with `join` means joined: the channel joins both at once and posts `OfferAnswered`,
        then `Connected`. A `Connect` for who is joined already does nothing. An `EndLeg` before the `Connect` gives the
        citizen back the music that the join replaced.
        """
        ...

    async def prepare(self, offer: OfferContact) -> None:
        """Ring already, while the offer is being committed; `perform` comes afterwards and finds nothing to do.

        If the engine dies in between, nobody knows of the leg: the next engine either makes the same offer or ends it.
        """
        ...

    async def plan_changed(self, plan: Plan) -> None:
        """The centre's configuration. Called once before the first `run`, then after each change."""
        ...

    async def phone_issued(self, credential: PhoneCredential) -> None:
        """Let this telephone register from now on; a later credential of the same name replaces the earlier.

        All valid credentials are given before the first `run`: the channel keeps them and pushes them on each
        connection.
        """
        ...

    async def phone_revoked(self, username: str) -> None:
        """This telephone may not register any more. An unknown name is no error."""
        ...

    async def prompts_changed(self) -> None:
        """Prompts on disk were replaced: forget what was cached of them."""
        ...
