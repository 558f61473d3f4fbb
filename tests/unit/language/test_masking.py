"""The rules that find personal data: the own sets, what must hold of any text, and what the record knows."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import mask as bench
from haedap.language.masking import LABELS, Kind, find, mask
from haedap.language.masking.logs import mask_event, mask_line
from haedap.operations import OperationsError

SETS = Path(__file__).parents[2] / "data" / "masking"
OWN = [*bench.read_items(SETS / "items.txt"), *bench.read_items(SETS / "lookalikes.txt")]
LATER = [*bench.read_items(SETS / "heldout.txt"), *bench.read_items(SETS / "heldout_lookalikes.txt")]
BLIND = [item for path in sorted(SETS.glob("blind_*.txt")) for item in bench.read_items(path)]
PIECES = sorted({item.text[span.start : span.end] for item in OWN for span in item.spans}) + sorted(
    {word for item in OWN for word in item.text.split()}
)
LINES = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map(" ".join)


@pytest.mark.parametrize("items", [OWN, LATER, BLIND], ids=["own", "later", "blind"])
def test_enough_is_found_and_little_else(items: list[bench.Item]) -> None:
    figures = bench.measure(items)
    assert figures["recall"] >= 0.98, bench.misses(items)
    assert figures["typed_recall"] >= 0.98, bench.misses(items)
    assert figures["false_positives"] <= 0.01, bench.misses(items)
    assert figures["precision"] >= 0.98, bench.misses(items)
    assert figures["names_recall"] >= 0.85


def test_the_set_is_as_large_as_it_claims_to_be() -> None:
    assert sum(bool(item.spans) for item in OWN) >= 400
    assert sum(not item.spans for item in OWN) >= 200
    spans = Counter(span.type for item in OWN for span in item.spans)
    assert all(spans[kind] >= 10 for kind in Kind), spans


@given(LINES | st.text(max_size=60))
def test_findings_are_in_order_disjoint_and_within_the_text(text: str) -> None:
    ends = 0
    for span in find(text):
        assert ends <= span.start < span.end <= len(text)
        ends = span.end


@given(LINES | st.text(max_size=60))
def test_masking_what_is_masked_changes_nothing(text: str) -> None:
    once = mask(text)
    assert find(once) == []
    assert mask(once) == once


def test_what_was_found_is_gone() -> None:
    for item in OWN:
        masked = mask(item.text)
        for span in find(item.text):
            value = item.text[span.start : span.end]
            assert value not in masked or len(value) < 3, item.text


@pytest.mark.parametrize("label", LABELS.values())
def test_a_label_is_nothing_that_a_rule_finds(label: str) -> None:
    assert find(f"{label} 민원인 {label}님 연락처 {label}") == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("환급은 국민은행 123456-01-123456", "환급은 [계좌번호]"),
        ("번호는 공일공 천이백삼십사에 오천육백칠입니다", "번호는 [전화번호]입니다"),
        ("성명\n도혜란\n연락처:\no1o-oooo-1234", "성명\n[이름]\n연락처:\n[전화번호]"),
        ("세대주 궉채이, 신청인 채송화", "세대주 [이름], 신청인 [이름]"),
        ("고객명: 채송화 / 화단에 채송화 심음", "고객명: [이름] / 화단에 [이름] 심음"),
        ("화단에 채송화 심음", "화단에 채송화 심음"),
        ("민원인 주차 문의, 신청인 서명 누락", "민원인 주차 문의, 신청인 서명 누락"),
        ("수도과의 연락처 031-000-1234, 031-000-1235", "수도과의 연락처 031-000-1234, 031-000-1235"),
    ],
)
def test_what_stands_beside_tells_what_it_is(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("홍길동이 다시 전화함", "[이름]이 다시 전화함"),
        ("길동 씨라고 함", "[이름] 씨라고 함"),
        ("홍 씨 재통화", "[이름] 씨 재통화"),
        ("홍 길 동", "[이름]"),
        ("홍보 자료 요청", "홍보 자료 요청"),
        ("길동무 도서관 위치", "길동무 도서관 위치"),
    ],
)
def test_the_name_that_the_record_knows_is_found_in_its_forms(text: str, masked: str) -> None:
    assert mask(text, ["홍길동"]) == masked


def test_a_name_found_once_is_found_wherever_it_stands() -> None:
    assert mask("민원인 조은별 통화. 조은별 앞으로 재발송") == "민원인 [이름] 통화. [이름] 앞으로 재발송"


@pytest.mark.parametrize("published", ["02-0000-7777", "+82200007777", "0200007777"])
def test_published_numbers_stay_in_whatever_form_they_are_told(published: str) -> None:
    assert find("집 02 0000 7777", published=[published]) == []
    assert find("집 02 0000 7778", published=[published]) != []


@pytest.mark.parametrize(
    "written", ["０１０-００００-１２３４", "０１０００００１２３４", "010–0000–1234", "010\u00a00000\u00a01234"]
)
def test_log_lines_lose_numbers_however_they_are_typed(written: str) -> None:
    assert mask_line(f"tel {written} x") == "tel [전화번호] x"


def test_decomposed_syllables_are_read_like_composed_ones() -> None:
    text = unicodedata.normalize("NFD", "민원인 홍길동 씨, 가상시 느티나무로 12 3동 402호 A\u0301")
    assert mask(text) == mask_line(text) == "민원인 [이름] 씨, [주소] A\u0301"


def test_log_lines_lose_personal_data_and_keep_identifiers() -> None:
    line = "2026-11-22T04:01:28.123456Z contact 0199a1b2-1234-5678-9012-123456789012 from 010-0000-1234 took 12 ms"
    assert mask_line(line) == line.replace("010-0000-1234", "[전화번호]")
    quoted = "CallerID Name '김민원' for number '010\ufffd' has invalid UTF-8 characters"
    assert mask_line(quoted) == "CallerID Name and number has invalid UTF-8 characters"
    event = {
        "timestamp": "2026-11-22T04:01:28Z",
        "event": "saved",
        "text": ["홍길동 씨"],
        "data": {"of": "900101-1234567"},
    }
    assert mask_event(None, "info", event) == {
        "timestamp": "2026-11-22T04:01:28Z",
        "event": "saved",
        "text": ["[이름] 씨"],
        "data": {"of": "[주민등록번호]"},
    }


def test_the_bench_reads_jsonl_and_says_which_line_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text(
        json.dumps({"text": "전화 010-0000-0001", "spans": [[3, 16, "PHONE"]]})
        + "\n"
        + json.dumps({"text": "집 02-0000-0002", "spans": [], "published": ["02-0000-0002"]})
        + "\n",
        encoding="utf-8",
    )
    figures = bench.measure(bench.read_items(file))
    assert (figures["recall"], figures["false_positives"], figures["names_recall"]) == (1.0, 0.0, None)
    file.write_text('{"text": "짧다", "spans": [[0, 9, "PHONE"]]}', encoding="utf-8")
    with pytest.raises(OperationsError, match="1행"):
        bench.read_items(file)
    file.write_bytes(b"\xb2")
    with pytest.raises(OperationsError, match="UTF-8"):
        bench.read_items(file)
    with pytest.raises(OperationsError, match="경로"):
        bench.read_items(tmp_path)
