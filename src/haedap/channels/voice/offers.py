"""Ringing agents' telephones, and reading what became of it."""

from __future__ import annotations

from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.callers import national
from haedap.channels.voice.calls import Call, Leg
from haedap.channels.voice.dialplan import AGENT_ARGUMENT, APP
from haedap.channels.voice.line import Line
from haedap.domain.decisions import OfferContact
from haedap.domain.events import OfferFailed
from haedap.domain.states import EndedBy, OfferOutcome

_REJECTED = frozenset({486, 600, 603})
_UNREACHABLE = frozenset({404, 408, 410, 480, 604})
_REJECTED_CAUSES = frozenset({17, 21})
_UNREACHABLE_CAUSES = frozenset({1, 3, 18, 20, 22, 27})
_RUNG_OUT = 487
_LOST_CAUSES = frozenset({18, 27, 34, 38, 41, 42, 44, 102, 111})
"""Whatever is not one of these was done on purpose: an ordinary BYE does not always bring its cause in time."""
_ALREADY_RINGING = 409


async def ring(line: Line, call: Call, decision: OfferContact, *, reachable: bool) -> None:
    """Call the agent's telephone; the leg answers to the offer's id. Reports `OfferFailed` when it cannot be called."""
    offer = decision.offer
    if offer in line.calls.legs:
        return
    line.calls.legs[offer] = Leg(offer=offer)
    try:
        await line.ari.ask(
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
    headers = {
        "X-Haedap-Contact": decision.contact,
        "X-Haedap-Offer": decision.offer,
        "X-Haedap-Auto-Answer": "yes" if decision.auto_answer else "no",
    }
    if decision.auto_answer:
        headers["Call-Info"] = "<sip:haedap>;answer-after=0"
    return {f"PJSIP_HEADER(add,{name})": value for name, value in headers.items()}


def outcome_of(cause: int, status: int) -> OfferOutcome:
    """What a telephone that was never answered meant, by Q.850 cause and SIP status (0: there was none)."""
    if status in _REJECTED:
        return OfferOutcome.REJECTED
    if status in _UNREACHABLE:
        return OfferOutcome.UNREACHABLE
    if status == _RUNG_OUT:
        return OfferOutcome.NO_ANSWER
    if status:
        return OfferOutcome.FAILED
    if cause in _REJECTED_CAUSES:
        return OfferOutcome.REJECTED
    return OfferOutcome.UNREACHABLE if cause in _UNREACHABLE_CAUSES else OfferOutcome.NO_ANSWER


def ended_by(cause: int, hung_up: EndedBy) -> EndedBy:
    """Who ended an answered leg: its own side by hanging up, or the line."""
    return EndedBy.LINE if cause in _LOST_CAUSES else hung_up
