"""The rows that the process follows and writes back. The table is `haedap.apps.search.models.SearchEntry`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from haedap.language import embedding, terms
from haedap.language.classification import Example
from haedap.language.embedding import Vectors
from haedap.language.entries import Entry
from haedap.language.terms import Terms

Connection: TypeAlias = AsyncConnection[dict[str, Any]]
CHANNEL = "haedap_search"
SYNONYMS = "synonyms"
"""What the channel says when those have changed; else it says the id of a row."""
_LONGEST_BODY = 4000
_READ = """
SELECT id, kind, key, title, questions, left(body, %(body)s) AS body, keywords, filters, valid_from, valid_until,
       digest, analysed, terms, embedded, embedding
FROM search_entry WHERE id = ANY(%(ids)s)
"""
_EXAMPLES = """
WITH RECURSIVE path AS (
    SELECT id, name::text AS names FROM topic WHERE parent_id IS NULL AND active
    UNION ALL
    SELECT topic.id, path.names || ' ' || topic.name
    FROM topic JOIN path ON path.id = topic.parent_id WHERE topic.active
), leaf AS (
    SELECT id, names FROM path WHERE NOT EXISTS (SELECT FROM topic WHERE parent_id = path.id AND active)
)
SELECT leaf.id::text AS label, leaf.names AS text FROM leaf
UNION ALL
SELECT leaf.id::text, said.text
FROM search_entry AS entry
JOIN leaf ON entry.filters -> 'topic' ? leaf.id::text
CROSS JOIN LATERAL (
    SELECT left(entry.body, %(note)s) AS text WHERE entry.kind = 'contact'
    UNION ALL
    SELECT unnest(entry.title || string_to_array(entry.questions, E'\\n')) WHERE entry.kind = 'article'
) AS said
WHERE said.text <> ''
"""
_LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it stands in the table, with what was made of it before, where that is still good."""

    id: int
    digest: str
    entry: Entry
    terms: Terms | None
    vectors: Vectors | None


async def connect(url: str) -> Connection:
    """A connection that commits by itself and notices within seconds when the server is gone."""
    return await AsyncConnection.connect(
        url,
        autocommit=True,
        row_factory=dict_row,
        connect_timeout=5,
        application_name="haedap language",
    )


async def read_digests(connection: Connection) -> dict[int, str]:
    """What stands in the table, by id."""
    cursor = await connection.execute("SELECT id, digest FROM search_entry")
    return {row["id"]: row["digest"] for row in await cursor.fetchall()}


async def read_rows(connection: Connection, ids: Iterable[int]) -> list[Row]:
    """Those of these rows that are there."""
    cursor = await connection.execute(_READ, {"ids": list(ids), "body": _LONGEST_BODY})
    return [_row(**values) for values in await cursor.fetchall()]


async def read_synonyms(connection: Connection) -> dict[str, list[str]]:
    """The city's synonyms, one list for offices and articles."""
    cursor = await connection.execute("SELECT said, means FROM office_synonym")
    return {row["said"]: [word.strip() for word in row["means"].split(",")] for row in await cursor.fetchall()}


async def read_examples(connection: Connection) -> list[Example]:
    """Texts with the topic that they are about, by its id: notes of closed contacts, questions, the topics' names."""
    cursor = await connection.execute(_EXAMPLES, {"note": _LONGEST_NOTE})
    return [Example(row["text"], row["label"]) for row in await cursor.fetchall()]


async def write_terms(connection: Connection, row: Row, found: Terms) -> None:
    """Keep the terms with the row, unless it has changed since."""
    await connection.execute(
        "UPDATE search_entry SET terms = %s, analysed = %s WHERE id = %s AND digest = %s",
        (found.packed(), terms.mark_of(row.entry), row.id, row.digest),
    )


async def write_vectors(connection: Connection, entry: Entry, mark: str, vectors: Vectors) -> None:
    """Keep the vectors with the entry. `mark` says what they were made of, so that older ones are never taken."""
    await connection.execute(
        "UPDATE search_entry SET embedding = %s, embedded = %s WHERE kind = %s AND key = %s",
        (embedding.packed(vectors), mark, entry.kind, entry.key),
    )


def _row(
    *,
    id: int,  # noqa: A002 - the column's name
    digest: str,
    analysed: str,
    embedded: str,
    valid_from: date | None,
    valid_until: date | None,
    **values: Any,
) -> Row:
    kept_terms, kept_vectors = values.pop("terms"), values.pop("embedding")
    filters = {name: [str(value) for value in found] for name, found in values.pop("filters").items()}
    entry = Entry(**values, filters=filters, valid_from=valid_from, valid_until=valid_until)
    return Row(
        id=id,
        digest=digest,
        entry=entry,
        terms=terms.unpacked(kept_terms) if analysed == terms.mark_of(entry) else None,
        vectors=embedding.unpacked(kept_vectors) if embedded == embedding.mark_for(entry) and kept_vectors else None,
    )
