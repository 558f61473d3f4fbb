"""상담유형 and 처리결과: kept on their pages and by CSV; what a record has is switched off and never removed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from haedap.apps.contacts.models import AccessLog, ContactNote, Disposition, Topic

from .pages import said


@pytest.fixture
def tree(db: None) -> dict[str, Topic]:
    """세금 (지방세 (재산세, 자동차세)) and 수도."""
    tax = Topic.objects.create(code="tax", name="세금", position=0)
    local = Topic.objects.create(code="local", name="지방세", parent=tax)
    return {
        "tax": tax,
        "local": local,
        "property": Topic.objects.create(code="property", name="재산세", parent=local, position=0),
        "car": Topic.objects.create(code="car", name="자동차세", parent=local, position=1),
        "water": Topic.objects.create(code="water", name="수도", position=1),
    }


def order(parent: Topic | None) -> list[str]:
    return list(Topic.objects.filter(parent=parent).values_list("code", flat=True))


def test_a_topic_is_added_below_another_and_the_desk_has_it(admin: Client, tree: dict[str, Topic]) -> None:
    page = said(admin.get(f"/centre/topics/new?below={tree['local'].pk}"))
    assert f'value="{tree["local"].pk}" selected' in page
    row = {"code": "resident", "name": "주민세", "parent": tree["local"].pk, "active": "on"}
    assert admin.post("/centre/topics/new", row).status_code == 302
    assert order(tree["local"]) == ["property", "car", "resident"]
    assert "주민세" in said(admin.get("/centre/topics/"))
    assert "주민세" in str(admin.get("/api/topics").json())
    assert AccessLog.objects.get(action="centre.changed").detail == {
        "list": "topics",
        "key": "resident",
        "how": "added",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"code": "세금"},
        {"code": "car"},
        {"name": ""},
        {"name": "재산세"},
        {"name": "x" * 61},
        {"parent": "property"},
        {"parent": 999_999},
        {"parent": "x"},
    ],
)
def test_what_no_topic_can_be(admin: Client, tree: dict[str, Topic], wrong: dict[str, Any]) -> None:
    row = {"code": "new", "name": "새것", "parent": "local", "active": "on", **wrong}
    row["parent"] = tree[row["parent"]].pk if row["parent"] in tree else row["parent"]
    answer = admin.post("/centre/topics/new", row)
    assert answer.status_code == 400
    assert "form-hint-invalid" in said(answer)
    assert Topic.objects.count() == len(tree)


@pytest.mark.parametrize("below", ["", "x", "999999", "9" * 30, "-1"])
def test_a_place_that_is_none(admin: Client, tree: dict[str, Topic], below: str) -> None:
    assert admin.get(f"/centre/topics/new?below={below}").status_code == 200


def test_a_topic_is_renamed_moved_elsewhere_and_never_below_itself(admin: Client, tree: dict[str, Topic]) -> None:
    car = tree["car"]
    assert (
        admin.post(
            f"/centre/topics/{car.pk}/", {"name": "자동차", "parent": tree["water"].pk, "active": "on"}
        ).status_code
        == 302
    )
    car.refresh_from_db()
    assert (car.name, car.parent, car.code) == ("자동차", tree["water"], "car")
    for parent in ("tax", "local", "property", "water"):
        answer = admin.post(f"/centre/topics/{tree['tax'].pk}/", {"name": "세금", "parent": tree[parent].pk})
        assert answer.status_code == 400, "below itself, or four levels deep"


def test_topics_change_places(admin: Client, tree: dict[str, Topic]) -> None:
    move = f"/centre/topics/{tree['car'].pk}/move"
    for step, expected in (
        ("up", ["car", "property"]),
        ("up", ["car", "property"]),
        ("down", ["property", "car"]),
        ("down", ["property", "car"]),
        ("sideways", ["property", "car"]),
    ):
        assert admin.post(move, {"step": step}).status_code == 302
        assert order(tree["local"]) == expected


def test_what_is_switched_off_is_offered_no_more_and_stays_in_its_records(
    admin: Client, tree: dict[str, Topic]
) -> None:
    note = ContactNote.objects.create(contact=uuid4(), topic=tree["car"])
    admin.post(f"/centre/topics/{tree['local'].pk}/", {"name": "지방세", "parent": tree["tax"].pk})
    offered = str(admin.get("/api/topics").json())
    assert "지방세" not in offered
    assert "자동차세" not in offered
    page = said(admin.get("/centre/topics/"))
    assert "꺼짐" in page
    note.refresh_from_db()
    assert note.topic == tree["car"]


def test_only_what_nothing_needs_is_removed(admin: Client, tree: dict[str, Topic]) -> None:
    ContactNote.objects.create(contact=uuid4(), topic=tree["water"])
    for code in ("water", "local"):
        answer = admin.post(f"/centre/topics/{tree[code].pk}/remove", follow=True)
        assert 'role="alert"' in said(answer)
        assert Topic.objects.filter(code=code).exists()
    assert "/remove" not in said(admin.get(f"/centre/topics/{tree['water'].pk}/"))
    assert admin.post(f"/centre/topics/{tree['car'].pk}/remove").status_code == 302
    assert not Topic.objects.filter(code="car").exists()
    assert admin.post("/centre/topics/999999/remove").status_code == 404


def test_dispositions(admin: Client) -> None:
    row = {"key": "answered", "name": "상담 완료", "self_handled": "on", "active": "on", "position": "0"}
    assert admin.post("/centre/dispositions/new", row).status_code == 302
    assert admin.post("/centre/dispositions/new", {**row, "key": "Wrong Key"}).status_code == 400
    ContactNote.objects.create(contact=uuid4(), disposition_id="answered")
    answer = admin.post("/centre/dispositions/answered/remove", follow=True)
    assert 'role="alert"' in said(answer)
    assert [item["key"] for item in admin.get("/api/dispositions").json()] == ["answered"]
    assert admin.post("/centre/dispositions/answered/", {"name": "끝", "position": "0"}).status_code == 302
    assert admin.get("/api/dispositions").json() == []
    ContactNote.objects.all().delete()
    assert admin.post("/centre/dispositions/answered/remove").status_code == 302
    assert not Disposition.objects.exists()


# --- CSV


def send(admin: Client, key: str, data: bytes, **more: str) -> Any:
    return admin.post(f"/centre/{key}/import", {"file": SimpleUploadedFile("list.csv", data), **more})


def confirm(admin: Client, key: str, text: str) -> Any:
    return admin.post(f"/centre/{key}/import", {"text": text, "confirm": "yes"})


def test_what_was_exported_can_be_taken_in_again(admin: Client, tree: dict[str, Topic]) -> None:
    Topic.objects.filter(code="water").update(active=False, name="=수도")
    answer = admin.get("/centre/topics/export")
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines() == [
        "코드,상위코드,이름,사용",
        "tax,,세금,예",
        "local,tax,지방세,예",
        "property,local,재산세,예",
        "car,local,자동차세,예",
        "water,,'=수도,아니오",
    ]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    reading = send(admin, "topics", answer.content).context["reading"]
    assert (reading.added, reading.changed, reading.problems) == ([], [], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_shown_first_and_then_taken_in(
    admin: Client, tree: dict[str, Topic], encoding: str, separator: str
) -> None:
    lines = ["코드,상위코드,이름,사용", "gas,,도시가스,", "car,gas,자동차 가스,예", "property,local,재산세,아니오"]
    text = "\r\n".join(lines).replace(",", separator)
    answer = send(admin, "topics", text.encode(encoding))
    assert answer.status_code == 200
    assert "도시가스" in said(answer)
    assert not Topic.objects.filter(code="gas").exists(), "nothing is written before it is confirmed"
    assert confirm(admin, "topics", answer.context["text"]).status_code == 302
    gas, car = Topic.objects.get(code="gas"), Topic.objects.get(code="car")
    assert (car.parent, car.name) == (gas, "자동차 가스")
    assert not Topic.objects.get(code="property").active
    assert order(None) == ["gas", "tax", "water"], "those that the file does not name follow"
    assert Topic.objects.get(code="water").name == "수도"


def test_every_error_is_shown_with_its_line_and_nothing_is_taken_in(admin: Client, tree: dict[str, Topic]) -> None:
    text = "\n".join(
        [
            "코드,상위코드,이름,사용",
            "Good Code,,이름,예",
            "",
            "noname,,,예",
            "lost,nowhere,길 잃음,예",
            "deep,car,너무 깊음,예",
            "one,two,하나,예",
            "two,one,둘,예",
            "twice,,두 번,예",
            "twice,,두 번째,예",
            "same,,수도,예",
            "odd,,홀수,글쎄",
            f"long,,{'가' * 61},예",
        ]
    )
    answer = send(admin, "topics", text.encode())
    assert answer.status_code == 400
    assert [line for line, _sentence in answer.context["reading"].problems] == [2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert "nowhere" in said(answer)
    assert confirm(admin, "topics", text).status_code == 400
    assert Topic.objects.count() == len(tree)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04 a spreadsheet",
        b"\x00\x01\x02\x03",
        b"\xff\xfe\x00",
        "이름,사용\n세금,예".encode(),
        '코드,이름\ntax,"끝이 없는'.encode(),
        b"x" * 300_000,
        "코드,이름\n".encode() + b"\n".join(b"c%d,n%d" % (number, number) for number in range(2001)),
    ],
    ids=["empty", "blank", "xlsx", "binary", "half", "no code", "quote", "huge", "long"],
)
def test_files_that_are_no_list(admin: Client, tree: dict[str, Topic], data: bytes) -> None:
    answer = send(admin, "topics", data)
    assert answer.status_code == 400
    assert 'role="alert"' in said(answer)
    assert Topic.objects.count() == len(tree)


def test_dispositions_travel_as_csv(admin: Client) -> None:
    Disposition.objects.create(key="passed", name="이관", position=0)
    Disposition.objects.create(key="answered", name="완료", position=1, self_handled=True)
    text = admin.get("/centre/dispositions/export").content.decode("utf-8-sig")
    assert text.splitlines() == ["코드,이름,자체처리,사용", "passed,이관,아니오,예", "answered,완료,예,예"]
    text = "코드,이름,자체처리,사용\nanswered,상담 완료,예,예\nlater,재통화,,아니오\n"
    answer = send(admin, "dispositions", text.encode("cp949"))
    assert [row.code for row in answer.context["reading"].added] == ["later"]
    assert confirm(admin, "dispositions", text).status_code == 302
    rows = Disposition.objects.values_list("key", "name", "self_handled", "active")
    assert list(rows) == [
        ("answered", "상담 완료", True, True),
        ("later", "재통화", False, False),
        ("passed", "이관", False, True),
    ]
    assert send(admin, "dispositions", "코드,이름\nnew,이관".encode()).status_code == 400, "the name is taken"


def test_a_column_that_a_file_lacks_stays_as_it_is(admin: Client, tree: dict[str, Topic]) -> None:
    Topic.objects.filter(code="property").update(active=False)
    text = "코드,이름\ncar,자동차세 (연납)\nproperty,재산세\ngas,도시가스\n"
    reading = send(admin, "topics", text.encode()).context["reading"]
    assert ([row.code for row in reading.added], [row.code for row, _now in reading.changed]) == (["gas"], ["car"])
    assert confirm(admin, "topics", text).status_code == 302
    found = Topic.objects.values_list("code", "parent__code", "active").filter(code__in=["car", "property", "gas"])
    assert set(found) == {("car", "local", True), ("property", "local", False), ("gas", None, True)}
    Disposition.objects.create(key="answered", name="완료", self_handled=True, active=False)
    assert confirm(admin, "dispositions", "코드,이름\nanswered,상담 완료\n").status_code == 302
    answered = Disposition.objects.get()
    assert (answered.name, answered.self_handled, answered.active) == ("상담 완료", True, False)


def test_there_are_two_lists(admin: Client) -> None:
    assert admin.get("/centre/queues/export").status_code == 404
    assert admin.get("/centre/queues/import").status_code == 404
    assert admin.post("/centre/topics/import", {}).status_code == 400
