"""The read models' fold: clocks stop where they should, and each figure has one meaning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from haedap.domain import facts
from haedap.domain.ids import AgentId, ContactId, FlowKey, OfferId, QueueKey
from haedap.domain.states import AgentState, Channel, ContactOutcome, Control, EndedBy, OfferOutcome
from haedap.recording_files import recording_file
from haedap.store.records import Records
from tests.support.engine import KOREA

START = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
CONTACT = ContactId(str(uuid4()))
ONE, TWO = AgentId(1), AgentId(2)
QUEUE = QueueKey("tax")

OPENED = facts.ContactOpened(
    contact=CONTACT,
    channel=Channel.VOICE,
    called="+82200000120",
    caller="+821000001234",
    caller_text="010-0000-1234",
    caller_name="",
    withheld=False,
    flow=FlowKey("main"),
)
QUEUED = facts.ContactQueued(contact=CONTACT, queue=QUEUE, priority=3)
CLOSED = facts.ContactClosed(contact=CONTACT, outcome=ContactOutcome.ANSWERED, by=EndedBy.CITIZEN)


def _offered(agent: AgentId, number: int = 1) -> facts.ContactOffered:
    return facts.ContactOffered(contact=CONTACT, offer=OfferId(f"{CONTACT}.{number}"), agent=agent, queue=QUEUE)


def _offer_ended(agent: AgentId, outcome: OfferOutcome, number: int = 1) -> facts.OfferEnded:
    return facts.OfferEnded(contact=CONTACT, offer=OfferId(f"{CONTACT}.{number}"), agent=agent, outcome=outcome)


def _started(agent: AgentId, segment: int = 1) -> facts.SegmentStarted:
    offer = OfferId(f"{CONTACT}.{segment}")
    return facts.SegmentStarted(contact=CONTACT, segment=segment, agent=agent, queue=QUEUE, offer=offer)


def _ended(agent: AgentId, by: EndedBy, segment: int = 1) -> facts.SegmentEnded:
    return facts.SegmentEnded(contact=CONTACT, segment=segment, agent=agent, by=by)


def _control(control: Control) -> facts.ControlApplied:
    return facts.ControlApplied(contact=CONTACT, segment=1, agent=ONE, control=control)


def _state(agent: AgentId, state: AgentState, reason: str = "") -> facts.AgentStateChanged:
    return facts.AgentStateChanged(agent=agent, state=state, reason=reason)


def _fold(steps: Iterable[tuple[float, facts.AnyFact]]) -> Records:
    """Facts at seconds from the start, in journal rows 1, 2, 3 …"""
    records = Records(recorded_in=KOREA)
    for seq, (seconds, fact) in enumerate(steps, 1):
        records.apply(fact, START + timedelta(seconds=seconds), seq)
    return records


def test_waiting_and_the_first_answer() -> None:
    records = _fold([(0, OPENED), (5, QUEUED), (8, _offered(ONE)), (11, _started(ONE))])
    row = records.changes.contacts[CONTACT]
    assert (row.state, row.agent, row.priority, row.segments, row.seq) == ("engaged", ONE, 3, 1, 4)
    times = (row.queued_at, row.offered_at, row.answered_at)
    assert [(at - START).total_seconds() for at in times if at] == [5, 8, 11]


def test_an_offer_that_fails_leaves_no_agent_behind() -> None:
    records = _fold([(0, OPENED), (1, QUEUED), (2, _offered(ONE)), (22, _offer_ended(ONE, OfferOutcome.NO_ANSWER))])
    row = records.changes.contacts[CONTACT]
    assert (row.state, row.agent) == ("waiting", None)


def test_hold_counts_once_and_stops_with_the_leg() -> None:
    records = _fold(
        [
            (0, OPENED),
            (1, QUEUED),
            (2, _started(ONE)),
            (10, _control(Control.HOLD)),
            (12, _control(Control.HOLD)),
            (15, _control(Control.UNHOLD)),
            (16, _control(Control.UNHOLD)),
            (20, _control(Control.HOLD)),
            (24, facts.LegLost(contact=CONTACT, segment=1, agent=ONE)),
            (40, facts.LegRegained(contact=CONTACT, segment=1, agent=ONE)),
            (50, _ended(ONE, EndedBy.AGENT)),
        ]
    )
    assert records.changes.contacts[CONTACT].hold_seconds == 9
    assert next(iter(records.changes.segments.values())).hold_seconds == 9


def test_hold_and_mute_go_on_over_a_lost_leg_that_says_so() -> None:
    steps: list[tuple[int, facts.AnyFact]] = [
        (0, OPENED),
        (2, _started(ONE)),
        (10, _control(Control.HOLD)),
        (11, _control(Control.MUTE)),
        (20, facts.LegLost(contact=CONTACT, segment=1, agent=ONE, held=True, muted=True)),
        (25, facts.LegRegained(contact=CONTACT, segment=1, agent=ONE)),
    ]
    row = _fold(steps).changes.contacts[CONTACT]
    assert (row.held, row.muted, row.hold_seconds) == (True, True, 0)
    row = _fold([*steps, (40, _control(Control.UNHOLD))]).changes.contacts[CONTACT]
    assert (row.held, row.muted, row.hold_seconds) == (False, True, 30)


def test_hold_at_the_end_of_the_call_is_closed() -> None:
    records = _fold(
        [(0, OPENED), (1, _started(ONE)), (2, _control(Control.HOLD)), (7, _ended(ONE, EndedBy.CITIZEN)), (7, CLOSED)]
    )
    row = records.changes.contacts[CONTACT]
    assert (row.hold_seconds, row.held) == (5, False)


def test_a_contact_given_to_another_agent_keeps_both_clocks_apart() -> None:
    records = _fold(
        [
            (0, OPENED),
            (1, QUEUED),
            (2, _state(ONE, AgentState.ENGAGED)),
            (2, _started(ONE)),
            (30, facts.LegLost(contact=CONTACT, segment=1, agent=ONE)),
            (60, _ended(ONE, EndedBy.LINE)),
            (60, _state(ONE, AgentState.AWAY, "unreachable")),
            (61, _offered(TWO, 2)),
            (63, _state(TWO, AgentState.ENGAGED)),
            (63, _started(TWO, 2)),
            (90, _ended(TWO, EndedBy.AGENT, 2)),
            (90, CLOSED),
            (90, _state(TWO, AgentState.WRAP_UP)),
            (100, _state(TWO, AgentState.AVAILABLE)),
        ]
    )
    first, second = records.changes.segments.values()
    assert [(s.agent, (s.ended_at - s.started_at).total_seconds()) for s in (first, second) if s.ended_at] == [
        (ONE, 58),
        (TWO, 27),
    ]
    assert (first.wrap_up_seconds, second.wrap_up_seconds) == (0.0, 10.0)
    row = records.changes.contacts[CONTACT]
    assert (row.segments, row.agent, row.answered_at) == (2, TWO, START + timedelta(seconds=2))


def test_an_offer_after_a_segment_that_fails_gives_the_last_agent_back() -> None:
    records = _fold(
        [
            (0, OPENED),
            (1, QUEUED),
            (2, _started(ONE)),
            (5, _ended(ONE, EndedBy.LINE)),
            (6, _offered(TWO, 2)),
            (9, _offer_ended(TWO, OfferOutcome.REJECTED, 2)),
        ]
    )
    row = records.changes.contacts[CONTACT]
    assert (row.state, row.agent) == ("waiting", ONE)


def test_a_new_limit_begins_no_new_period() -> None:
    wrap_up = _state(ONE, AgentState.WRAP_UP)
    longer = facts.AgentStateChanged(agent=ONE, state=AgentState.WRAP_UP, until=START + timedelta(minutes=5))
    records = _fold([(0, wrap_up), (10, longer), (20, _state(ONE, AgentState.AVAILABLE))])
    periods = list(records.changes.periods.values())
    assert [(period.id, period.state) for period in periods] == [(1, "wrap_up"), (3, "available")]
    assert periods[0].ended_at == periods[1].started_at == START + timedelta(seconds=20)
    assert records.changes.agents[ONE].since == START + timedelta(seconds=20)


def test_reachability_alone_makes_no_period() -> None:
    records = _fold([(0, facts.AgentReachabilityChanged(agent=ONE, reachable=True))])
    assert records.changes.agents[ONE].reachable
    assert not records.changes.periods


def test_facts_about_unknown_contacts_change_nothing() -> None:
    records = _fold([(0, QUEUED), (1, CLOSED)])
    assert not records.changes.contacts


def test_texts_that_are_too_long_are_cut_to_the_columns() -> None:
    long = facts.ContactOpened(
        contact=CONTACT,
        channel=Channel.VOICE,
        called="1" * 500,
        caller="2" * 500,
        caller_text="3" * 500,
        caller_name="가" * 500,
        withheld=False,
        flow=None,
    )
    row = _fold([(0, long)]).changes.contacts[CONTACT]
    assert [len(text or "") for text in (row.called, row.caller, row.caller_text, row.caller_name)] == [64, 20, 64, 200]


def test_ended_contacts_are_forgotten_once_their_rows_are_taken() -> None:
    records = _fold([(0, OPENED), (9, CLOSED)])
    assert records.take_changes().contacts[CONTACT].ended_at == START + timedelta(seconds=9)
    assert not records.contacts
    assert not records.changes.contacts


def test_the_recording_lies_in_the_folder_of_the_korean_day() -> None:
    records = _fold([(0, OPENED), (1, _started(ONE)), (2, _started(ONE, 2))])
    assert list(records.changes.recordings) == [CONTACT]
    assert records.changes.recordings[CONTACT].file == f"2026/11/22/{CONTACT}.wav"
    assert recording_file(CONTACT, START - timedelta(hours=1), KOREA) == f"2026/11/21/{CONTACT}.wav"
