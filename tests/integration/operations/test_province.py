"""`haedap province`: archives of many centres, one table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from haedap.operations import OperationsError
from haedap.operations.province import run
from tests.support.archives import an_archive
from tests.unit.analytics.book import year


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """A city with a year of contacts, and a smaller one with an invented burst of 400."""
    city = an_archive(tmp_path / "가람", year.rows(year.facts(every=3)), "가람시")
    town = an_archive(tmp_path / "누리", year.rows(year.burst()), "누리군", "jeongseon")
    return [city, town]


def test_all_together_is_the_sum_of_the_centres(two: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    run(two, year.YEAR, "", "", as_json=True)
    found = json.loads(capsys.readouterr().out)
    city, town = found["centres"]
    assert [(each["centre"], each["synthetic"]) for each in (city, town)] == [("가람시", False), ("누리군", True)]
    assert town["figures"]["contacts"] == 400
    for key in ("contacts", "offered", "answered"):
        assert found["together"][key] == city["figures"][key] + town["figures"][key] > 0
    shares = sorted(each["figures"]["answer_rate"] for each in (city, town))
    assert shares[0] <= found["together"]["answer_rate"] <= shares[1]


def test_the_table_marks_what_is_invented_and_has_centres_without_contacts(
    two: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run(two, None, f"{year.YEAR}-07-01", f"{year.YEAR}-07-10", as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert "가상 자료" in "".join(lines[:2])
    offered = next(line.split() for line in lines if line.split()[0] == "인입")
    assert int(offered[1]) > 0
    assert offered[1:] == [offered[1], "0", offered[1]]


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        (["가람", "사본"], "이름이 같은 센터"),
        (["가람", "없는 폴더"], "haedap archive"),
        (["빈 폴더"], "haedap archive"),
    ],
)
def test_what_cannot_be_read_together_is_said_in_a_sentence(
    folders: tuple[str, ...], said: str, two: list[Path], tmp_path: Path
) -> None:
    an_archive(tmp_path / "사본", {}, "가람시")
    (tmp_path / "빈 폴더").mkdir()
    with pytest.raises(OperationsError, match=said):
        run([tmp_path / name for name in folders], year.YEAR, "", "", as_json=True)
