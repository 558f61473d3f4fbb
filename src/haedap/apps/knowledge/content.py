"""What an article says, as files and forms give it: names instead of ids. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.knowledge.models import (
    LONGEST_ANSWER,
    LONGEST_CODE,
    LONGEST_SCRIPT,
    LONGEST_TITLE,
)

MOST_ITEMS = 30
LONGEST_ITEM = 200
LONGEST_KEYWORD = 60
_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_YEARS = (2000, 2200)
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Characters that the database or a document cannot keep."""

LABELS = {
    "code": gettext_lazy("Code"),
    "title": gettext_lazy("Title"),
    "topics": gettext_lazy("Topics"),
    "office": gettext_lazy("Owning office"),
    "questions": gettext_lazy("What citizens say"),
    "keywords": gettext_lazy("Keywords"),
    "documents": gettext_lazy("Required documents"),
    "fee": gettext_lazy("Fee"),
    "law": gettext_lazy("Legal basis"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_until": gettext_lazy("Valid until and with"),
    "review_by": gettext_lazy("To be looked at again by"),
    "script": gettext_lazy("To read out"),
    "answer": gettext_lazy("Answer"),
}
"""What people call the fields, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Content:
    """An article's text. `topics`, `office`: paths of names by ` > `; an office may also be its name alone."""

    code: str
    title: str = ""
    topics: tuple[str, ...] = ()
    office: str = ""
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    fee: str = ""
    law: tuple[str, ...] = ()
    script: str = ""
    answer: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a field cannot be taken, in one sentence."""

    field: str
    sentence: str


def faults(content: Content) -> list[Fault]:
    """What is wrong in itself, whether or not it is a draft; empty when nothing is."""
    return [*_code(content), *_lengths(content), *_lists(content), *_dates(content)]


def missing(content: Content) -> list[Fault]:
    """What an article must have before anybody is asked to approve it."""
    wanted = {
        "title": content.title,
        "topics": content.topics,
        "office": content.office,
        "questions": content.questions,
        "script": content.script,
        "answer": content.answer.strip(),
        "valid_from": content.valid_from,
        "review_by": content.review_by,
    }
    return [
        Fault(name, _("“%(field)s” is missing.") % {"field": LABELS[name]})
        for name, value in wanted.items()
        if not value
    ]


def _code(content: Content) -> Iterator[Fault]:
    if not _CODE.fullmatch(content.code) or len(content.code) > LONGEST_CODE:
        yield Fault(
            "code",
            _("“%(code)s” is not a code: small letters, digits and hyphens, at most %(most)d characters.")
            % {"code": content.code[:LONGEST_CODE], "most": LONGEST_CODE},
        )


def _lengths(content: Content) -> Iterator[Fault]:
    most = {"title": LONGEST_TITLE, "fee": LONGEST_ITEM, "script": LONGEST_SCRIPT, "answer": LONGEST_ANSWER}
    for name, longest in most.items():
        value = getattr(content, name)
        if len(value) > longest:
            yield _too_long(name, longest)
        if UNWRITABLE.search(value):
            yield Fault(name, _("“%(field)s” has characters that cannot be stored.") % {"field": LABELS[name]})


def _lists(content: Content) -> Iterator[Fault]:
    for name in ("topics", "questions", "keywords", "documents", "law"):
        items: tuple[str, ...] = getattr(content, name)
        longest = LONGEST_KEYWORD if name == "keywords" else LONGEST_ITEM
        if len(items) > MOST_ITEMS:
            yield Fault(
                name,
                _("“%(field)s” has more than %(most)d entries.") % {"field": LABELS[name], "most": MOST_ITEMS},
            )
        if any(len(item) > longest for item in items):
            yield _too_long(name, longest)
        if any(UNWRITABLE.search(item) for item in items):
            yield Fault(name, _("“%(field)s” has characters that cannot be stored.") % {"field": LABELS[name]})
        if len(set(items)) < len(items):
            yield Fault(name, _("“%(field)s” has the same entry twice.") % {"field": LABELS[name]})


def _dates(content: Content) -> Iterator[Fault]:
    for name in ("valid_from", "valid_until", "review_by"):
        day: date | None = getattr(content, name)
        if day is not None and not _YEARS[0] <= day.year <= _YEARS[1]:
            yield Fault(name, _("“%(field)s”: check the year.") % {"field": LABELS[name]})
    if content.valid_from and content.valid_until and content.valid_until < content.valid_from:
        yield Fault("valid_until", _("It ends before it begins: check the dates of validity."))


def _too_long(name: str, most: int) -> Fault:
    return Fault(
        name, _("“%(field)s” is longer than %(most)d characters. Shorten it.") % {"field": LABELS[name], "most": most}
    )
