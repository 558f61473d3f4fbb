"""Figures against books that were counted by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from haedap.analytics import AnalyticsError, queries, tables
from haedap.analytics.measures import ServiceLevelFormula, cohort_measures, definitions
from tests.integration.analytics.books import DAY, NOON, Book, clock

NINE = clock("09:00:00")
SCOPE = tables.Scope.of_day(DAY.date(), NOON)


def ordinary_morning(book: Book) -> None:
    """By hand: 11 contacts, 8 offered = 5 answered (4 in 20 s) + 2 abandoned (1 short) + 1 waiting; 3 never asked.

    Waits of the answered: 0, 10, 20, 20, 30 s; mean 16 s.
    """
    for wait in (0, 10, 20, 20, 30):
        book.contact(NINE, queue="tax", queued=15, answered=15 + wait, ended=200, outcome="answered")
    book.contact(NINE, queue="tax", queued=15, ended=15 + 5, outcome="abandoned")
    book.contact(NINE, queue="tax", queued=15, ended=15 + 6, outcome="abandoned")
    book.contact(NINE, queue="tax", queued=15)
    book.contact(NINE, ended=8, outcome="left_in_flow")
    book.contact(NINE, ended=30, outcome="closed_by_flow")
    book.contact(NINE, ended=0, outcome="refused")


def test_an_ordinary_morning(book: Book) -> None:
    ordinary_morning(book)
    today = book.today()
    counts = {key: today[key] for key in ("offered", "answered", "abandoned", "short_abandoned", "waiting")}
    assert counts == {"offered": 8, "answered": 5, "abandoned": 2, "short_abandoned": 1, "waiting": 1}
    assert (today["closed_by_flow"], today["left_in_flow"]) == (1, 1)
    assert today["answer_rate"] == pytest.approx(5 / 8)
    assert today["abandonment"] == pytest.approx(2 / 8)
    assert today["asa_seconds"] == pytest.approx(16)
    assert today["longest_wait_since"] == NINE + timedelta(seconds=15)


@pytest.mark.parametrize(
    ("formula", "by_hand"),
    [
        ("standard", 4 / (8 - 1)),
        ("genesys", 4 / (5 + 2 - 1)),
        ("sl1", 4 / 5),
        ("sl2", (4 + 2) / (5 + 2)),
        ("connect", (4 + 2) / 8),
    ],
)
def test_each_published_formula_of_the_service_level(book: Book, formula: str, by_hand: float) -> None:
    ordinary_morning(book)
    book.settings(formula)
    assert book.today()["service_level"] == pytest.approx(by_hand)


def test_who_gives_up_in_the_last_second_of_the_promise_left_in_time(book: Book) -> None:
    for wait in (20, 21):
        book.contact(NINE, queue="tax", queued=15, ended=15 + wait, outcome="abandoned")
    book.settings("sl2")
    assert book.today()["service_level"] == pytest.approx(1 / 2)


def test_every_formula_that_a_centre_can_choose_is_known() -> None:
    from haedap.apps.centre.models import ServiceLevelFormula as Choices

    assert set(Choices.values) == {formula.value for formula in ServiceLevelFormula}


def test_no_data_is_no_figure(book: Book) -> None:
    figures = book.figures()
    for today in (figures.today, figures.queues["tax"]):
        none = {key for key, value in today.items() if value is None}
        assert none >= {"answer_rate", "abandonment", "service_level", "asa_seconds", "aht_seconds"}
        assert today["offered"] == today["waiting"] == 0
    assert figures.today["occupancy"] is None
    assert figures.curve == ()


def test_a_caller_who_hangs_up_in_the_flow_is_not_offered(book: Book) -> None:
    book.contact(NINE, ended=8, outcome="left_in_flow")
    today = book.today()
    assert (today["offered"], today["abandoned"], today["left_in_flow"]) == (0, 0, 1)
    assert today["abandonment"] is None


def test_the_waits_to_the_microsecond(book: Book) -> None:
    book.contact(NINE, queue="tax", queued=0, answered=20.0, ended=60, outcome="answered")
    book.contact(NINE, queue="tax", queued=0, answered=20.000001, ended=60, outcome="answered")
    book.contact(NINE, queue="tax", queued=0, ended=5.0, outcome="abandoned")
    book.contact(NINE, queue="tax", queued=0, ended=5.000001, outcome="abandoned")
    today = book.today()
    assert today["short_abandoned"] == 1
    assert today["service_level"] == pytest.approx(1 / 3)


def test_a_contact_belongs_to_the_day_it_arrived(book: Book) -> None:
    """Arrived 23:59:50 of the 17th in Seoul, queued, answered and ended on the 18th: all of it counts on the 17th."""
    yesterday = DAY - timedelta(seconds=10)
    book.contact(yesterday, queue="tax", queued=15, answered=20, ended=600, outcome="answered")
    book.contact(DAY, queue="tax", queued=1, answered=5, ended=60, outcome="answered")
    book.contact(DAY + timedelta(days=1), queue="tax", queued=1, answered=5, ended=60, outcome="answered")
    assert book.today()["answered"] == 1
    assert book.today(DAY - timedelta(seconds=1))["answered"] == 1
    both = [book.today(DAY + timedelta(days=days))["offered"] for days in (-1, 0, 1)]
    assert both == [1, 1, 1]


def test_who_waits_over_midnight_still_waits(book: Book) -> None:
    book.contact(DAY - timedelta(seconds=30), queue="tax", queued=5)
    today = book.today(DAY + timedelta(seconds=10))
    assert (today["waiting"], today["offered"]) == (1, 0)
    assert today["longest_wait_since"] == DAY - timedelta(seconds=25)


def test_a_contact_that_rings_at_an_agent_still_waits(book: Book) -> None:
    book.contact(NINE, queue="tax", queued=5, state="offered")
    book.contact(NINE, queue="tax", queued=5, answered=9, state="reconnecting")
    assert book.today()["waiting"] == 1


def test_each_queue_has_its_own_promise_and_figures(book: Book) -> None:
    book.queue("water", 60)
    for queue in ("tax", "water"):
        book.contact(NINE, queue=queue, queued=0, answered=40, ended=90, outcome="answered")
    book.contact(NINE, queue="water", queued=0)
    figures = book.figures()
    assert (figures.queues["tax"]["service_level"], figures.queues["water"]["service_level"]) == (0, 1 / 2)
    assert (figures.queues["tax"]["waiting"], figures.queues["water"]["waiting"]) == (0, 1)
    assert figures.today["service_level"] == pytest.approx(1 / 3)


def test_a_contact_of_two_agents_is_one_contact(book: Book) -> None:
    """(100 s + 20 s) + (60 s + 30 s) over two segments of one contact, 50 s + 0 s of another: 260 s / 2 = 130 s."""
    shared = book.contact(NINE, queue="tax", queued=0, answered=5, ended=300, outcome="answered")
    book.segment(shared, NINE, 100, 20, number=1)
    book.segment(shared, NINE + timedelta(seconds=110), 60, 30, number=2)
    single = book.contact(NINE, queue="tax", queued=0, answered=5, ended=60, outcome="answered")
    book.segment(single, NINE, 50, 0)
    talking = book.contact(NINE, queue="tax", queued=0, answered=5)
    book.segment(talking, NINE, None, None)
    wrapping_up = book.contact(NINE, queue="tax", queued=0, answered=5, ended=900, outcome="answered")
    book.segment(wrapping_up, NINE, 800, None)
    figures = book.figures()
    assert figures.today["aht_seconds"] == figures.queues["tax"]["aht_seconds"] == pytest.approx(130)
    assert figures.today["answered"] == 4


def test_occupancy_counts_only_the_time_within_the_day(book: Book) -> None:
    """Available 23:00–01:00 (1 h of it today), engaged 01:00–01:30, wrap-up –01:40, offered –02:00, away since.

    40 min / (40 min + 60 min); a second agent available from 11:00 on adds an hour up to noon: 40 / 160.
    """
    book.period(1, "available", DAY - timedelta(hours=1), clock("01:00:00"))
    book.period(1, "engaged", clock("01:00:00"), clock("01:30:00"))
    book.period(1, "wrap_up", clock("01:30:00"), clock("01:40:00"))
    book.period(1, "offered", clock("01:40:00"), clock("02:00:00"))
    book.period(1, "away", clock("02:00:00"), None)
    assert book.today()["occupancy"] == pytest.approx(0.4)
    book.period(2, "available", clock("11:00:00"), None)
    assert book.today()["occupancy"] == pytest.approx(0.25)


def test_agents_by_state(book: Book) -> None:
    for agent, state in enumerate(("available", "available", "engaged", "signed_out"), start=1):
        book.status(agent, state)
    assert book.today()["agents"] == {"available": 2, "engaged": 1, "signed_out": 1}


def test_the_curve_is_compared_with_the_same_weekday(book: Book) -> None:
    """Today 09:00–09:15 two, one of them answered. A week ago 09:00 four; two weeks ago 09:00 two and 09:30 one."""
    book.contact(clock("09:00:00"), queue="tax", queued=1)
    book.contact(clock("09:14:59"), queue="tax", queued=1, answered=2)
    book.contact(clock("09:00:00"), ended=3, outcome="left_in_flow")
    for _number in range(4):
        book.contact(clock("09:01:00") - timedelta(days=7), queue="tax", queued=1, ended=9, outcome="abandoned")
    for at in ("09:01:00", "09:14:59", "09:30:00"):
        book.contact(clock(at) - timedelta(days=14), queue="tax", queued=1, ended=9, outcome="abandoned")
    book.contact(clock("09:01:00") - timedelta(days=6), queue="tax", queued=1, ended=9, outcome="abandoned")
    curve = book.figures(clock("09:20:00")).curve
    clocks = [point.at.astimezone(DAY.tzinfo).strftime("%H:%M") for point in curve]
    assert clocks == ["09:00", "09:15", "09:30"]
    points = [(point.offered, point.answered, point.usual) for point in curve]
    assert points == [(2, 1, 3.0), (0, 0, 0.0), (None, None, 0.5)]


@pytest.mark.parametrize("key", [each.definition.key for each in cohort_measures(ServiceLevelFormula.SL2)])
def test_a_figure_opens_down_to_the_contacts_behind_it(book: Book, key: str) -> None:
    ordinary_morning(book)
    passed_on: dict[str, Any] = {"transferred": True, "referred": True, "returned": 1}
    first = book.contact(NINE, queue="tax", queued=0, answered=20, ended=60, outcome="answered", **passed_on)
    book.contact(NINE, queue="tax", queued=0, ended=60, outcome="promised", resumes=first)
    book.settings("sl2")
    sql = queries.contacts_behind(ServiceLevelFormula.SL2, key)
    rows = book.connection.execute(sql, queries.Behind(SCOPE).values).fetchall()
    value, counted = book.today()[key], [row for row in rows if row["counted"]]
    if key == "asa_seconds":
        assert value == pytest.approx(sum(row["waited_seconds"] for row in rows) / len(rows))
    else:
        assert value in {len(counted), len(counted) / len(rows)}


def test_the_contacts_behind_a_figure_can_be_narrowed(book: Book) -> None:
    book.queue("water")
    late = book.contact(NINE, queue="tax", queued=0, answered=30, ended=90, outcome="answered")
    quick = book.contact(NINE + timedelta(seconds=1), queue="tax", queued=0, answered=5, ended=90, outcome="answered")
    book.contact(NINE, queue="water", queued=0, answered=5, ended=90, outcome="answered")
    sql = queries.contacts_behind(ServiceLevelFormula.STANDARD, "service_level")

    def found(**choice: Any) -> list[Any]:
        values = queries.Behind(SCOPE, queue="tax", **choice).values
        return [row["id"] for row in book.connection.execute(sql, values).fetchall()]

    assert found() == [quick, late]
    assert (found(counted=True), found(counted=False)) == ([quick], [late])
    assert (found(limit=1), found(limit=1, offset=1)) == ([quick], [late])


def test_a_live_figure_does_not_open_down(book: Book) -> None:
    with pytest.raises(AnalyticsError, match="고르십시오"):
        queries.contacts_behind(ServiceLevelFormula.STANDARD, "occupancy")


def test_every_figure_is_explained() -> None:
    explained = definitions(ServiceLevelFormula.STANDARD)
    assert len({each.key for each in explained}) == len(explained)
    assert all(each.name and each.formula and each.cohort for each in explained)


# --- transfers and callbacks


def test_how_contacts_were_handled(book: Book) -> None:
    at = clock("09:00:00")
    answered: dict[str, Any] = {"queue": "tax", "queued": 0, "answered": 5, "ended": 60, "outcome": "answered"}
    for more in (
        {},
        {},
        {"transferred": True},
        {"transferred": True, "returned": 1},
        {"returned": 2},
        {"referred": True},
        {"transferred": True, "referred": True},
    ):
        book.contact(at, **answered, **more)
    book.contact(at, queue="tax", queued=0, answered=5)
    today = book.today()
    assert (today["answered"], today["transferred"], today["returned"], today["referred"]) == (8, 3, 2, 2)
    assert today["transfer_rate"] == pytest.approx(3 / 8)
    assert today["self_handled"] == pytest.approx(3 / 8)


def test_a_contact_with_a_case_is_referred_unless_it_was_withdrawn(book: Book) -> None:
    at = clock("09:00:00")
    answered: dict[str, Any] = {"queue": "tax", "queued": 0, "answered": 5, "ended": 60, "outcome": "answered"}
    plain, referred, withdrawn = (book.contact(at, **answered) for _number in range(3))
    book.case(referred, due=NOON)
    book.case(referred, due=NOON + timedelta(days=1))
    book.case(withdrawn, state="withdrawn", due=NOON)
    today = book.today()
    assert (today["referred"], today["self_handled"]) == (1, pytest.approx(2 / 3))
    assert plain != referred


@pytest.mark.parametrize(
    ("state", "due", "overdue"),
    [
        ("open", timedelta(seconds=-1), 1),
        ("extended", timedelta(seconds=-1), 1),
        ("open", timedelta(hours=1), 0),
        ("suspended", timedelta(days=-1), 0),
        ("answered", timedelta(days=-1), 0),
        ("closed", timedelta(days=-1), 0),
    ],
)
def test_cases_past_their_term(book: Book, state: str, due: timedelta, overdue: int) -> None:
    book.case(book.contact(NINE), state=state, due=NOON + due)
    assert book.figures(NOON).today["cases_overdue"] == overdue


def test_a_citizen_who_took_the_callback_is_abandoned_only_when_it_fails(book: Book) -> None:
    at = clock("09:00:00")
    promised: dict[str, Any] = {"queue": "tax", "queued": 0, "ended": 60, "outcome": "promised"}
    open_one, kept, failed, merged = (book.contact(at, **promised) for _number in range(4))
    book.promise(at, contact=open_one)
    book.promise(at, contact=kept, outcome="kept", ended=600)
    lost = book.promise(at, contact=failed, outcome="not_reached", ended=3000)
    assert (book.today()["offered"], book.today()["abandoned"], book.today()["promised"]) == (4, 1, 4)
    book.promise(at, contact=merged, outcome="merged", ended=1, into=lost)
    assert book.today()["abandoned"] == 2
    assert book.today()["abandonment"] == pytest.approx(2 / 4)


def test_calls_of_the_centre_itself_never_came_in(book: Book) -> None:
    at = clock("09:00:00")
    outgoing: dict[str, Any] = {"queue": "tax", "queued": 0, "direction": "out"}
    reached = book.contact(at, answered=30, ended=100, outcome="answered", **outgoing)
    missed = book.contact(at, ended=40, outcome="not_reached", **outgoing)
    book.contact(at, **outgoing)
    book.segment(reached, at, 100, 10, ringing=30)
    book.segment(missed, at, 40, 15, ringing=None)
    today = book.today()
    assert (today["offered"], today["answered"], today["abandoned"], today["waiting"]) == (0, 0, 0, 0)
    assert today["aht_seconds"] == pytest.approx(70 + 10)
    assert book.figures().curve == ()


def test_overflow_and_transfer_leave_a_contact_in_the_figures_of_the_queue_that_was_asked_for(book: Book) -> None:
    book.queue("water")
    at = clock("09:00:00")
    book.contact(at, queue="tax", queued=0, answered=5, ended=60, outcome="answered", moved_to="water")
    book.contact(NOON, queue="tax", queued=0, moved_to="water")
    queues = book.figures().queues
    assert (queues["tax"]["offered"], queues["water"]["offered"]) == (2, 0)
    assert (queues["tax"]["waiting"], queues["water"]["waiting"]) == (0, 1)


def test_promises_are_kept_within_their_time(book: Book) -> None:
    at = clock("09:00:00")
    assert book.today()["callback_kept"] is None
    for outcome, ended, window in (
        ("kept", 600, 3600),
        ("kept", 4000, 3600),
        ("not_reached", 3000, 3600),
        ("merged", 1, 3600),
        ("cancelled", 1, 3600),
        ("resolved", 600, 3600),
        ("resolved", 4000, 3600),
        (None, None, 3600),
        (None, None, 86_400),
    ):
        book.promise(at, outcome=outcome, ended=ended, window=window)
    book.promise(at - timedelta(days=1), outcome="not_reached", ended=60)
    assert book.today()["callback_kept"] == pytest.approx(1 / 5)
    book.promise(at, outcome="kept", ended=60, queue=None)
    figures = book.figures()
    assert figures.today["callback_kept"] == pytest.approx(2 / 6)
    assert figures.queues["tax"]["callback_kept"] == pytest.approx(1 / 5)


def test_who_resumed_the_place_is_counted(book: Book) -> None:
    at = clock("09:00:00")
    first = book.contact(at, queue="tax", queued=0, ended=60, outcome="abandoned")
    book.contact(at, queue="tax", queued=0, answered=5, resumes=first)
    assert book.today()["resumed"] == 1
