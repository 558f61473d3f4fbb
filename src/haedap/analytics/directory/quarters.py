"""Quarters of a year: `2026Q4`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_TEXT = re.compile(r"(20\d\d)-?[Qq]([1-4])", re.ASCII)
_MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """`number` is 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Raises ValueError for what is not written as `2026Q4`, or lies outside this century."""
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise ValueError(text)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter in which `day` lies."""
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    @property
    def since(self) -> date:
        """Its first day."""
        return date(self.year, (self.number - 1) * _MONTHS + 1, 1)

    @property
    def until(self) -> date:
        """The first day after it."""
        return self.next.since

    @property
    def next(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)
