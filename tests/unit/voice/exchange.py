"""A model of Asterisk, as far as a call is concerned: what each request does, what it tells, and who hears what.

It does nothing by itself: the test says which request is done next, when its answer comes, and when an event does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from haedap.channels.voice.ari import Ari, AriRefusedError
from haedap.channels.voice.dialplan import AGENT_ARGUMENT, CALLED_ARGUMENT, CITIZEN_ARGUMENT
from haedap.channels.voice.wire import (
    AnyWireEvent,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelStateChange,
    Party,
    Place,
    PlaybackFinished,
    RESTResponse,
    StasisStart,
    WireChannel,
    WirePlayback,
)

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
NORMAL, LOST, REJECTED = 16, 27, 21
MUSIC, SOUND = "music", "sound"


@dataclass(slots=True)
class Channel:
    """A leg. It is here, in the application, once it was answered; a citizen who calls is at once."""

    id: str
    call_id: str = ""
    here: bool = False
    answered: bool = False
    music: bool = False
    sounds: list[str] = field(default_factory=list)
    """What plays, and what is to follow."""
    bridge: str | None = None
    watched: str | None = None
    """Of a snoop: whose leg it hears."""
    whispers: bool = False

    def wire(self) -> WireChannel:
        return WireChannel(
            id=self.id,
            name=f"PJSIP/{self.id}-1",
            state="Up" if self.answered else "Ringing",
            creationtime=NOW,
            protocol_id=self.call_id,
            caller=Party(number="01000001234"),
            dialplan=Place(exten="+82220000120"),
        )


@dataclass(slots=True)
class _Request:
    method: str
    path: str
    query: Mapping[str, str | int]
    answer: asyncio.Future[RESTResponse]


class Exchange(Ari):
    """All connections in one, whose requests are done in order."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, set[str]] = {}
        self.requests: deque[_Request] = deque()
        self.answers: deque[tuple[asyncio.Future[RESTResponse], int]] = deque()
        self.events: deque[AnyWireEvent] = deque()
        self.log: list[str] = []

    async def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> RESTResponse:
        del body
        answer: asyncio.Future[RESTResponse] = asyncio.get_running_loop().create_future()
        self.requests.append(_Request(method, path, query or {}, answer))
        return await answer

    # --- what the test lets happen

    def do_next(self) -> None:
        """The next request is done; its answer is on its way."""
        request = self.requests.popleft()
        status = self._do(request)
        self.log.append(f"{request.method} {request.path} {dict(request.query)} -> {status}")
        self.answers.append((request.answer, status))

    def answer_next(self) -> None:
        """The answer to the request that was done first arrives."""
        answer, status = self.answers.popleft()
        if answer.done():
            return
        if status >= 400:
            answer.set_exception(AriRefusedError(status, "no"))
        else:
            answer.set_result(RESTResponse(request_id="1", status_code=status))

    def calls(self, channel: str, contact: str, call_id: str = "") -> None:
        """A citizen calls."""
        self.channels[channel] = Channel(channel, call_id, here=True)
        self._starts(channel, CITIZEN_ARGUMENT, contact, "allowed")

    def picks_up(self, channel: str) -> None:
        """Whose telephone rings answers."""
        leg = self.channels[channel]
        leg.here = leg.answered = True
        self.events.append(ChannelStateChange(timestamp=NOW, channel=leg.wire()))
        if channel.startswith("citizen-"):
            self._starts(channel, CALLED_ARGUMENT, channel.removeprefix("citizen-"))
        else:
            self._starts(channel, AGENT_ARGUMENT)

    def goes(self, channel: str, cause: int = NORMAL) -> None:
        """A leg is gone, and whatever played to it, and the ears on it."""
        leg = self.channels.pop(channel)
        self._leaves_bridge(leg)
        for sound in leg.sounds:
            self.events.append(PlaybackFinished(timestamp=NOW, playback=WirePlayback(id=sound, state="failed")))
        self.events.append(ChannelDestroyed(timestamp=NOW, channel=leg.wire(), cause=cause))
        for snoop in [other.id for other in self.channels.values() if other.watched == channel]:
            self.goes(snoop)

    def is_heard(self, sound: str) -> None:
        """A sound has come to its end."""
        for leg in self.channels.values():
            if sound in leg.sounds:
                leg.sounds.remove(sound)
                self.events.append(PlaybackFinished(timestamp=NOW, playback=WirePlayback(id=sound, state="done")))

    def presses(self, channel: str, digit: str) -> None:
        """A citizen presses a key."""
        self.events.append(ChannelDtmfReceived(timestamp=NOW, channel=self.channels[channel].wire(), digit=digit))

    def hears(self, channel: str) -> str | set[str]:
        """What this leg hears: a sound, music, or these others, if any."""
        leg = self.channels[channel]
        if leg.sounds:
            return SOUND
        if leg.music:
            return MUSIC
        return set() if leg.bridge is None else self.bridges[leg.bridge] - {channel}

    # --- requests

    def _do(self, request: _Request) -> int:
        match request.method, request.path.split("/"):
            case _, ["applications", *_]:
                return 200
            case "POST", ["bridges"]:
                bridge = str(request.query["bridgeId"])
                taken = bridge in self.bridges
                self.bridges.setdefault(bridge, set())
                return 409 if taken else 200
            case method, ["bridges", bridge, *what]:
                return self._bridge(method, bridge, what, str(request.query.get("channel", "")).split(","))
            case "DELETE", ["playbacks", sound]:
                found = any(sound in leg.sounds for leg in self.channels.values())
                self.is_heard(sound)
                return 204 if found else 404
            case "POST", ["channels", channel] if channel not in self.channels:
                self.channels[channel] = Channel(channel)
                return 200
            case method, ["channels", channel, *what]:
                leg = self.channels.get(channel)
                return 404 if leg is None else self._channel(method, leg, what, request.query)
            case _:
                return 404

    def _bridge(self, method: str, bridge: str, what: list[str], channels: list[str]) -> int:
        if bridge not in self.bridges:
            return 404
        legs = [self.channels[channel] for channel in channels if channel in self.channels]
        match method, what:
            case "DELETE", []:
                for channel in self.bridges.pop(bridge):
                    self.channels[channel].bridge = None
            case "POST", ["addChannel"]:
                if len(legs) < len(channels) or not all(leg.here for leg in legs):
                    return 400
                for leg in legs:
                    self._leaves_bridge(leg)
                    leg.bridge = bridge
                    self.bridges[bridge].add(leg.id)
            case "POST", ["removeChannel"]:
                if len(legs) < len(channels) or any(leg.bridge != bridge for leg in legs):
                    return 422
                for leg in legs:
                    self._leaves_bridge(leg)
        return 204

    def _channel(self, method: str, leg: Channel, what: list[str], query: Mapping[str, str | int]) -> int:
        match method, what:
            case "POST", []:
                return 409
            case "DELETE", []:
                self.goes(leg.id)
            case _ if not leg.here:
                return 409
            case "POST", ["answer"]:
                leg.answered = True
            case method, ["moh"]:
                leg.music = method == "POST"
            case "POST", ["play", sound]:
                leg.sounds.append(sound)
            case "POST", ["play"]:
                leg.sounds.append("")
            case "POST", ["snoop", snoop]:
                whispers = query["whisper"] == "out"
                self.channels[snoop] = Channel(snoop, here=True, watched=leg.id, whispers=whispers)
                self._starts(snoop, *str(query["appArgs"]).split(","))
        return 204

    def _starts(self, channel: str, *arguments: str) -> None:
        self.events.append(StasisStart(timestamp=NOW, channel=self.channels[channel].wire(), args=arguments))

    def _leaves_bridge(self, leg: Channel) -> None:
        if leg.bridge is not None:
            self.bridges[leg.bridge].discard(leg.id)
        leg.bridge = None
