"""What people wrote over the generated text. It outlives each new making of the book; nothing is merged by guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from haedap.analytics.book.model import Book, Line, Proposal, Section

TITLE = "title"
FOREWORD = "foreword"
_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


class Decision(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` stands in the place of the generated text `base`."""

    base: str
    text: str


def section_key(section: Section) -> str:
    """Under which the text of a section is edited."""
    return f"section:{section.key}"


def proposal_key(proposal: Proposal) -> str:
    """Under which a proposal is edited; its first line is the title."""
    return f"proposal:{proposal.key}"


def proposal_text(proposal: Proposal) -> str:
    """As somebody edits it: the title, then a sentence a line."""
    return f"{proposal.title}\n{proposal.text}"


def texts(book: Book) -> dict[str, str]:
    """Every text that can be edited, by key, as it was generated."""
    found = {TITLE: book.title}
    found |= {section_key(section): section.text for section in book.sections}
    return found | {proposal_key(proposal): proposal_text(proposal) for proposal in book.proposals}


def conflicts(book: Book, edits: Mapping[str, Edit]) -> dict[str, str]:
    """The edits whose generated text is not what they were written over any more, each with the new generated text.

    An edit whose section or proposal is gone is no conflict: its text is kept, and shown nowhere.
    """
    now = texts(book)
    return {key: now[key] for key, edit in edits.items() if key in now and now[key] != edit.base}


def strange_figures(book: Book, text: str) -> tuple[str, ...]:
    """Figures of an edited text that stand nowhere else in the book; years, months and other small numbers may."""
    known = set(_figures(book))
    found = (match for match in _FIGURE.findall(text) if match not in known)
    return tuple(dict.fromkeys(match for match in found if "," in match or "." in match or int(match) > 3000))


def _figures(book: Book) -> Iterator[str]:
    for number in book.numbers:
        yield from _FIGURE.findall(number.bare)


def published(book: Book, edits: Mapping[str, Edit], decisions: Mapping[str, Decision]) -> Book:
    """The book as it is read: with the edited texts, without what was dropped."""
    sections = tuple(_edited_section(section, edits) for section in book.sections)
    kept = (each for each in book.proposals if decisions.get(each.key) is not Decision.DROPPED)
    proposals = tuple(_edited_proposal(each, edits, decisions) for each in kept)
    title = edits[TITLE].text.strip() if TITLE in edits else ""
    return msgspec.structs.replace(book, title=title or book.title, sections=sections, proposals=proposals)


def _edited_section(section: Section, edits: Mapping[str, Edit]) -> Section:
    edit = edits.get(section_key(section))
    return section if edit is None else msgspec.structs.replace(section, lines=_lines(edit.text))


def _edited_proposal(proposal: Proposal, edits: Mapping[str, Edit], decisions: Mapping[str, Decision]) -> Proposal:
    edit = edits.get(proposal_key(proposal))
    accepted = decisions.get(proposal.key) is Decision.ACCEPTED
    if edit is None:
        return msgspec.structs.replace(proposal, accepted=accepted)
    title, _, rest = edit.text.strip().partition("\n")
    return msgspec.structs.replace(
        proposal, title=title.strip() or proposal.title, lines=_lines(rest), accepted=accepted
    )


def _lines(text: str) -> tuple[Line, ...]:
    return tuple(Line((row.strip(),)) for row in text.splitlines() if row.strip())
