"""읍면동: where in the city a matter is, as the note tells it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from haedap.apps.centre import api as centre


def districts() -> list[str]:
    """Those of the centre's city, in its order."""
    return list(centre.settings().districts)


def district_in(text: str, known: Sequence[str]) -> str:
    """The first of `known` that the text names; empty when it names none.

    A name begins a word: 가온동 is not in 새가온동. Whatever may follow it: 가온동에서.
    """
    if not known:
        return ""
    found = _names(tuple(known)).search(text)
    return found.group() if found else ""


@lru_cache(maxsize=8)
def _names(known: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, longest_first))})")
