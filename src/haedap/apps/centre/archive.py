"""The centre's own archive: where it is, and how it is brought up to date."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from haedap.analytics.archive.manifest import Manifest
from haedap.apps.centre import api
from haedap.clock import centre_time


def folder() -> Path:
    """Where it lies; it may not be there yet."""
    path: Path = settings.HAEDAP.state / "archive"
    return path


def update(*, anew: bool = False) -> Manifest:
    """Take in what has changed since the last time; `anew`: look at everything again. Raises ArchiveError."""
    # Its libraries take a second to load: the worker starts without them, and needs them at night.
    from haedap.analytics.archive.writing import bring_up_to_date

    url, name = settings.HAEDAP.database_url, api.settings().name
    return bring_up_to_date(url, folder(), centre=name, now=centre_time(), synthetic=api.synthetic(), anew=anew)
