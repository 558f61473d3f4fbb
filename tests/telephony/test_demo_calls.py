"""`haedap demo calls`: it calls this centre with invented people, and says clearly why it cannot."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from ipaddress import ip_network

import pytest

from haedap.config import Environment
from haedap.domain.events import CitizenLeft, ContactArrived
from haedap.operations import OperationsError
from haedap.operations.demo_calls import prepare
from haedap.operations.sipp import SILENCE, run_sipp
from tests.telephony.support.exchange import Exchange
from tests.telephony.support.script import Script


async def test_invented_citizens_call_and_speak(exchange: Exchange, script: Script) -> None:
    run = prepare(exchange.settings, random.Random(1), count=2, every=0.2, talk=1)
    assert run.voice.strip(b"\xff") != b""
    assert len(run.voice) > 3 * len(SILENCE)
    calling = asyncio.create_task(run_sipp(run))
    for number in range(2):
        await script.wait_for(ContactArrived, lambda _event, n=number: len(script.of(ContactArrived)) > n)  # type: ignore[misc]
        await script.play(script.of(ContactArrived)[number].contact, "long")
    outcome = await calling
    assert (outcome.successful, outcome.failed) == (2, 0), outcome.errors
    callers = {event.caller for event in script.of(ContactArrived)}
    assert len(callers) == 2
    assert all(caller is not None and caller.startswith("+82100000") for caller in callers)
    assert {event.called for event in script.of(ContactArrived)} == {exchange.settings.main_number}
    await script.wait_for(CitizenLeft, lambda _event: len(script.of(CitizenLeft)) == 2)


async def test_who_is_not_answered_gives_up(exchange: Exchange, script: Script) -> None:
    run = prepare(exchange.settings, random.Random(1), count=1, every=1, talk=1)
    outcome = await run_sipp(dataclasses.replace(run, answer_ms=500))
    assert (outcome.successful, outcome.failed) == (0, 1)
    await script.wait_for(CitizenLeft)


def test_says_when_the_centre_does_not_run(exchange: Exchange) -> None:
    elsewhere = dataclasses.replace(exchange.settings, sip_tcp_port=1)
    with pytest.raises(OperationsError, match="make run"):
        prepare(elsewhere, random.Random(1), count=1, every=1, talk=1)


def test_says_when_no_address_may_call(exchange: Exchange) -> None:
    elsewhere = dataclasses.replace(exchange.settings, trunk_allowed=(ip_network("192.0.2.1/32"),))
    with pytest.raises(OperationsError, match="trunk_allowed"):
        prepare(elsewhere, random.Random(1), count=1, every=1, talk=1)


def test_calls_from_an_address_that_a_host_may_have(exchange: Exchange) -> None:
    for network, local in (("127.0.0.0/8", "127.0.0.1"), ("127.0.0.2/32", "127.0.0.2"), ("::1/128", "::1")):
        allowed = dataclasses.replace(exchange.settings, trunk_allowed=(ip_network(network),))
        assert prepare(allowed, random.Random(1), count=1, every=1, talk=1).local == local


def test_does_not_call_a_centre_in_production(exchange: Exchange) -> None:
    real = dataclasses.replace(exchange.settings, environment=Environment.PRODUCTION)
    with pytest.raises(OperationsError, match="시연"):
        prepare(real, random.Random(1), count=1, every=1, talk=1)
