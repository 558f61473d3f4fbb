"""Imports in the browser: preview, confirmation, and that nothing happens in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from haedap.apps.contacts.models import AccessLog
from haedap.apps.offices import importing
from haedap.apps.offices.export import as_csv
from haedap.apps.offices.models import Department, Duty, ImportDraft, Officer
from haedap.apps.offices.starting import put_demo
from tests.integration.web.offices.conftest import NOW

LoggedIn = Callable[..., Client]
SMALL = (
    "부서,부서전화,성명,직원번호,내선,담당업무,대직자\n"
    "경제국 > 세정과,02-0000-1200,,,,,\n"
    "경제국 > 세정과,,김하늘,E1,1201,재산세; 취득세,이바다\n"
    "경제국 > 세정과,,이바다,E2,1202,주민세,\n"
    "수도과,,박여울,E3,1301,상수도 요금,\n"
)


def upload(client: Client, data: bytes, name: str = "명단.csv") -> str:
    """The address of the preview."""
    answer = client.post("/offices/import/", {"file": SimpleUploadedFile(name, data, "text/csv")})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def confirm(client: Client, address: str, **more: str) -> Any:
    shown = client.get(address)
    return client.post(f"{address}confirm", {"digest": shown.context["plan"].digest, **more})


def import_whole(client: Client, text: str) -> None:
    assert confirm(client, upload(client, text.encode()), whole="yes").headers["Location"] == "/offices/"


def officers(*fields: str) -> list[tuple[Any, ...]]:
    return list(Officer.objects.values_list(*fields))


def state() -> list[tuple[Any, ...]]:
    snapshot = importing.snapshot()
    return [*snapshot.departments, *snapshot.officers]  # type: ignore[list-item]


def test_extensions_behind_numbers_are_kept_and_nobody_loses_theirs(db: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    import_whole(client, SMALL)
    rows = ("부서,성명,직원번호,전화", "세정과,김하늘,E1,02-0000-1234 (내선 56)", "세정과,이바다,E2,02-0000-1235")
    import_whole(client, "\n".join(rows))
    kept = {code: (telephone, extension) for code, telephone, extension in officers("code", "telephone", "extension")}
    assert (kept["E1"], kept["E2"]) == (("+82200001234", "56"), ("+82200001235", "1202"))


def test_nothing_is_written_before_it_is_confirmed(db: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    address = upload(client, SMALL.encode())
    shown = client.get(address).content.decode()
    assert "김하늘" in shown
    assert "명단.csv" in shown
    assert not Department.objects.exists()
    assert not Officer.objects.exists()
    assert confirm(client, address).headers["Location"] == "/offices/"
    tax = Department.objects.get(name="세정과")
    assert (tax.telephone, tax.place) == ("+82200001200", "경제국 > 세정과")
    sky = Officer.objects.get(code="E1")
    assert sky.extension == "1201"
    assert sorted(duty.text for duty in sky.duties.all()) == ["재산세", "취득세"]
    assert [row.deputy.code for row in sky.deputies.all()] == ["E2"]
    detail = AccessLog.objects.get(action="offices.imported").detail
    assert detail == {"source": "CSV", "added": 6, "changed": 0, "gone": 0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_the_same_list_again_changes_nothing(db: None, logged_in: LoggedIn, encoding: str) -> None:
    client = logged_in("supervisor")
    import_whole(client, SMALL)
    before = state()
    address = upload(client, SMALL.encode(encoding))
    assert "바뀌는 것이 없습니다" in client.get(address).content.decode()
    confirm(client, address)
    assert state() == before


def test_who_is_missing_becomes_inactive_and_comes_back_the_same(db: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    import_whole(client, SMALL)
    before = state()
    import_whole(client, "".join(SMALL.splitlines(keepends=True)[:4]))
    assert not Officer.objects.get(code="E3").active
    assert not Department.objects.get(name="수도과").active
    import_whole(client, SMALL)
    assert state() == before


def test_wrong_rows_are_listed_and_take_nobody_away(db: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    import_whole(client, SMALL)
    bad = SMALL.replace("박여울,E3,1301", "박여울,E3,전화") + ",,이름만,,,,\n"
    address = upload(client, bad.encode())
    shown = client.get(address).content.decode()
    assert "5번째 줄" in shown
    assert "내선번호가 아닙니다" in shown
    assert "6번째 줄" in shown
    assert "2줄을 받을 수 없습니다" in shown
    confirm(client, address)
    assert Officer.objects.get(code="E3").active


def test_a_part_of_the_list_is_not_taken_for_the_whole(db: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    import_whole(client, SMALL)
    address = upload(client, "".join(SMALL.splitlines(keepends=True)[:3]).encode())
    assert confirm(client, address).headers["Location"] == address
    assert Officer.objects.filter(active=True).count() == 3


def test_what_changed_after_the_preview_is_shown_again(db: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    import_whole(client, SMALL)
    address = upload(client, SMALL.replace("1301", "1399").encode())
    digest = client.get(address).context["plan"].digest
    Officer.objects.filter(code="E1").update(extension="1000")
    assert client.post(f"{address}confirm", {"digest": digest}).headers["Location"] == address
    assert Officer.objects.get(code="E3").extension == "1301"
    assert "1000" in client.get(address).content.decode()


def test_a_preview_is_used_once_and_by_whom_it_was_made(db: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    address = upload(client, SMALL.encode())
    assert logged_in("admin").get(address).status_code == 404
    assert logged_in("admin").post(f"{address}confirm", {"digest": "x"}).headers["Location"] == "/offices/import/"
    assert not Officer.objects.exists()
    assert confirm(client, address).headers["Location"] == "/offices/"
    assert client.post(f"{address}confirm", {"digest": "x"}).headers["Location"] == "/offices/import/"
    assert not ImportDraft.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "비어 있습니다"), (b"PK\x03\x04", "스프레드시트"), (b"a,b\n1,2\n", "제목"), (b"x" * (5 * 2**20 + 1), "5MB")],
)
def test_a_file_that_is_none(db: None, logged_in: LoggedIn, data: bytes, words: str) -> None:
    answer = logged_in("supervisor").post("/offices/import/", {"file": SimpleUploadedFile("x.csv", data)})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not ImportDraft.objects.exists()


def test_the_downloaded_list_changes_nothing_when_it_comes_back(city: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    Officer.objects.filter(code="H003").update(messenger="=cmd|' /C calc'!A0")
    answer = client.get("/offices/officers.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert b"'=cmd" in answer.content
    assert AccessLog.objects.filter(action="offices.exported").count() == 1
    assert "바뀌는 것이 없습니다" in client.get(upload(client, answer.content)).content.decode()


def test_absences_come_with_the_list_and_what_is_over_stays(db: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    import_whole(client, SMALL)
    sea = Officer.objects.get(code="E2")
    over = sea.absences.create(starts_at=NOW - timedelta(days=900), ends_at=NOW - timedelta(days=899), reason="trip")
    heading, *rows = SMALL.splitlines()
    listed = "\n".join([f"{heading},부재", *(f"{row}," for row in rows)])
    away = listed.replace("1202,주민세,,", "1202,주민세,,연가 2096-11-22 ~ 2096-11-24; 출장 2096-12-01 09:00~12:00")
    import_whole(client, away)
    leave, trip = sea.absences.exclude(pk=over.pk)
    assert (leave.period, leave.reason, trip.reason) == ("2096-11-22 ~ 2096-11-24", "leave", "trip")
    assert importing.plan_of(ImportDraft.objects.get(pk=upload(client, as_csv()).split("/")[-2])).changes == []
    import_whole(client, listed)
    assert list(sea.absences.all()) == [over]


def test_duties_with_words_of_the_centre_stay(db: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    import_whole(client, SMALL)
    Duty.objects.filter(text="재산세").update(keywords="집 세금")
    import_whole(client, SMALL.replace("재산세; 취득세", "지방소득세"))
    assert set(Duty.objects.filter(department__name="세정과").values_list("text", flat=True)) == {
        "재산세",
        "지방소득세",
        "주민세",
    }


def test_a_directory_that_fails_leaves_everything_as_it_is(city: None, logged_in: LoggedIn, settings: Any) -> None:
    """The address is one where nobody listens."""
    settings.HAEDAP = replace(settings.HAEDAP, offices_api_url="http://127.0.0.1:9/people")
    before = state()
    client = logged_in("supervisor")
    assert "OpenAPI 읽기" in client.get("/offices/import/").content.decode()
    answer = client.post("/offices/import/directory", {"source": "openapi"}, follow=True)
    assert "응답하지 않습니다" in answer.content.decode()
    assert state() == before
    assert client.post("/offices/import/directory", {"source": "ldap"}).status_code == 404


names = st.sampled_from(["김하늘", "이바다", "박여울", "최가람"])
entries = st.lists(
    st.tuples(
        st.sampled_from(["가과", "가과 > 나팀", "다과", "다과 > 라팀"]),
        names,
        st.sampled_from(["", "1001", "1002"]),
        names,
    ),
    max_size=6,
    unique_by=lambda row: row[:2],
)


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries, min_size=1, max_size=3))
def test_whatever_came_before_a_list_imported_twice_is_imported_once(
    db: None, lists: list[list[tuple[str, ...]]]
) -> None:
    Officer.objects.all().delete()
    for rows in lists:
        read = [
            (line, {"department": row[0], "name": row[1], "extension": row[2], "deputies": row[3], "duties": row[2]})
            for line, row in enumerate(rows, 2)
        ]
        importing.write_rows(read)
        before = state()
        assert importing.write_rows(read).changes == []
        assert state() == before
        assert Officer.objects.filter(active=True).count() == len(rows)


def test_the_demo_is_put_once_into_an_empty_city(db: None) -> None:
    assert put_demo(NOW) > 100
    assert put_demo(NOW) == 0
    assert Officer.objects.count() >= 60
    assert Duty.objects.count() >= 120
    assert as_csv().decode("utf-8-sig").count("\n") > 100
