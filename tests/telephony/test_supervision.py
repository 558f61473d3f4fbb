"""Listen, whisper, barge, in real sound: who hears the supervisor, and whom the supervisor hears."""

from __future__ import annotations

import asyncio

import pytest

from haedap.domain.events import AgentLegEnded, CitizenLeft, OfferAnswered
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import Control, EndedBy, Supervision
from tests.telephony.conftest import eventually
from tests.telephony.support.conversation import (
    AGENT_TONE,
    CITIZEN_TONE,
    QUIET,
    SUPERVISOR_TONE,
    hears,
    still_answers,
    talk,
)
from tests.telephony.support.exchange import MUSIC, Exchange
from tests.telephony.support.script import Script
from tests.telephony.support.sound import level
from tests.telephony.support.telephone import Caller, Desk


async def watched_talk(
    script: Script, caller: Caller, desk: Desk, supervisor: Desk
) -> tuple[ContactId, OfferId, OfferId]:
    """A talk, and the answered leg of a supervisor who does nothing yet."""
    contact, agent = await talk(script, caller, desk)
    leg = await script.offer(contact, 9, number=2, join=False, auto_answer=True)
    await supervisor.ring()
    await supervisor.answer()
    await script.wait_for(OfferAnswered, lambda event: event.offer == leg)
    return contact, agent, leg


async def test_listening_is_heard_by_nobody(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk, supervisor: Desk
) -> None:
    contact, agent, leg = await watched_talk(script, caller, desk, supervisor)
    await script.supervise(contact, leg, agent, Supervision.LISTEN)
    await hears(supervisor.media, CITIZEN_TONE, AGENT_TONE)
    await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE))
    assert level(caller.media.since(0), SUPERVISOR_TONE) < QUIET
    assert level(desk.media.since(0), SUPERVISOR_TONE) < QUIET
    await script.end_leg(contact, leg)
    await supervisor.wait_for("BYE")
    await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE))
    await script.end(contact)
    await caller.wait_for("BYE")
    await still_answers(exchange, script)


async def test_whispering_is_heard_by_the_agent_alone(
    script: Script, caller: Caller, desk: Desk, supervisor: Desk
) -> None:
    contact, agent, leg = await watched_talk(script, caller, desk, supervisor)
    await script.supervise(contact, leg, agent, Supervision.WHISPER)
    await asyncio.gather(
        hears(desk.media, CITIZEN_TONE, SUPERVISOR_TONE),
        hears(supervisor.media, CITIZEN_TONE, AGENT_TONE),
        hears(caller.media, AGENT_TONE),
    )
    await caller.media.listen(1.0)
    assert level(caller.media.since(0), SUPERVISOR_TONE) < QUIET
    await script.supervise(contact, leg, agent, Supervision.LISTEN)
    await asyncio.gather(hears(desk.media, CITIZEN_TONE), hears(supervisor.media, CITIZEN_TONE, AGENT_TONE))
    await script.end(contact)
    await supervisor.wait_for("BYE")
    await caller.wait_for("BYE")


async def test_barging_is_heard_by_all_and_ends_again(
    script: Script, caller: Caller, desk: Desk, supervisor: Desk
) -> None:
    contact, agent, leg = await watched_talk(script, caller, desk, supervisor)
    await script.supervise(contact, leg, agent, Supervision.LISTEN)
    await hears(supervisor.media, CITIZEN_TONE, AGENT_TONE)
    await script.supervise(contact, leg, agent, Supervision.BARGE)
    await asyncio.gather(
        hears(caller.media, AGENT_TONE, SUPERVISOR_TONE),
        hears(desk.media, CITIZEN_TONE, SUPERVISOR_TONE),
        hears(supervisor.media, CITIZEN_TONE, AGENT_TONE),
    )
    await script.control(contact, agent, Control.HOLD)
    await asyncio.gather(hears(caller.media, MUSIC), hears(desk.media, SUPERVISOR_TONE))
    await script.music(contact)
    await script.connect(contact, agent)
    await hears(caller.media, AGENT_TONE, SUPERVISOR_TONE)
    await script.supervise(contact, leg, agent, Supervision.WHISPER)
    await asyncio.gather(hears(desk.media, CITIZEN_TONE, SUPERVISOR_TONE), hears(caller.media, AGENT_TONE))
    await supervisor.hang_up()
    ended = await script.wait_for(AgentLegEnded)
    assert (ended.offer, ended.by) == (leg, EndedBy.AGENT)
    await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE))
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_supervisor_takes_the_call_over(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk, supervisor: Desk
) -> None:
    contact, agent, leg = await watched_talk(script, caller, desk, supervisor)
    await script.supervise(contact, leg, agent, Supervision.WHISPER)
    await hears(desk.media, CITIZEN_TONE, SUPERVISOR_TONE)
    await script.gather(contact, leg, citizen=True)
    await script.end_leg(contact, agent)
    await desk.wait_for("BYE")
    await asyncio.gather(hears(caller.media, SUPERVISOR_TONE), hears(supervisor.media, CITIZEN_TONE))
    await eventually(lambda: len(exchange.ask("channels")) == 2 and len(exchange.ask("bridges")) == 1)
    await script.end(contact)
    await caller.wait_for("BYE")


@pytest.mark.parametrize("mode", list(Supervision))
async def test_ends_of_the_watched_leave_nothing(
    mode: Supervision, exchange: Exchange, script: Script, caller: Caller, desk: Desk, supervisor: Desk
) -> None:
    contact, agent, leg = await watched_talk(script, caller, desk, supervisor)
    await script.supervise(contact, leg, agent, mode)
    await hears(supervisor.media, CITIZEN_TONE, AGENT_TONE)
    await desk.hang_up()
    assert (await script.wait_for(AgentLegEnded)).offer == agent
    await script.end_leg(contact, leg)
    await supervisor.wait_for("BYE")
    await caller.hang_up()
    await script.wait_for(CitizenLeft)
    await script.supervise(contact, leg, agent, Supervision.LISTEN)
