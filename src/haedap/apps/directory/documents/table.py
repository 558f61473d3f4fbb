"""The numbers as CSV."""

from __future__ import annotations

from django.utils.translation import gettext as _

from haedap.apps.centre import csv_text
from haedap.apps.directory.paper import Paper


def write(paper: Paper) -> bytes:
    """A row a number, in the order of the leaflet; a last row says that the figures are synthetic, when they are."""
    headings = [_("Group"), _("Name"), _("Telephone number"), _("For what"), _("E.164")]
    rows = [
        [group.name, line.name, line.dialled, line.what, line.number] for group in paper.groups for line in group.lines
    ]
    if paper.synthetic:
        rows.append([_("Synthetic data")])
    return csv_text.write(headings, rows)
