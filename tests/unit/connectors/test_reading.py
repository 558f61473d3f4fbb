"""What answers are read into: trees, records and typed values; whatever comes, nothing but `NotAgreed` is raised."""

import contextlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.connectors.http import encoded_query
from haedap.connectors.port import FieldType, Value
from haedap.connectors.reading import NotAgreed, Path, clean, decode, one_or_many, read_tree, read_value, read_xml
from haedap.connectors.template import SEOUL, won

BOMB = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>"""
FILE = """<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [
        ("12,340", FieldType.WON, 12340),
        ("12340.00", FieldType.WON, 12340),
        ("₩ 12,340원", FieldType.WON, 12340),
        ("000000012340", FieldType.WON, 12340),
        ("-1,000", FieldType.WON, -1000),
        (12340, FieldType.WON, 12340),
        (Decimal("12340.00"), FieldType.WON, 12340),
        ("", FieldType.WON, None),
        (None, FieldType.DATE, None),
        ("20261031", FieldType.DATE, date(2026, 10, 31)),
        ("2026-10-31", FieldType.DATE, date(2026, 10, 31)),
        ("2026.10.31", FieldType.DATE, date(2026, 10, 31)),
        ("2026/10/31", FieldType.DATE, date(2026, 10, 31)),
        ("2026년 10월 31일", FieldType.DATE, date(2026, 10, 31)),
        ("20261031153000", FieldType.DATE, date(2026, 10, 31)),
        ("2026-10-31T15:30:00+09:00", FieldType.DATE, date(2026, 10, 31)),
        ("2026-10-31T15:30:00Z", FieldType.DATE, date(2026, 11, 1)),
        (datetime(2026, 10, 31, 23, 30, tzinfo=SEOUL), FieldType.DATE, date(2026, 10, 31)),
        ("00000000", FieldType.DATE, None),
        ("99991231", FieldType.DATE, None),
        ("0001-01-01T00:00:00", FieldType.DATE, None),
        (date(9999, 12, 31), FieldType.DATE, None),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), FieldType.DATE, None),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), FieldType.DATETIME, None),
        (datetime(1, 1, 1, tzinfo=SEOUL), FieldType.DATETIME, None),
        ("202610311530", FieldType.DATETIME, datetime(2026, 10, 31, 15, 30, tzinfo=SEOUL)),
        ("20261031", FieldType.DATETIME, datetime(2026, 10, 31, tzinfo=SEOUL)),
        ("2026-10-31 15:30:05", FieldType.DATETIME, datetime(2026, 10, 31, 15, 30, 5, tzinfo=SEOUL)),
        ("1,234.5", FieldType.NUMBER, Decimal("1234.5")),
        (Decimal("12.3333333333333333"), FieldType.NUMBER, Decimal("12.333333333")),
        (0.1 + 0.2, FieldType.NUMBER, Decimal("0.3")),
        ("가, 나;다", FieldType.LIST, ("가", "나", "다")),
        (["가", " ", "나"], FieldType.LIST, ("가", "나")),
        (" 홍시민\x00 ", FieldType.TEXT, "홍시민"),
        (7, FieldType.TEXT, "7"),
    ],
)
def test_values(raw: object, kind: FieldType, value: Value) -> None:
    assert read_value(raw, kind) == value


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("만원", FieldType.WON),
        ("100.5", FieldType.WON),
        ("100.0000000000001", FieldType.WON),
        ("9" * 400, FieldType.WON),
        (True, FieldType.WON),
        ({"a": 1}, FieldType.TEXT),
        ("20261131", FieldType.DATE),
        ("20261331", FieldType.DATETIME),
        ("어제", FieldType.DATE),
        ([1], FieldType.NUMBER),
    ],
)
def test_what_is_no_value(raw: object, kind: FieldType) -> None:
    with pytest.raises(NotAgreed) as caught:
        read_value(raw, kind)
    assert "만원" not in str(caught.value)


def test_a_date_written_like_no_other() -> None:
    assert read_value("31/10/26", FieldType.DATE, "%d/%m/%y") == date(2026, 10, 31)
    with pytest.raises(NotAgreed):
        read_value("2026-10-31", FieldType.DATE, "%d/%m/%y")


@pytest.mark.parametrize(
    ("path", "tree", "lacks"),
    [
        ("items", {"items": None}, False),
        ("items", {"items": []}, False),
        ("items", {"error": "closed"}, True),
        ("items", {}, True),
        ("items", [{"error": "closed"}], True),
        ("items", "closed", True),
        ("items", None, False),
        ("a.b.c[?d].e | [0]", {"a": None}, False),
        ("a.b.c[?d].e | [0]", {"b": {}}, True),
        ("목록", {"오류": 1}, True),
        ("items || `[]`", {"error": "closed"}, False),
        ("[*]", {"error": "closed"}, False),
        ("@", {"error": "closed"}, False),
    ],
)
def test_an_answer_that_an_expression_was_not_written_for_lacks_its_beginning(
    path: str, tree: Any, lacks: bool
) -> None:
    assert Path(path).lacks(tree) is lacks


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_won_there_and_back(value: int) -> None:
    assert read_value(won(value), FieldType.WON) == value


@given(JSON, st.sampled_from(FieldType))
def test_any_value_is_read_or_not_agreed(raw: Any, kind: FieldType) -> None:
    with contextlib.suppress(NotAgreed):
        read_value(raw, kind)


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "euc-kr"]))
def test_any_bytes_are_a_tree_or_not_agreed(content: bytes, character_set: str) -> None:
    with contextlib.suppress(NotAgreed):
        read_tree(content, character_set)


@given(JSON, st.sampled_from(["@", "a.b", "a[0]", "a[*].b", "length(@)", "keys(@)", "sum(a)", "join(',', a)"]))
def test_any_tree_is_searched_or_not_agreed(tree: Any, path: str) -> None:
    with contextlib.suppress(NotAgreed):
        Path(path).find(tree)


@given(JSON)
def test_json_is_read_as_it_is(tree: Any) -> None:
    if tree not in ("", None):
        assert read_tree(json.dumps(tree).encode(), "utf-8") == json.loads(json.dumps(tree))


@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9), min_size=1))
def test_one_record_is_read_like_a_list_of_one(record: dict[str, int]) -> None:
    assert one_or_many(record) == one_or_many([record]) == (record,)


@pytest.mark.parametrize("found", [None, "", [], {}])
def test_no_records(found: object) -> None:
    assert one_or_many(found) == ()


@pytest.mark.parametrize("found", ["x", 3, [1], [{}, None], [{}] * 501])
def test_no_list_of_records(found: object) -> None:
    with pytest.raises(NotAgreed):
        one_or_many(found)


@pytest.mark.parametrize(
    "text", [BOMB, FILE, "<a><b></a>", "<a>" * 500 + "</a>" * 500, "", "<!DOCTYPE a><a/>", "<HTML><body/></HTML>"]
)
def test_xml_that_is_not_taken(text: str) -> None:
    with pytest.raises(NotAgreed):
        read_xml(text)


def test_a_name_alone_may_have_hangul() -> None:
    assert Path("체납액").find({"체납액": 12340}) == 12340
    assert Path("amt$1").find({"amt$1": 1}) == 1


def test_xml_becomes_a_tree_without_namespaces_and_comments() -> None:
    text = "<n:a xmlns:n='urn:x' k='1'><!-- c --><n:b>1</n:b><b> 2 </b><c><d/></c></n:a>"
    assert read_xml(text) == {"a": {"b": ["1", "2"], "c": {"d": ""}}}


def test_character_sets() -> None:
    assert decode("똠방각하".encode("cp949"), "euc-kr") == "똠방각하"
    assert decode("가".encode("utf-8-sig"), "utf-8") == "가"
    with pytest.raises(NotAgreed, match="not text in utf-8"):
        decode("가나다".encode("euc-kr"), "utf-8")


def test_a_question_is_written_in_its_character_set_or_not_at_all() -> None:
    assert encoded_query({"성명": "홍 시민"}, "euc-kr") == "%BC%BA%B8%ED=%C8%AB+%BD%C3%B9%CE"
    assert encoded_query({"a": "똠"}, "cp949") == "a=%8Cc"
    with pytest.raises(ValueError, match="EUC-KR"):
        encoded_query({"a": "똠"}, "euc-kr")


@given(st.text())
def test_clean_text_can_be_kept(text: str) -> None:
    kept = clean(text)
    kept.encode("utf-8")
    assert "\x00" not in kept
    assert len(kept) <= 2000
