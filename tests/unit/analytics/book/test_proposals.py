"""Proposals: what the figures suggest, nothing without evidence, and what became of last year's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.analytics.book.material import Cases, Material, Passed, Promised, Span, Unanswered
from haedap.analytics.book.model import Accepted, Followed, Unit, number
from haedap.analytics.book.proposals import MOST_OF_A_RULE, RULES, followed, proposals_of
from haedap.analytics.cube import Tally
from haedap.analytics.dimensions import Dimension
from haedap.analytics.figures import FigureSettings
from haedap.analytics.measures import report_definitions
from haedap.analytics.tally import measure_of, name_of
from tests.support.archives import fact, seoul
from tests.unit.analytics.book import year
from tests.unit.analytics.book.year import a_material

SETTINGS = FigureSettings()
_CODES = ("a", "b", "c", "")
_counts = st.integers(0, 3000)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return a_material(tmp_path_factory.mktemp("proposals"), year.rows(year.facts(2022, every=2), year.facts()))


def _tally(contacts: int, again: int) -> Tally:
    fcr = measure_of(SETTINGS.formula, "fcr")
    counts = {
        "contacts": contacts,
        name_of(fcr.population): contacts,
        name_of(fcr.hits): contacts - min(again, contacts),
    }
    return Tally(SETTINGS, counts)


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """Any year, however odd its figures."""
    contacts = {code: (draw(_counts), draw(_counts), draw(_counts)) for code in _CODES}
    late = st.builds(lambda office, in_time, late: Cases(office, in_time + late, in_time, late, 0, None),
                     st.sampled_from(("도로과", "세정과", "")), _counts, _counts)  # fmt: skip
    return Material(
        span=Span.of_year(2023),
        settings=SETTINGS,
        centre="",
        synthetic="",
        names={Dimension.TOPIC: {code: f"유형 {code}" for code in _CODES if code}},
        cube={("2023-05", code, "도로과"): _tally(now, again) for code, (now, _then, again) in contacts.items()},
        earlier={("2022-05", code, "도로과"): _tally(then, 0) for code, (_now, then, _again) in contacts.items()},
        places={("", code, "도로과"): _tally(now, again) for code, (now, _then, again) in contacts.items()},
        slots={(1, 9, "voice", "tax"): _tally(sum(now for now, _then, _again in contacts.values()), 0)},
        promised=tuple(Promised("2023-05", n, min(n, k)) for n, k in [(draw(_counts), draw(_counts))]),
        cases=tuple(draw(st.lists(late, max_size=4, unique_by=lambda each: each.office))),
        unanswered=tuple(Unanswered(f"말 {place}", draw(_counts)) for place in range(5)),
        passed=tuple(Passed(code, 9000, 9000, draw(_counts), draw(_counts), draw(_counts)) for code in _CODES),
        formulas={each.key: (each.name, each.formula) for each in report_definitions(SETTINGS.formula)},
    )


@given(materials())
def test_each_proposal_has_evidence_a_size_and_a_key_of_its_own(material: Material) -> None:
    found = proposals_of(material)
    assert len({each.key for each in found}) == len(found)
    assert list(found) == sorted(found, key=lambda each: (-(each.size.value or 0), each.key))
    for each in found:
        rule, _, subject = each.key.partition(":")
        assert (each.size.value or 0) > 0
        assert each.title
        assert each.lines
        assert each.evidence
        assert all(evidence.number.value is not None for evidence in each.evidence)
        assert RULES[rule].figure(material, subject) == each.figure
    for rule in RULES:
        assert sum(each.key.startswith(f"{rule}:") for each in found) <= MOST_OF_A_RULE


@given(materials(), materials())
def test_what_was_accepted_is_found_again_whatever_the_next_year_is(one: Material, other: Material) -> None:
    accepted = [Accepted(each.key, each.title, each.figure_name, each.figure, "2022년") for each in proposals_of(one)]
    for was, now in zip(accepted, followed(other, accepted), strict=True):
        assert now.accepted == was
        assert (now.now.key, now.now.unit, now.now.of) == (was.figure.key, was.figure.unit, was.figure.of)
        assert now.outcome in {"개선", "악화", "변동 없음", "확인 불가"}


@given(materials())
def test_a_topic_that_nobody_named_is_never_proposed(material: Material) -> None:
    assert not [each.key for each in proposals_of(material) if each.key.endswith(":") and each.key != "callbacks:"]


def test_the_figures_suggest_what_is_wrong(material: Material) -> None:
    keys = {each.key for each in proposals_of(material)}
    assert {"repeated:car.register", "late:세정과", "gap:전기차 보조금", "peak:17", "callbacks:"} <= keys
    assert any(key.startswith("rising:") for key in keys)
    assert any(key.startswith("unaided:") for key in keys)


def test_more_than_a_fifth_is_a_rise_and_less_is_none(tmp_path: Path) -> None:
    def keys(now: int, folder: str) -> set[str]:
        before = [fact(seoul(2022, 5, 2, 9, minute % 60), topic="x") for minute in range(200)]
        after = [fact(seoul(2023, 5, 2, 9, minute % 60), topic="x") for minute in range(now)]
        return {each.key for each in proposals_of(a_material(tmp_path / folder, {"fact": before + after}))}

    assert "rising:x" in keys(241, "more")
    assert "rising:x" not in keys(239, "less")


def test_better_is_less() -> None:
    def outcome(then: float | None, now: float | None) -> str:
        figures = [number("abandonment", value, Unit.RATE) for value in (then, now)]
        return Followed(Accepted("peak:9", "", "", figures[0], ""), figures[1]).outcome

    assert [outcome(0.2, 0.1), outcome(0.1, 0.2), outcome(0.1, 0.1), outcome(0.1, None), outcome(None, 0.1)] == [
        "개선",
        "악화",
        "변동 없음",
        "확인 불가",
        "확인 불가",
    ]


def test_a_rule_that_is_gone_says_so(material: Material) -> None:
    figure = number("x", 3, Unit.CONTACTS)
    (found,) = followed(material, [Accepted("older:x", "제목", "지표", figure, "2022년")])
    assert found.outcome == "확인 불가"
