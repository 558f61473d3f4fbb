"""Which numbers were requested: by hand, and what holds whatever was requested."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.analytics.directory.finding import LEAST_OUTSIDE, WEIGHTS, Request, Source, find
from haedap.analytics.directory.quarters import Quarter
from haedap.analytics.directory.tree import Office, Officer, Target, ToNumber, ToOffice, ToOfficer, Tree

WATER, WATER_BILLS, WATER_PIPES, TAX, CLOSED = 1, 2, 3, 4, 5
TREE = Tree(
    [
        Office(WATER, "상하수도과", "+82200001300"),
        Office(WATER_BILLS, "요금팀", "", WATER),
        Office(WATER_PIPES, "급수팀", "+82200001310", WATER),
        Office(TAX, "세정과", "+82200001200"),
        Office(CLOSED, "지적과", "+82200001900", active=False),
    ],
    [Officer(7, WATER_BILLS, "+82200001301", "1301"), Officer(8, TAX)],
    own=["+82200000120"],
)
TARGETS: list[Target] = [
    ToOffice(WATER),
    ToOffice(WATER_BILLS),
    ToOffice(WATER_PIPES),
    ToOffice(TAX),
    ToOffice(CLOSED),
    ToOffice(99),
    ToOfficer(7),
    ToOfficer(99),
    ToNumber("+82200001300"),
    ToNumber("1301"),
    ToNumber("+8215771000"),
    ToNumber("+82200000120"),
    ToNumber("+821000000001"),
    ToNumber("77"),
    ToNumber(""),
]
REQUESTS = st.builds(
    Request,
    contact=st.sampled_from([f"contact {number}" for number in range(8)]),
    source=st.sampled_from(list(Source)),
    target=st.sampled_from(TARGETS),
    about=st.sampled_from(["", "이사정산", "누수 감면"]),
)


@pytest.mark.parametrize(
    ("target", "key"),
    [
        (ToOffice(WATER), "office:1"),
        (ToOffice(WATER_BILLS), "office:1"),
        (ToOffice(WATER_PIPES), "office:3"),
        (ToOffice(CLOSED), "office:5"),
        (ToOffice(99), None),
        (ToOfficer(7), "office:1"),
        (ToOfficer(8), "office:4"),
        (ToNumber("+82200001301"), "office:1"),
        (ToNumber("1301"), "office:1"),
        (ToNumber("+82200001900"), "office:5"),
        (ToNumber("+8215771000"), "number:+8215771000"),
        (ToNumber("+82200000120"), None),
        (ToNumber("4711"), None),
    ],
)
def test_whose_number_it_is(target: Target, key: str | None) -> None:
    assert TREE.key_of(target) == key


def test_a_number_that_an_earlier_edition_printed_still_counts_to_its_office() -> None:
    tree = Tree(
        [Office(TAX, "세정과", "+82200001200")], former={"+82200001111": "office:4", "+82200001200": "office:9"}
    )
    assert tree.key_of(ToNumber("+82200001111")) == "office:4"
    assert tree.key_of(ToNumber("+82200001200")) == "office:4"


def test_offices_that_share_a_number_are_the_highest_of_them() -> None:
    tree = Tree([Office(2, "팀", "+82200001300", 1), Office(1, "과", "+82200001300")])
    assert tree.key_of(ToOffice(2)) == tree.key_of(ToNumber("+82200001300")) == "office:1"


def test_a_tree_that_bites_its_tail_ends() -> None:
    tree = Tree([Office(1, "ㄱ", "", 2), Office(2, "ㄴ", "", 1)])
    assert tree.key_of(ToOffice(1)) == "office:1"


def test_by_hand() -> None:
    """Water: put through with an article (10), named (5), article (3); tax: referred (10), number told (10)."""
    found = find(
        [
            Request("a", Source.TRANSFER, ToOfficer(7)),
            Request("a", Source.ARTICLE, ToOffice(WATER_BILLS), "이사정산"),
            Request("b", Source.NAMED, ToOffice(WATER), "누수 감면"),
            Request("c", Source.ARTICLE, ToOffice(WATER_BILLS), "이사정산"),
            Request("d", Source.REFERRAL, ToOffice(TAX)),
            Request("e", Source.GIVEN, ToNumber("+82200001200")),
        ],
        TREE,
    )
    assert [(one.key, one.score, one.contacts) for one in found] == [("office:4", 20, 2), ("office:1", 18, 3)]
    assert found[1].evidence == {Source.TRANSFER: 1, Source.NAMED: 1, Source.ARTICLE: 2}
    assert found[1].matters == ("이사정산", "누수 감면")


def test_a_number_of_no_office_needs_several_contacts_and_a_mobile_is_never_printed() -> None:
    outside, mobile = ToNumber("+8215771000"), ToNumber("+821000000001")
    few = [Request(str(number), Source.GIVEN, outside) for number in range(LEAST_OUTSIDE - 1)]
    assert find([*few, *(Request(str(n), Source.GIVEN, mobile) for n in range(9))], TREE) == []
    assert [one.key for one in find([*few, Request("x", Source.TRANSFER, outside)], TREE)] == ["number:+8215771000"]


@given(st.lists(REQUESTS, max_size=60), st.randoms())
def test_order_and_repetition_do_not_matter(requests: list[Request], chance: object) -> None:
    shuffled = [*requests, *requests[:10]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    before, after = find(requests, TREE), find(shuffled, TREE)
    assert [(one.key, one.score, one.contacts, one.evidence) for one in before] == [
        (one.key, one.score, one.contacts, one.evidence) for one in after
    ]


@given(st.lists(REQUESTS, max_size=60))
def test_scores_stand_between_the_lightest_and_the_heaviest_source(requests: list[Request]) -> None:
    found = find(requests, TREE)
    assert len({one.key for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert one.contacts * min(WEIGHTS.values()) <= one.score <= one.contacts * max(WEIGHTS.values())
        assert max(one.evidence.values()) <= one.contacts <= sum(one.evidence.values())


@given(st.lists(REQUESTS, max_size=40), REQUESTS)
def test_one_more_request_lowers_nobody(requests: list[Request], another: Request) -> None:
    before = {one.key: one.score for one in find(requests, TREE)}
    after = {one.key: one.score for one in find([*requests, another], TREE)}
    assert all(after[key] >= score for key, score in before.items())


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [("2026Q4", date(2026, 10, 1), date(2027, 1, 1)), ("2026-q1", date(2026, 1, 1), date(2026, 4, 1))],
)
def test_quarters(text: str, since: date, until: date) -> None:
    quarter = Quarter.parse(text)
    assert (quarter.since, quarter.until) == (since, until)
    assert quarter.next.before == quarter == Quarter.of(since)


@pytest.mark.parametrize("text", ["", "2026", "2026Q5", "1999Q1", "２０２６Q1", "2026Q4; drop", "Q4"])
def test_what_is_no_quarter(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        Quarter.parse(text)
