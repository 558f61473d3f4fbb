"""Differences in words, answers as safe HTML, and which version is in force."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haedap.apps.knowledge.diff import Kind, compare
from haedap.apps.knowledge.markdown import plain, render
from haedap.apps.knowledge.models import ArticleVersion
from haedap.apps.knowledge.publishing import standing


def test_a_changed_line_shows_the_words_that_changed() -> None:
    (row,) = compare("수수료는 500원 입니다", "수수료는 600원 입니다")
    assert [(piece.kind, piece.text) for piece in row.inline] == [
        (Kind.SAME, "수수료는 "),
        (Kind.GONE, "500원"),
        (Kind.NEW, "600원"),
        (Kind.SAME, " 입니다"),
    ]
    assert row.changed


def test_a_line_that_has_nothing_in_common_is_gone_and_another_new() -> None:
    gone, new = compare("여권 사진", "쓰레기 봉투 값은 구청에")
    assert (len(gone.before), gone.after, new.before, len(new.after)) == (1, (), (), 1)


_lines = st.lists(st.sampled_from(["가 나 다", "가 나 라", "", "새 줄", "가  나"]), max_size=12).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(before=_lines, after=_lines)
def test_each_side_of_the_differences_is_its_whole_text(before: str, after: str) -> None:
    rows = compare(before, after)
    left = ["".join(piece.text for piece in row.before) for row in rows if row.before or not row.after]
    right = ["".join(piece.text for piece in row.after) for row in rows if row.after or not row.before]
    assert [line for line in left if line] == [line for line in before.splitlines() if line]
    assert [line for line in right if line] == [line for line in after.splitlines() if line]
    assert all(piece.kind is Kind.SAME for row in rows for piece in row.inline) == (
        before.split() == after.split()
    ) or (before.split() == after.split())


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](https://example.org/track.png)",
    "<a href='https://example.org' onclick='x()'>y</a>",
    "<iframe src=//example.org></iframe>",
    "[x]: javascript:alert(1)\n[x]",
    "`<script>`",
    "<style>*{display:none}</style>",
    '[a](https://example.org "onmouseover=alert(1)")',
    "<svg/onload=alert(1)>",
    ">" * 5000 + "deep",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_harmless(text: str) -> None:
    html = render(text)
    tags = re.findall(r"<\s*([a-z0-9]+)([^>]*)>", html)
    assert not {name for name, _rest in tags} & {"script", "img", "iframe", "style", "svg"}
    for _name, rest in tags:
        assert not re.search(r"\son\w+=|javascript:|data:", re.sub(r'title="[^"]*"', "", rest), re.IGNORECASE)


def test_links_tell_nothing_and_headings_stand_below_the_page() -> None:
    html = render("# 큰\n\n### 작은\n\n[위택스](https://www.wetax.go.kr)\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |")
    assert "<h3>큰</h3>" in html
    assert "<h4>작은</h4>" in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert '<th scope="col">가</th>' in html


def test_the_words_of_an_answer() -> None:
    assert plain("**굵게** 하고\n\n- [여기](https://example.org)\n\n| 가 |\n|---|\n| 1 |") == "굵게 하고\n여기\n가\n1"


def version(number: int, begins: date, ends: date | None = None) -> ArticleVersion:
    return ArticleVersion(number=number, valid_from=begins, valid_until=ends)


def test_the_newest_version_that_has_begun_is_in_force() -> None:
    first, second = version(1, date(2026, 1, 1)), version(2, date(2026, 7, 1), date(2026, 12, 31))
    rows = [first, second]
    assert standing(rows, date(2025, 12, 31)).current is None
    assert standing(rows, date(2026, 6, 30)).current is first
    july = standing(rows, date(2026, 7, 1))
    assert (july.current, july.replaced) == (second, (first,))
    assert standing(rows, date(2026, 12, 31)).current is second
    over = standing(rows, date(2027, 1, 1))
    assert (over.current, over.expired, over.replaced) == (None, (second,), (first,))
