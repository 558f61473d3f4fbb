"""Django registration."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The app `search`."""

    name = "haedap.apps.search"
    label = "search"
