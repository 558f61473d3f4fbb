"""The page of an edition: each text with what can be done to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from haedap.analytics.book import edits
from haedap.analytics.book.edits import FOREWORD, TITLE, Decision
from haedap.apps.yearbook import editions
from haedap.apps.yearbook.editions import Opened
from haedap.apps.yearbook.models import EditedText


@dataclass(frozen=True, slots=True)
class Text:
    """A text that can be edited. `changed`: what is generated now where it is not what the edit was written over."""

    key: str
    title: str
    text: str
    generated: str
    is_edited: bool
    changed: str | None
    strange: tuple[str, ...]
    """Figures of the edit that the book does not have."""
    seen: str
    """The mark of the saved text."""

    @property
    def rows(self) -> int:
        """How high its field is."""
        return max(2, self.text.count("\n") + 2)


@dataclass(frozen=True, slots=True)
class ProposalText:
    """A proposal with its text and what was decided."""

    key: str
    text: Text
    size: str
    evidence: tuple[str, ...]
    decision: Decision


@dataclass(frozen=True, slots=True)
class Page:
    """All that can be edited. `gone`: texts whose place the book does not have any more."""

    title: Text
    sections: tuple[Text, ...]
    proposals: tuple[ProposalText, ...]
    gone: tuple[EditedText, ...]
    conflicts: int


def page_of(found: Opened, typed: Mapping[str, str] | None = None) -> Page:
    """The page of an edition that has a book; `typed`: by key, what stands in its field and is not saved."""
    unsaved = typed or {}
    book = found.book
    conflicts = found.conflicts

    def text(key: str, title: str, generated: str) -> Text:
        edit = found.texts.get(key)
        saved = edit.text if edit is not None else generated
        strange = edits.strange_figures(book, saved) if edit is not None else ()
        shown = unsaved.get(key, saved)
        mark = editions.mark(saved)
        return Text(key, title, shown, generated, edit is not None, conflicts.get(key), strange, mark)

    def sections() -> Iterator[Text]:
        for section in book.sections:
            if section.lines or section.blocks or section.key == FOREWORD:
                yield text(edits.section_key(section), section.title, section.text)

    titles = {section.key: section.title for section in book.sections}
    proposals = tuple(
        ProposalText(
            each.key,
            text(edits.proposal_key(each), each.title, edits.proposal_text(each)),
            each.size.spoken,
            tuple(f"{one.name} {one.number.spoken} ({titles[one.section]})" for one in each.evidence),
            found.decisions.get(each.key, Decision.OPEN),
        )
        for each in book.proposals
    )
    return Page(text(TITLE, "", book.title), tuple(sections()), proposals, tuple(editions.gone(found)), len(conflicts))
