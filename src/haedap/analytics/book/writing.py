"""The book out of its material."""

from __future__ import annotations

from collections.abc import Iterable

from haedap.analytics.book.chapters import matters, quality, subjects, year
from haedap.analytics.book.chapters.times import times
from haedap.analytics.book.edits import FOREWORD
from haedap.analytics.book.material import Material
from haedap.analytics.book.model import Accepted, Book, Section
from haedap.analytics.book.proposals import followed, proposals_of

CHAPTERS = (
    year.glance,
    year.months,
    times,
    subjects.topics,
    subjects.districts,
    subjects.offices,
    subjects.crossed,
    quality.service,
    quality.handling,
    quality.callbacks,
    quality.survey,
    matters.cases,
    matters.articles,
    matters.gaps,
    matters.issues,
)
"""In the order of the book; proposals come after them, and the definitions last."""


def written(material: Material, accepted: Iterable[Accepted] = ()) -> Book:
    """The whole book. `accepted`: the proposals of earlier books that are to be followed up."""
    foreword = Section(FOREWORD, "발간사")
    sections = (foreword, *(chapter(material) for chapter in CHAPTERS), matters.definitions(material))
    return Book(
        title=f"{material.span.name} 운영 연감",
        centre=material.centre,
        since=material.span.since,
        until=material.span.until,
        synthetic=material.synthetic,
        sections=sections,
        proposals=proposals_of(material),
        followed=followed(material, accepted),
    )
