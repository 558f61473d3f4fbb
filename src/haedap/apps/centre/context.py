"""What every page shows of the centre."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from haedap.apps.centre import api


def centre(_request: HttpRequest) -> dict[str, object]:
    """`centre_name`, and `synthetic`: the profile of an invented year. Read only by templates that show them, once."""
    settings = SimpleLazyObject(api.settings)
    return {
        "centre_name": SimpleLazyObject(lambda: settings.name),
        "synthetic": SimpleLazyObject(lambda: settings.synthetic),
    }
