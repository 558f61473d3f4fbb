"""Writes a synthetic year into a centre: all of it or nothing, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection, transaction
from psycopg import sql

from haedap.apps.centre import api as centre
from haedap.apps.contacts.models import Contact
from haedap.apps.demo.year import YearError, centre_parts
from haedap.apps.demo.year.case_tables import case_tables
from haedap.apps.demo.year.columns import copy_text
from haedap.apps.demo.year.contact_tables import SEQ, Numbering, contact_ids, contact_tables
from haedap.apps.demo.year.missed import put_missed, take_missed
from haedap.apps.demo.year.other_tables import other_tables
from haedap.apps.demo.year.parts import Parts
from haedap.apps.demo.year.profile import Profile
from haedap.apps.demo.year.year import SpanYear, generator, spans

Tell = Callable[[str], None]

_ROWS = 100
"""The chance of a span's rows is that of its number and this: another than that of its plan."""
_OF_CONTACTS = (
    "survey_answer",
    "survey",
    "lookup_use",
    "article_use",
    "contact_citizen",
    "contact_signs",
    "radar_alarm_contact",
    "contact_note",
    "transfer",
    "segment",
)
"""Tables whose rows go with their contact."""
_WORD_INDEXES = ("contact_note_text_part", "contact_caller_part")
"""Indexes that take what is new in one go much faster than row by row."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written. `contacts`: those that came in."""

    profile: str
    seed: int
    since: str
    until: str
    contacts: int
    answered: int
    self_handled: int
    rows: dict[str, int]


def write(profile: Profile, seed: int, *, replace: bool, tell: Tell) -> Written:
    """Put the year in; `tell` hears how far it is. Raises YearError when the centre has something else."""
    with transaction.atomic():
        _lock()
        _check(replace=replace)
        _defer_word_indexes()
        if centre.synthetic():
            tell("이전 가상 자료를 지웁니다.")
            _take_away()
        parts = centre_parts.put(profile, seed)
        rows: dict[str, int] = defaultdict(int)
        years = []
        for year, tables in _spans(profile, seed, parts):
            tell(f"{year.span.since} – {year.span.until}: 상담 {year.counts.contacts:,}건을 넣습니다.")
            for name, found in tables.items():
                rows[name] += sum(_copy(name, one) for one in found)
                tell(f"  {name}: {rows[name]:,}")
            years.append(year)
        _count_cases(years[0].span.since.year, years[-1].span.until.year)
        _fill_word_indexes()
        rows |= put_missed(years[-1].span, sum(year.counts.contacts for year in years))
        centre.plan_changed()
    _analyse(rows)
    return _written(profile, seed, years, dict(rows))


def _spans(profile: Profile, seed: int, parts: Parts) -> Iterator[tuple[SpanYear, dict[str, list[pa.Table]]]]:
    """Each span with its rows by table, in the order in which they may be written."""
    numbering = Numbering()
    for place, year in enumerate(spans(profile, seed)):
        rng = generator(profile, seed, _ROWS + place)
        ids = contact_ids(year, rng)
        yield (
            year,
            contact_tables(profile, year, parts, ids, numbering, rng)
            | case_tables(profile, year, parts, ids, rng)
            | other_tables(profile, year, parts, ids, numbering, rng),
        )


def remove(tell: Tell) -> None:
    """Take the year out again. Raises YearError when there is none."""
    with transaction.atomic():
        _lock()
        if not centre.synthetic():
            raise YearError("이 센터에는 지울 가상 자료가 없습니다.")
        tell("가상 자료를 지웁니다.")
        _take_away()
        centre.plan_changed()


def _check(*, replace: bool) -> None:
    if centre.synthetic():
        if not replace:
            raise YearError("이 센터에는 이미 가상 자료가 있습니다. 바꾸려면 --replace를 붙이십시오.")
    elif Contact.objects.exists():
        raise YearError("이 센터에는 실제 상담 기록이 있어 가상 자료를 넣을 수 없습니다. 빈 센터에서 실행하십시오.")


def _lock() -> None:
    """One year at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('haedap synthetic year'))")


def _defer_word_indexes() -> None:
    """Until `_fill_word_indexes` what is written waits in the indexes' lists of what is pending."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL gin_pending_list_limit = '1GB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")


def _fill_word_indexes() -> None:
    with connection.cursor() as cursor:
        for name in _WORD_INDEXES:
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [name])


def _take_away() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE going ON COMMIT DROP AS SELECT id FROM contact WHERE seq = %s", [SEQ])
        cursor.execute("ANALYZE going")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE case_event DISABLE TRIGGER case_event_append_only")
        cursor.execute(
            "DELETE FROM case_event USING case_file, going"
            " WHERE case_event.case_id = case_file.id AND case_file.contact = going.id"
        )
        cursor.execute("ALTER TABLE case_event ENABLE TRIGGER case_event_append_only")
        for name in ("case_file", *_OF_CONTACTS):
            table = sql.Identifier(name)
            cursor.execute(sql.SQL("DELETE FROM {} AS one USING going WHERE one.contact = going.id").format(table))
        cursor.execute("DELETE FROM search_entry WHERE kind = 'contact' AND key IN (SELECT id::text FROM going)")
        cursor.execute(
            "DELETE FROM promise_attempt USING promise WHERE promise_attempt.promise = promise.id AND promise.seq = %s",
            [SEQ],
        )
        cursor.execute("DELETE FROM promise WHERE seq = %s", [SEQ])
        cursor.execute("DELETE FROM agent_period WHERE agent = ANY(%s)", [centre_parts.accounts()])
        cursor.execute("DELETE FROM contact WHERE seq = %s", [SEQ])
        cursor.execute("DROP TABLE going")
    take_missed()
    centre_parts.take_back()


def _copy(name: str, rows: pa.Table) -> int:
    columns = sql.SQL(", ").join(map(sql.Identifier, rows.column_names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(sql.Identifier(name), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for text in copy_text(rows):
            copy.write(text)
    return int(rows.num_rows)


def _count_cases(first: int, last: int) -> None:
    """The numbers of cases go on after those of the year."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO case_year (year, last)"
            " SELECT split_part(number, '-', 1)::int, max(split_part(number, '-', 2)::int) FROM case_file"
            " WHERE split_part(number, '-', 1)::int BETWEEN %s AND %s GROUP BY 1"
            " ON CONFLICT (year) DO UPDATE SET last = greatest(case_year.last, excluded.last)",
            [first, last],
        )


def _analyse(rows: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        for name in rows:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))


def _written(profile: Profile, seed: int, years: list[SpanYear], rows: dict[str, int]) -> Written:
    return Written(
        profile=profile.key,
        seed=seed,
        since=years[0].span.since.isoformat(),
        until=years[-1].span.until.isoformat(),
        contacts=sum(year.counts.contacts for year in years),
        answered=sum(year.counts.answered for year in years),
        self_handled=sum(int((year.outcomes.passed == 0).sum()) for year in years),
        rows=rows,
    )
