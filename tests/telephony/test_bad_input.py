"""At the telephone bad input is the rule: after each, nothing is left and the next citizen is answered."""

from __future__ import annotations

import asyncio
import random

import pytest

from haedap.domain.events import CitizenLeft, ContactArrived, DigitPressed, PlaybackEnded
from haedap.domain.states import EndedBy, RefusalCause
from tests.telephony.conftest import eventually
from tests.telephony.support.conversation import CITIZEN_TONE, becomes, still_answers, talk
from tests.telephony.support.exchange import RTP_TIMEOUT, WELCOME, Exchange
from tests.telephony.support.message import description
from tests.telephony.support.raw import Sender, invite, through_tcp
from tests.telephony.support.script import Script
from tests.telephony.support.telephone import Caller, Desk

KOREAN_IN_EUC_KR = "김민원".encode("euc-kr")
MALFORMED = {
    "nothing": b"",
    "line ends": b"\r\n\r\n" * 100,
    "zeros": bytes(2000),
    "no SIP": b"GET / HTTP/1.1\r\nHost: centre\r\n\r\n",
    "first line only": b"INVITE sip:0200000120@127.0.0.1 SIP/2.0\r\n\r\n",
    "old version": b"INVITE sip:0200000120@127.0.0.1 SIP/1.0\r\nCall-ID: a\r\n\r\n",
    "response to nobody": b"SIP/2.0 200 OK\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\nVia: SIP/2.0/UDP 127.0.0.2\r\n\r\n",
    "not UTF-8": bytes(range(128, 256)) * 8,
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
async def test_what_is_no_sip(data: bytes, exchange: Exchange, script: Script) -> None:
    with Sender(exchange.sip) as sender:
        sender.send(data)
        await still_answers(exchange, script)
    assert len(script.of(ContactArrived)) == 1


async def test_noise_and_cut_or_spoilt_calls(exchange: Exchange, script: Script) -> None:
    chance = random.Random(1)
    with Sender(exchange.sip) as sender:
        for _ in range(40):
            whole = bytearray(invite(sender.host, sender.port, {"to": b"nobody"}))
            for _ in range(20):
                whole[chance.randrange(len(whole))] = chance.randrange(256)
            sender.send(bytes(whole), bytes(whole[: chance.randrange(len(whole))]), chance.randbytes(500))
        await through_tcp(exchange.sip, [bytes(whole), chance.randbytes(70_000)])
        await through_tcp(exchange.sip, [b"INVITE sip:0200000120@127.0.0.1 SIP/2.0\r\n", b"X: y\r\n" * 20_000])
        await still_answers(exchange, script)


async def test_what_cannot_be_read_is_not_quoted_in_the_log(exchange: Exchange, script: Script) -> None:
    named = {"caller": b"01000006789", "display": "김민원".encode()}
    with Sender(exchange.sip) as sender:
        whole = invite(sender.host, sender.port, named)
        unnumbered, strange = whole.replace(b"CSeq", b"X-CSeq"), whole.replace(b"CSeq: 1", b"CSeq: one")
        huge = invite(sender.host, sender.port, {**named, "more": b"X-Memo: " + b"a" * 70_000})
        sender.send(unnumbered, strange)
        for message in (unnumbered, strange, huge):
            await through_tcp(exchange.sip, [message.replace(b"/UDP", b"/TCP")])
        await still_answers(exchange, script)
    await eventually(lambda: "Dropping" in exchange.log())
    assert "01000006789" not in exchange.log()
    assert "김민원" not in exchange.log()


@pytest.mark.parametrize("part", ["caller", "display", "to", "more"])
@pytest.mark.parametrize(
    "spoilt", [KOREAN_IN_EUC_KR, b"\xff\xfe\x80", b"\xed\xa0\x80"], ids=["euc-kr", "ff", "surrogate"]
)
async def test_text_that_is_not_utf8(part: str, spoilt: bytes, exchange: Exchange, script: Script) -> None:
    replaced = {"to": b"0200000120" + spoilt, "more": b"X-Memo: " + spoilt}.get(part, spoilt)
    with Sender(exchange.sip) as sender:
        sender.send(invite(sender.host, sender.port, {part: replaced}))
        await still_answers(exchange, script)
        for arrived in script.of(ContactArrived):
            assert f"{arrived.called}{arrived.caller_text}{arrived.caller_name}".isprintable()
            await script.refuse(arrived.contact)
    assert "01000001234" not in exchange.log()


@pytest.mark.parametrize(
    "call_id",
    [b"\xff\xfe@x", KOREAN_IN_EUC_KR, "김민원".encode(), b"a,CONTACT=b,\xff@x"],
    ids=["ff", "euc-kr", "utf-8", "after a comma"],
)
async def test_call_id_that_cannot_be_written_as_json_is_refused(
    call_id: bytes, exchange: Exchange, script: Script
) -> None:
    with Sender(exchange.sip) as sender:
        sender.send(invite(sender.host, sender.port, {"call_id": call_id}))
        assert await sender.status() >= 400
        await still_answers(exchange, script)
    assert len(script.of(ContactArrived)) == 1


async def test_huge_call(exchange: Exchange, script: Script) -> None:
    with Sender(exchange.sip) as sender:
        sender.send(invite(sender.host, sender.port, {"more": b"X-Memo: " + b"a" * 50_000}))
        await still_answers(exchange, script)
    for arrived in script.of(ContactArrived):
        await script.refuse(arrived.contact)


async def test_call_without_description_is_offered_one(exchange: Exchange, script: Script, caller: Caller) -> None:
    caller.invite(body="")
    contact = await script.arrival()
    await script.play(contact, "long")
    answer = await caller.final()
    caller.confirm(answer, body=description(caller.media.address))
    await becomes(caller.media, WELCOME, heard=True)
    await caller.hang_up()
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.CITIZEN
    await still_answers(exchange, script)


@pytest.mark.parametrize("codecs", ["", "18"], ids=["none", "g729"])
async def test_confirmation_without_a_usable_description(
    codecs: str, exchange: Exchange, script: Script, caller: Caller
) -> None:
    caller.invite(body="")
    contact = await script.arrival()
    await script.play(contact, "welcome")
    answer = await caller.final()
    await script.wait_for(PlaybackEnded)  # by now its end is watched
    caller.confirm(answer, body=codecs and description(caller.media.address, codecs=codecs))
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.LINE
    await caller.wait_for("BYE")


@pytest.mark.parametrize("body", [None, "v=0\r\nnonsense"], ids=["g729", "nonsense"])
async def test_no_common_codec_is_refused(body: str | None, exchange: Exchange, script: Script, caller: Caller) -> None:
    caller.invite(body=body or description(caller.media.address, codecs="18"))
    assert await caller.acknowledge_refusal() in {400, 488}
    await still_answers(exchange, script)
    assert len(script.of(ContactArrived)) == 1


FAX, VIDEO, TEXT = "m=image 5006 udptl t38", "m=video 5004 RTP/AVP 31", "m=text 5008 RTP/AVP 0"


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize("stream", [FAX, VIDEO, TEXT], ids=["fax", "video", "text"])
async def test_streams_beside_the_sound_are_declined(stream: str, first: bool, script: Script, caller: Caller) -> None:
    offer = description(caller.media.address)
    sound = offer.index("m=audio")
    both = f"{offer[:sound]}{stream}\r\n{offer[sound:]}" if first else f"{offer}{stream}\r\n"
    caller.invite(body=both)
    contact = await script.arrival()
    await script.play(contact, "long")
    answer = await caller.answered()
    assert f"m={stream[2:].split(maxsplit=1)[0]} 0 " in answer.body
    await becomes(caller.media, WELCOME, heard=True)
    caller.media.press("5")
    await script.wait_for(DigitPressed)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_fax_in_mid_call_is_refused_and_the_call_goes_on(script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    await script.play(contact, "long")
    await caller.answered()
    after = len(caller.received)
    silent = description(caller.media.address).replace(f"m=audio {caller.media.address[1]}", "m=audio 0")
    caller.send(caller.request("INVITE", body=f"{silent}{FAX}\r\n"))
    assert (await caller.final("INVITE", after)).status == 488
    await becomes(caller.media, WELCOME, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_cancel_at_once(exchange: Exchange, script: Script, caller: Caller) -> None:
    caller.invite()
    await caller.wait_for(100)
    await caller.cancel()
    await still_answers(exchange, script)
    arrived = [event for event in script.of(ContactArrived) if event.caller == "+821000001234"]
    ended = [event for event in script.of(CitizenLeft) if event.contact in {one.contact for one in arrived}]
    assert len(ended) == len(arrived)
    assert all(event.by is EndedBy.CITIZEN for event in ended)


async def test_bye_at_once(exchange: Exchange, script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    playing = asyncio.create_task(script.play(contact, "long"))
    await caller.answered()
    await caller.hang_up()
    await playing
    left = await script.wait_for(CitizenLeft, lambda event: event.contact == contact)
    assert left.by is EndedBy.CITIZEN
    await still_answers(exchange, script)


async def test_answer_that_is_never_confirmed(exchange: Exchange, script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    await script.play(contact, "long")
    await caller.final()
    caller.vanish()
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.LINE
    await still_answers(exchange, script)


async def test_citizen_puts_the_centre_on_hold(script: Script, caller: Caller, desk: Desk) -> None:
    contact, _ = await talk(script, caller, desk)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    assert "a=recvonly" in (await caller.reinvite("sendonly")).body
    caller.media.speaking = False
    await asyncio.sleep(RTP_TIMEOUT + 1)  # longer than the patience with a line that is silent without having said so
    assert not script.of(CitizenLeft)
    caller.media.speaking = True
    assert "a=sendrecv" in (await caller.reinvite("sendrecv")).body
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_session_timer_is_kept_and_refreshed(script: Script, caller: Caller) -> None:
    short = {"Supported": "timer", "Session-Expires": "30", "Min-SE": "30"}
    caller.invite(headers=short)
    assert await caller.acknowledge_refusal() == 422
    assert int((await caller.wait_for(422))["Min-SE"]) == 90
    caller.received.clear()
    caller.invite(headers={"Supported": "timer", "Session-Expires": "90;refresher=uac", "Min-SE": "90"})
    contact = await script.arrival()
    await script.play(contact, "long")
    answer = await caller.answered()
    assert answer["Session-Expires"].startswith("90")
    again = await caller.reinvite("sendrecv")
    assert again.status == 200
    await becomes(caller.media, WELCOME, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")


@pytest.mark.parametrize(
    ("caller_number", "headers"),
    [
        ("anonymous", {}),
        ("Anonymous", {}),
        ("01000001234", {"Privacy": "id", "P-Asserted-Identity": "<sip:01000001234@example.invalid>"}),
        ("anonymous", {"Privacy": "id", "P-Asserted-Identity": "<tel:+821000001234>"}),
        ("01000001234", {"Privacy": "id"}),
    ],
)
async def test_withheld_number_is_not_kept(
    caller_number: str, headers: dict[str, str], script: Script, caller: Caller
) -> None:
    caller.invite(caller=caller_number, name="김민원", headers=headers)
    arrived = await script.wait_for(ContactArrived)
    assert (arrived.withheld, arrived.caller, arrived.caller_text, arrived.caller_name) == (True, None, "", "")
    await script.refuse(arrived.contact)
    await caller.acknowledge_refusal()


@pytest.mark.parametrize(
    ("sent", "number", "text"),
    [
        ("+821000001234", "+821000001234", "+821000001234"),
        ("0200001234", "+82200001234", "0200001234"),
        ("+12025550100", "+12025550100", "+12025550100"),
        ("114", None, "114"),
        ("unknown-device", None, "unknown-device"),
        ("9" * 200, None, "9" * 64),
    ],
)
async def test_numbers_of_callers(sent: str, number: str | None, text: str, script: Script, caller: Caller) -> None:
    caller.invite(caller=sent)
    arrived = await script.wait_for(ContactArrived)
    assert (arrived.caller, arrived.caller_text, arrived.withheld) == (number, text, False)
    await script.refuse(arrived.contact)
    await caller.acknowledge_refusal()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("김민원 (과천시)", "김민원 (과천시)"),
        ("민원인 \u202e12 ", "민원인 12"),
        ("가" * 200, "가" * 64),
        ("<b>굵게", "<b>굵게"),
    ],
)
async def test_display_names(name: str, shown: str, script: Script, caller: Caller) -> None:
    caller.invite(name=name)
    arrived = await script.wait_for(ContactArrived)
    assert arrived.caller_name in {shown, shown[: len(arrived.caller_name)]}
    assert len(arrived.caller_name) >= min(len(shown), 25)
    await script.refuse(arrived.contact)
    await caller.acknowledge_refusal()


async def test_called_number_of_200_digits(exchange: Exchange, script: Script, caller: Caller) -> None:
    caller.invite("0" * 200)
    arrived = await script.wait_for(ContactArrived)
    assert arrived.called == "0" * 64
    await script.refuse(arrived.contact)
    assert await caller.acknowledge_refusal() == 404
    await still_answers(exchange, script)


@pytest.mark.parametrize(
    ("cause", "status"),
    [(RefusalCause.UNKNOWN_NUMBER, 404), (RefusalCause.NO_PLAN, 503), (RefusalCause.FLOOD, 503)],
)
async def test_refusal_before_the_answer(cause: RefusalCause, status: int, script: Script, caller: Caller) -> None:
    caller.invite("0200009999")
    contact = await script.arrival()
    await script.refuse(contact, cause)
    assert await caller.acknowledge_refusal() == status
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.CENTRE


async def test_many_callers_at_once(exchange: Exchange, script: Script) -> None:
    """Forty citizens within an instant: each gets its own prompt, each leaves its own end."""
    callers = [Caller(exchange.sip) for _ in range(40)]
    for one in callers:
        await one.__aenter__()
    for number, one in enumerate(callers):
        one.invite(caller=f"0100000{number:04}")
    for number in range(40):
        arrived = await script.wait_for(ContactArrived, lambda event, n=number: event.caller == f"+82100000{n:04}")  # type: ignore[misc]
        await script.play(arrived.contact, "welcome")
    for one in callers:
        await one.answered()
    await asyncio.gather(*(one.hang_up() for one in callers))
    for arrived in script.of(ContactArrived):
        await script.wait_for(CitizenLeft, lambda event, one=arrived: event.contact == one.contact)  # type: ignore[misc]
    assert len(script.of(CitizenLeft)) == 40
    for one in callers:
        await one.__aexit__(None, None, None)
    await still_answers(exchange, script)


async def test_sound_that_is_no_rtp(exchange: Exchange, script: Script, caller: Caller, desk: Desk) -> None:
    contact, _ = await talk(script, caller, desk)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    chance = random.Random(2)
    assert caller.media._peer is not None
    with Sender(caller.media._peer) as sender:
        sender.send(*(chance.randbytes(chance.randrange(1, 1400)) for _ in range(200)))
    await desk.media.listen(0.5)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")
