"""Requests of one contact are performed in order; a slow one holds up nobody else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from haedap.channels.port import PhoneCredential, Post
from haedap.domain.decisions import AnyDecision, OfferContact, PlayMusic
from haedap.domain.ids import ContactId, RequestId
from haedap.domain.plan import Plan
from haedap.domain.states import Channel
from haedap.engine.performer import Performer
from tests.support.offers import an_offer
from tests.support.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from datetime import datetime


class _Wire:
    """A channel whose requests end when the test says so."""

    channel = Channel.VOICE

    def __init__(self) -> None:
        self.gates: dict[str, asyncio.Event] = {}
        self.ended: list[str] = []
        self.plans: list[int] = []
        self.fail: Callable[[], Awaitable[None]] | None = None

    async def outlasted(self, at: datetime, contacts: Collection[ContactId]) -> bool:
        raise NotImplementedError

    async def run(self, post: Post) -> None:
        raise NotImplementedError

    async def perform(self, decision: AnyDecision) -> None:
        if decision.id in self.gates:
            await self.gates[decision.id].wait()
        if decision.id.endswith("-bad"):
            raise RuntimeError("no such channel")
        self.ended.append(decision.id)

    async def prepare(self, offer: OfferContact) -> None:
        self.ended.append(f"{offer.id} prepared")

    async def plan_changed(self, plan: Plan) -> None:
        self.plans.append(plan.version)

    async def phone_issued(self, credential: PhoneCredential) -> None:
        raise NotImplementedError

    async def phone_revoked(self, username: str) -> None:
        raise NotImplementedError

    async def prompts_changed(self) -> None:
        raise NotImplementedError


def _music(contact: str, number: str) -> PlayMusic:
    return PlayMusic(id=RequestId(f"{contact}-{number}"), contact=ContactId(contact))


async def test_order_is_kept_for_each_contact_and_others_go_on() -> None:
    wire = _Wire()
    wire.gates["a-1"] = asyncio.Event()
    performer = Performer(wire)
    performer.submit([_music("a", "1"), _music("a", "2"), _music("b", "1")])
    performer.submit([_music("a", "3"), _music("b", "2")])
    async with asyncio.timeout(PATIENCE):
        while wire.ended != ["b-1", "b-2"]:
            await asyncio.sleep(0)
    wire.gates["a-1"].set()
    await performer.finish(PATIENCE)
    assert wire.ended == ["b-1", "b-2", "a-1", "a-2", "a-3"]


async def test_an_offer_is_prepared_after_what_precedes_it_and_before_it_is_performed() -> None:
    wire = _Wire()
    wire.gates["a-1"] = asyncio.Event()
    performer = Performer(wire)
    performer.submit([_music("a", "1")])
    performer.prepare([an_offer("a-2", "a")])
    performer.submit([an_offer("a-2", "a")])
    wire.gates["a-1"].set()
    await performer.finish(PATIENCE)
    assert wire.ended == ["a-1", "a-2 prepared", "a-2"]


async def test_a_failure_stops_neither_its_contact_nor_others() -> None:
    wire = _Wire()
    performer = Performer(wire)
    performer.submit([_music("a", "bad"), _music("a", "2"), _music("b", "1")])
    await performer.finish(PATIENCE)
    assert sorted(wire.ended) == ["a-2", "b-1"]


async def test_plans_are_told_in_order() -> None:
    wire = _Wire()
    performer = Performer(wire)
    for version in (1, 2, 3):
        performer.tell(Plan(version=version))
    await performer.finish(PATIENCE)
    assert wire.plans == [1, 2, 3]


async def test_a_request_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haedap.engine.performer._PATIENCE", 0.01)
    wire = _Wire()
    wire.gates["a-1"] = asyncio.Event()
    performer = Performer(wire)
    performer.submit([_music("a", "1"), _music("a", "2")])
    await performer.finish(PATIENCE)
    assert wire.ended == ["a-2"]


async def test_finish_gives_up_what_is_still_under_way() -> None:
    wire = _Wire()
    wire.gates["a-1"] = asyncio.Event()
    performer = Performer(wire)
    performer.submit([_music("a", "1")])
    await performer.finish(0.01)
    assert wire.ended == []
