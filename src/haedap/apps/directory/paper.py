"""What every form of an edition prints: names and numbers in their order, and what stands above and below them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.analytics.directory.changes import Kind
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.directory.choosing import Content, content_of
from haedap.apps.directory.models import Edition, Entry, Icon


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One number. `number`: E.164, `dialled`: as people here write it; `new_number`: it was another one before."""

    key: str
    name: str
    what: str
    number: str
    dialled: str
    new_number: bool = False


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """A part of daily life with its numbers."""

    name: str
    icon: str
    lines: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """An edition as it is printed. `main_number`: of the centre, as dialled, or ''. `address`: of the web page, or ''.

    `proof`: it is not published. `synthetic`: its contacts are invented.
    """

    title: str
    quarter: str
    centre: str
    main_number: str
    main_e164: str
    groups: tuple[PaperGroup, ...]
    day: str
    address: str
    proof: bool
    synthetic: bool

    @property
    def lines(self) -> list[PaperLine]:
        """All numbers in their order."""
        return [line for group in self.groups for line in group.lines]


def paper_of(edition: Edition) -> Paper:
    """Only entries that are right today: a number that changed after it was published is left out."""
    return paper_from(content_of(edition))


def paper_from(content: Content) -> Paper:
    """The same, of an edition that was read already."""
    edition = content.edition
    moved = {change.after.key for change in content.changes if change.kind is Kind.NUMBER and change.after}
    number = centre.main_number()
    day = timezone.localdate(edition.published_at) if edition.published_at else timezone.localdate()
    return Paper(
        title=_("Telephone numbers for daily life"),
        quarter=_("%(year)d, quarter %(quarter)d") % {"year": edition.of.year, "quarter": edition.of.number},
        centre=centre.settings().name,
        main_number=contacts.dialled(number) if number else "",
        main_e164=number or "",
        groups=tuple(
            PaperGroup(
                section.group.name if section.group else _("Further numbers"),
                section.group.icon if section.group else Icon.PHONE.value,
                tuple(_line(entry, entry.key in moved) for entry in section.entries if entry.name),
            )
            for section in content.printed
            if any(entry.name for entry in section.entries)
        ),
        day=f"{day:%Y. %-m. %-d.}",
        address=_public_address(),
        proof=not edition.is_published,
        synthetic=bool(edition.synthetic),
    )


def _line(entry: Entry, moved: bool) -> PaperLine:
    return PaperLine(entry.key, entry.name, entry.what, entry.number, contacts.dialled(entry.number), moved)


def _public_address() -> str:
    """Of the web page as people type it, when the world can reach it."""
    site = urlsplit(settings.HAEDAP.web_url)
    try:
        private = ip_address(site.hostname or "").is_private
    except ValueError:
        private = "." not in (site.hostname or "")
    return "" if private else f"{site.netloc}{reverse('life_numbers')}".rstrip("/")
