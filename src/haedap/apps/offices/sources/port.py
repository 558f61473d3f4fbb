"""What every directory looks like to an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

MOST_PEOPLE = 20_000
"""More than any city has; a directory that gives more is the wrong one."""


class DirectorySource(Protocol):
    """A city's list of people, wherever it is kept."""

    @property
    def name(self) -> str:
        """What people call it, for the preview and the access log."""

    def rows(self) -> list[tuple[int, Mapping[str, str]]]:
        """Everybody: number of the row from 1, and values by our columns (see `rows.COLUMNS`).

        Raises SourceError with one sentence when not all of them could be read.
        """
