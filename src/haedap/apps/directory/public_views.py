"""The published directory for everybody: a page without scripts, and its vCards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from haedap.apps.accounts import access
from haedap.apps.centre import api as centre
from haedap.apps.directory.documents import cards
from haedap.apps.directory.documents.leaflet import urgent_numbers
from haedap.apps.directory.models import Edition
from haedap.apps.directory.paper import paper_of
from haedap.apps.directory.views import download


@access.allow(access.EVERYONE)
@require_GET
def life_numbers(request: HttpRequest) -> HttpResponse:
    """The last published edition, as far as its numbers are still right."""
    edition = _published()
    context = {
        "paper": paper_of(edition) if edition else None,
        "synthetic": (edition and edition.synthetic) or centre.synthetic(),
        "urgent": urgent_numbers(),
    }
    return render(request, "directory/public.html", context)


@access.allow(access.EVERYONE)
@require_GET
def life_numbers_vcard(request: HttpRequest) -> HttpResponse:
    """Its numbers for the address book of a telephone."""
    edition = _published()
    if edition is None:
        return render(request, "directory/public.html", {"paper": None, "urgent": urgent_numbers()}, status=410)
    return download(cards.write(paper_of(edition)), "vcard", edition)


def _published() -> Edition | None:
    return Edition.objects.filter(state=Edition.State.PUBLISHED).first()
