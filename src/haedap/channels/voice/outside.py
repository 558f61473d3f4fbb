"""Calls that the centre makes itself: to officers, to outside numbers, back to citizens. Only decisions dial."""

from __future__ import annotations

import re
from typing import NamedTuple
from zoneinfo import ZoneInfo

import phonenumbers
import structlog

from haedap.channels.voice import legs
from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.callers import e164, national
from haedap.channels.voice.calls import Call, Leg, channel_of, endpoint_of
from haedap.channels.voice.dialplan import CALLED_CONTEXT, CONTACT_VARIABLE, DAY_VARIABLE
from haedap.channels.voice.line import Line
from haedap.channels.voice.offers import (
    BUSY,
    DECLINED,
    TEMPORARILY,
    UNREACHABLE,
    UNREACHABLE_CAUSES,
    originate,
    refuses_centre,
)
from haedap.channels.voice.sip_configuration import EXCHANGE, OUTSIDE
from haedap.channels.voice.telephones import Telephones
from haedap.channels.voice.wire import ChannelDestroyed
from haedap.config import Settings
from haedap.domain.decisions import CallCitizen, DialOutside
from haedap.domain.events import CitizenNotReached, OfferFailed
from haedap.domain.ids import ContactId
from haedap.domain.states import AttemptOutcome, OfferOutcome

_log = structlog.get_logger()

CALLED_APP = "haedap-called"
"""Hears what becomes of legs by their endpoint, from their first moment on: a called citizen's leg comes to the
application that has the calls only when it is answered."""
CALLED_EVENTS = ("ChannelStateChange", "ChannelDestroyed", "Dial")
EARLY_SOUND = "PROGRESS"
"""The `Dial` of a network that plays the ringing tone itself, and says nothing else of its ringing."""

_EXTENSION = re.compile(r"[0-9]{2,8}")
_KOREA = 82
_PREMIUM = "+8260"
_REJECTED_CAUSE = 21
_BUSY_CAUSE, _NO_ANSWER_CAUSE = 17, 19
_SETTINGS = {OUTSIDE: "trunk_user, trunk_password, main_number", EXCHANGE: "exchange_host"}
"""What may be wrong where calls are refused."""


class Way(NamedTuple):
    """How a number is reached: the endpoint and the address to dial by it."""

    endpoint: str
    address: str

    @property
    def shows_citizens(self) -> bool:
        """Whether a citizen's number may be shown. On the public network a centre may only show its own."""
        return self.endpoint != OUTSIDE


class Outside:
    """Finds the way to a number and calls it."""

    def __init__(self, settings: Settings, telephones: Telephones) -> None:
        self.abroad = False
        """Whether the plan allows numbers abroad."""
        self._settings = settings
        self._telephones = telephones

    def way_to(self, line: Line, number: str) -> Way | None:
        """None: this number must not be called, or there is nothing by which it could be.

        The demonstration's telephones stand for all citizens there, but for a number that a trunk reaches.
        """
        extension = _EXTENSION.fullmatch(number) is not None
        if not extension and not may_be_called(number, abroad=self.abroad):
            return None
        peer = self._settings.exchange_host if extension else self._settings.trunk_host
        telephone = self._telephones.citizen_at(number, _busy(line), any_free=not peer)
        if telephone is not None:
            return Way(telephone, telephone)
        if not peer:
            return None
        endpoint, digits = (EXCHANGE, number) if extension else (OUTSIDE, national(number))
        return Way(endpoint, f"{endpoint}/sip:{digits}@{peer}")

    async def dial(self, line: Line, call: Call, decision: DialOutside) -> None:
        """Ring the officer or the outside number as the leg `offer`. Reports `OfferFailed` when it cannot be called."""
        offer = decision.offer
        if offer in line.calls.legs:
            return
        way = self.way_to(line, decision.number)
        if way is None:
            outcome = OfferOutcome.REFUSED if self._lacks_way(decision.number) else OfferOutcome.UNREACHABLE
            line.post(OfferFailed(at=line.now(), offer=offer, outcome=outcome))
            return
        leg = Leg(offer=offer, endpoint=way.endpoint)
        shown = decision.caller if way.shows_citizens else None
        query: dict[str, str | int] = {
            "endpoint": f"PJSIP/{way.address}",
            "callerId": self._shown(shown),
            "timeout": decision.ring_seconds,
            "originator": call.channel,
        }
        await self._hear(line, way, call.contact)
        await originate(line, leg, query, {}, refused=OfferOutcome.FAILED)

    async def call_citizen(self, line: Line, decision: CallCitizen) -> None:
        """Call the citizen of an outgoing contact while the agent's leg hears the ringing tone.

        Reports `CitizenNotReached` when they cannot be called; the rest follows from the leg.
        """
        agent = line.calls.legs.get(decision.offer)
        if decision.contact in line.calls.by_contact:
            return
        way = self.way_to(line, decision.number)
        if way is None or agent is None or not agent.answered:
            own_fault = way is not None or self._lacks_way(decision.number)
            outcome = AttemptOutcome.FAILED if own_fault else AttemptOutcome.UNREACHABLE
            line.post(CitizenNotReached(at=line.now(), contact=decision.contact, outcome=outcome))
            return
        call = Call(
            contact=decision.contact,
            channel=channel_of(decision.contact),
            name=f"PJSIP/{way.endpoint}-",
            created=line.now(),
            called_by=decision.offer,
        )
        line.calls.add(call)
        await legs.ringing_tone(line, agent)
        try:
            await self._originate(line, call, way, decision.ring_seconds)
        except AriRefusedError:
            line.calls.remove(call.channel)
            await legs.quiet(line, agent)
            line.post(CitizenNotReached(at=line.now(), contact=call.contact, outcome=AttemptOutcome.FAILED))

    async def _originate(self, line: Line, call: Call, way: Way, ring_seconds: int) -> None:
        """The answered leg runs through the dialplan, which records it as it does an incoming one."""
        await self._hear(line, way, call.contact)
        day = call.created.astimezone(ZoneInfo(self._settings.time_zone))
        await line.lane(call.contact).ask(
            "POST",
            f"channels/{call.channel}",
            {
                "endpoint": f"PJSIP/{way.address}",
                "context": CALLED_CONTEXT,
                "extension": "s",
                "priority": 1,
                "callerId": self._shown(None),
                "timeout": ring_seconds,
                "formats": "ulaw,alaw",
            },
            {"variables": {CONTACT_VARIABLE: call.contact, DAY_VARIABLE: f"{day:%Y/%m/%d}"}},
        )

    async def _hear(self, line: Line, way: Way, contact: ContactId) -> None:
        events = {"eventSource": f"endpoint:PJSIP/{way.endpoint}"}
        await line.try_ask("POST", f"applications/{CALLED_APP}/subscription", events, contact=contact)

    def _lacks_way(self, number: str) -> bool:
        """A centre without a trunk calls nobody: that is its own fault. In a demonstration a browser is closed."""
        if self._settings.demo:
            return False
        if _EXTENSION.fullmatch(number) is not None:
            return not self._settings.exchange_host
        return not self._settings.trunk_host and may_be_called(number, abroad=self.abroad)

    def _shown(self, number: str | None) -> str:
        return national(number) or national(self._settings.main_number)


def may_be_called(number: str, *, abroad: bool) -> bool:
    """Whether this is an E.164 number that the centre pays for: of Korea, but for the premium ones, or `abroad`."""
    if e164(number) != number or number.startswith(_PREMIUM):
        return False
    return abroad or phonenumbers.parse(number).country_code == _KOREA


def _busy(line: Line) -> set[str]:
    """Telephones that are in a call."""
    citizens = {endpoint_of(call.name) for call in line.calls.by_channel.values()}
    return citizens | {leg.endpoint for leg in line.calls.legs.values()}


def attempt_of(end: ChannelDestroyed, *, rang: bool) -> AttemptOutcome:
    """What it meant that a called citizen's leg ended unanswered, by SIP status or Q.850 cause.

    Whatever is not known to be the citizen's is the centre's own fault.
    """
    status, cause = end.tech_cause, end.cause
    if refuses_centre(end, rang=rang):
        return AttemptOutcome.FAILED
    if status in DECLINED or cause == _REJECTED_CAUSE:
        return AttemptOutcome.REJECTED
    if status in BUSY or cause == _BUSY_CAUSE:
        return AttemptOutcome.BUSY
    if status in TEMPORARILY or cause == _NO_ANSWER_CAUSE:
        return AttemptOutcome.NO_ANSWER if rang else AttemptOutcome.UNREACHABLE
    if status in UNREACHABLE or cause in UNREACHABLE_CAUSES:
        return AttemptOutcome.UNREACHABLE
    return AttemptOutcome.FAILED


def log_refusal(endpoint: str, end: ChannelDestroyed, *, rang: bool) -> bool:
    """Whether the provider has something against the centre. The log says what to look at, for nothing else does."""
    refused = endpoint in _SETTINGS and refuses_centre(end, rang=rang)
    if refused:
        _log.warning("voice: calls that go out are refused", status=end.tech_cause, see=_SETTINGS[endpoint])
    return refused
