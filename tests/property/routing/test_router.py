"""The router's properties, over thousands of worlds in which everything happens at the worst moment.

ROUTER_SEED=n draws other worlds than those of every day, ROUTER_WORLDS=n so many of them.
"""

import os
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, TypeVar, get_args

import msgspec
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from haedap.domain import codec
from haedap.domain.decisions import AnyDecision, Decision
from haedap.domain.facts import AnyFact
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    ContactOutcome,
    ContactState,
    MoveCause,
    OfferOutcome,
    PromiseOutcome,
    PromiseReason,
    ProtectionStep,
    Supervision,
    TransferOutcome,
)
from haedap.routing import Router, Snapshot
from tests.property.routing.world import World

Test = TypeVar("Test", bound=Callable[..., Any])

SEED = os.environ.get("ROUTER_SEED")
WORLDS = int(os.environ.get("ROUTER_WORLDS", "400"))

EVERYTHING = (
    *(kind.__name__ for kind in (*get_args(AnyDecision), *get_args(AnyFact))),
    *(f"OfferEnded {outcome}" for outcome in OfferOutcome if outcome is not OfferOutcome.REFUSED),
    *(f"ContactClosed {outcome}" for outcome in ContactOutcome),
    *(f"AgentStateChanged {state}" for state in AgentState),
    *(f"TransferEnded {outcome}" for outcome in TransferOutcome),
    *(f"ProtectionTaken {step}" for step in ProtectionStep),
    *(f"SupervisionStarted {mode}" for mode in Supervision),
    *(f"ContactMoved {cause}" for cause in MoveCause),
    *(f"PromiseMade {reason}" for reason in PromiseReason if reason is not PromiseReason.OFFICER),
    *(f"AttemptEnded {outcome}" for outcome in AttemptOutcome),
    *(f"PromiseEnded {outcome}" for outcome in PromiseOutcome),
    "resumed",
    "widened",
    "given back",
)

stories = st.binary(min_size=90, max_size=450)


def property_over(worlds: int) -> Callable[[Test], Test]:
    """The same worlds every time, unless a seed is given; a failure prints how to repeat it."""
    profile = settings(
        max_examples=worlds,
        derandomize=SEED is None,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    if SEED is None:
        return profile
    chosen = seed(int(SEED))
    return lambda test: profile(chosen(test))


def lived(story: bytes) -> World:
    world = World()
    world.live(story)
    return world


@property_over(3 * WORLDS)
@given(stories)
def test_every_rule_holds_after_every_event(story: bytes) -> None:
    """Nobody lost, doubled, overtaken or kept waiting for an idle agent: see `audit`. In the end all is given back."""
    world = lived(story)
    states = {contact.id: contact.state for contact in world.router.snapshot().contacts}
    assert states == {contact: case.state for contact, case in world.auditor.cases.items()}
    assert ContactState.ENDED not in states.values()
    opened = world.auditor.seen["ContactOpened"]
    assert opened == len(states) + world.auditor.seen["ContactClosed"]

    world.go_home()
    assert not world.router.snapshot().contacts
    assert world.auditor.seen["ContactClosed"] == world.auditor.seen["ContactOpened"]
    assert world.auditor.seen["ContactOffered"] == world.auditor.seen["OfferEnded"]
    assert world.auditor.seen["SegmentStarted"] == world.auditor.seen["SegmentEnded"]
    assert world.auditor.seen["TransferStarted"] == world.auditor.seen["TransferEnded"]
    assert not world.auditor.side
    assert not world.wire.legs()
    assert not world.router.snapshot().promises


@property_over(WORLDS)
@given(stories)
def test_replay_of_the_journal_gives_the_identical_state(story: bytes) -> None:
    world = lived(story)
    again = Router()
    for event, outputs in world.journal:
        replayed = again.handle(codec.decode_event(codec.encode(event)))
        assert replayed == outputs
        for output in outputs:
            read = codec.decode_decision if isinstance(output, Decision) else codec.decode_fact
            assert read(codec.encode(output)) == output
    assert msgspec.json.encode(again.snapshot()) == msgspec.json.encode(world.router.snapshot())


@property_over(WORLDS)
@given(stories, st.integers(0, 1023))
def test_a_restored_router_goes_on_identically(story: bytes, cut: int) -> None:
    world = lived(story)
    first, second = Router(), Router()
    cut %= len(world.journal)
    for event, _ in world.journal[:cut]:
        first.handle(event)
    taken = first.snapshot()
    data = msgspec.json.encode(taken)
    second = Router.restore(msgspec.json.decode(data, type=Snapshot))
    for event, outputs in world.journal[cut:]:
        assert second.next_deadline() == first.next_deadline()
        assert second.handle(event) == first.handle(event) == outputs
    assert msgspec.json.encode(second.snapshot()) == msgspec.json.encode(world.router.snapshot())
    assert msgspec.json.encode(taken) == data, "a snapshot shares nothing with its router"


def test_the_worlds_are_eventful() -> None:
    """The properties above would hold of worlds in which nothing happens: in these, every rule has its turn."""
    chance = Random(int(SEED or "1"))
    seen: Counter[str] = Counter()
    for _ in range(400):
        seen += lived(chance.randbytes(450)).auditor.seen
    for name in EVERYTHING:
        assert seen[name] >= 3, f"{name} happened {seen[name]} times"
