"""The numbers as HWPX, for offices that want to lay them out themselves."""

from __future__ import annotations

from django.utils.translation import gettext as _

from haedap.apps.directory.paper import Paper

_WIDTHS = (32, 26, 42)


def write(paper: Paper) -> bytes:
    """One table a group, in the order of the leaflet."""
    from haedap.web.documents.hwpx import Writer

    document = Writer(f"{paper.title} · {paper.quarter}")
    document.heading(paper.title)
    document.paragraph(f"{paper.centre} · {paper.quarter} · {_('As of %(day)s') % {'day': paper.day}}")
    if paper.synthetic:
        document.paragraph(_("Synthetic data"), bold=True)
    if paper.proof:
        document.paragraph(_("Proof, not published"), bold=True)
    if paper.main_number:
        document.paragraph(f"{_('You do not know whom to call?')} {paper.main_number}", bold=True)
    for group in paper.groups:
        document.table(
            group.name,
            [_("Name"), _("Telephone number"), _("For what")],
            [[line.name, line.dialled, _what(line.what, new=line.new_number)] for line in group.lines],
            widths=_WIDTHS,
            text_columns=(0, 2),
        )
    if not paper.groups:
        document.paragraph(_("No number stands here yet. Please call the main number."))
    return document.finished()


def _what(text: str, *, new: bool) -> str:
    return f"[{_('New number')}] {text}".rstrip() if new else text
