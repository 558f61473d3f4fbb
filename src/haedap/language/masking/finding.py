"""All rules together."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from haedap.language.masking.addresses import find_addresses
from haedap.language.masking.counted import find_counted
from haedap.language.masking.names import find_names
from haedap.language.masking.numbers import find_numbers, plain_number
from haedap.language.masking.patterns import find_births, find_emails, find_passports, find_plates, find_starred
from haedap.language.masking.spans import LABELS, Span
from haedap.language.masking.view import view_of

_DECOMPOSED = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
"""A syllable written by its letters, as macOS writes the names of files and what is pasted from them."""


def find(text: str, names: Collection[str] = (), published: Collection[str] = ()) -> list[Span]:
    """The personal data in `text`: in order, disjoint, each within the text; its syllables are `composed`.

    `names`: names that the record knows (the citizen's). `published`: telephone numbers that everybody may know
    (the centre's, the offices'), in any form; they are left alone.
    """
    view = view_of(text)
    spans = _disjoint(_numbers_first(view, _plain_numbers(frozenset(published))))
    return _disjoint([*spans, *find_names(view, names, spans)])


def mask(text: str, names: Collection[str] = (), published: Collection[str] = ()) -> str:
    """`text`, `composed`, with a label in the place of each finding. Masking a masked text changes nothing."""
    text = composed(text)
    while spans := find(text, names, published):
        text = _labelled(text, spans)
    return text


def composed(text: str) -> str:
    """The text with its syllables as the rules read them; all else stays as it was written."""
    return _DECOMPOSED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def _numbers_first(view: str, published: frozenset[str]) -> Iterator[Span]:
    """Findings that may overlap, the surer kinds first."""
    yield from find_emails(view)
    yield from find_starred(view)
    yield from find_counted(view)
    yield from find_births(view)
    yield from find_passports(view)
    yield from find_plates(view)
    yield from find_numbers(view, published)
    yield from find_addresses(view)


def _disjoint(spans: Iterable[Span]) -> list[Span]:
    """Of those that overlap, the first one stays."""
    kept: list[Span] = []
    for span in spans:
        at = bisect(kept, span)
        if (at == 0 or kept[at - 1].end <= span.start) and (at == len(kept) or span.end <= kept[at].start):
            kept.insert(at, span)
    return kept


def _labelled(text: str, spans: Iterable[Span]) -> str:
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += (text[at : span.start], LABELS[span.type])
        at = span.end
    return "".join((*parts, text[at:]))


@lru_cache(maxsize=8)
def _plain_numbers(published: frozenset[str]) -> frozenset[str]:
    return frozenset(map(plain_number, published))
