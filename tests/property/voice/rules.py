"""What holds once all that was to follow has followed: who hears whom is what the router said last."""

from __future__ import annotations

from collections.abc import Iterator

from haedap.channels.voice.calls import bridge_of
from haedap.domain.decisions import Announce, Play
from haedap.domain.ids import OfferId
from haedap.domain.states import ContactState, Supervision
from haedap.routing.records import ContactRecord, Leg, LegStage
from tests.property.voice.calls import OneCall
from tests.unit.voice.exchange import MUSIC

Hearing = str | set[str]


def wrong(call: OneCall) -> list[str]:
    """Whatever is not as it should be."""
    return [*_reports(call), *_leftovers(call), *_supervision(call), *_hearing(call)]


def _reports(call: OneCall) -> Iterator[str]:
    """What is played is told once to have ended; if the citizen has left, nobody asks any more."""
    for request, times in call.told.items():
        if times > 1:
            yield f"{request} ended {times} times"
    if call.contact is not None and call.citizen in call.exchange.channels:
        for decision in call.asked:
            if isinstance(decision, Play | Announce) and not call.told[decision.id]:
                yield f"{decision.id} never ended"


def _leftovers(call: OneCall) -> Iterator[str]:
    """There are the legs that the router has, and no others."""
    contact, channels = call.contact, call.exchange.channels
    contacts = call.router.snapshot().contacts
    legs = {leg.id for leg in channels.values() if leg.watched is None and leg.id != call.citizen}
    legs = {leg for leg in legs if not leg.startswith("citizen-")}
    wanted = {leg.offer for each in contacts for leg in _legs(each)}
    if not legs == wanted == call.line.calls.legs.keys():
        yield f"legs {legs}, wanted {wanted}, known {set(call.line.calls.legs)}"
    talks = {bridge for bridge in call.exchange.bridges if bridge.startswith("talk-")}
    over = talks - {bridge_of(each.id) for each in contacts}
    if over:
        yield f"bridges {over}"
    if (contact is None or contact.uncalled) != (call.citizen not in channels):
        calling = contact is not None and contact.calling_until is not None
        if not calling:
            yield "a citizen is there without a contact, or the other way round"


def _supervision(call: OneCall) -> Iterator[str]:
    """Who listens has one ear and one bridge; nobody else has."""
    contact, exchange = call.contact, call.exchange
    watch = None if contact is None else contact.watch
    listens = watch is not None and watch.leg.stage is not LegStage.RINGING and watch.mode is not Supervision.BARGE
    ears = [leg.id for leg in exchange.channels.values() if leg.watched is not None]
    bridges = [bridge for bridge in exchange.bridges if bridge.startswith("watch-")]
    if not len(ears) == len(bridges) == int(listens):
        yield f"{ears} in {bridges}, listening: {listens}"


def _hearing(call: OneCall) -> Iterator[str]:
    contact, exchange = call.contact, call.exchange
    if contact is None or contact.uncalled or call.citizen not in exchange.channels:
        return
    if contact.playing is not None:
        yield "something is taken to play"
    if any(leg.announcing is not None for leg in _legs(contact)):
        yield "somebody is taken to be told something"
    last = contact.consult or contact.leg
    if last is not None and last.stage is LegStage.ANSWERED:
        yield f"{last} is neither joined nor not"
    for leg, wanted in _wanted(call.citizen, contact).items():
        if exchange.hears(leg) != wanted:
            yield f"{leg} hears {exchange.hears(leg)}, not {wanted}"


def _legs(contact: ContactRecord) -> list[Leg]:
    watch = contact.watch
    return [leg for leg in (contact.leg, contact.consult, None if watch is None else watch.leg) if leg is not None]


def _barging(contact: ContactRecord) -> set[str]:
    watch = contact.watch
    there = watch is not None and watch.leg.stage is not LegStage.RINGING
    return {watch.leg.offer} if watch is not None and there and watch.mode is Supervision.BARGE else set()


def _wanted(citizen: str, contact: ContactRecord) -> dict[str, Hearing]:
    """What each leg is to hear, as far as the router has said."""
    if contact.asking:
        return {}
    if contact.state is ContactState.ENGAGED and contact.leg is not None:
        return _in_talk(citizen, contact, contact.leg.offer)
    if contact.state is ContactState.FORWARDED and contact.consult is not None:
        officer = contact.consult
        ringing = officer.stage is LegStage.RINGING
        return {citizen: MUSIC} if ringing else {citizen: {officer.offer}, officer.offer: {citizen}}
    waits = contact.state in (ContactState.WAITING, ContactState.OFFERED, ContactState.RECONNECTING)
    return {citizen: MUSIC} if waits and contact.music else {}


def _in_talk(citizen: str, contact: ContactRecord, agent: OfferId) -> dict[str, Hearing]:
    transfer, other = contact.transfer, contact.consult
    inside, out = {agent} | _barging(contact), set[str]()
    (out if contact.held else inside).add(citizen)
    if transfer is not None and other is not None:
        if not transfer.citizen:
            inside.discard(citizen)
            out.add(citizen)
        if other.stage is not LegStage.RINGING:
            (inside if transfer.consulted else out).add(other.offer)
    return {leg: inside - {leg} for leg in inside} | dict.fromkeys(out, MUSIC)
