"""Django registration."""

from django.apps import AppConfig


class LookupsConfig(AppConfig):
    """The app `lookups`."""

    name = "haedap.apps.lookups"
    label = "lookups"
