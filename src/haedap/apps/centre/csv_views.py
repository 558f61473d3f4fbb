"""Lists as CSV files: out, and in by way of a preview."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from haedap.apps.accounts import access
from haedap.apps.centre import csv_text
from haedap.apps.centre.csv_text import MOST_BYTES, CsvError, decode
from haedap.apps.centre.lists_csv import LISTS, CsvList
from haedap.apps.centre.views import logged
from haedap.apps.contacts import topic_tree


@access.allow(access.ADMINISTRATORS)
@require_GET
def export(request: HttpRequest, key: str) -> HttpResponse:
    """The list as a file, which can be taken in again."""
    found = _list(key)
    logged(request, key, "", "exported")
    return csv_text.download(found.as_csv(), f"{key}-{timezone.localdate():%Y%m%d}")


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def take_in(request: HttpRequest, key: str) -> HttpResponse:
    """Choose a file; see what it would change and what is wrong in it; confirm. Nothing is written before."""
    found = _list(key)
    context = {"list": found, "key": key, "headings": ", ".join(found.headings)}
    if request.method == "POST":
        try:
            text = _text(request)
            if "confirm" in request.POST:
                topic_tree.lock()  # what is written is checked against the tree that it changes
            reading = found.read(text)
        except CsvError as error:
            return render(request, "centre/csv.html", {**context, "refused": str(error)}, status=400)
        if "confirm" in request.POST and not reading.problems:
            found.take_in(reading)
            logged(request, key, "", "imported")
            counts = {"added": len(reading.added), "changed": len(reading.changed)}
            messages.success(request, _("Imported: %(added)d new, %(changed)d changed.") % counts)
            return redirect(f"/centre/{found.page}")
        context |= {"reading": reading, "text": text}
    return render(
        request, "centre/csv.html", context, status=400 if context.get("reading") and reading.problems else 200
    )


def _text(request: HttpRequest) -> str:
    """The file that was chosen, or the text that the preview showed. Raises CsvError."""
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile):
        return decode(file.read(MOST_BYTES + 1))
    text = request.POST.get("text", "")
    if not text:
        raise CsvError(_("Choose a file."))
    return decode(text.encode())


def _list(key: str) -> CsvList:
    if key not in LISTS:
        raise Http404
    return LISTS[key]
