"""Which entries may be found at all: by kind, by validity, by the values of filters. In memory."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np
import numpy.typing as npt

from haedap.language.entries import Entry, Question

Allowed = npt.NDArray[np.bool_]
_KIND = ""
_EVER = date.max.toordinal()


class FilterIndex:
    """Entries by number."""

    def __init__(self) -> None:
        self._with: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._listed: dict[tuple[str, str], npt.NDArray[np.int32]] = {}
        self._first: npt.NDArray[np.int32] = np.zeros(1024, np.int32)
        self._last: npt.NDArray[np.int32] = np.full(1024, -1, np.int32)

    def put(self, number: int, entry: Entry) -> None:
        while number >= len(self._first):
            self._first = np.concatenate([self._first, np.zeros_like(self._first)])
            self._last = np.concatenate([self._last, np.full_like(self._last, -1)])
        self._first[number] = entry.valid_from.toordinal() if entry.valid_from else 0
        self._last[number] = entry.valid_until.toordinal() if entry.valid_until else _EVER
        for place in _places_of(entry):
            self._with[place].add(number)
            self._listed.pop(place, None)

    def drop(self, number: int, entry: Entry) -> None:
        self._last[number] = -1
        for place in _places_of(entry):
            self._listed.pop(place, None)
            self._with[place].discard(number)
            if not self._with[place]:
                del self._with[place]

    def allowed(self, question: Question, size: int) -> Allowed:
        """For each number below `size` whether the question may have it for an answer."""
        today = question.at.toordinal()
        allowed = (self._first[:size] <= today) & (self._last[:size] >= today)
        if question.kinds:
            allowed &= self._any_of({(_KIND, kind) for kind in question.kinds}, size)
        for place in question.filters.items():
            allowed &= self._any_of({place}, size)
        return allowed

    def renumber(self, kept: npt.NDArray[np.int32]) -> None:
        """Give the numbers of `kept` the numbers 0, 1, 2 …; all others must have been dropped."""
        new = {int(old): number for number, old in enumerate(kept)}
        self._listed.clear()
        for place, numbers in self._with.items():
            self._with[place] = {new[number] for number in numbers}
        room = max(1024, len(kept))
        first, last = self._first[kept], self._last[kept]
        self._first, self._last = np.zeros(room, np.int32), np.full(room, -1, np.int32)
        self._first[: len(kept)], self._last[: len(kept)] = first, last

    def _any_of(self, places: set[tuple[str, str]], size: int) -> Allowed:
        found = np.zeros(size, np.bool_)
        for place in places & self._with.keys():
            if place not in self._listed:  # turned into an array once: half the entries may have it
                self._listed[place] = np.fromiter(self._with[place], np.int32, len(self._with[place]))
            found[self._listed[place]] = True
        return found


def _places_of(entry: Entry) -> set[tuple[str, str]]:
    values = {(name, value) for name, values in entry.filters.items() if name for value in values}
    return {(_KIND, entry.kind), *values}
