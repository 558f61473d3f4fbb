"""Ringing agents' telephones, and reading what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.callers import national
from haedap.channels.voice.calls import Call, Leg, contact_of
from haedap.channels.voice.dialplan import AGENT_ARGUMENT, APP
from haedap.channels.voice.line import Line
from haedap.channels.voice.wire import ChannelDestroyed
from haedap.domain.decisions import OfferContact
from haedap.domain.events import OfferFailed
from haedap.domain.states import EndedBy, OfferOutcome

BUSY = frozenset({486, 600})
DECLINED = frozenset({603, 607})
_REJECTED = BUSY | DECLINED
TEMPORARILY = frozenset({408, 480, 487})
UNREACHABLE = frozenset({404, 410, 604})
_REJECTED_CAUSES = frozenset({17, 21})
_NO_ANSWER_CAUSE = 19
UNREACHABLE_CAUSES = frozenset({1, 3, 18, 20, 22, 27})
_LOST_CAUSES = frozenset({18, 27, 34, 38, 41, 42, 44, 102, 111})
"""Whatever is not one of these was done on purpose: an ordinary BYE does not always bring its cause in time."""
_UNUSABLE = frozenset({400, 406, 488})
_UNKNOWN_THERE = 481
"""The other side knows of no such call, as the centre asks whether it lives: who hangs up says so before."""
_REFUSES_CENTRE = frozenset({401, 402, 403, 407})
_ALREADY_RINGING = 409


async def ring(line: Line, call: Call | None, decision: OfferContact, *, reachable: bool) -> None:
    """Call the agent's telephone; the leg answers to the offer's id. Reports `OfferFailed` when it cannot be called.

    `call` is None while the citizen of an outgoing contact has not been called yet.
    """
    known = line.calls.legs.get(decision.offer)
    if known is not None:
        if known.endpoint != decision.endpoint:
            await _take_back(line, known)
        return
    query: dict[str, str | int] = {
        "endpoint": f"PJSIP/{decision.endpoint}",
        "callerId": national(decision.caller) or "anonymous",
        "timeout": decision.ring_seconds,
    }
    query |= {"formats": "ulaw,alaw"} if call is None else {"originator": call.channel}
    leg = Leg(offer=decision.offer, endpoint=decision.endpoint, join=decision.join)
    refused = OfferOutcome.FAILED if reachable else OfferOutcome.UNREACHABLE
    await originate(line, leg, query, _headers(decision), refused=refused)


async def _take_back(line: Line, leg: Leg) -> None:
    """An engine that died rang somebody else under this name, and its journal does not know: the offer is made anew."""
    leg.ended_here = True
    line.post(OfferFailed(at=line.now(), offer=leg.offer, outcome=OfferOutcome.FAILED))
    await line.try_ask("DELETE", f"channels/{leg.offer}", contact=contact_of(leg.offer))


async def originate(
    line: Line, leg: Leg, query: Mapping[str, str | int], variables: Mapping[str, str], *, refused: OfferOutcome
) -> None:
    """Call a leg that comes to the application when it is answered. Reports `OfferFailed` with `refused` if it must."""
    line.calls.legs[leg.offer] = leg
    where = {"app": APP, "appArgs": AGENT_ARGUMENT}
    try:
        await line.lane(contact_of(leg.offer)).ask(
            "POST", f"channels/{leg.offer}", {**query, **where}, {"variables": variables}
        )
    except AriRefusedError as error:
        if error.status != _ALREADY_RINGING:
            line.calls.legs.pop(leg.offer, None)
            line.post(OfferFailed(at=line.now(), offer=leg.offer, outcome=refused))


def _headers(decision: OfferContact) -> dict[str, str]:
    # Each header costs Asterisk a round through the telephone's own queue of tasks: the offer's id names its contact.
    headers: dict[str, str] = {"X-Haedap-Offer": decision.offer}
    if decision.auto_answer:
        headers |= {"X-Haedap-Auto-Answer": "yes", "Call-Info": "<sip:haedap>;answer-after=0"}
    return {f"PJSIP_HEADER(add,{name})": value for name, value in headers.items()}


def outcome_of(end: ChannelDestroyed, *, rang: bool) -> OfferOutcome:
    """What a telephone that was never answered meant, by SIP status or Q.850 cause.

    When the time to ring is over Asterisk says 480, as a telephone does that is switched off: only one of them rang.
    """
    status, cause = end.tech_cause, end.cause
    if refuses_centre(end, rang=rang):
        return OfferOutcome.FAILED
    if status in _REJECTED or cause in _REJECTED_CAUSES:
        return OfferOutcome.REJECTED
    if status in TEMPORARILY or cause == _NO_ANSWER_CAUSE:
        return OfferOutcome.NO_ANSWER if rang else OfferOutcome.UNREACHABLE
    if status in UNREACHABLE or cause in UNREACHABLE_CAUSES:
        return OfferOutcome.UNREACHABLE
    return OfferOutcome.FAILED


def refuses_centre(end: ChannelDestroyed, *, rang: bool) -> bool:
    """Whether it is the centre that was refused, its account or its number: nobody was called who could decline.

    Asterisk gives this the same cause as a person's refusal; and gateways say 403 for one too, but then it has rung.
    """
    return not rang and end.tech_cause in _REFUSES_CENTRE


def ended_by(end: ChannelDestroyed | None, hung_up: EndedBy) -> EndedBy:
    """Who ended an answered leg: its own side by hanging up, or the line. None: it ended before anybody watched.

    A leg whose confirmation or answer holds no usable description is ended by Asterisk: that is nobody's wish.
    """
    lost = end is not None and (end.cause in _LOST_CAUSES or end.tech_cause in _UNUSABLE | {_UNKNOWN_THERE})
    return EndedBy.LINE if lost else hung_up
