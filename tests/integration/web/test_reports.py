"""Reports over real rows, counted by hand; every number down to its contacts; the files; who may see whom."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from haedap.analytics.dimensions import Dimension
from haedap.analytics.measures import Unit
from haedap.analytics.tables import SEOUL
from haedap.apps.accounts.models import Account
from haedap.apps.centre.models import CentreSettings, Queue, Skill
from haedap.apps.contacts.models import AccessLog, Contact, ContactNote, Segment, Topic
from haedap.apps.offices.models import Department
from haedap.apps.reports import files
from haedap.apps.reports.asking import contacts_behind, report_of
from haedap.apps.reports.drawing import drawings_of
from haedap.apps.reports.forms import SIDES, Asked
from haedap.apps.reports.periods import Kind, Period
from haedap.clock import centre_time
from haedap.web import charts
from haedap.web.documents import fonts
from tests.support.pdf import broken_words, faults_of, fonts_of, pages_of

from .pages import Browser

MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=SEOUL)
WEEK = Period.with_day(Kind.WEEK, MONDAY.date())
QUERY = "period=week&day=2026-11-18"
HOSTILE = '=HYPERLINK("x") <script>alert(1)</script>'


def contact(
    agent: Account | None, topic: Topic | None, *, at: datetime = MONDAY, queue: str | None = "tax", **values: Any
) -> Contact:
    """Answered after 10 s, talked on for 100 s with 20 s of wrap-up; without an agent given up after 30 s."""
    answered = at + timedelta(seconds=10) if agent else None
    ended = at + timedelta(seconds=110 if agent else 30)
    row = {
        "id": uuid4(),
        "channel": "voice",
        "state": "ended",
        "direction": "in",
        "outcome": "answered" if agent else "abandoned",
        "asked_queue": queue,
        "queue": queue,
        "arrived_at": at,
        "queued_at": at if queue else None,
        "answered_at": answered,
        "ended_at": ended,
        "agent": agent,
        "seq": 1,
        **values,
    }
    made = Contact.objects.create(**row)
    if agent is not None and answered is not None:
        Segment.objects.create(
            contact=made.pk,
            number=1,
            agent=agent,
            queue=queue or "",
            offer="o",
            started_at=answered,
            talk_from=answered,
            ended_at=ended,
            wrap_up_seconds=20,
            seq=1,
        )
    ContactNote.objects.create(contact=made.pk, topic=topic, district="가람동" if topic else "")
    return made


@pytest.fixture
def book(people: dict[str, Account]) -> dict[str, Topic]:
    """A week: 6 came in, 5 offered, 4 answered (3 by agent1), 1 put through. A week before 2, a year before 1."""
    skill = Skill.objects.create(key="tax", name="세정")
    Queue.objects.create(key="tax", name="세정", skill=skill)
    office = Department.objects.create(name="환경관리과")
    waste = Topic.objects.create(code="waste", name="청소", office=office)
    bulk = Topic.objects.create(code="bulk", name="대형폐기물", parent=waste)
    tax = Topic.objects.create(code="tax", name=HOSTILE)
    one, two = people["agent1"], people["agent2"]
    contact(one, bulk)
    contact(one, waste, at=MONDAY + timedelta(hours=1))
    contact(one, tax, at=MONDAY + timedelta(days=1), transferred=True)
    contact(two, None, at=MONDAY + timedelta(days=2))
    contact(None, None, at=MONDAY + timedelta(days=2))
    contact(None, None, at=MONDAY + timedelta(days=3), queue=None, outcome="closed_by_flow")
    contact(one, bulk, at=MONDAY - timedelta(days=7))
    contact(two, tax, at=MONDAY - timedelta(days=6))
    contact(one, bulk, at=MONDAY - timedelta(days=364))
    return {"waste": waste, "bulk": bulk, "tax": tax}


def asked(by: Dimension, **where: Any) -> Asked:
    return Asked(WEEK, by, {Dimension(side): value for side, value in where.items()})


def test_the_figures_of_a_week_beside_those_before(book: dict[str, Topic]) -> None:
    report = report_of(asked(Dimension.TOPIC), timezone.now())
    found = {each.definition.key: (each.now, each.before, each.year_before) for each in report.figures}
    assert found["contacts"] == (6, 2, 1)
    assert found["offered"] == (5, 2, 1)
    assert found["answered"] == (4, 2, 1)
    assert found["answer_rate"] == (0.8, 1, 1)
    assert found["abandoned"] == (1, 0, 0)
    assert found["closed_by_flow"] == (1, 0, 0)
    assert found["transfer_rate"] == (0.25, 0, 0)
    assert found["asa_seconds"] == (10, 10, 10)
    assert found["aht_seconds"] == (120, 120, 120)
    assert found["survey"] == (None, None, None)
    assert report.curve.labels[0] == "11/16 (월)"
    assert report.curve.offered == (2, 1, 2, 0, 0, 0, 0)
    assert report.curve.before == (1, 1, 0, 0, 0, 0, 0)


def test_the_topic_tree_adds_up(book: dict[str, Topic]) -> None:
    report = report_of(asked(Dimension.TOPIC), timezone.now())
    lines = [(line.name, line.level, line.contacts, line.before, line.year_before) for line in report.lines]
    assert lines == [
        (HOSTILE, 1, 1, 1, 0),
        ("청소", 1, 2, 1, 1),
        ("대형폐기물", 2, 1, 1, 1),
        ("유형 없음", 1, 3, 0, 0),
    ]


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        (Dimension.QUEUE, [("세정", 5), ("상담사 연결 요청 없음", 1)]),
        (Dimension.OFFICE, [("소관 부서 없음", 4), ("환경관리과", 2)]),
        (Dimension.DISTRICT, [("지역 모름", 3), ("가람동", 3)]),
        (Dimension.CHANNEL, [("전화", 6)]),
        (Dimension.HOUR, [("9시", 5), ("10시", 1)]),
        (Dimension.WEEKDAY, [("월", 2), ("화", 1), ("수", 2), ("목", 1)]),
    ],
)
def test_sides(book: dict[str, Topic], by: Dimension, lines: list[tuple[str, int]]) -> None:
    report = report_of(asked(by), timezone.now())
    assert [(line.name, line.contacts) for line in report.lines] == lines
    if by in {Dimension.HOUR, Dimension.WEEKDAY}:
        assert report.week[0][9:11] == (1, 1)
        assert sum(count or 0 for day in report.week for count in day) == 6


@pytest.mark.parametrize("by", [Dimension.TOPIC, Dimension.AGENT, Dimension.HOUR])
def test_every_count_opens_to_as_many_contacts(book: dict[str, Topic], by: Dimension) -> None:
    report = report_of(asked(by), timezone.now(), named=True)
    opened = 0
    for line in report.lines:
        assert line.asked is not None
        for definition in report.definitions:
            if definition.unit is Unit.CONTACTS and line.values[definition.key]:
                found = contacts_behind(line.asked, definition.key, counted=True)
                assert (len(found.rows), found.more) == (line.values[definition.key], False), (line.name, definition)
                assert found.value == line.values[definition.key]
                opened += 1
    assert opened >= 6


def test_the_page_leads_from_a_number_to_its_formula_and_its_contacts(
    book: dict[str, Topic], logged_in: Browser
) -> None:
    client = logged_in("supervisor")
    page = client.get(f"/reports/?{QUERY}&by=topic").content.decode()
    assert "<script>alert" not in page
    assert "style=" not in page
    assert page.count('role="img"') == 2
    address = re.search(r'href="(/reports/figures/answered/\?[^"]*topic=waste[^"]*)"', page)
    assert address
    behind = client.get(unescape(address[1]))
    text = behind.content.decode()
    assert "상담사와 연결된 건" in text
    assert len(re.findall(r'href="/contacts/[0-9a-f-]{36}/"', text)) == 2
    assert "청소 &gt; 대형폐기물" in text
    share = client.get(f"/reports/figures/answer_rate/?{QUERY}").content.decode()
    assert "<strong>80.0%</strong>" in share
    assert "5건 가운데 4건" in share


def test_figures_of_a_narrowed_report_are_those_of_the_part(book: dict[str, Topic], logged_in: Browser) -> None:
    report = report_of(asked(Dimension.WEEKDAY, topic="waste"), timezone.now())
    assert [(line.name, line.contacts) for line in report.lines] == [("월", 2)]
    page = logged_in("supervisor").get(f"/reports/?{QUERY}&by=weekday&topic=waste").content.decode()
    assert "상담유형: 청소" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("period=range&since=2026-11-10&until=2026-11-09", "시작일이 종료일보다 늦습니다."),
        ("period=range&since=2016-01-01&until=2025-12-31", "366일까지"),
        ("period=range&since=2026-11-10", "첫날과 마지막 날을"),
        ("period=day&day=2199-12-31", "아직 오지 않은 날"),
        ("period=day&day=0001-01-01", "2000년부터 2199년까지"),
        ("period=day&day=1999-12-31", "2000년부터 2199년까지"),
        ("period=day&day=9999-12-31", "2000년부터 2199년까지"),
        ("period=day&day=2026-02-30", "날짜"),
        ("period=century", "고르"),
        ("by=citizen", "구분"),
        ("by=agent&agent=x", "목록에서"),
        ("topic=%00", "목록에서"),
        (f"district={'가' * 101}", "목록에서"),
        ("by=hour&hour=99999999999999", "목록에서"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(query: str, sentence: str, logged_in: Browser) -> None:
    answer = logged_in("supervisor").get(f"/reports/?{query}")
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["", "period=month", "period=year", "by=agent", "by=hour", "topic=gone", f"{QUERY}&district=%3Cb%3E"]
)
def test_an_empty_centre_says_so(query: str, logged_in: Browser) -> None:
    answer = logged_in("supervisor").get(f"/reports/?{query}")
    assert answer.status_code == 200
    assert "들어온 상담이 없습니다" in answer.content.decode()
    assert "<b>" not in answer.content.decode().split("hd-narrowed")[-1].split("</p>")[0]


def test_today_is_the_day_of_the_engine(
    people: dict[str, Account], logged_in: Browser, centre_ahead: Callable[[timedelta], None]
) -> None:
    """The machine's clock was set back by a day, and the record goes on."""
    centre_ahead(timedelta(days=1))
    contact(None, None, at=centre_time())
    assert "걸려 온 건이 없습니다" not in logged_in("supervisor").get("/reports/").content.decode()


def test_empty_days_lead_to_the_last_with_contacts(book: dict[str, Topic], logged_in: Browser) -> None:
    empty = "period=day&day=2026-11-14"
    page = logged_in("supervisor").get(f"/reports/?{empty}").content.decode()
    assert "마지막으로 상담이 있던 2026년 11월 보기" in page
    mine = logged_in("agent2").get(f"/reports/mine/?{empty}").content.decode()
    assert "마지막으로 상담이 있던" in mine, "agent2 answered one"
    assert "마지막으로" not in logged_in("admin").get("/reports/mine/?period=day&day=2026-11-14").content.decode()


def test_without_a_font_there_are_figures_all_the_same(
    book: dict[str, Topic], logged_in: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    charts._svg.cache_clear()
    page = logged_in("supervisor").get(f"/reports/?{QUERY}")
    assert page.status_code == 200
    assert "make setup" in page.content.decode()
    assert "80.0%" in page.content.decode()


@pytest.mark.parametrize("query", ["offset=-1", "counted=maybe", "offset=x"])
def test_a_wrong_choice_of_contacts_is_said(query: str, logged_in: Browser) -> None:
    answer = logged_in("supervisor").get(f"/reports/figures/answer_rate/?{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_an_unknown_figure_is_no_page(logged_in: Browser) -> None:
    assert logged_in("supervisor").get("/reports/figures/nonsense/").status_code == 404
    assert logged_in("supervisor").get("/reports/report.exe").status_code == 404
    assert logged_in("supervisor").get("/reports/figures/offered/?counted=maybe").status_code == 400


def test_agents_are_a_team_until_a_reason_is_given(book: dict[str, Topic], logged_in: Browser) -> None:
    client = logged_in("supervisor")
    team = client.get(f"/reports/?{QUERY}&by=agent").content.decode()
    assert "상담사 전체 (2명)" in team
    assert "agent1 이름" not in team
    one = Account.objects.get(username="agent1").pk
    for address in (f"/reports/?{QUERY}&agent={one}", f"/reports/figures/answered/?{QUERY}&agent={one}"):
        assert client.get(address).headers["Location"].startswith("/reports/agents?")
    assert client.post(f"/reports/agents?{QUERY}&by=agent", {"reason": "왜"}).status_code == 400
    answer = client.post(f"/reports/agents?{QUERY}&by=agent", {"reason": "교육 계획을 세우려고"}, follow=True)
    assert "agent1 이름" in answer.content.decode()
    row = AccessLog.objects.get(action="report.agents_named")
    assert (row.reason, row.detail["since"], row.detail["until"]) == (
        "교육 계획을 세우려고",
        "2026-11-16",
        "2026-11-22",
    )
    other_days = client.get("/reports/?period=week&day=2026-11-10&by=agent").content.decode()
    assert "agent1 이름" not in other_days
    assert client.get(f"/reports/?{QUERY}&agent={one}").status_code == 200


def test_agents_see_their_own_figures_and_nobody_elses(book: dict[str, Topic], logged_in: Browser) -> None:
    other = Account.objects.get(username="agent2").pk
    client = logged_in("agent1")
    for query in (QUERY, f"{QUERY}&agent={other}", f"{QUERY}&by=topic&queue=tax"):
        page = client.get(f"/reports/mine/?{query}").content.decode()
        assert re.search(r">접수</a></th><td class=\"number\"><strong>3</strong>", page), query
        assert "agent2" not in page
    behind = client.get(f"/reports/mine/figures/answered/?{QUERY}&agent={other}").content.decode()
    assert len(re.findall(r'href="/contacts/[0-9a-f-]{36}/"', behind)) == 3
    assert client.get(f"/reports/mine/?{QUERY}&by=agent").status_code == 400
    assert client.get("/reports/").status_code == 403


def test_a_small_team_shows_no_spread_and_a_large_one_does(people: dict[str, Account], password_hash: str) -> None:
    for place in range(5):
        agent = Account.objects.create(
            username=f"many{place}", name=f"상담사{place}", role="agent", password=password_hash
        )
        for minute in range(place + 1):
            contact(agent, None, at=MONDAY + timedelta(minutes=10 * minute))
        report = report_of(asked(Dimension.AGENT), timezone.now())
        assert len(report.lines) == (4 if place == 4 else 1)
    assert [line.values["answered"] for line in report.lines] == [15, 2, 3, 4]
    assert drawings_of(report)[1].chart.alt


def test_the_files_guard_what_they_hold(book: dict[str, Topic], logged_in: Browser) -> None:
    CentreSettings.objects.update_or_create(pk=1, defaults={"name": "가람시 콜센터", "synthetic": "icheon"})
    client = logged_in("supervisor")
    rows = list(csv.reader(io.StringIO(client.get(f"/reports/report.csv?{QUERY}").content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["상담유형", "접수", "인입"]
    assert [row[0] for row in rows[1:]] == [f"'{HOSTILE}", "청소", "대형폐기물", "유형 없음"]
    assert {row[-1] for row in rows} == {"가상 자료"}
    answer = client.get(f"/reports/report.xlsx?{QUERY}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report-topic-20261116-20261122.xlsx"'
    book_ = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell for sheet in book_ for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert HOSTILE in [cell.value for cell in cells]
    assert [sheet.cell(2, 1).value for sheet in book_] == ["가상 자료"] * 3
    assert (book_.worksheets[0].cell(4, 2).value, book_.worksheets[0].cell(4, 3).value) == (6, 2)
    assert AccessLog.objects.filter(action="report.exported").count() == 2


@pytest.mark.parametrize("by", [Dimension.TOPIC, Dimension.WEEKDAY, Dimension.AGENT])
def test_the_pdf_can_be_read_by_everybody_and_breaks_no_word(book: dict[str, Topic], by: Dimension) -> None:
    CentreSettings.objects.update_or_create(pk=1, defaults={"name": "가람시 콜센터", "synthetic": "icheon"})
    report = report_of(asked(by), timezone.now())
    made, title = files.as_pdf(report), files.title_of(report)
    assert faults_of(made, title) == []
    context = {"report": report, "title": title, "side": SIDES[by], "drawings": drawings_of(report)}
    assert broken_words(made, render_to_string("reports/report_pdf.html", context)) == []
    assert all(name.startswith("Pretendard") for name in fonts_of(made))
    pages = pages_of(made)
    for number, page in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in page
        assert title in page
        assert "가상 자료" in page
    assert "80.0%" in "".join(pages)


def test_an_empty_report_is_a_pdf_too(people: dict[str, Account]) -> None:
    report = report_of(asked(Dimension.TOPIC), timezone.now())
    made = files.as_pdf(report)
    assert faults_of(made, files.title_of(report)) == []
    assert "들어온 상담이 없습니다" in "".join(pages_of(made))
