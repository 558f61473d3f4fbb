"""`haedap bench radar --petitions FILE [--json] [--real WEEK=WORD …]`: surges of words, week by week, in dated titles.

FILE is CSV with a line of names, of which `expiry_date` and `title` (and `category`) are read; a petition opens 30 days
before it expires. Each week is compared with the eight before it and with the season of the year before, by nothing
that is known of these titles in particular.

Printed: `alarms`, each event of each week with its `words`, `observed` against `expected` of the first of them;
`found`, whether each of the `--real` weeks (unless given: 우한 and 신천지) has a surge with its word; `false_alarms` by
calendar quarter, and `false_alarms_per_quarter`, those of the worst. There is no list of what really happened, so
nothing is forgiven: **every** alarm outside the weeks of `--real` counts as false, also where the newspapers of that
week tell of the event.
"""

from __future__ import annotations

import csv
import json
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from bench.options import Options
from bench.tables import TableError, opened_table
from haedap.analytics.radar import Bounds, Kind, Sign, WeeklySurge, weekly
from haedap.language.morphemes import Morphemes
from haedap.language.telling import telling_words

_OPEN = timedelta(days=30)
_REAL = ("2020-02-03=우한", "2020-02-24=신천지")
_COLUMNS = ("expiry_date", "title")
Weeks: TypeAlias = dict[date, dict[int, frozenset[Sign]]]


def read_titles(path: Path) -> list[tuple[date, str, str]]:
    """Day of opening, category and title of each line that has a day and a title. Raises TableError."""
    with opened_table(path, _COLUMNS, strict=False) as table:
        found = list(_titles(table))
    if not found:
        raise TableError(f"{path.name} 파일에 날짜와 제목이 있는 줄이 없습니다.")
    return found


def _titles(table: csv.DictReader[str]) -> Iterator[tuple[date, str, str]]:
    for row in table:
        title = (row["title"] or "").strip()
        try:
            day = date.fromisoformat((row["expiry_date"] or "").strip()) - _OPEN
        except (ValueError, OverflowError):
            continue
        if title:
            yield day, (row.get("category") or "").strip(), title


def weeks_of(titles: Sequence[tuple[date, str, str]]) -> Weeks:
    """The signs of each title, by the Monday of the week in which it opened."""
    words = telling_words((title for _day, _category, title in titles), Morphemes())
    weeks: Weeks = defaultdict(dict)
    for number, ((day, category, _title), found) in enumerate(zip(titles, words, strict=True)):
        signs = {Sign(Kind.WORD, word) for word in found}
        if category:
            signs.add(Sign(Kind.TOPIC, category))
        weeks[day - timedelta(days=day.weekday())][number] = frozenset(signs)
    return dict(weeks)


def measure(titles: Sequence[tuple[date, str, str]], real: Collection[tuple[date, str]]) -> dict[str, Any]:
    """The figures. `real`: weeks by their Monday, each with the word that has to surge."""
    began = time.perf_counter()
    weeks = weeks_of(titles)
    read = time.perf_counter()
    told = weekly(weeks, Bounds())
    scanned = time.perf_counter()
    false = Counter(_quarter(one.week) for one in told if one.week not in {week for week, _word in real})
    return {
        "n": len(titles),
        "weeks": len(weeks),
        "alarms": [_alarm(one) for one in told],
        "found": {f"{week}={word}": _has(told, week, word) for week, word in real},
        "false_alarms": {quarter: false[quarter] for quarter in sorted({_quarter(week) for week in weeks})},
        "false_alarms_per_quarter": max(false.values(), default=0),
        "words_seconds": round(read - began, 1),
        "scan_seconds": round(scanned - read, 2),
    }


def _alarm(one: WeeklySurge[int]) -> dict[str, Any]:
    return {
        "week": one.week.isoformat(),
        "words": one.surge.values(Kind.WORD)[:8],
        "topics": one.surge.values(Kind.TOPIC),
        "observed": one.surge.observed,
        "expected": round(one.surge.expected, 1),
        "petitions": len(one.surge.contacts),
    }


def _has(told: Sequence[WeeklySurge[int]], week: date, word: str) -> bool:
    return any(one.week == week and word in one.surge.values(Kind.WORD) for one in told)


def _quarter(week: date) -> str:
    return f"{week.year}-Q{(week.month + 2) // 3}"


def _real(text: str) -> tuple[date, str]:
    week, _equals, word = text.partition("=")
    return date.fromisoformat(week), word


def _show(figures: dict[str, Any]) -> None:
    for alarm in figures["alarms"]:
        words = " ".join(alarm["words"]) or " ".join(alarm["topics"]) or "전체 증가"
        print(f"{alarm['week']}  {alarm['observed']:4} / {alarm['expected']:6}  {words}")
    for key in ("found", "false_alarms", "false_alarms_per_quarter", "n", "words_seconds", "scan_seconds"):
        print(f"{key}: {figures[key]}")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = Options(prog="haedap bench radar")
    parser.add_argument("--petitions", type=Path, required=True, metavar="FILE")
    parser.add_argument("--real", type=_real, action="append", metavar="WEEK=WORD")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(read_titles(arguments.petitions), arguments.real or [_real(text) for text in _REAL])
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        _show(figures)


if __name__ == "__main__":
    main()
