"""Every rule of the journal fires for a journal that breaks it, and for that alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any, get_args

import msgspec
import pytest

from haedap.domain import facts as f
from haedap.domain.conservation import DURING, LIVES, RULES, Breach, Conservation
from haedap.domain.facts import AnyFact
from haedap.domain.ids import AgentId, ContactId, OfferId, PromiseId, QueueKey
from haedap.domain.states import AgentState, Channel, ContactOutcome, EndedBy, OfferOutcome, TransferOutcome

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
C, OTHER = ContactId("c1"), ContactId("c2")
A, B = AgentId(1), AgentId(2)
Story = list[AnyFact | str]
ARRIVAL = "ContactArrived"
_MOST_SECONDS = 10.0
"""Processor time of 90,000 rows: a twentieth of it, and ten times as much if each looks at all who ended."""


def opened(contact: ContactId = C) -> f.ContactOpened:
    return f.ContactOpened(
        contact=contact,
        channel=Channel.VOICE,
        called="+82200000120",
        caller=None,
        caller_text="",
        caller_name="",
        withheld=False,
        flow=None,
    )


def queued(contact: ContactId = C) -> f.ContactQueued:
    return f.ContactQueued(contact=contact, queue=QueueKey("q"), priority=0)


def offered(contact: ContactId = C, agent: AgentId = A, number: int = 1) -> f.ContactOffered:
    return f.ContactOffered(contact=contact, offer=OfferId(f"{contact}.{number}"), agent=agent, queue=QueueKey("q"))


def offer_ended(
    contact: ContactId = C, agent: AgentId = A, outcome: OfferOutcome = OfferOutcome.ANSWERED, number: int = 1
) -> f.OfferEnded:
    return f.OfferEnded(contact=contact, offer=OfferId(f"{contact}.{number}"), agent=agent, outcome=outcome)


def started(contact: ContactId = C, agent: AgentId = A, segment: int = 1) -> f.SegmentStarted:
    return f.SegmentStarted(
        contact=contact, segment=segment, agent=agent, queue=QueueKey("q"), offer=OfferId(f"{contact}.1")
    )


def ended(contact: ContactId = C, agent: AgentId = A, segment: int = 1) -> f.SegmentEnded:
    return f.SegmentEnded(contact=contact, segment=segment, agent=agent, by=EndedBy.CITIZEN)


def closed(contact: ContactId = C, outcome: ContactOutcome = ContactOutcome.ANSWERED) -> f.ContactClosed:
    return f.ContactClosed(contact=contact, outcome=outcome, by=EndedBy.CITIZEN)


def state(state: AgentState, contact: ContactId | None = None, agent: AgentId = A) -> f.AgentStateChanged:
    return f.AgentStateChanged(agent=agent, state=state, contact=contact)


def on_duty(agent: AgentId = A) -> Story:
    return ["AgentSetAvailable", state(AgentState.AWAY, agent=agent), state(AgentState.AVAILABLE, agent=agent)]


def to_talk(contact: ContactId = C, agent: AgentId = A) -> Story:
    """A contact from its arrival until it talks to the agent."""
    return [
        ARRIVAL,
        opened(contact),
        queued(contact),
        offered(contact, agent),
        state(AgentState.OFFERED, contact, agent),
        "OfferAnswered",
        offer_ended(contact, agent),
        started(contact, agent),
        state(AgentState.ENGAGED, contact, agent),
    ]


WHOLE: Story = [
    *on_duty(),
    *to_talk(),
    "CitizenLeft",
    ended(),
    closed(),
    state(AgentState.WRAP_UP, C),
    "TimePassed",
    state(AgentState.AVAILABLE),
]


def audited(story: Sequence[AnyFact | str]) -> list[Breach]:
    """The breaches of a journal whose events are strings, all of contact C."""
    audit, found = Conservation(), []
    for number, item in enumerate(story, 1):
        at = START + timedelta(seconds=number)
        if isinstance(item, str):
            found += audit.event(number, at, item, C if item == ARRIVAL else None)
        else:
            found += audit.fact(number, at, item)
    return found + audit.finish()


def test_a_right_journal_breaks_no_rule() -> None:
    assert audited(WHOLE) == []


_FIELDS: dict[str, Any] = {
    "contact": C, "offer": OfferId("c1.1"), "agent": A, "segment": 1, "transfer": 1, "attempt": 1, "supervisor": B,
    "promise": PromiseId("p1"),
}  # fmt: skip


def sample(kind: type[Any]) -> Any:
    """A fact of the kind; what the rules do not look at is left empty."""
    return kind(**{name: _FIELDS.get(name) for name in kind.__struct_fields__})


def _without(*left_out: AnyFact) -> Story:
    return [item for item in WHOLE if item not in left_out]


def _instead(old: AnyFact, *new: AnyFact | str) -> Story:
    return [part for item in WHOLE for part in (new if item == old else (item,))]


TRANSFER = sample(f.TransferStarted)
TRANSFER_ENDED = f.TransferEnded(contact=C, transfer=1, outcome=TransferOutcome.CANCELLED)
PROMISE: Story = ["x", sample(f.PromiseMade)]

CORRUPTED: dict[str, Story] = {
    "arrived_not_opened": _without(opened()),
    "contact_begun_twice": _instead(queued(), opened(), queued()),
    "contact_ended_without_beginning": ["x", closed(OTHER)],
    "offer_begun_twice": _instead(offered(), offered(), offered()),
    "offer_ended_without_beginning": _instead(offer_ended(), offer_ended(), offer_ended()),
    "offer_left_open": [
        *on_duty(), ARRIVAL, opened(), queued(), offered(), state(AgentState.OFFERED, C),
        "CitizenLeft", closed(outcome=ContactOutcome.ABANDONED), state(AgentState.AVAILABLE),
    ],
    "segment_begun_twice": _instead(started(), started(), started(agent=B, segment=2)),
    "segment_ended_without_beginning": _instead(ended(), ended(), ended()),
    "segment_left_open": _without(ended()),
    "transfer_begun_twice": _instead(ended(), TRANSFER, TRANSFER, TRANSFER_ENDED, ended()),
    "transfer_ended_without_beginning": _instead(ended(), TRANSFER_ENDED, ended()),
    "transfer_left_open": _instead(ended(), TRANSFER, ended()),
    "promise_begun_twice": [*PROMISE, *PROMISE],
    "promise_ended_without_beginning": ["x", sample(f.PromiseEnded)],
    "attempt_begun_twice": [*PROMISE, sample(f.AttemptStarted), sample(f.AttemptStarted)],
    "attempt_ended_without_beginning": [*PROMISE, sample(f.AttemptEnded)],
    "offer_of_another": _instead(offer_ended(), offer_ended(agent=B)),
    "segment_of_another": _instead(ended(), ended(segment=2)),
    "segment_number": _instead(started(), started(segment=2)),
    "agent_with_two_offers": [*WHOLE, *to_talk(OTHER)[:5], "x", *to_talk(ContactId("c3"))[1:5], "x"],
    "agent_with_two_segments": [*WHOLE, *to_talk(OTHER), *to_talk(ContactId("c3"))],
    "offered_without_offer": _without(offered()),
    "segment_without_engaged_agent": _instead(state(AgentState.ENGAGED, C), state(AgentState.AVAILABLE)),
    "engaged_without_segment": _without(started(), ended()),
    "outcome_against_history": _instead(closed(), closed(outcome=ContactOutcome.ABANDONED)),
    "promised_without_promise": [
        ARRIVAL, opened(), queued(), "CitizenLeft", closed(outcome=ContactOutcome.PROMISED), "x",
    ],
    "agent_state_order": _instead(state(AgentState.WRAP_UP, C), state(AgentState.OFFERED, C)),
    **{
        f"{kind.__name__}_without_{name}": ["x", sample(kind)]
        for kind, names in DURING.items()
        for name in names
    },
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(CORRUPTED))
def test_a_corrupted_journal_is_found_out(rule: str) -> None:
    assert rule in {breach.rule for breach in audited(CORRUPTED[rule])}


@pytest.mark.parametrize(
    ("rule", "contact", "agent"),
    [
        ("arrived_not_opened", C, None),
        ("promised_without_promise", C, None),
        ("offer_of_another", C, B),
        ("LegLost_without_segment", C, A),
        ("agent_with_two_offers", ContactId("c3"), A),
        ("agent_with_two_segments", ContactId("c3"), A),
        ("engaged_without_segment", C, A),
        ("segment_left_open", C, None),
    ],
)
def test_who_is_concerned_is_named_once(rule: str, contact: ContactId, agent: AgentId | None) -> None:
    story = [*CORRUPTED[rule], "x", "x"]
    assert [(breach.contact, breach.agent) for breach in audited(story) if breach.rule == rule] == [(contact, agent)]


def test_a_segment_that_was_left_open_is_nobody_s_afterwards() -> None:
    found = audited([*_without(ended()), *to_talk(OTHER)])
    assert {breach.rule for breach in found} == {"segment_left_open"}


def test_an_arrival_that_is_told_again_is_counted_once_and_no_other_event_is_one() -> None:
    audit = Conservation()
    told = [audit.event(1, START, ARRIVAL, C), audit.fact(2, START, opened()), audit.event(3, START, ARRIVAL, C)]
    told += [audit.event(4, START, "DigitPressed", OTHER), audit.finish()]
    assert not any(told)
    assert (audit.arrived, audit.opened) == (1, 1)


def test_rows_that_are_missing_or_out_of_time_are_found_out() -> None:
    audit = Conservation()
    assert audit.event(1, START, "x", None) == []
    assert [breach.rule for breach in audit.decision(3, START)] == ["seq_gap"]
    assert [breach.rule for breach in audit.event(4, START - timedelta(seconds=1), "x", None)] == ["time_back"]


@pytest.mark.parametrize("before", [True, False])
def test_a_promise_may_be_made_before_the_contact_closes_or_because_of_it(before: bool) -> None:
    made = msgspec.structs.replace(sample(f.PromiseMade), contact=C)
    last = [made, closed(outcome=ContactOutcome.PROMISED)]
    story = [ARRIVAL, opened(), queued(), "CitizenLeft", *(last if before else reversed(last)), "x"]
    assert audited(story) == []


def test_every_rule_has_its_corrupted_journal() -> None:
    assert set(CORRUPTED) | {"seq_gap", "time_back"} == set(RULES)
    assert len(RULES) == len(set(RULES))


def test_every_fact_is_known_to_the_tables() -> None:
    """A new fact must be declared, or be named here as one that no rule is about."""
    free = {f.AgentReachabilityChanged, f.SupervisionEnded}
    known = {kind for life in LIVES for kind in (life.begins, life.ends)} | set(DURING)
    known |= {f.AgentStateChanged}
    assert set(get_args(AnyFact)) - known == free


def test_neither_memory_nor_work_grows_with_the_journal() -> None:
    """Five contacts end in each second: 18,000 are remembered at a time."""
    audit = Conservation()
    seq = 0

    def tell(number: int, at: datetime, make: Callable[[ContactId], list[AnyFact]]) -> None:
        nonlocal seq
        contact = ContactId(f"c{number}")
        seq += 1
        assert audit.event(seq, at, ARRIVAL, contact) == []
        for fact in make(contact):
            seq += 1
            assert audit.fact(seq, at, fact) == []

    began = process_time()
    for number in range(30_000):
        at = START + timedelta(seconds=number / 5)
        tell(number, at, lambda contact: [opened(contact), closed(contact, ContactOutcome.LEFT_IN_FLOW)])
    assert process_time() - began < _MOST_SECONDS
    assert not audit.cases
    assert len(audit._ended) <= 18_001
    assert audit.closed == audit.opened == audit.arrived == 30_000
