"""Whatever happens in a centre, and wherever its projector stops: a rebuild from the journal gives the same tables."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from random import Random

import pytest

from haedap.domain.codec import decode_fact, encode
from haedap.domain.decisions import Decision
from haedap.store.journal import Journal
from haedap.store.projector import Projector, rebuild
from haedap.store.rows import Row, fact_rows
from tests.property.routing.world import World
from tests.support.engine import KOREA, read_models

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NAMED = re.compile(rf'"(contact\d+|{_UUID})([".])')
_SPACE = uuid.UUID("5a1f4f0e-6d59-4f57-9d0c-0d8d3f1f2c11")


def _lived(chance: Random, worlds: int) -> list[Row]:
    """The facts of some worlds, one world's after the other's, as rows of one journal."""
    rows: list[Row] = []
    for number in range(worlds):
        world = World()
        world.live(chance.randbytes(450))
        world.go_home()
        latest = rows[-1].at if rows else world.journal[0][0].at
        for event, outputs in world.journal:
            latest = max(latest, event.at)
            for fact in outputs:
                if not isinstance(fact, Decision):
                    text = _with_uuids(encode(fact).decode(), number)
                    rows += fact_rows([decode_fact(text)], len(rows) + 1, latest)
    return rows


def _with_uuids(text: str, world: int) -> str:
    """Worlds number their contacts; the tables want UUIDs, and no two worlds may have the same ones."""
    return _NAMED.sub(lambda found: f'"{uuid.uuid5(_SPACE, f"{world} {found[1]}")}{found[2]}', text)


@pytest.mark.parametrize("seed", range(4))
async def test_a_rebuild_gives_the_tables_that_were_written_bit_by_bit(database: str, seed: int) -> None:
    chance = Random(seed)
    rows = _lived(chance, worlds=4)
    journal = Journal(database)
    await journal.open()
    done = 0
    while done < len(rows):
        some = rows[done : done + chance.choice((1, 2, 7, 60))]
        await journal.append(some)
        await Projector(database, recorded_in=KOREA).catch_up()
        done += len(some)
    await journal.close()
    bit_by_bit = await read_models(database)
    await rebuild(database, recorded_in=KOREA)
    anew = await read_models(database)
    for table, found in bit_by_bit.items():
        assert found == anew[table], table
    told = Counter(row.name for row in rows)
    assert len(anew["contact"]) == told["ContactOpened"] > 0
    assert len(anew["segment"]) == told["SegmentStarted"] > 0
    assert len(anew["transfer"]) == told["TransferStarted"]
    assert len(anew["promise"]) == told["PromiseMade"]
