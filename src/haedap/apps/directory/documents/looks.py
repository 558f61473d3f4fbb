"""The sign and the colour of each group. All colours are read well on white, and white on them (WCAG AA)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from haedap.apps.directory.models import Icon


@dataclass(frozen=True, slots=True)
class Look:
    """`drawing`: shapes on a field of 24 by 24, drawn in lines."""

    colour: str
    drawing: str

    def picture(self, colour: str) -> str:
        """The sign as an address for CSS, drawn in `colour`."""
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-width="1.9" '
            f'stroke="{colour}" stroke-linecap="round" stroke-linejoin="round">{self.drawing}</svg>'
        )
        return f'url("data:image/svg+xml,{quote(svg)}")'


LOOKS: dict[str, Look] = {
    Icon.WATER: Look("#0068b7", '<path d="M12 3.5C9 7.5 6 11 6 14.5a6 6 0 0 0 12 0C18 11 15 7.5 12 3.5z"/>'),
    Icon.MONEY: Look(
        "#8a5a00", '<circle cx="12" cy="12" r="8.5"/><path d="M7.5 9l2 6.5L12 10l2.5 5.5 2-6.5M6.8 12.2h10.4"/>'
    ),
    Icon.CAR: Look(
        "#3d4db7",
        '<path d="M4 16.5v-4l2-5h12l2 5v4zM4 12.5h16M6 16.5v2M18 16.5v2"/><path d="M7.5 14.5h.1M16.4 14.5h.1"/>',
    ),
    Icon.PAPER: Look(
        "#6b3fa0",
        '<path d="M6 3.5h8l4 4v13H6z"/><path d="M14 3.5v4h4M9 11h6M9 14h3"/><circle cx="14.5" cy="16.5" r="1.6"/>',
    ),
    Icon.HEART: Look(
        "#b8215a", '<path d="M12 19.5S4 14.8 4 9.4A4.3 4.3 0 0 1 12 7.2a4.3 4.3 0 0 1 8 2.2c0 5.4-8 10.1-8 10.1z"/>'
    ),
    Icon.HEALTH: Look("#c02626", '<path d="M9.5 4h5v5.5H20v5h-5.5V20h-5v-5.5H4v-5h5.5z"/>'),
    Icon.LEAF: Look(
        "#2a7030", '<path d="M5 19C4 10 9 4.5 20 4.5c.5 10-4.5 15-12 13.5"/><path d="M5 20c1.5-5 4.5-8 9-10"/>'
    ),
    Icon.ROAD: Look("#50565e", '<path d="M9 4L5 20M15 4l4 16M12 5v2.5M12 10.5v3M12 16.5v3"/>'),
    Icon.HOUSE: Look("#9a4514", '<path d="M4 11.5L12 4.5l8 7M6 10v9.5h12V10M10 19.5v-5h4v5"/>'),
    Icon.BOOK: Look(
        "#00666b", '<path d="M12 6.5C10 5 7 4.5 4 5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V5c-3-.5-6 0-8 1.5zM12 6.5v13"/>'
    ),
    Icon.WORK: Look("#745500", '<path d="M4 8h16v11H4zM9 8V5h6v3M4 13h16M12 12v2"/>'),
    Icon.TOWN: Look("#1c3f77", '<path d="M4 20h16M5 20v-9h14v9M4 11l8-6 8 6M9 20v-5M12 20v-5M15 20v-5"/>'),
    Icon.PHONE: Look(
        "#374151",
        '<path d="M7 4h3l1.5 4.5L9 10c1 2.2 2.8 4 5 5l1.5-2.5L20 14v3c0 1.5-1.2 2.7-2.7 2.5'
        'C10.5 18.7 5.3 13.5 4.5 6.7 4.3 5.2 5.5 4 7 4z"/>',
    ),
}
