"""Taps: one side of a talk, heard by a snoop and brought to us by an AudioSocket, over connections of our own.

The engine's connections and bridges are not touched. Asterisk waits for whom an AudioSocket speaks with, and does the
requests of a connection one after the other: on this one nobody waits but us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from haedap.channels.voice.ari import Ari, AriRefusedError
from haedap.channels.voice.calls import bridge_of, is_offer
from haedap.channels.voice.wire import StasisStart, WireBridge, WireChannel
from haedap.domain.ids import ContactId
from haedap.speech.talks import Talk

APP = "haedap-speech"
_NAME = "speech-"
_EAR, _LINE = f"{_NAME}ear-", f"{_NAME}line-"


class Side(StrEnum):
    """Who speaks."""

    CITIZEN = "citizen"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Source:
    """One side of a talk on the wire."""

    contact: UUID
    side: Side
    channel: str


def sources_of(talks: Sequence[Talk], bridges: Sequence[WireBridge]) -> set[Source]:
    """Whom to hear: only who is in the talk's own bridge, so that nobody is heard while an officer is consulted."""
    inside = {bridge.id: bridge.channels for bridge in bridges}
    found: set[Source] = set()
    for talk in talks:
        channels = inside.get(bridge_of(ContactId(str(talk.contact))), ())
        citizens = [channel for channel in channels if not is_offer(channel)]
        if len(citizens) != 1 or talk.offer not in channels:
            continue
        found.add(Source(talk.contact, Side.CITIZEN, citizens[0]))
        if not talk.muted:
            found.add(Source(talk.contact, Side.AGENT, talk.offer))
    return found


class Taps:
    """The taps on one connection. `port`: where the AudioSocket's listener is."""

    def __init__(self, ari: Ari, port: int) -> None:
        self._ari = ari
        self._port = port

    async def begin(self, source: Source, stream: UUID) -> None:
        """Bring this side's sound as `stream`. Raises AriRefusedError when the leg is gone, and leaves nothing then."""
        ear = {"spy": "in", "whisper": "none", "app": APP}
        media = {
            "app": APP,
            "channelId": f"{_LINE}{stream}",
            "external_host": f"127.0.0.1:{self._port}",
            "encapsulation": "audiosocket",
            "transport": "tcp",
            "format": "slin",
            "data": str(stream),
        }
        try:
            await self._ari.ask("POST", "bridges", {"type": "mixing", "bridgeId": f"{_NAME}{stream}"})
            await self._ari.ask("POST", "channels/externalMedia", media)
            await self._ari.ask("POST", f"channels/{source.channel}/snoop/{_EAR}{stream}", ear)
        except AriRefusedError:
            await self.end(stream)
            raise

    async def ready(self, event: StasisStart) -> None:
        """An ear or a line has begun: into its bridge with it."""
        stream = event.channel.id.removeprefix(_EAR).removeprefix(_LINE)
        await self._try("POST", f"bridges/{_NAME}{stream}/addChannel", {"channel": event.channel.id})

    async def end(self, stream: UUID) -> None:
        """Nothing of it is left, however far it had come. The ear goes first: from then on nothing is heard."""
        await self._try("DELETE", f"channels/{_EAR}{stream}")
        await self._try("DELETE", f"channels/{_LINE}{stream}")
        await self._try("DELETE", f"bridges/{_NAME}{stream}")

    async def end_leftovers(self) -> None:
        """What an earlier process left."""
        for channel in await self._ari.get("channels", list[WireChannel]):
            if channel.id.startswith((_EAR, _LINE)):
                await self._try("DELETE", f"channels/{channel.id}")
        for bridge in await self.bridges():
            if bridge.id.startswith(_NAME):
                await self._try("DELETE", f"bridges/{bridge.id}")

    async def bridges(self) -> list[WireBridge]:
        """All bridges of this Asterisk."""
        return await self._ari.get("bridges", list[WireBridge])

    async def _try(self, method: str, path: str, query: dict[str, str] | None = None) -> None:
        try:
            await self._ari.ask(method, path, query)
        except AriRefusedError:
            return


def new_stream() -> UUID:
    """The name of a stream: nobody can guess it."""
    return uuid4()
