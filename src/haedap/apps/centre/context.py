"""What every page shows of the centre."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from haedap.apps.centre import api


def centre(_request: HttpRequest) -> dict[str, object]:
    """`centre_name`, read only by templates that show it."""
    return {"centre_name": SimpleLazyObject(lambda: api.settings().name)}
