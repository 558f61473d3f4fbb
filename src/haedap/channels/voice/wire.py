"""What Asterisk says over ARI, as far as it is used here, as typed values. What is unknown is left out."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Party(msgspec.Struct, frozen=True):
    """A caller as the SIP message named it: not to be trusted, but valid Unicode."""

    name: str = ""
    number: str = ""


class Place(msgspec.Struct, frozen=True):
    """Where a channel is in the dialplan."""

    exten: str = ""
    app_name: str = ""
    app_data: str = ""


class WireChannel(msgspec.Struct, frozen=True):
    """One leg."""

    id: str
    name: str
    state: str
    creationtime: datetime
    protocol_id: str = ""
    """Its Call-ID."""
    caller: Party = Party()
    dialplan: Place = Place()
    channelvars: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def answered(self) -> bool:
        return self.state == "Up"

    @property
    def here(self) -> bool:
        """Whether it is in an application, which takes an answered leg a moment: until then nothing can be asked of it,
        and its `StasisStart` is still to come."""
        return self.dialplan.app_name == "Stasis"


class WireBridge(msgspec.Struct, frozen=True):
    """Legs that hear each other."""

    id: str
    channels: tuple[str, ...] = ()


class WireStatus(msgspec.Struct, frozen=True):
    """Since when this Asterisk runs."""

    startup_time: datetime


class WireInfo(msgspec.Struct, frozen=True):
    """Asterisk itself."""

    status: WireStatus


class WireEndpoint(msgspec.Struct, frozen=True):
    """A telephone or the trunk. `state` is online, offline or unknown."""

    resource: str
    state: str = "unknown"


class WirePlayback(msgspec.Struct, frozen=True):
    """A sound. `state` is queued, playing, done or failed."""

    id: str
    state: str


class WireRecording(msgspec.Struct, frozen=True):
    """A message that is over."""

    name: str


class WireEvent(msgspec.Struct, frozen=True, tag=True, tag_field="type"):
    """The base of what arrives without having been asked for."""


class StasisStart(WireEvent, frozen=True):
    timestamp: datetime
    channel: WireChannel
    args: tuple[str, ...] = ()


class ChannelStateChange(WireEvent, frozen=True):
    timestamp: datetime
    channel: WireChannel


class Dial(WireEvent, frozen=True):
    """How calling a leg goes. `dialstatus` is empty at the beginning, PROGRESS when the other side sends sound early
    (SIP 183), then what became of it."""

    timestamp: datetime
    peer: WireChannel
    dialstatus: str = ""


class ChannelDestroyed(WireEvent, frozen=True):
    """The end of a leg. `cause` is Q.850; `tech_cause` the SIP status, if there was one."""

    timestamp: datetime
    channel: WireChannel
    cause: int = 0
    tech_cause: int = 0


class ChannelDtmfReceived(WireEvent, frozen=True):
    timestamp: datetime
    channel: WireChannel
    digit: str


class PlaybackFinished(WireEvent, frozen=True):
    timestamp: datetime
    playback: WirePlayback


class RecordingFinished(WireEvent, frozen=True):
    recording: WireRecording


class RecordingFailed(WireEvent, frozen=True):
    recording: WireRecording


class ContactStatusChange(WireEvent, frozen=True):
    timestamp: datetime
    endpoint: WireEndpoint


class ChannelUserevent(WireEvent, frozen=True):
    """What somebody had Asterisk say to an application."""

    eventname: str
    application: str


class RESTResponse(WireEvent, frozen=True):
    """The answer to a request that was sent over the same connection."""

    request_id: str
    status_code: int
    reason_phrase: str = ""
    message_body: str = ""


AnyWireEvent = (
    StasisStart
    | ChannelStateChange
    | Dial
    | ChannelDestroyed
    | ChannelDtmfReceived
    | PlaybackFinished
    | RecordingFinished
    | RecordingFailed
    | ContactStatusChange
    | ChannelUserevent
    | RESTResponse
)

CALL_EVENTS = (
    "StasisStart",
    "ChannelStateChange",
    "ChannelDestroyed",
    "Dial",
    "ChannelDtmfReceived",
    "PlaybackFinished",
    "RecordingFinished",
    "RecordingFailed",
)
"""Of the types of events that a call causes, those that are of use here: a third."""

REGISTRATION_EVENTS = ("ContactStatusChange",)

_decoder = msgspec.json.Decoder(AnyWireEvent, strict=False)


def decode(message: str | bytes) -> AnyWireEvent | None:
    """The event in `message`, or None when it is of no use here."""
    try:
        event: AnyWireEvent = _decoder.decode(message)
    except msgspec.ValidationError:
        return None
    return event
