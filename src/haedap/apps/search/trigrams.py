"""The simple search: PostgreSQL compares groups of three letters. For as long as the language process is away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection, transaction

from haedap.language.words import words_of

_LONGEST = 200
_ALIKE = "0.3"
"""How alike the words must be, 0 to 1: of half-typed words about the half."""
_SOUGHT = "(title || ' ' || keywords || ' ' || questions)"
_FIND = f"""
SELECT kind, key, word_similarity(%(text)s, {_SOUGHT}) AS alike
FROM search_entry
WHERE %(text)s <%% {_SOUGHT}
  AND (%(kinds)s::text[] = '{{}}' OR kind = ANY(%(kinds)s))
  AND (valid_from IS NULL OR valid_from <= %(at)s) AND (valid_until IS NULL OR valid_until >= %(at)s)
  AND NOT EXISTS (SELECT FROM unnest(%(names)s::text[], %(values)s::text[]) AS asked(name, value)
                  WHERE NOT coalesce(filters -> asked.name ? asked.value, false))
ORDER BY alike DESC, id LIMIT %(limit)s
"""  # noqa: S608 - a constant


def find_by_trigrams(
    text: str, kinds: Sequence[str], filters: Mapping[str, str], limit: int, at: date
) -> list[tuple[str, str, float]]:
    """Kind, key and likeness of what has words like those of `text`, the most alike first."""
    sought = " ".join(words_of(text[:_LONGEST]))
    if not sought:
        return []
    values: dict[str, str | int | date | list[str]] = {
        "text": sought,
        "kinds": list(kinds),
        "names": list(filters),
        "values": list(filters.values()),
        "at": at,
        "limit": limit,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = " + _ALIKE)
        cursor.execute(_FIND, values)
        return [(kind, key, float(alike)) for kind, key, alike in cursor.fetchall()]
