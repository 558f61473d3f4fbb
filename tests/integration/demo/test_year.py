"""`haedap demo year` in a real database: its rows, what the product's own figures say of them, how it is undone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from msgspec.structs import replace
from psycopg import sql

from haedap.analytics.cube import Question, Tally, tallies
from haedap.analytics.dimensions import Dimension
from haedap.analytics.engines import Live
from haedap.analytics.figures import FigureSettings
from haedap.apps.accounts.models import Account
from haedap.apps.cases.models import Case
from haedap.apps.centre import api as centre
from haedap.apps.centre.models import CentreSettings
from haedap.apps.contacts.models import Contact
from haedap.apps.demo.year import writing
from haedap.apps.demo.year.profile import Profile, Span, profile
from haedap.apps.offices.models import Department, Officer
from haedap.apps.search import api as search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_database")]

WHOLE = profile("gunpo")
SMALL = replace(WHOLE, spans=(Span(date(2020, 4, 1), date(2020, 5, 1), contacts=3_000),))
SHARES = {"세정과": 16.8, "지역경제과": 12.6, "도시환경과": 9.8, "자치행정과": 9.3, "교통행정과": 9.1}
_PROFILE = "haedap.apps.demo.management.commands.demo_year.profile"
_TABLES = (
    "contact",
    "segment",
    "contact_note",
    "search_entry",
    "transfer",
    "promise",
    "promise_attempt",
    "case_file",
    "case_event",
    "article_use",
    "lookup_use",
    "survey",
    "survey_answer",
    "agent_period",
    "search_miss",
    "article_gap",
    "account",
    "department",
    "officer",
    "topic",
)


@pytest.fixture
def small() -> Iterator[Profile]:
    """The command knows a smaller city."""
    with patch(_PROFILE, return_value=SMALL):
        yield SMALL


def command(**options: Any) -> tuple[str, str]:
    out, progress = io.StringIO(), io.StringIO()
    call_command("demo_year", stdout=out, stderr=progress, **options)
    return out.getvalue(), progress.getvalue()


def counted() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for name in _TABLES:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            found[name] = cursor.fetchone()[0]
    return found


def topics() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, parent_id, office FROM topic ORDER BY code")
        return list(cursor.fetchall())


def test_the_products_own_figures_agree(small: Profile) -> None:
    out, progress = command(profile="gunpo", json=True)
    written = json.loads(out)
    assert written["contacts"] == 3_000
    assert "contact: 3,000" in progress

    settings = FigureSettings()
    question = Question(date(2020, 4, 1), date(2020, 5, 1), by=(Dimension.OFFICE,))
    with connection.cursor() as cursor:
        by_office = tallies(Live(cursor), question, settings)
        whole = tallies(Live(cursor), Question(question.since, question.until), settings)[()]
    assert whole.contacts == 3_000
    for office, share in SHARES.items():
        assert by_office[(office,)].contacts / 3_000 * 100 == pytest.approx(share, abs=0.1)
    assert whole.value("answered") == written["answered"]
    assert figure(whole, "answer_rate") == pytest.approx(small.answer_rate / 100, abs=0.001)
    assert figure(whole, "self_handled") == pytest.approx(small.self_handled / 100, abs=0.001)
    assert figure(whole, "service_level") > 0.9
    assert 60 < figure(whole, "aht_seconds") < 300
    assert figure(whole, "survey") > 88
    assert 0.9 < figure(whole, "fcr") < 0.97


def figure(tally: Tally, key: str) -> float:
    value = tally.value(key)
    assert value is not None, key
    return float(value)


def test_rows_hang_together(small: Profile) -> None:
    command(profile="gunpo")
    wrong = {
        "an agent in two states at once": """
            SELECT count(*) FROM (SELECT started_at,
            lag(ended_at) OVER (PARTITION BY agent ORDER BY started_at) AS before FROM agent_period) AS one
            WHERE started_at < before""",
        "a talk that no period of its agent is of": """
            SELECT count(*) FROM segment s WHERE NOT EXISTS (SELECT FROM agent_period p WHERE p.contact = s.contact
            AND p.agent = s.agent AND p.state = 'engaged'
            AND p.started_at = s.started_at AND p.ended_at = s.ended_at)""",
        "a contact that ends before its talk": """
            SELECT count(*) FROM contact c JOIN segment s ON s.contact = c.id WHERE c.ended_at < s.ended_at""",
        "a transferred contact without a transfer": """
            SELECT count(*) FROM contact c
            WHERE transferred <> EXISTS (SELECT FROM transfer t WHERE t.contact = c.id)""",
        "a referred contact without a case or a promise": """
            SELECT count(*) FROM contact c WHERE referred
            AND NOT EXISTS (SELECT FROM case_file f WHERE f.contact = c.id)
            AND NOT EXISTS (SELECT FROM promise p WHERE p.contact = c.id)""",
        "a case answered before it came": "SELECT count(*) FROM case_file WHERE answered_at <= received_at",
        "a number that could exist": r"SELECT count(*) FROM contact WHERE caller !~ '^\+82\d{1,2}0000\d{4}$'",
        "an office's number that could exist": """
            SELECT count(*) FROM transfer WHERE target_number !~ '^\\+82\\d{1,2}0000\\d{4}$'""",
        "a note without its topic": "SELECT count(*) FROM contact_note WHERE topic_id IS NULL OR text = ''",
    }
    with connection.cursor() as cursor:
        for what, query in wrong.items():
            cursor.execute(query)
            assert cursor.fetchone()[0] == 0, what
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE answered_at > due_at) FROM case_file")
        cases, late = cursor.fetchone()
        cursor.execute("SELECT count(DISTINCT target_number) FROM transfer")
        assert cursor.fetchone()[0] >= 20
    assert 0 < late < cases / 5


def test_every_page_says_so_and_only_then(client: Client, small: Profile) -> None:
    client.force_login(Account.objects.get(username="admin"))
    assert "hd-synthetic" not in client.get("/contacts/").content.decode()
    command(profile="gunpo")
    assert centre.synthetic() == "gunpo"
    for address in ("/contacts/", "/wallboard/", "/cases/", "/centre/", "/effect/"):
        assert "가상 자료" in client.get(address).content.decode(), address
    client.logout()
    for address in ("/login", "/demo/phone"):
        assert "가상 자료" in client.get(address).content.decode(), address


def test_replacing_leaves_one_year_and_removing_none(small: Profile) -> None:
    before, places = counted(), topics()
    command(profile="gunpo", seed=1)
    first = counted()
    with pytest.raises(CommandError, match="이미 가상 자료가 있습니다"):
        command(profile="gunpo", seed=2)
    assert counted() == first
    command(profile="gunpo", seed=2, replace=True)
    second = counted()
    found = Contact.objects.filter(seq=0, agent__isnull=False).first()
    assert found is not None
    search.publish_all([search.entry("contact", str(found.pk), title="상하수도", body="이사정산 요청")])
    assert second["contact"] == first["contact"] == 3_000
    assert second["account"] == first["account"]
    command(remove=True)
    assert counted() == before
    assert topics() == places
    assert centre.synthetic() == ""
    with pytest.raises(CommandError, match="지울 가상 자료가 없습니다"):
        command(remove=True)


def test_real_contacts_are_never_touched(small: Profile) -> None:
    now = datetime.now(UTC)
    Contact.objects.create(id=uuid4(), channel="voice", state="ended", arrived_at=now, ended_at=now, seq=7)
    with pytest.raises(CommandError, match="실제 상담 기록이 있어"):
        command(profile="gunpo")
    with pytest.raises(CommandError, match="실제 상담 기록이 있어"):
        command(profile="gunpo", replace=True)
    assert Contact.objects.count() == 1


def test_stopping_halfway_changes_nothing(small: Profile) -> None:
    before = counted()
    with (
        patch.object(writing, "put_missed", side_effect=KeyboardInterrupt),
        pytest.raises(CommandError, match="멈추었"),
    ):
        command(profile="gunpo")
    assert counted() == before
    assert centre.synthetic() == ""


def test_offices_of_the_centre_are_used(small: Profile) -> None:
    own = Department.objects.create(name="세정과", telephone="+82200001200")
    command(profile="gunpo")
    assert Department.objects.filter(name="세정과").get().pk == own.pk
    command(remove=True)
    assert Department.objects.filter(pk=own.pk).exists()


def test_what_somebody_uses_since_stays(small: Profile) -> None:
    command(profile="gunpo")
    office = Department.objects.get(name="지역경제과")
    own = Department.objects.create(name="새로 만든 팀", parent=office)
    command(remove=True)
    assert own.parent is not None
    assert list(Department.objects.filter(pk__in=[office.pk, own.pk]).values_list("code", flat=True)) == ["", ""]


def test_an_office_that_owes_an_answer_since_stays(small: Profile) -> None:
    command(profile="gunpo")
    year = Case.objects.exclude(officer=None)[0]
    assert year.officer is not None
    office, officer = year.department, year.officer
    now = datetime.now(UTC)
    real = Contact.objects.create(id=uuid4(), channel="voice", state="ended", arrived_at=now, ended_at=now, seq=7)
    year.pk, year.number, year.contact = uuid4(), "2026-999999", real.pk
    year.save(force_insert=True)
    command(remove=True)
    assert list(Case.objects.values_list("department", "officer")) == [(office, officer)]
    assert Department.objects.filter(pk=office, code="").exists()
    assert Officer.objects.filter(pk=officer, code="").exists()


def test_a_name_and_districts_of_its_own_stay(small: Profile) -> None:
    CentreSettings.objects.update_or_create(pk=1, defaults={"name": "우리시 콜센터", "districts": ["우리동"]})
    command(profile="gunpo")
    command(remove=True)
    row = CentreSettings.objects.get(pk=1)
    assert (row.name, row.districts) == ("우리시 콜센터", ["우리동"])


def test_several_years_follow_one_another() -> None:
    whole = profile("jeongseon")
    spans = tuple(replace(span, contacts=400 + place) for place, span in enumerate(whole.spans))
    with patch(_PROFILE, return_value=replace(whole, spans=spans)):
        out, _progress = command(profile="jeongseon", json=True)
    written = json.loads(out)
    assert (written["since"], written["until"], written["contacts"]) == ("2022-01-01", "2025-01-01", 1_203)
    question = Question(date(2022, 1, 1), date(2025, 1, 1), by=(Dimension.YEAR,))
    with connection.cursor() as cursor:
        by_year = tallies(Live(cursor), question, FigureSettings())
        cursor.execute("SELECT year, last FROM case_year WHERE year < 2025 ORDER BY year")
        numbers = cursor.fetchall()
    assert {year: tally.contacts for (year,), tally in by_year.items()} == {2022: 400, 2023: 401, 2024: 402}
    assert [year for year, last in numbers if last > 0] == [2022, 2023, 2024]


def test_an_unknown_profile_is_a_sentence() -> None:
    with pytest.raises(CommandError, match="--profile에 센터 유형 하나를 쓰십시오"):
        command(profile="서울")
