from __future__ import annotations

from django.apps import AppConfig


class OfficesConfig(AppConfig):
    """Departments and officers."""

    name = "haedap.apps.offices"
    label = "offices"
