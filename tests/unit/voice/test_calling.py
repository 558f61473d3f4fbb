"""Calls that the centre makes: who is called and by which way, and what it meant that nobody answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.channels.voice.ari import Ari, AriRefusedError
from haedap.channels.voice.calls import (
    Call,
    Calls,
    Leg,
    bridge_of,
    called_contact,
    channel_of,
    contact_of,
    contact_of_bridge,
    endpoint_of,
    is_offer,
)
from haedap.channels.voice.line import Line
from haedap.channels.voice.offers import ended_by, outcome_of, ring
from haedap.channels.voice.outside import Outside, Way, attempt_of, may_be_called
from haedap.channels.voice.recordings import Recordings
from haedap.channels.voice.supervising import end_watch, supervise, watcher
from haedap.channels.voice.telephones import Telephones
from haedap.channels.voice.wire import ChannelDestroyed, RESTResponse, WireChannel, decode
from haedap.config import Environment, Settings, load_settings
from haedap.domain.decisions import CallCitizen, DialOutside, Supervise
from haedap.domain.events import AnyEvent, CitizenNotReached, OfferFailed
from haedap.domain.ids import ContactId, OfferId, RequestId
from haedap.domain.states import AttemptOutcome, EndedBy, OfferOutcome, Supervision
from tests.support.offers import an_offer

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CONTACT = ContactId("6a8b054e-01dc-4243-8d41-d6a35d3690cd")
OFFER = OfferId(f"{CONTACT}.1")
CITIZEN = WireChannel(id="1.1", name="PJSIP/trunk-00000001", state="Ring", creationtime=NOW)
_O, _A = OfferOutcome, AttemptOutcome


class _Exchange(Ari):
    """Notes what it is asked for; refuses to call with `refuses`, if that is set."""

    def __init__(self, refuses: int | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self.queries: list[Mapping[str, str | int]] = []
        self._refuses = refuses

    async def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> RESTResponse:
        del body
        self.asked.append((method, path))
        self.queries.append(query or {})
        if self._refuses is not None and method == "POST":
            raise AriRefusedError(self._refuses, "no")
        return RESTResponse(request_id="1", status_code=200)


def _line(exchange: Ari) -> tuple[Line, list[AnyEvent]]:
    posted: list[AnyEvent] = []
    return Line(exchange, [exchange], posted.append, lambda: NOW, Recordings(load_settings({}))), posted


def _settings(folder: Path, **values: str) -> Settings:
    return load_settings({"HAEDAP_STATE": str(folder)} | {f"HAEDAP_{name.upper()}": it for name, it in values.items()})


def _end(status: int, cause: int) -> ChannelDestroyed:
    return ChannelDestroyed(timestamp=NOW, channel=CITIZEN, cause=cause, tech_cause=status)


@pytest.mark.parametrize(
    ("number", "at_home", "abroad"),
    [
        ("+821000001234", True, True),
        ("+82200000120", True, True),
        ("+8215880000", True, True),
        ("+8260700123", False, False),
        ("+82607001234", False, False),
        ("+12025550100", False, True),
        ("+821", False, False),
        ("01000001234", False, False),
        ("821000001234", False, False),
        ("+82 10 0000 1234", False, False),
        ("+8201000001234", False, False),
        ("", False, False),
    ],
)
def test_only_numbers_that_the_centre_pays_for_are_called(number: str, at_home: bool, abroad: bool) -> None:
    assert may_be_called(number, abroad=False) is at_home
    assert may_be_called(number, abroad=True) is abroad


@given(st.from_regex(r"\+?[0-9]{1,15}", fullmatch=True) | st.text(max_size=20))
def test_no_number_abroad_is_called_unless_the_plan_allows_it(number: str) -> None:
    assert not may_be_called(number, abroad=False) or number.startswith("+82")


@pytest.mark.parametrize(
    ("number", "way"),
    [
        ("+821000001234", Way("outside", "outside/sip:01000001234@192.0.2.10")),
        ("+8215880000", Way("outside", "outside/sip:15880000@192.0.2.10")),
        ("2345", Way("exchange", "exchange/sip:2345@192.0.2.20")),
        ("10", Way("exchange", "exchange/sip:10@192.0.2.20")),
        ("1", None),
        ("123456789", None),
        ("+12025550100", None),
        ("+82607001234", None),
    ],
)
def test_the_way_to_a_number(number: str, way: Way | None, tmp_path: Path) -> None:
    settings, nowhere = _settings(tmp_path, trunk_host="192.0.2.10", exchange_host="192.0.2.20"), _settings(tmp_path)
    line, _ = _line(_Exchange())
    assert Outside(settings, Telephones(settings)).way_to(line, number) == way
    assert Outside(nowhere, Telephones(nowhere)).way_to(line, number) is None


def test_only_the_authoritys_own_exchange_shows_a_citizens_number() -> None:
    assert Way("exchange", "exchange/sip:2345@192.0.2.20").shows_citizens
    assert not Way("outside", "outside/sip:01000001234@192.0.2.10").shows_citizens


@pytest.mark.parametrize(
    ("status", "cause", "rang", "offer", "attempt"),
    [
        (486, 0, True, _O.REJECTED, _A.BUSY),
        (600, 0, True, _O.REJECTED, _A.BUSY),
        (0, 17, False, _O.REJECTED, _A.BUSY),
        (603, 21, True, _O.REJECTED, _A.REJECTED),
        (603, 0, False, _O.REJECTED, _A.REJECTED),
        (607, 0, True, _O.REJECTED, _A.REJECTED),
        (0, 21, True, _O.REJECTED, _A.REJECTED),
        (403, 21, False, _O.FAILED, _A.FAILED),
        (403, 21, True, _O.REJECTED, _A.REJECTED),
        (401, 21, False, _O.FAILED, _A.FAILED),
        (402, 21, False, _O.FAILED, _A.FAILED),
        (407, 21, False, _O.FAILED, _A.FAILED),
        (480, 0, True, _O.NO_ANSWER, _A.NO_ANSWER),
        (480, 0, False, _O.UNREACHABLE, _A.UNREACHABLE),
        (408, 0, True, _O.NO_ANSWER, _A.NO_ANSWER),
        (408, 0, False, _O.UNREACHABLE, _A.UNREACHABLE),
        (487, 0, True, _O.NO_ANSWER, _A.NO_ANSWER),
        (487, 0, False, _O.UNREACHABLE, _A.UNREACHABLE),
        (0, 19, True, _O.NO_ANSWER, _A.NO_ANSWER),
        (0, 19, False, _O.UNREACHABLE, _A.UNREACHABLE),
        (404, 0, False, _O.UNREACHABLE, _A.UNREACHABLE),
        (410, 0, True, _O.UNREACHABLE, _A.UNREACHABLE),
        (604, 0, False, _O.UNREACHABLE, _A.UNREACHABLE),
        *((0, cause, False, _O.UNREACHABLE, _A.UNREACHABLE) for cause in (1, 3, 18, 20, 22, 27)),
        (488, 0, True, _O.FAILED, _A.FAILED),
        (500, 38, True, _O.FAILED, _A.FAILED),
        (503, 34, False, _O.FAILED, _A.FAILED),
        (0, 0, False, _O.FAILED, _A.FAILED),
    ],
)
def test_what_it_meant_that_nobody_answered(
    status: int, cause: int, rang: bool, offer: OfferOutcome, attempt: AttemptOutcome
) -> None:
    end = _end(status, cause)
    assert (outcome_of(end, rang=rang), attempt_of(end, rang=rang)) == (offer, attempt)


@pytest.mark.parametrize("cause", [18, 27, 34, 38, 41, 42, 44, 102, 111])
def test_a_leg_that_was_lost_was_not_hung_up(cause: int) -> None:
    assert ended_by(_end(0, cause), EndedBy.CITIZEN) is EndedBy.LINE
    on_purpose = [_end(0, other) for other in (0, 16, 17, 19, 21, 31, 127)]
    assert {ended_by(end, EndedBy.AGENT) for end in (None, *on_purpose)} == {EndedBy.AGENT}


def test_a_side_that_knows_of_no_such_call_did_not_hang_up() -> None:
    """481 to a refresh of the session: what stood between has forgotten the call, and who spoke is owed one."""
    assert ended_by(_end(481, 127), EndedBy.CITIZEN) is EndedBy.LINE


@pytest.mark.parametrize(
    ("caller", "shown"), [("+821000001234", "01000001234"), ("+12025550100", "+12025550100"), (None, "anonymous")]
)
async def test_a_telephone_rings_once_for_its_offer(caller: str | None, shown: str) -> None:
    exchange = _Exchange()
    line, posted = _line(exchange)
    offer = an_offer("1", CONTACT, caller=caller)
    call = Call(contact=CONTACT, channel="1.1", name="PJSIP/trunk-1", created=NOW)
    await ring(line, call, offer, reachable=True)
    await ring(line, call, offer, reachable=True)
    assert exchange.asked == [("POST", f"channels/{OFFER}")]
    asked = exchange.queries[0]
    assert (asked["endpoint"], asked["callerId"], asked["timeout"]) == ("PJSIP/desk-1", shown, 15)
    assert asked["originator"] == call.channel
    assert [leg.join for leg in line.calls.legs.values()] == [offer.join]
    assert posted == []


@pytest.mark.parametrize(
    ("reachable", "outcome"), [(True, OfferOutcome.FAILED), (False, OfferOutcome.UNREACHABLE)], ids=str
)
async def test_a_telephone_that_cannot_be_called_is_told_and_forgotten(reachable: bool, outcome: OfferOutcome) -> None:
    line, posted = _line(_Exchange(refuses=400))
    await ring(line, None, an_offer("1", CONTACT), reachable=reachable)
    assert posted == [OfferFailed(at=NOW, offer=OFFER, outcome=outcome)]
    assert line.calls.legs == {}


async def test_a_telephone_that_rings_already_for_its_offer_goes_on_ringing() -> None:
    line, posted = _line(_Exchange(refuses=409))
    await ring(line, None, an_offer("1", CONTACT), reachable=True)
    assert posted == []
    assert OFFER in line.calls.legs


async def test_an_offer_that_rings_another_telephone_is_ended_and_made_anew() -> None:
    exchange = _Exchange()
    line, posted = _line(exchange)
    line.calls.legs[OFFER] = leg = Leg(offer=OFFER, endpoint="desk-2")
    await ring(line, None, an_offer("1", CONTACT), reachable=True)
    assert exchange.asked == [("DELETE", f"channels/{OFFER}")]
    assert posted == [OfferFailed(at=NOW, offer=OFFER, outcome=OfferOutcome.FAILED)]
    assert leg.ended_here


async def _called(
    tmp_path: Path,
    exchange: _Exchange,
    *,
    trunk: str = "192.0.2.10",
    answered: bool = True,
    environment: Environment = Environment.DEMO,
) -> tuple[Line, list[AnyEvent]]:
    """Asked twice to call a citizen for an agent whose leg is there."""
    line, posted = _line(exchange)
    settings = replace(_settings(tmp_path, trunk_host=trunk, main_number="+82200000120"), environment=environment)
    outside = Outside(settings, Telephones(settings))
    line.calls.legs[OFFER] = Leg(offer=OFFER, endpoint="desk-1", answered=answered)
    decision = CallCitizen(id=RequestId("1"), contact=CONTACT, offer=OFFER, number="+821000001234", ring_seconds=40)
    await outside.call_citizen(line, decision)
    if not posted:
        await outside.call_citizen(line, decision)
    return line, posted


async def test_a_citizen_is_called_once_and_sees_the_centres_number(tmp_path: Path) -> None:
    exchange = _Exchange()
    line, posted = await _called(tmp_path, exchange)
    calls = [query for (_, path), query in zip(exchange.asked, exchange.queries, strict=True) if "endpoint" in query]
    assert [(query["endpoint"], query["callerId"], query["timeout"]) for query in calls] == [
        ("PJSIP/outside/sip:01000001234@192.0.2.10", "0200000120", 40)
    ]
    assert line.calls.by_contact[CONTACT].called_by == OFFER
    assert line.calls.by_channel.keys() == {channel_of(CONTACT)}
    assert line.calls.legs[OFFER].tone
    assert posted == []


@pytest.mark.parametrize(
    ("refuses", "trunk", "answered", "environment", "outcome"),
    [
        (500, "192.0.2.10", True, Environment.PRODUCTION, _A.FAILED),
        (None, "192.0.2.10", False, Environment.PRODUCTION, _A.FAILED),
        (None, "", True, Environment.PRODUCTION, _A.FAILED),
        (None, "", True, Environment.DEMO, _A.UNREACHABLE),
    ],
)
async def test_a_citizen_who_cannot_be_called_is_told_and_leaves_nothing(
    refuses: int | None,
    trunk: str,
    answered: bool,
    environment: Environment,
    outcome: AttemptOutcome,
    tmp_path: Path,
) -> None:
    line, posted = await _called(tmp_path, _Exchange(refuses), trunk=trunk, answered=answered, environment=environment)
    assert posted == [CitizenNotReached(at=NOW, contact=CONTACT, outcome=outcome)]
    assert (line.calls.by_contact, line.calls.by_channel, line.calls.legs[OFFER].tone) == ({}, {}, False)


@pytest.mark.parametrize(("number", "shown"), [("2345", "01000005678"), ("+82200000999", "0200000120")])
async def test_an_officer_sees_who_is_put_through_and_nobody_else_does(number: str, shown: str, tmp_path: Path) -> None:
    exchange = _Exchange()
    line, posted = _line(exchange)
    settings = _settings(tmp_path, trunk_host="192.0.2.10", exchange_host="192.0.2.20", main_number="+82200000120")
    outside = Outside(settings, Telephones(settings))
    call = Call(contact=CONTACT, channel="1.1", name="PJSIP/trunk-1", created=NOW)
    dial = DialOutside(
        id=RequestId("1"), contact=CONTACT, offer=OFFER, number=number, caller="+821000005678", ring_seconds=30
    )
    await outside.dial(line, call, dial)
    await outside.dial(line, call, dial)
    assert [query["callerId"] for query in exchange.queries if "endpoint" in query] == [shown]
    assert posted == []


@pytest.mark.parametrize("number", ["+12025550100", "+82607001234"])
async def test_whoever_asks_nobody_is_called_abroad_or_for_a_premium(number: str, tmp_path: Path) -> None:
    exchange = _Exchange()
    line, posted = _line(exchange)
    settings = _settings(tmp_path, trunk_host="192.0.2.10")
    outside = Outside(settings, Telephones(settings))
    call = Call(contact=CONTACT, channel="1.1", name="PJSIP/trunk-1", created=NOW)
    request, target = RequestId("1"), OfferId(f"{CONTACT}.2")
    await outside.dial(
        line,
        call,
        DialOutside(id=request, contact=CONTACT, offer=target, number=number, caller=None, ring_seconds=30),
    )
    line.calls.legs[OFFER] = Leg(offer=OFFER, answered=True)
    await outside.call_citizen(
        line, CallCitizen(id=request, contact=CONTACT, offer=OFFER, number=number, ring_seconds=30)
    )
    assert posted == [
        OfferFailed(at=NOW, offer=target, outcome=OfferOutcome.UNREACHABLE),
        CitizenNotReached(at=NOW, contact=CONTACT, outcome=AttemptOutcome.UNREACHABLE),
    ]
    assert exchange.asked == []


@pytest.mark.parametrize(
    ("number", "hosts", "environment", "outcome"),
    [
        ("+82200000999", {"exchange_host": "192.0.2.20"}, Environment.PRODUCTION, _O.REFUSED),
        ("2345", {"trunk_host": "192.0.2.10"}, Environment.PRODUCTION, _O.REFUSED),
        ("+12025550100", {}, Environment.PRODUCTION, _O.UNREACHABLE),
        ("+82200000999", {}, Environment.DEMO, _O.UNREACHABLE),
    ],
)
async def test_a_centre_without_a_way_out_is_not_taken_for_an_office_that_does_not_answer(
    number: str, hosts: dict[str, str], environment: Environment, outcome: OfferOutcome, tmp_path: Path
) -> None:
    line, posted = _line(_Exchange())
    settings = replace(_settings(tmp_path, **hosts), environment=environment)
    call = Call(contact=CONTACT, channel="1.1", name="PJSIP/trunk-1", created=NOW)
    dial = DialOutside(id=RequestId("1"), contact=CONTACT, offer=OFFER, number=number, caller=None, ring_seconds=30)
    await Outside(settings, Telephones(settings)).dial(line, call, dial)
    assert posted == [OfferFailed(at=NOW, offer=OFFER, outcome=outcome)]


def test_the_legs_of_a_call_are_known_by_its_contact() -> None:
    calls = Calls()
    call = Call(contact=CONTACT, channel="1.1", name="PJSIP/trunk-1", created=NOW)
    calls.add(call)
    leg, waiting = Leg(offer=OFFER, join=True), Leg(offer=OfferId(f"{CONTACT}.2"))
    other = Leg(offer=OfferId("0d5c9f0a-0a58-4b69-8b0e-6f7b1f0f9a11.1"), join=True)
    calls.legs = {each.offer: each for each in (leg, waiting, other)}
    assert calls.legs_of(CONTACT) == [leg, waiting]
    assert [calls.joined_by_answering(each) for each in (leg, waiting, other)] == [call, None, None]
    call.ended_here = True
    assert calls.joined_by_answering(leg) is None
    assert calls.remove("1.1") is call
    assert (calls.remove("1.1"), calls.by_contact, calls.by_channel) == (None, {}, {})


def test_who_is_heard_by_all_of_a_talk_is_the_supervisor_who_barges() -> None:
    calls = Calls()
    call = Call(contact=CONTACT, channel="1.1", name="PJSIP/trunk-1", created=NOW)
    assert calls.barging(call) == []
    call.supervisor = OFFER
    assert calls.barging(call) == []
    for mode in (None, *Supervision):
        calls.legs[OFFER] = Leg(offer=OFFER, mode=mode)
        assert calls.barging(call) == ([OFFER] if mode is Supervision.BARGE else [])


def test_channels_are_told_apart_by_their_names() -> None:
    assert contact_of(OFFER) == CONTACT
    assert called_contact(channel_of(CONTACT)) == CONTACT
    assert contact_of_bridge(bridge_of(CONTACT)) == CONTACT
    strange = ("1700000000.1", "", f"x{OFFER}", f"{OFFER}x", f"{OFFER};2", CONTACT, channel_of(CONTACT))
    assert [is_offer(each) for each in (OFFER, *strange)] == [True] + [False] * len(strange)
    assert [called_contact(each) for each in (OFFER, CONTACT, "1700000000.1")] == [None] * 3
    assert [contact_of_bridge(each) for each in (CONTACT, "1700000000.1")] == [None] * 2
    assert endpoint_of("PJSIP/citizen-demo-a-0000001a") == "citizen-demo-a"


@pytest.mark.parametrize("message", ["[]", '{"type": "BridgeCreated"}', '{"type": "Dial"}'])
def test_what_asterisk_says_beside_is_of_no_use(message: str) -> None:
    assert decode(message) is None


def test_an_end_without_a_sip_status_is_read() -> None:
    channel = {"id": "1.1", "name": "PJSIP/trunk-1", "state": "Up", "creationtime": "2026-11-02T09:00:00.000+0000"}
    end = {"type": "ChannelDestroyed", "timestamp": "2026-11-02T09:00:00.000+0000", "cause": 16, "more": 1}
    read = decode(json.dumps(end | {"channel": channel}))
    assert isinstance(read, ChannelDestroyed)
    assert (read.cause, read.tech_cause, read.channel.answered) == (16, 0, True)


async def test_no_bridge_of_a_supervisor_has_the_name_of_one_that_may_still_be_ending() -> None:
    """Asterisk refuses the name as taken, and then knows no such bridge: the supervisor heard nothing."""
    exchange = _Exchange()
    line, _ = _line(exchange)
    leg = Leg(offer=OfferId(f"{CONTACT}.2"), endpoint="desk-9")
    for number, mode in enumerate((Supervision.WHISPER, Supervision.LISTEN, Supervision.BARGE, Supervision.WHISPER)):
        request = RequestId(f"{CONTACT}-{number}")
        await supervise(line, leg, Supervise(id=request, contact=CONTACT, offer=leg.offer, watched=OFFER, mode=mode))
    await end_watch(line, leg)
    ended = [path for method, path in exchange.asked if method == "DELETE" and path.startswith("bridges/")]
    assert ended == [f"bridges/watch-{leg.offer}-{number}" for number in (0, 3)]
    assert [watcher(path.removeprefix("bridges/")) for path in ended] == [leg.offer] * 2
    made = [query["bridgeId"] for query in exchange.queries if "bridgeId" in query]
    assert list(dict.fromkeys(f"bridges/{bridge}" for bridge in made)) == ended
