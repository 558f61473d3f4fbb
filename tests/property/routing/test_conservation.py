"""Nothing is lost or counted twice: in the worlds of the router's properties, and in a day of a million events."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from random import Random

import pytest
from hypothesis import given

from bench.stream import Stream, plan_for
from haedap.domain.conservation import Breach, Conservation
from haedap.domain.decisions import Decision
from haedap.domain.events import AnyEvent
from haedap.domain.ids import ContactId
from haedap.routing import Router
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
