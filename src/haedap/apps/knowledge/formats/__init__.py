"""Files of articles: Markdown with fields in front, many of them in a ZIP, CSV, and HWPX. Pure: bytes in and out."""

from __future__ import annotations

from dataclasses import dataclass, field

from haedap.apps.knowledge.content import Content


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something cannot be taken: where (`12행`, `water.md 5행`), and one sentence."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Item:
    """An article of a file. `place`: where it begins; `places`: where its fields stand, as far as that is known."""

    content: Content
    place: str
    places: dict[str, str] = field(default_factory=dict)

    def place_of(self, name: str) -> str:
        """Where the field stands."""
        return self.places.get(name, self.place)


@dataclass(slots=True)
class Read:
    """What a file gave."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
