"""PDF out of HTML: what every document has, and what hostile HTML cannot do."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from haedap.web import charts
from haedap.web.documents import pdf
from tests.support.pdf import broken_words, faults_of, fonts_of, pages_of

pytestmark = pytest.mark.usefixtures("db")
PARAGRAPH = "<p>상하수도 요금 <b>이사정산</b>은 <a href='https://city.invalid/'>수도과</a>에서 처리합니다(평일). </p>"
TITLE = '가람시 "연감" </title>\\ & <b>2026</b>'


def test_a_long_document_keeps_its_words_its_heads_and_its_numbers() -> None:
    rows = "".join(f"<tr><th scope='row'>생활폐기물 수거 신청 안내 {row}</th><td>{row}</td></tr>" for row in range(80))
    chart = charts.bars("월별 인입", [("1월", 10), ("2월", 20)]).svg
    html = f"""<h1>머리말</h1>{PARAGRAPH * 30}<h2>표와 그림</h2><figure>{chart}</figure>
    <table><caption>유형별</caption><thead><tr><th scope="col">상담유형</th><th scope="col">건수</th></tr></thead>
    <tbody>{rows}</tbody></table>"""
    made = pdf.render(html, title=TITLE)
    assert faults_of(made, TITLE) == []
    assert broken_words(made, html) == []
    assert fonts_of(made) <= {"Pretendard-GOV", "Pretendard-GOV-Bold", "Pretendard-GOV-Semi-Bold"}
    pages = pages_of(made)
    assert len(pages) == pdf.page_count(html, title=TITLE) > 3
    for number, page in enumerate(pages, start=1):
        assert TITLE in page
        assert f"{number} / {len(pages)}" in page
        assert ("상담유형" in page) == bool(re.search(r"안내 \d", page)), "the table's head stands over each part of it"


def test_nothing_is_fetched_while_a_document_is_made() -> None:
    asked: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Trap)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        there = f"http://127.0.0.1:{server.server_port}"
        html = f"""<h1>문서</h1><img src="{there}/a.png" alt="그림"><img src="file:///etc/hostname" alt="그림">
        <link rel="stylesheet" href="{there}/b.css">
        <style>@import "{there}/c.css"; p {{ background: url({there}/d.png) }}</style>
        <object data="{there}/e"></object><p>본문</p>"""
        made = pdf.render(html, title="문서", styles=f'@import "{there}/f.css";')
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []
    assert "본문" in pages_of(made)[0]
