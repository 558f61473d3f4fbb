"""Whatever a connector answers: what is personal stands nowhere in what the desk gets before it is unmasked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.apps.lookups import showing
from haedap.apps.lookups.masking import masked, without_values
from haedap.apps.lookups.showing import FieldRule
from haedap.connectors.configuration import ConfiguredField
from haedap.connectors.port import Answer, FieldType, Record, Value

AGENT = frozenset({"agent"})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("홍길동", "홍*동"),
        ("홍길", "홍*"),
        ("황보하늘", "황**늘"),
        ("박", "*"),
        ("12가3456", "12가34**"),
        ("010-0000-1234", "010-****-1234"),
        ("해답시 중앙로 12, 101동 1002호", "해답시 중앙로 ****"),
        ("A1234567", "A*******"),
        ("3021-44", "*******"),
        (date(1980, 1, 2), "****"),
        (1200, "****"),
        (Decimal("1.5"), "****"),
        (("홍길동", "김나라"), "홍*동, 김*라"),
        ("", ""),
        (None, ""),
    ],
)
def test_masked_forms(value: Value, shown: str) -> None:
    assert masked(value) == shown


@pytest.mark.parametrize(
    ("text", "value", "left"),
    [
        ("홍길동 님의 요금", "홍길동", "홍*동 님의 요금"),
        ("홍 길 동 님", "홍길동", "홍*동 님"),
        ("차량 12가 3456은", "12가3456", "차량 12가34**은"),
        ("010.0000.1234로", "010-0000-1234", "010-****-1234로"),
        ("1980년 1월 2일생", date(1980, 1, 2), "****생"),
        ("19800102", date(1980, 1, 2), "****"),
        ("체납액 12,300원", 12300, "체납액 ****원"),
    ],
)
def test_a_value_is_found_however_it_is_written(text: str, value: Value, left: str) -> None:
    assert without_values(text, [value]) == left


_LETTERS = st.characters(categories=("Lo", "Lu", "Nd"), exclude_characters="*")
_TEXT = st.text(_LETTERS, min_size=2, max_size=12)
_VALUE = st.one_of(_TEXT, st.integers(10, 10**9), st.dates(date(1930, 1, 1), date(2030, 1, 1)), st.tuples(_TEXT, _TEXT))
_NAMES = ("one", "two", "three", "four")


@given(
    values=st.dictionaries(st.sampled_from(_NAMES), _VALUE, min_size=1),
    personal=st.sets(st.sampled_from(_NAMES)),
    hidden=st.sets(st.sampled_from(_NAMES)),
    declared=st.sets(st.sampled_from(_NAMES), min_size=1),
    order=st.permutations(_NAMES),
)
def test_personal_and_hidden_values_leave_in_no_shape(
    values: Mapping[str, Value], personal: set[str], hidden: set[str], declared: set[str], order: list[str]
) -> None:
    said = " · ".join(str(values[name]) for name in order if name in values)
    answer = Answer(
        records=(Record(title=f"기록 {said}", values={**values, "note": said}),),
        read_out=f"{said} 입니다.",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    rules = {
        name: FieldRule(
            ConfiguredField(name=name, label=name, type=FieldType.TEXT),
            name in personal,
            frozenset({"supervisor"}) if name in hidden else frozenset(),
        )
        for name in (*declared, "note")
    }
    shown = showing.records(answer, rules, AGENT)
    sentence = showing.sentence(answer.read_out, answer, rules, AGENT)
    left = json.dumps([record.dict() for record in shown], ensure_ascii=False) + sentence
    free = " ".join(str(values[name]) for name in values if name in declared - personal - hidden)
    for name, value in values.items():
        for one in value if isinstance(value, tuple) else (value,):
            if (name in personal | hidden or name not in declared) and str(one) not in free:
                assert str(one) not in left.replace(masked(one), ""), name
