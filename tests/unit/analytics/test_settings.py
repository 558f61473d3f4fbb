"""What settings decide is read from a fact's flags as it would be from its microseconds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from haedap.analytics.archive import ArchiveError, manifest
from haedap.analytics.cube import Question, Tally, tallies
from haedap.analytics.engines import Archive
from haedap.analytics.figures import FigureSettings
from tests.support.archives import SECOND, Row, abandoned, an_archive, fact, seoul

AT = seoul(2029, 3, 5, 10)
DAY = 86_400 * SECOND


def told(folder: Path, settings: FigureSettings, *facts: Row) -> Tally:
    archive = Archive([an_archive(folder, {"fact": facts})])
    return tallies(archive, Question(date(2029, 1, 1), date(2030, 1, 1)), settings)[()]


@pytest.mark.parametrize("seconds", [0, 1, 5, 60])
def test_a_short_abandon_is_short_to_the_microsecond(tmp_path: Path, seconds: int) -> None:
    waits = (0, 1, seconds * SECOND, seconds * SECOND + 1, 3 * 86_400 * SECOND)
    short = [wait for wait in waits if wait <= seconds * SECOND]
    calls = [abandoned(AT, abandon_wait=wait) for wait in waits] + [fact(AT, abandon_wait=0)]
    found = told(tmp_path, FigureSettings(short_abandon_seconds=seconds), *calls)
    assert (found.value("short_abandoned"), found.value("abandoned")) == (len(short), len(waits))


@pytest.mark.parametrize("days", [1, 7, 30])
def test_who_comes_again_in_time_was_not_helped_to_the_microsecond(tmp_path: Path, days: int) -> None:
    pauses = (0, 1, days * DAY, days * DAY + 1, None)
    calls = [fact(AT, again_after=pause) for pause in pauses] + [abandoned(AT + timedelta(hours=1), again_after=None)]
    found = told(tmp_path, FigureSettings(repeat_days=days), *calls)
    assert (found.hits("fcr"), found.population("fcr")) == (2, len(pauses))


def test_an_archive_of_another_form_is_not_misread(tmp_path: Path) -> None:
    folder = an_archive(tmp_path, {"fact": [fact(AT)]})
    made = manifest.load(folder)
    made.form = manifest.FORM - 1
    manifest.save(folder, made)
    with pytest.raises(ArchiveError, match="haedap archive를 실행"):
        Archive([folder])
