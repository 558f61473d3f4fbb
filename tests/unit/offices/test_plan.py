"""What an import would do, without a database."""

from __future__ import annotations

from dataclasses import replace

from haedap.apps.offices.plan import DepartmentNow, Kind, OfficerNow, Snapshot, make_plan
from haedap.apps.offices.rows import Entry, Problem, Read

COLUMNS = frozenset({"department", "name", "extension", "duties", "deputies"})
CITY = Snapshot(
    departments=(DepartmentNow(1, None, "경제국"), DepartmentNow(2, 1, "세정과"), DepartmentNow(3, 1, "일자리과")),
    officers=(
        OfficerNow(1, 2, "김하늘", extension="1001", duties=("재산세",), deputies=(2,)),
        OfficerNow(2, 2, "이바다", extension="1002"),
        OfficerNow(3, 3, "박여울", extension="1003", code="H3"),
    ),
)
TAX, JOBS = ("경제국", "세정과"), ("경제국", "일자리과")
SAME = [
    Entry(TAX, name="김하늘", extension="1001", duties=("재산세",), deputies=("이바다",)),
    Entry(TAX, name="이바다", extension="1002"),
    Entry(JOBS, name="박여울", extension="1003"),
]


def changes(now: Snapshot, entries: list[Entry], columns: frozenset[str] = COLUMNS) -> list[tuple[Kind, str, str]]:
    plan = make_plan(now, Read(columns, entries))
    return [(change.kind, change.place, change.name) for change in plan.changes]


def test_the_same_list_changes_nothing() -> None:
    assert changes(CITY, SAME) == []


def test_new_departments_and_officers() -> None:
    entries = [*SAME, Entry(("시장", "비서실"), name="최가람")]
    assert changes(CITY, entries) == [
        (Kind.ADDED, "시장", ""),
        (Kind.ADDED, "시장 > 비서실", ""),
        (Kind.ADDED, "시장 > 비서실", "최가람"),
    ]


def test_a_changed_officer_says_what_changes() -> None:
    plan = make_plan(CITY, Read(COLUMNS, [replace(SAME[0], extension="1999", duties=("취득세",)), *SAME[1:]]))
    assert [(item.field, item.before, item.after) for item in plan.changes[0].differences] == [
        ("extension", "1001", "1999"),
        ("duties", "재산세", "취득세"),
    ]


def test_a_column_that_is_not_there_changes_nothing() -> None:
    assert (
        changes(CITY, [replace(entry, extension="", duties=()) for entry in SAME], COLUMNS - {"extension", "duties"})
        == []
    )


def test_an_extension_behind_a_number_counts_without_a_column_of_its_own() -> None:
    """And takes nobody's away who has none there."""
    entries = [replace(SAME[0], extension="1999"), *(replace(entry, extension="") for entry in SAME[1:])]
    plan = make_plan(CITY, Read(COLUMNS - {"extension"}, entries))
    differences = [(change.name, item.field, item.after) for change in plan.changes for item in change.differences]
    assert differences == [("김하늘", "extension", "1999")]


def test_who_is_missing_goes_with_an_emptied_department_and_who_was_entered_by_hand_stays() -> None:
    assert changes(CITY, SAME[:2]) == [(Kind.GONE, "경제국 > 일자리과", "박여울"), (Kind.GONE, "경제국 > 일자리과", "")]
    by_hand = replace(CITY, officers=(*CITY.officers[:2], replace(CITY.officers[2], imported=False)))
    assert changes(by_hand, SAME[:2]) == []


def test_while_a_row_is_wrong_nobody_goes() -> None:
    assert make_plan(CITY, Read(COLUMNS, SAME[:1], [Problem(3, "wrong")])).changes == []


def test_a_move_is_known_by_the_staff_number() -> None:
    moved = replace(SAME[2], department=TAX, code="H3")
    plan = make_plan(CITY, Read(COLUMNS | {"code"}, [*SAME[:2], moved]))
    assert [(change.kind, change.name) for change in plan.changes] == [(Kind.CHANGED, "박여울"), (Kind.GONE, "")]
    assert plan.gone_departments == [3]


def test_a_renamed_department_is_known_by_its_code() -> None:
    coded = replace(CITY, departments=(*CITY.departments[:2], replace(CITY.departments[2], code="D3")))
    renamed = Entry(("경제국", "청년일자리과"), "D3", name="박여울", extension="1003")
    plan = make_plan(coded, Read(COLUMNS | {"department_code"}, [*SAME[:2], renamed]))
    assert [(change.kind, change.place, change.name) for change in plan.changes] == [
        (Kind.CHANGED, "경제국 > 청년일자리과", "")
    ]


def test_who_comes_back_is_the_same_person() -> None:
    gone = replace(CITY, officers=(*CITY.officers[:2], replace(CITY.officers[2], active=False)))
    plan = make_plan(gone, Read(COLUMNS, SAME))
    assert [(change.kind, change.differences[0].field) for change in plan.changes] == [(Kind.CHANGED, "active")]


def test_deputies_by_name_number_and_nobody() -> None:
    named = replace(SAME[0], deputies=("H3", "이바다", "홍길동", "김하늘"))
    plan = make_plan(CITY, Read(COLUMNS, [named, *SAME[1:]]))
    assert plan.officers[0].deputies == (("pk", 3), ("pk", 2))
    assert plan.unknown == [("경제국 > 세정과 김하늘", "홍길동")]


def test_who_goes_cannot_stand_in() -> None:
    named = replace(SAME[0], deputies=("박여울",))
    assert make_plan(CITY, Read(COLUMNS, [named, SAME[1]])).unknown == [("경제국 > 세정과 김하늘", "박여울")]


def test_a_list_that_takes_many_is_noticed() -> None:
    assert make_plan(CITY, Read(COLUMNS, SAME[:1])).takes_many
    assert not make_plan(CITY, Read(COLUMNS, SAME[:2])).takes_many
    assert not make_plan(Snapshot(), Read(COLUMNS, SAME)).takes_many


def test_the_digest_knows_the_changes() -> None:
    first = make_plan(CITY, Read(COLUMNS, SAME[:2])).digest
    assert first == make_plan(CITY, Read(COLUMNS, SAME[:2])).digest
    assert first != make_plan(CITY, Read(COLUMNS, SAME[:1])).digest
