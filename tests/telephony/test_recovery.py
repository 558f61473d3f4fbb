"""The engine or Asterisk dies: what lives is taken over, what is gone is reported gone."""

from __future__ import annotations

import asyncio
import socket
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from haedap.channels.voice import ari, recordings
from haedap.channels.voice.ari import Ari, ari_connection
from haedap.channels.voice.channel import VoiceChannel
from haedap.channels.voice.dialplan import APP
from haedap.channels.voice.prompts import library_of
from haedap.clock import wall_time
from haedap.domain.events import (
    AgentReachable,
    ChannelReconciled,
    CitizenLeft,
    ContactArrived,
    DigitPressed,
    ExchangeStopped,
    OfferAnswered,
    OfferFailed,
    OfferRinging,
    PlaybackEnded,
)
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import Control, EndedBy, PlayOutcome
from haedap.recording_files import has_sound
from tests.support.ports import free_ports
from tests.telephony.conftest import admitted, eventually, password, registered_desk
from tests.telephony.support.conversation import (
    AGENT_TONE,
    CITIZEN_TONE,
    COLLEAGUE_TONE,
    becomes,
    fades,
    sounded,
    still_answers,
    talk,
)
from tests.telephony.support.exchange import MUSIC, WELCOME, Exchange
from tests.telephony.support.script import MakeScript, Script, succeed
from tests.telephony.support.telephone import Caller, Desk


async def test_conversation_goes_on_without_an_engine(
    make_script: MakeScript, script: Script, caller: Caller, desk: Desk
) -> None:
    contact, offer = await talk(script, caller, desk)
    await script.stop()
    await becomes(caller.media, AGENT_TONE, heard=True)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    successor, found = await succeed(script, make_script)
    assert [event.contact for event in successor.of(ContactArrived)] == [contact]
    assert (found.contacts, found.answered, found.connected, found.ringing) == ((contact,), (offer,), (offer,), ())
    assert successor.of(ContactArrived)[0] == script.of(ContactArrived)[0]
    await successor.control(contact, offer, Control.HOLD)
    await becomes(caller.media, MUSIC, heard=True)
    third, found = await succeed(successor, make_script)
    assert found.connected == ()
    await third.control(contact, offer, Control.UNHOLD)
    await becomes(caller.media, AGENT_TONE, heard=True)
    await caller.hang_up()
    assert (await third.wait_for(CitizenLeft)).by is EndedBy.CITIZEN
    await third.end(contact)
    await desk.wait_for("BYE")
    await third.stop()


async def test_prompt_that_plays_is_taken_over(make_script: MakeScript, script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    first = await script.play(contact, "long")
    await caller.answered()
    await becomes(caller.media, WELCOME, heard=True)
    successor, found = await succeed(script, make_script)
    assert found.contacts == (contact,)
    assert not successor.of(PlaybackEnded)
    caller.media.press("5")
    assert (await successor.wait_for(DigitPressed)).digit == "5"
    await successor.music(contact)
    await becomes(caller.media, MUSIC, heard=True)
    await becomes(caller.media, WELCOME, heard=False)
    assert [event.outcome for event in successor.of(PlaybackEnded, request=first)] == [PlayOutcome.REPLACED]
    await successor.end(contact)
    await caller.wait_for("BYE")
    await successor.stop()


async def test_prompt_that_ended_meanwhile_is_reported(make_script: MakeScript, script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    request = await script.play(contact, "welcome")
    before = caller.media.mark()
    await caller.answered()
    await script.stop()
    await sounded(caller.media, WELCOME, before)
    await fades(caller.media, WELCOME)
    successor, _ = await succeed(script, make_script)
    assert [event.outcome for event in successor.of(PlaybackEnded, request=request)] == [PlayOutcome.FINISHED]
    await successor.end(contact)
    await caller.wait_for("BYE")
    await successor.stop()


async def test_offer_that_rings_is_taken_over(
    make_script: MakeScript, script: Script, caller: Caller, desk: Desk
) -> None:
    caller.invite()
    contact = await script.arrival()
    offer = await script.offer(contact)
    await desk.ring()
    await script.wait_for(OfferRinging)
    successor, found = await succeed(script, make_script)
    assert (found.ringing, found.answered) == ((offer,), ())
    await desk.answer()
    await successor.wait_for(OfferAnswered)
    await successor.connect(contact, offer)
    await caller.answered()
    await becomes(caller.media, AGENT_TONE, heard=True)
    await successor.end(contact)
    await desk.wait_for("BYE")
    await successor.stop()


async def _succeed_a_ringing_offer(
    make_script: MakeScript, script: Script, caller: Caller, desk: Desk
) -> tuple[Script, ContactId]:
    """The engine dies while a telephone rings whose offer is not in the journal yet; another one starts."""
    caller.invite()
    contact = await script.arrival()
    await script.channel.prepare(script.an_offer(contact))
    await desk.ring()
    successor, _ = await succeed(script, make_script)
    return successor, contact


async def test_unknown_offer_that_rings_the_right_telephone_goes_on(
    make_script: MakeScript, script: Script, caller: Caller, desk: Desk
) -> None:
    """The next engine decides the same."""
    successor, contact = await _succeed_a_ringing_offer(make_script, script, caller, desk)
    await successor.offer(contact)
    await desk.answer()
    await successor.wait_for(OfferAnswered)
    await successor.connect(contact, OfferId(f"{contact}.1"))
    await becomes(caller.media, AGENT_TONE, heard=True)
    await successor.end(contact)
    await desk.wait_for("BYE")
    await successor.stop()


async def test_unknown_offer_that_rings_somebody_else_is_made_anew(
    make_script: MakeScript, script: Script, caller: Caller, desk: Desk, colleague: Desk
) -> None:
    """The next engine decides for another agent."""
    successor, contact = await _succeed_a_ringing_offer(make_script, script, caller, desk)
    offer = await successor.offer(contact, 8)
    await successor.wait_for(OfferFailed, lambda event: event.offer == offer)
    await desk.wait_for("CANCEL")
    await successor.offer(contact, 8, number=2)
    await colleague.ring()
    await colleague.answer()
    await becomes(caller.media, COLLEAGUE_TONE, heard=True)
    assert len(successor.of(OfferFailed)) == 1
    await successor.end(contact)
    await colleague.wait_for("BYE")
    await successor.stop()


async def test_caller_waits_for_an_engine_that_restarts(
    exchange: Exchange, make_script: MakeScript, script: Script, caller: Caller
) -> None:
    await script.stop()
    caller.invite()
    await caller.wait_for(180)
    successor = await make_script()
    contact = await successor.arrival()
    await successor.play(contact, "long")
    await caller.answered()
    await becomes(caller.media, WELCOME, heard=True)
    await successor.end(contact)
    await caller.wait_for("BYE")
    await still_answers(exchange, successor)
    await successor.stop()


async def test_who_hangs_up_while_no_engine_is_there_leaves_no_empty_recording(
    exchange: Exchange,
    script: Script,
    make_script: MakeScript,
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who waits has one, too, which is not touched: they may be answered yet."""
    monkeypatch.setattr(recordings, "_LEFT_SECONDS", 0.5)
    folder = exchange.settings.recordings
    caller.invite()
    gone = await script.arrival()
    await eventually(lambda: any(folder.rglob(f"{gone}.wav")))
    async with Caller(exchange.sip) as other:
        other.invite(caller="01000001235")
        waits = (await script.wait_for(ContactArrived, lambda event: event.contact != gone)).contact
        await eventually(lambda: any(folder.rglob(f"{waits}.wav")))
        await script.stop()
        await caller.cancel()
        successor = await make_script()
        await eventually(lambda: not any(folder.rglob(f"{gone}.wav")))
        assert any(folder.rglob(f"{waits}.wav"))
        await successor.end(waits)
        await other.acknowledge_refusal()


async def test_what_the_router_ended_during_an_outage_is_ended_afterwards(script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    await script.music(contact)
    await caller.answered()
    await script.stop()
    await script.end(contact)
    found = await script.start()
    assert found.contacts == ()
    await caller.wait_for("BYE")
    assert len(script.of(ContactArrived)) == 1


# --- events that do not come


@pytest.fixture
def quick_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection finds out within seconds that it hears nothing any more."""
    monkeypatch.setattr(ari, "PROOF_EVERY_SECONDS", 0.2)
    monkeypatch.setattr(ari, "ANSWER_SECONDS", 3.0)


def ari_of(exchange: Exchange, *apps: str) -> AbstractAsyncContextManager[Ari]:
    settings = exchange.settings
    credentials = settings.ari_user, settings.ari_password
    return ari_connection(settings.ari_url, *credentials, dict.fromkeys(apps, ()), print, asyncio.Event())


async def test_events_that_another_program_took_and_left_come_again(
    quick_proofs: None, exchange: Exchange, script: Script, caller: Caller
) -> None:
    caller.invite()
    contact = await script.arrival()
    await script.play(contact, "long")
    await caller.answered()
    after = len(script.events)
    async with ari_of(exchange, APP):
        pass
    found = await script.wait_for(ChannelReconciled, after=after)
    assert found.contacts == (contact,)
    caller.media.press("5")
    assert (await script.wait_for(DigitPressed)).digit == "5"
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_a_connection_leaves_no_application_of_its_own_behind(exchange: Exchange, script: Script) -> None:
    async with ari_of(exchange, "another") as connection:
        assert exchange.has_application(connection.name)
        assert exchange.has_application("another")
    await eventually(lambda: not exchange.has_application(connection.name))
    await eventually(lambda: not exchange.has_application("another"))


# --- Asterisk itself


async def test_kill_of_asterisk_closes_contacts_and_the_centre_answers_again(
    mortal_exchange: Exchange, mortal_script: Script
) -> None:
    script = mortal_script
    async with AsyncExitStack() as stack:
        caller = await stack.enter_async_context(Caller(mortal_exchange.sip))
        desk = await registered_desk(stack, mortal_exchange, script, 7)
        contact, _ = await talk(script, caller, desk)
        after, before = len(script.events), wall_time()
        mortal_exchange.kill()
        await script.music(contact)
        over = await script.wait_for(ExchangeStopped, after=after)
        assert before <= over.at < wall_time() - timedelta(seconds=0.1), "it is dated by the loss, not by its discovery"
        mortal_exchange.start()
        found = await script.wait_for(ChannelReconciled, after=after)
        assert (found.contacts, found.answered) == ((), ())
        await admitted(mortal_exchange, "desk-7")
        assert await desk.register("desk-7", password("desk-7")) == 200
        await script.wait_for(AgentReachable, lambda event: event.agent == 7, after=after)
        await still_answers(mortal_exchange, script)
        assert len(script.of(ExchangeStopped)) == 1


async def test_who_only_waited_as_asterisk_died_leaves_no_empty_recording(
    mortal_exchange: Exchange, mortal_script: Script
) -> None:
    """Who spoke keeps what was said."""
    script, folder = mortal_script, mortal_exchange.settings.recordings
    async with AsyncExitStack() as stack:
        speaks, waits = [await stack.enter_async_context(Caller(mortal_exchange.sip)) for _ in range(2)]
        desk = await registered_desk(stack, mortal_exchange, script, 7)
        spoke, _ = await talk(script, speaks, desk)
        waits.invite()
        waited = (await script.wait_for(ContactArrived, lambda event: event.contact != spoke)).contact
        await eventually(lambda: has_sound(next(folder.rglob(f"{spoke}.wav"), folder / "none")))
        await eventually(lambda: any(folder.rglob(f"{waited}.wav")))
        after = len(script.events)
        mortal_exchange.kill()
        mortal_exchange.start()
        await script.wait_for(ChannelReconciled, after=after)
        await eventually(lambda: not any(folder.rglob(f"{waited}.wav")))
        assert any(folder.rglob(f"{spoke}.wav"))


async def test_what_an_exchange_outlasted(mortal_exchange: Exchange, mortal_script: Script) -> None:
    """Whoever starts after a while asks whether anything from before can live, and is told no only if nothing can."""
    channel, nobody = mortal_script.channel, [ContactId("nobody")]
    assert await channel.outlasted(wall_time(), nobody)
    long_ago = wall_time() - timedelta(days=365)
    assert not await channel.outlasted(long_ago, nobody)
    async with Caller(mortal_exchange.sip) as caller:
        caller.invite()
        contact = await mortal_script.arrival()
        assert await channel.outlasted(long_ago, [contact, *nobody])
        assert not await channel.outlasted(long_ago, nobody)
        await mortal_script.end(contact)
    mortal_exchange.kill()
    assert not await channel.outlasted(wall_time(), nobody)


async def test_who_starts_where_asterisk_is_dead_says_so(exchange: Exchange) -> None:
    """The engine before may have died with it."""
    (port,) = free_ports(1)
    settings = replace(exchange.settings, asterisk_http_host="127.0.0.1", asterisk_http_port=port)
    before, script = wall_time(), Script(VoiceChannel(settings, library_of(settings)))
    starting = asyncio.create_task(script.start())
    assert before <= (await script.wait_for(ExchangeStopped)).at <= wall_time()
    starting.cancel()
    await script.stop()


async def test_an_exchange_that_does_not_answer_may_have_outlasted_everything(exchange: Exchange) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings = replace(exchange.settings, asterisk_http_host="127.0.0.1", asterisk_http_port=port)
        channel = VoiceChannel(settings, library_of(settings))
        asking = asyncio.create_task(channel.outlasted(wall_time(), [ContactId("somebody")]))
        (await asyncio.to_thread(server.accept))[0].close()
        assert await asking
