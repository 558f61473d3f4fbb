"""Keeps the index as the table is. NOTIFY names the rows that changed; whoever lost the line compares digests.

So a change is found within a fraction of a second, and a restart of PostgreSQL or of this process loses none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import psycopg
import structlog

from haedap.language import embedding, terms
from haedap.language.embedding import Embedder
from haedap.language.entries import Entry, Key, passages_of
from haedap.language.index import Index
from haedap.language.morphemes import Analyser
from haedap.language.service import rows
from haedap.language.service.rows import Connection, Row

_AT_ONCE = 200
_AGAIN = 1.0
"""Seconds until the next try to reach the database."""
_QUIET = 0.05
_LISTEN = 5.0
_log = structlog.get_logger(__name__)


class Follower:
    """`run` it for ever. `loaded` becomes true when the index has all that stood in the table."""

    def __init__(self, url: str, index: Index, analyser: Analyser) -> None:
        self._url, self._index, self._analyser = url, index, analyser
        self._known: dict[int, tuple[Key, str]] = {}
        self.loaded = False
        self.changed = asyncio.Event()
        """Set when there may be entries without vectors."""

    async def run(self) -> None:
        """Follow until cancelled; PostgreSQL may go away and come back."""
        while True:
            try:
                async with await rows.connect(self._url) as connection:
                    await connection.execute(f"LISTEN {rows.CHANNEL}".encode())
                    await self._compare(connection)
                    self.loaded = True
                    await self._listen(connection)
            except psycopg.Error as error:
                _log.info("the language process waits for PostgreSQL", error=type(error).__name__)
            await asyncio.sleep(_AGAIN)

    async def _compare(self, connection: Connection) -> None:
        """All that differs from what is known."""
        await self._read_synonyms(connection)
        there = await rows.read_digests(connection)
        differing = [id_ for id_, digest in there.items() if self._known.get(id_, (None, ""))[1] != digest]
        gone = [id_ for id_ in self._known if id_ not in there]
        await self._read(connection, [*gone, *differing])

    async def _listen(self, connection: Connection) -> None:
        while True:
            said = {notice.payload async for notice in connection.notifies(timeout=_LISTEN, stop_after=1)}
            if rows.SYNONYMS in said:
                await self._read_synonyms(connection)
            await self._read(connection, [int(one) for one in said if one.isdigit()])

    async def _read_synonyms(self, connection: Connection) -> None:
        await asyncio.to_thread(self._index.set_synonyms, await rows.read_synonyms(connection))

    async def _read(self, connection: Connection, ids: Sequence[int]) -> None:
        for start in range(0, len(ids), _AT_ONCE):
            asked = ids[start : start + _AT_ONCE]
            found = await rows.read_rows(connection, asked)
            self._forget(set(asked) - {row.id for row in found})
            made = await asyncio.to_thread(self._put, found)
            for row, new in made:
                await rows.write_terms(connection, row, new)
        if ids:
            self.changed.set()

    def _forget(self, ids: Iterable[int]) -> None:
        for id_ in ids:
            known = self._known.pop(id_, None)
            if known is not None:
                self._index.drop(known[0])

    def _put(self, found: Sequence[Row]) -> list[tuple[Row, terms.Terms]]:
        """Index the rows; returns those whose terms were not known, with them."""
        new = [row for row in found if row.terms is None]
        made = list(zip(new, terms.terms_of([row.entry for row in new], self._analyser), strict=True))
        fresh = {row.id: new_terms for row, new_terms in made}
        for row in found:
            known = row.terms or fresh[row.id]
            self._index.put(row.entry, known)
            if row.vectors is not None:
                self._index.put_vectors(row.entry, row.vectors)
            self._known[row.id] = (row.entry.id, row.digest)
        return made


class Embedding:
    """Makes the vectors that entries lack, one entry after the other, whenever no question is being answered."""

    def __init__(self, url: str, index: Index, embedder: Embedder, busy: Callable[[], bool]) -> None:
        self._url, self._index, self._embedder, self._busy = url, index, embedder, busy

    async def run(self, changed: asyncio.Event) -> None:
        """Embed until cancelled; `changed` says when there is something to do."""
        while True:
            await changed.wait()
            changed.clear()
            try:
                async with await rows.connect(self._url) as connection:
                    for entry in list(self._index.without_vectors()):
                        await self._embed(connection, entry)
            except psycopg.Error:
                changed.set()
                await asyncio.sleep(_AGAIN)

    async def _embed(self, connection: Connection, entry: Entry) -> None:
        texts = passages_of(entry)
        vectors = []
        for text in texts:
            while self._busy():
                await asyncio.sleep(_QUIET)
            vectors.append(await asyncio.to_thread(self._embedder.passages, [text]))
        made = np.concatenate(vectors)
        self._index.put_vectors(entry, made)
        await rows.write_vectors(connection, entry, embedding.mark_of(texts), made)
