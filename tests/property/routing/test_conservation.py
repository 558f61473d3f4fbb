"""Nothing is lost or counted twice: in the worlds of the router's properties, and in a day of a million events."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stream import Stream, plan_for
from haedap.domain import codec
from haedap.domain.conservation import Breach, Conservation
from haedap.domain.decisions import Decision
from haedap.domain.events import AnyEvent
from haedap.domain.facts import AnyFact, ContactClosed, ContactOffered, OfferEnded
from haedap.domain.ids import ContactId
from haedap.domain.states import AgentState, ContactOutcome
from haedap.engine.recovery import closing_facts
from haedap.routing import Router
from haedap.store.journal import OpenOffer
from haedap.store.records import Records
from tests.property.routing.books import Output
from tests.property.routing.test_router import WORLDS, lived, property_over, stories

EVENTS = 1_000_000
_MOST_SECONDS = 200
"""Processor time of the whole run, of which the rules take a quarter; 60 where nothing else runs."""


class Book:
    """A journal that is audited while it is written."""

    def __init__(self) -> None:
        self.audit = Conservation()
        self.breaches: list[Breach] = []
        self._seq = 0
        self._at: datetime | None = None

    def write(self, event: AnyEvent, outputs: Iterable[Output]) -> None:
        at = self._at = event.at if self._at is None else max(self._at, event.at)
        audit, seq = self.audit, self._seq + 1
        contact: ContactId | None = getattr(event, "contact", None)
        broken = audit.event(seq, at, type(event).__name__, contact)
        for output in outputs:
            seq += 1
            broken += audit.decision(seq, at) if isinstance(output, Decision) else audit.fact(seq, at, output)
        self._seq = seq
        self.breaches += broken

    def close(self, facts: Iterable[AnyFact]) -> None:
        """What no event caused."""
        assert self._at is not None
        for fact in facts:
            self._seq += 1
            self.breaches += self.audit.fact(self._seq, self._at, fact)


@property_over(WORLDS)
@given(stories)
def test_every_world_conserves(story: bytes) -> None:
    world = lived(story)
    world.go_home()
    book = Book()
    for event, outputs in world.journal:
        book.write(event, outputs)
    assert book.breaches + book.audit.finish() == []
    assert not book.audit.cases
    assert book.audit.opened == book.audit.closed == world.auditor.seen["ContactOpened"]


@property_over(WORLDS // 4)
@given(stories, st.integers(0, 1023))
def test_a_journal_that_cannot_be_read_further_is_closed_by_the_rules(story: bytes, cut: int) -> None:
    """Wherever it stops: nobody is left in a call or on duty, and promises are owed still."""
    world = lived(story)
    book, records, offers = Book(), Records(recorded_in=None), dict[ContactId, OpenOffer]()
    for seq, (event, outputs) in enumerate(world.journal[: 1 + cut % len(world.journal)]):
        book.write(event, outputs)
        for fact in outputs:
            if isinstance(fact, Decision):
                continue
            records.apply(fact, event.at, seq)
            if isinstance(fact, ContactOffered):
                offers[fact.contact] = OpenOffer(fact.offer, fact.agent)
            elif isinstance(fact, OfferEnded):
                offers.pop(fact.contact, None)
        records.take_changes()
    promises = list(records.promises.values())
    closing = closing_facts(records.contacts.values(), offers, records.agents.values(), promises)
    book.close(closing)
    assert book.breaches + book.audit.finish() == []
    assert not book.audit.cases
    assert {duty.state for duty in book.audit.duties.values()} <= {AgentState.SIGNED_OUT}
    assert not book.audit.open["attempt"]
    assert len(book.audit.open["promise"]) == len(promises)
    assert [codec.decode_fact(codec.encode(fact)) for fact in closing] == closing
    outcomes = {fact.contact: fact.outcome for fact in closing if isinstance(fact, ContactClosed)}
    called = {promise.attempt.contact for promise in promises if promise.attempt is not None}
    assert {contact for contact, outcome in outcomes.items() if outcome is ContactOutcome.NOT_REACHED} == called


@pytest.mark.timeout(900)
def test_a_journal_of_a_million_events_conserves() -> None:
    began = time.process_time()
    chance = Random(1)
    stream, router, book = Stream(plan_for(200, chance), chance, 100), Router(), Book()
    for event, _ in zip(_day(stream, router), range(EVENTS), strict=False):
        outputs = router.handle(event)
        stream.react(outputs)
        book.write(event, outputs)
    audit = book.audit
    assert book.breaches + audit.finish() == []
    live = {contact.id for contact in router.snapshot().contacts}
    assert audit.cases.keys() == live
    assert audit.arrived == audit.opened == audit.closed + len(live)
    assert audit.closed > EVENTS / 20
    assert time.process_time() - began < _MOST_SECONDS


def _day(stream: Stream, router: Router) -> Iterator[AnyEvent]:
    yield from stream.opening()
    while True:
        yield stream.next(router.next_deadline())
