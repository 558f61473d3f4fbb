"""The ranking of what to connect next as a file that spreadsheets open."""

from __future__ import annotations

from django.utils.translation import gettext as _

from haedap.apps.centre import csv_text
from haedap.apps.effect.figures import Page


def as_csv(page: Page) -> bytes:
    """UTF-8 with a mark at the front, which spreadsheets ask for. One row a topic that was passed on."""
    headings = [
        _("Topic"),
        _("Number of contacts"),
        _("Passed on"),
        _("Without an article"),
        _("Without a look-up"),
        _("Without either"),
        _("Could be kept"),
        _("Articles"),
        _("What to do"),
    ]
    return csv_text.write(
        headings,
        [
            [
                lost.name,
                str(lost.loss.contacts),
                str(lost.loss.passed_on),
                str(lost.loss.no_article),
                str(lost.loss.no_look_up),
                str(lost.loss.unaided),
                "" if lost.loss.avoidable is None else f"{lost.loss.avoidable:.1f}",
                str(lost.articles),
                lost.advice,
            ]
            for lost in page.lost
        ],
    )
