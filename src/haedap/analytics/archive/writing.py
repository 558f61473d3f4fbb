"""Brings an archive up to date. Whenever this is killed, the archive is whole, and the next time goes on from there.

A month that has changed is written anew into a file of its own, and counts from when the manifest names it. What is
still to be written stands in the manifest, too, together with up to where the database was looked at: so nothing is
forgotten and nothing twice.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from haedap.analytics import sources
from haedap.analytics.archive import ArchiveError, changes, events, files
from haedap.analytics.archive.database import Database, open_database
from haedap.analytics.archive.manifest import FORM, WHOLE, Manifest, load, locked, remove_strangers, save
from haedap.analytics.engines.asking import midnight
from haedap.analytics.engines.live import export_of
from haedap.analytics.sources import Source

EVENTS = "event"
"""The table of the journal."""


def bring_up_to_date(
    url: str, folder: Path, *, centre: str, now: datetime, synthetic: str = "", anew: bool = False
) -> Manifest:
    """Write to the archive in `folder` what has changed in the database at `url` since the last time; returns it.

    `centre`: what the archive is called when it is read together with others. `synthetic`: the profile of the invented
    year in it. `anew`: look at everything again.
    Raises ArchiveError.
    """
    with locked(folder), open_database(url) as database:
        manifest = _standing(folder, anew=anew)
        remove_strangers(folder, manifest)
        manifest.centre, manifest.synthetic = centre, synthetic
        _look(database, folder, manifest, anew=anew)
        for source in sources.ALL:
            if source.monthly:
                _write_months(database, folder, manifest, source)
            else:
                _write_whole(database, folder, manifest, source)
        manifest.as_of = now
        save(folder, manifest)
        return manifest


def _standing(folder: Path, *, anew: bool) -> Manifest:
    """The archive as it is; an empty one in the place of one that cannot be gone on with."""
    try:
        manifest = load(folder)
    except ArchiveError:
        if anew:
            return Manifest()
        raise
    return manifest if manifest.form == FORM else Manifest()


def _look(database: Database, folder: Path, manifest: Manifest, *, anew: bool) -> None:
    """Note what has changed, then take in the journal: it is short, and all it needs is where it ended."""
    name, transaction, journal = database.rows(changes.STATE)[0]
    transaction = int(transaction)
    if anew or changes.is_another(manifest, name, transaction, journal):
        manifest.transaction, manifest.counts, manifest.journal = None, {}, 0
        manifest.tables.pop(EVENTS, None)
    changes.take_in(manifest, database.rows(changes.statement(manifest.transaction)))
    manifest.database, manifest.transaction = name, transaction
    save(folder, manifest)
    _write_journal(database, folder, manifest, journal)


def _write_journal(database: Database, folder: Path, manifest: Manifest, until: int) -> None:
    for month, last in database.rows(events.months(manifest.journal, until)):
        with database.stream(events.rows(manifest.journal, last)) as batches:
            part = files.write(folder, EVENTS, month, batches, events.SCHEMA)
        if part is not None:
            manifest.tables.setdefault(EVENTS, {}).setdefault(month, []).append(part)
        manifest.journal = last
        save(folder, manifest)


def _write_months(database: Database, folder: Path, manifest: Manifest, source: Source) -> None:
    for place in [place for place in manifest.due if place[0] == source.name]:
        month = place[1]
        _write(database, folder, manifest, source, month)
        manifest.due.remove(place)
        save(folder, manifest)


def _write_whole(database: Database, folder: Path, manifest: Manifest, source: Source) -> None:
    """Where the rows are the same as before, the file that is there stays."""
    before = manifest.tables.get(source.name, {}).get(WHOLE, [])
    _write(database, folder, manifest, source, WHOLE)
    after = manifest.tables[source.name].get(WHOLE, [])
    if before and [part.digest for part in before] == [part.digest for part in after]:
        manifest.tables[source.name][WHOLE] = before
        for part in after:
            (folder / part.file).unlink()
        return
    save(folder, manifest)


def _write(database: Database, folder: Path, manifest: Manifest, source: Source, month: str) -> None:
    """Put the rows of the month, as they are now, in the place of those that were."""
    since, until = (None, None) if month == WHOLE else map(midnight, _days(month))
    with database.stream(export_of(source, since, until)) as batches:
        part = files.write(folder, source.name, month, batches, schema_of(source))
    months = manifest.tables.setdefault(source.name, {})
    if part is not None:
        months[month] = [part]
    else:
        months.pop(month, None)


def schema_of(source: Source) -> pa.Schema:
    """How the source's columns are kept."""
    schema: pa.Schema = source.table.schema().to_pyarrow()
    return schema


def _days(month: str) -> tuple[date, date]:
    """The month's first day, and the next one's."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, 1), date(year + number // 12, number % 12 + 1, 1)
