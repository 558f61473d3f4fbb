"""Ringing agents' telephones, and reading what became of it."""

from __future__ import annotations

from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.callers import national
from haedap.channels.voice.calls import Call, Leg
from haedap.channels.voice.dialplan import AGENT_ARGUMENT, APP
from haedap.channels.voice.line import Line
from haedap.channels.voice.wire import ChannelDestroyed
from haedap.domain.decisions import OfferContact
from haedap.domain.events import OfferFailed
from haedap.domain.states import EndedBy, OfferOutcome

_REJECTED = frozenset({486, 600, 603})
_TEMPORARILY = frozenset({408, 480, 487})
_UNREACHABLE = frozenset({404, 410, 604})
_REJECTED_CAUSES = frozenset({17, 21})
_NO_ANSWER_CAUSE = 19
_UNREACHABLE_CAUSES = frozenset({1, 3, 18, 20, 22, 27})
_LOST_CAUSES = frozenset({18, 27, 34, 38, 41, 42, 44, 102, 111})
"""Whatever is not one of these was done on purpose: an ordinary BYE does not always bring its cause in time."""
_ALREADY_RINGING = 409


async def ring(line: Line, call: Call, decision: OfferContact, *, reachable: bool) -> None:
    """Call the agent's telephone; the leg answers to the offer's id. Reports `OfferFailed` when it cannot be called."""
    offer = decision.offer
    if offer in line.calls.legs:
        return
    line.calls.legs[offer] = Leg(offer=offer, join=decision.join)
    try:
        await line.lane(call.contact).ask(
            "POST",
            f"channels/{offer}",
            {
                "endpoint": f"PJSIP/{decision.endpoint}",
                "app": APP,
                "appArgs": AGENT_ARGUMENT,
                "callerId": national(decision.caller) or "anonymous",
                "timeout": decision.ring_seconds,
                "originator": call.channel,
            },
            {"variables": _headers(decision)},
        )
    except AriRefusedError as error:
        if error.status != _ALREADY_RINGING:
            line.calls.legs.pop(offer, None)
            outcome = OfferOutcome.FAILED if reachable else OfferOutcome.UNREACHABLE
            line.post(OfferFailed(at=line.now(), offer=offer, outcome=outcome))


def _headers(decision: OfferContact) -> dict[str, str]:
    # Each header costs Asterisk a round through the telephone's own queue of tasks.
    headers = {"X-Haedap-Contact": decision.contact, "X-Haedap-Offer": decision.offer}
    if decision.auto_answer:
        headers |= {"X-Haedap-Auto-Answer": "yes", "Call-Info": "<sip:haedap>;answer-after=0"}
    return {f"PJSIP_HEADER(add,{name})": value for name, value in headers.items()}


def outcome_of(end: ChannelDestroyed, *, rang: bool) -> OfferOutcome:
    """What a telephone that was never answered meant, by SIP status or Q.850 cause.

    When the time to ring is over Asterisk says 480, as a telephone does that is switched off: only one of them rang.
    """
    status, cause = end.tech_cause, end.cause
    if status in _REJECTED or cause in _REJECTED_CAUSES:
        return OfferOutcome.REJECTED
    if status in _TEMPORARILY or cause == _NO_ANSWER_CAUSE:
        return OfferOutcome.NO_ANSWER if rang else OfferOutcome.UNREACHABLE
    if status in _UNREACHABLE or cause in _UNREACHABLE_CAUSES:
        return OfferOutcome.UNREACHABLE
    return OfferOutcome.FAILED


def ended_by(cause: int, hung_up: EndedBy) -> EndedBy:
    """Who ended an answered leg: its own side by hanging up, or the line."""
    return EndedBy.LINE if cause in _LOST_CAUSES else hung_up
