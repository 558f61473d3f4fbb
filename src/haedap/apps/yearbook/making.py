"""Making an edition: figures out of the archive, the book out of the figures, documents out of the book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.analytics import AnalyticsError
from haedap.analytics.book import model
from haedap.analytics.book.asking import book_of
from haedap.analytics.book.material import Span
from haedap.analytics.engines import Archive
from haedap.apps.centre import api as centre
from haedap.apps.centre import archive
from haedap.apps.wallboard.figures import figure_settings
from haedap.apps.yearbook import documents, editions
from haedap.apps.yearbook.errors import YearbookError
from haedap.apps.yearbook.models import Edition, EditionFile
from haedap.web.documents import DocumentError

_log = structlog.get_logger(__name__)
Tell: TypeAlias = Callable[[int, str], None]
"""Is told how much is done, 0 to 100, and what is done next."""


def make(edition: Edition, *, figures: bool, tell: Tell | None = None) -> bool:
    """Make it, and keep how far it is where the page reads it. Whether it was made; if not, `step` says why.

    Raises YearbookError while somebody else is making it.
    """
    with _alone(edition):
        return _make(edition, figures=figures, tell=tell)


def make_asked(key: int, *, figures: bool) -> None:
    """What the worker does when asked; nothing when the edition was taken away meanwhile. Raises what `make` does."""
    edition = Edition.objects.filter(pk=key).first()
    if edition is not None:
        make(edition, figures=figures)


@contextmanager
def _alone(edition: Edition) -> Iterator[None]:
    """Of all processes; over when this one is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('haedap yearbook'), %s)", [edition.pk])
        if not cursor.fetchone()[0]:
            raise YearbookError(_("The book is being made. Wait until it is finished."))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('haedap yearbook'), %s)", [edition.pk])


def _make(edition: Edition, *, figures: bool, tell: Tell | None) -> bool:
    def told(percent: int, step: str) -> None:
        Edition.objects.filter(pk=edition.pk).update(state=Edition.State.WORKING, percent=percent, step=step)
        if tell is not None:
            tell(percent, step)

    try:
        if figures or not edition.book:
            _generate(edition, told)
        _render(edition, told)
    except (AnalyticsError, DocumentError) as error:
        _fail(edition, str(error))
    except Exception as error:
        _log.exception("yearbook_failed", edition=edition.pk, error=type(error).__name__)
        _fail(
            edition,
            _("The book could not be made. Try again; if it fails again, tell the administrator of the machine."),
        )
        raise
    else:
        Edition.objects.filter(pk=edition.pk).update(state=Edition.State.DONE, percent=100, step="")
    edition.refresh_from_db()
    return edition.state == Edition.State.DONE


def _generate(edition: Edition, tell: Tell) -> None:
    span = Span(edition.since, edition.until)
    tell(5, _("The archive is brought up to date."))
    archive.update()
    tell(20, _("The figures are counted."))
    book = book_of(
        Archive([archive.folder()]),
        span,
        figure_settings(),
        centre=centre.settings().name,
        synthetic=centre.synthetic(),
        accepted=editions.accepted_before(span),
    )
    Edition.objects.filter(pk=edition.pk).update(book=model.encode(book).decode(), generated_at=timezone.now())
    edition.refresh_from_db()


def _render(edition: Edition, tell: Tell) -> None:
    """Documents of what is read now; who changes the book meanwhile sees that they are behind."""
    began = timezone.now()
    found = editions.opened(edition)
    if found is None:
        raise AnalyticsError(_("The book is not there yet. Wait until it is finished."))
    book, today = found.published, timezone.localdate()
    tell(50, _("The PDF is made."))
    pdf = documents.as_pdf(book, today)
    tell(85, _("The HWPX is made."))
    hwpx = documents.as_hwpx(book, today)
    with transaction.atomic():
        for form, content in ((EditionFile.Form.PDF, pdf), (EditionFile.Form.HWPX, hwpx)):
            EditionFile.objects.update_or_create(edition=edition, form=form, defaults={"content": content})
        Edition.objects.filter(pk=edition.pk).update(rendered_at=began)


def _fail(edition: Edition, why: str) -> None:
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.FAILED, step=why[:100])
