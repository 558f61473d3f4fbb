"""Reports as files: CSV for whoever counts on, XLSX for whoever works on, PDF for whoever reads."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from haedap.analytics.measures import Definition, Unit
from haedap.apps.centre import api as centre
from haedap.apps.centre import csv_text
from haedap.apps.reports import numbers
from haedap.apps.reports.asking import Report
from haedap.apps.reports.drawing import drawings_of
from haedap.apps.reports.forms import SIDES
from haedap.apps.reports.lines import Number

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_FORMATS = {Unit.CONTACTS: "#,##0", Unit.RATIO: "0.0%", Unit.SECONDS: "[h]:mm:ss", Unit.POINTS: "0.0"}
_DAY_SECONDS = 86_400
_LONGEST_NAME = 31
"""Of a sheet, by Excel's rule."""


def title_of(report: Report) -> str:
    """What the report is called at its head and in mailboxes."""
    name = centre.settings().name or _("Call centre")
    return _("%(centre)s report, %(period)s") % {"centre": name, "period": report.asked.period.name}


def file_name(report: Report, ending: str) -> str:
    """In ASCII: what every browser and mailbox takes."""
    period = report.asked.period
    return f"report-{report.asked.by.value}-{period.since:%Y%m%d}-{period.last:%Y%m%d}.{ending}"


def as_csv(report: Report) -> bytes:
    """One row a group; figures bare: shares from 0 to 1, times in seconds."""
    synthetic = [_("Synthetic data")] if centre.synthetic() else []
    heads = [
        str(SIDES[report.asked.by]),
        *(each.name for each in report.definitions),
        _("Contacts, period before"),
        _("Contacts, year before"),
        *synthetic,
    ]
    rows = [
        [
            line.name,
            *(_bare(line.values[each.key]) for each in report.definitions),
            _bare(line.before),
            _bare(line.year_before),
            *synthetic,
        ]
        for line in report.lines
    ]
    return csv_text.write(heads, rows)


def as_pdf(report: Report) -> bytes:
    """The page on paper, with every figure's formula at the end."""
    from haedap.web.documents import pdf  # heavy: a server answers its first page without

    title = title_of(report)
    context = {"report": report, "title": title, "side": SIDES[report.asked.by], "drawings": drawings_of(report)}
    return pdf.render(render_to_string("reports/report_pdf.html", context), title=title, styles=_LANDSCAPE)


_LANDSCAPE = """
@page { size: A4 landscape }
table.wide { font-size: 7.5pt }
table.wide :is(th, td) { padding: 1mm }
table.wide th.level-2 { padding-left: 4mm }
table.wide th.level-3 { padding-left: 7mm }
"""


def as_xlsx(report: Report) -> bytes:
    """Sheets: the figures, the side, the formulas. Text is text, whatever it begins with."""
    from xlsxwriter import Workbook  # heavy: a server answers its first page without

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        book.set_properties({"title": title_of(report)})
        sheets = _Sheets(book, title_of(report))
        sheets.figures(report)
        sheets.side(report)
        sheets.formulas(report.definitions)
    return out.getvalue()


class _Sheets:
    """Writes the sheets of one book in one manner."""

    def __init__(self, book: Workbook, title: str) -> None:
        self._book, self._title = book, title
        self._bold = book.add_format({"bold": True, "font_size": 13})
        self._mark = book.add_format({"bold": True, "font_color": "#BD2C0F"})
        self._head = book.add_format(
            {"bold": True, "bg_color": "#ECF2FE", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self._levels = [book.add_format({"indent": level}) for level in range(3)]
        self._numbers = {unit: book.add_format({"num_format": form}) for unit, form in _FORMATS.items()}
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def figures(self, report: Report) -> None:
        """Now, before and a year before."""
        heads = [_("Figure"), report.asked.period.name, report.before.name, report.year_before.name]
        sheet, row = self._sheet(_("Figures"), heads, [24, 18, 24, 24])
        for each in report.figures:
            self._text(sheet, row, 0, each.definition.name)
            for column, value in enumerate((each.now, each.before, each.year_before), start=1):
                self._number(sheet, row, column, value, each.definition.unit)
            row += 1

    def side(self, report: Report) -> None:
        """One row a group."""
        name = str(SIDES[report.asked.by])
        heads = [
            name,
            *(each.name for each in report.definitions),
            _("Contacts, period before"),
            _("Contacts, year before"),
        ]
        sheet, row = self._sheet(_("By %(side)s") % {"side": name}, heads, [32, *([12] * (len(heads) - 1))])
        for line in report.lines:
            self._text(sheet, row, 0, line.name, self._levels[min(line.level, 3) - 1])
            cells = [(line.values[each.key], each.unit) for each in report.definitions]
            cells += [(line.before, Unit.CONTACTS), (line.year_before, Unit.CONTACTS)]
            for column, (value, unit) in enumerate(cells, start=1):
                self._number(sheet, row, column, value, unit)
            row += 1

    def formulas(self, definitions: Sequence[Definition]) -> None:
        """What each figure is."""
        sheet, row = self._sheet(_("Formulas"), [_("Figure"), _("Formula"), _("Counted by")], [24, 80, 60])
        for each in definitions:
            for column, text in enumerate((each.name, each.formula, each.cohort)):
                self._text(sheet, row, column, text, self._wrapped)
            row += 1

    def _sheet(self, name: str, heads: Sequence[str], widths: Sequence[int]) -> tuple[Worksheet, int]:
        """A sheet with title and heads, and its first free row."""
        sheet = self._book.add_worksheet(name[:_LONGEST_NAME])
        self._text(sheet, 0, 0, self._title, self._bold)
        if centre.synthetic():
            self._text(sheet, 1, 0, _("Synthetic data"), self._mark)
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            self._text(sheet, 2, column, head, self._head)
            sheet.set_column(column, column, width)
        sheet.freeze_panes(3, 1)
        return sheet, 3

    def _text(self, sheet: Worksheet, row: int, column: int, text: str, form: Any = None) -> None:
        sheet.write_string(row, column, text, form)

    def _number(self, sheet: Worksheet, row: int, column: int, value: Number, unit: Unit) -> None:
        if value is None:
            sheet.write_string(row, column, numbers.NOTHING)
        else:
            shown = value / _DAY_SECONDS if unit is Unit.SECONDS else value
            sheet.write_number(row, column, shown, self._numbers[unit])


FORMS: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "pdf": ("application/pdf", as_pdf),
}
"""Content type and writer by the file's ending."""


def download(report: Report, ending: str) -> HttpResponse:
    """The answer that hands over the report as a file."""
    kind, write = FORMS[ending]
    headers = {"Content-Disposition": f'attachment; filename="{file_name(report, ending)}"'}
    return HttpResponse(write(report), content_type=kind, headers=headers)


def _bare(value: Number) -> str:
    if value is None:
        return ""
    return str(round(value, 4)) if isinstance(value, float) else str(value)
