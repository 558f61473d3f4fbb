"""Editions out of the database and into it: their books, texts and decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from haedap.analytics.book import edits, model
from haedap.analytics.book.edits import Decision, Edit
from haedap.analytics.book.material import Span
from haedap.analytics.book.model import Accepted, Book, Proposal
from haedap.apps.yearbook.errors import TextChangedError, YearbookError
from haedap.apps.yearbook.models import LONGEST_TEXT, EditedText, Edition, ProposalDecision


@dataclass(frozen=True, slots=True)
class Opened:
    """An edition with its book as it was generated, and all that people did to it."""

    edition: Edition
    book: Book
    texts: dict[str, Edit]
    decisions: dict[str, Decision]

    @property
    def published(self) -> Book:
        """The book as it is read."""
        return edits.published(self.book, self.texts, self.decisions)

    @property
    def conflicts(self) -> dict[str, str]:
        """The texts to be looked at again, each with what is generated now."""
        return edits.conflicts(self.book, self.texts)


def edition_of(span: Span) -> Edition:
    """The edition of these days, new and without a book if there is none yet."""
    return Edition.objects.get_or_create(since=span.since, until=span.until)[0]


def order(span: Span) -> Edition:
    """Have the book of these days made by the worker, from the figures on; the edition that is to be looked at."""
    with transaction.atomic():
        edition = edition_of(span)
        _defer(edition, figures=True)
    return edition


def order_again(edition: Edition, *, figures: bool) -> None:
    """Have it made anew, from the figures on or only the documents. Raises YearbookError while it is being made."""
    with transaction.atomic():
        locked = Edition.objects.select_for_update().get(pk=edition.pk)
        if locked.is_busy:
            raise YearbookError(_("The book is being made. Wait until it is finished."))
        _defer(locked, figures=figures or not locked.book)


def _defer(edition: Edition, *, figures: bool) -> None:
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.WAITING, percent=0, step="")
    app.configure_task("yearbook.make").defer(edition=edition.pk, figures=figures)


def opened(edition: Edition) -> Opened | None:
    """The edition with its book; none while there is no book."""
    if not edition.book:
        return None
    texts = {row.key: Edit(row.base, row.text) for row in edition.edits.all()}
    decisions = {row.key: Decision(row.decision) for row in edition.decisions.all()}
    return Opened(edition, model.decode(edition.book), texts, decisions)


def mark(text: str) -> str:
    """By which a page says which text it showed."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def write(edition: Edition, key: str, text: str, account: int, seen: str = "") -> None:
    """Put `text` in the place of the generated one; the generated text itself, or nothing, takes the edit away.

    `seen`: the mark of the text that it was written over, where a page showed one. Raises TextChangedError when that is
    another by now, YearbookError for a key that the book does not have, and for too long a text.
    """
    text = "\n".join(line.strip() for line in text.replace("\0", "").splitlines()).strip()
    if len(text) > LONGEST_TEXT:
        raise YearbookError(_("The text is longer than %(most)d characters. Shorten it.") % {"most": LONGEST_TEXT})
    with transaction.atomic():
        locked = Edition.objects.select_for_update().get(pk=edition.pk)
        generated = edits.texts(_book(locked))
        if key not in generated:
            raise YearbookError(_("The book does not have this text any more. Load the page anew."))
        edited = locked.edits.filter(key=key).values_list("text", flat=True).first()
        now = generated[key] if edited is None else edited
        if seen and mark(now) != seen and (text or generated[key]) != now:
            raise TextChangedError(
                _(
                    "Somebody else has changed this text since you opened it, and yours is not saved yet. It stands"
                    " below; save it again to replace theirs."
                )
            )
        if text in {"", generated[key]}:
            locked.edits.filter(key=key).delete()
        else:
            values = {"base": generated[key], "text": text, "account_id": account, "at": timezone.now()}
            EditedText.objects.update_or_create(edition=locked, key=key, defaults=values)
        _changed(locked)


def decide(edition: Edition, key: str, decision: Decision, account: int) -> None:
    """Accept or drop a proposal, or leave it open. Raises YearbookError for one that the book does not have."""
    with transaction.atomic():
        locked = Edition.objects.select_for_update().get(pk=edition.pk)
        book = _book(locked)
        proposal = next((each for each in book.proposals if each.key == key), None)
        if proposal is None:
            raise YearbookError(_("The book does not have this proposal any more. Load the page anew."))
        if decision is Decision.OPEN:
            locked.decisions.filter(key=key).delete()
        else:
            values = {
                "decision": decision.value,
                "proposal": msgspec.json.encode(_as_accepted(proposal, book.title)).decode(),
                "account_id": account,
                "at": timezone.now(),
            }
            ProposalDecision.objects.update_or_create(edition=locked, key=key, defaults=values)
        _changed(locked)


def accepted_before(span: Span) -> tuple[Accepted, ...]:
    """The accepted proposals of the last edition that ended before these days, as its book has them now.

    One that its book has not any more, for it was generated anew, is followed as it was when it was accepted.
    """
    edition = Edition.objects.filter(until__lte=span.since).exclude(book="").order_by("-until", "-since").first()
    found = opened(edition) if edition is not None else None
    if edition is None or found is None:
        return ()
    book = found.published
    now = {each.key: _as_accepted(each, book.title) for each in book.proposals}
    rows = edition.decisions.filter(decision=Decision.ACCEPTED).order_by("id")
    return tuple(now.get(row.key) or msgspec.json.decode(row.proposal, type=Accepted) for row in rows)


def gone(found: Opened) -> Iterable[EditedText]:
    """The texts whose section or proposal the book does not have any more."""
    known = edits.texts(found.book)
    return [row for row in found.edition.edits.order_by("id") if row.key not in known]


def _as_accepted(proposal: Proposal, title: str) -> Accepted:
    return Accepted(proposal.key, proposal.title, proposal.figure_name, proposal.figure, title)


def _book(edition: Edition) -> Book:
    if not edition.book:
        raise YearbookError(_("The book is not there yet. Wait until it is finished."))
    return model.decode(edition.book)


def _changed(edition: Edition) -> None:
    Edition.objects.filter(pk=edition.pk).update(changed_at=timezone.now())
