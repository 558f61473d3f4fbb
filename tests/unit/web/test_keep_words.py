"""Each Korean word in one piece; everything else as it was."""

from __future__ import annotations

import pytest

from haedap.web.documents.pdf import keep_words


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>이사정산 안내</p>", '<p><span class="w">이사정산</span> <span class="w">안내</span></p>'),
        ("<p>가 abc 12,345</p>", "<p>가 abc 12,345</p>"),
        ("<td>민원&amp;처리</td>", '<td><span class="w">민원&amp;처리</span></td>'),
        ("<td>&lt;script&gt;경고&#51;</td>", '<td><span class="w">&lt;script&gt;경고&#51;</span></td>'),
        (
            '<svg viewBox="0 0 1 1"><title>월별 인입</title></svg><p title="월별 인입">월별</p>',
            '<svg viewBox="0 0 1 1"><title>월별 인입</title></svg><p title="월별 인입"><span class="w">월별</span></p>',
        ),
        ("<style>가나 {}</style>끝말", '<style>가나 {}</style><span class="w">끝말</span>'),
        (f"<p>{'가' * 30}</p>", f"<p>{'가' * 30}</p>"),
        ("", ""),
        ("줄\n바꿈", '줄\n<span class="w">바꿈</span>'),
    ],
)
def test_words(html: str, kept: str) -> None:
    assert keep_words(html) == kept
