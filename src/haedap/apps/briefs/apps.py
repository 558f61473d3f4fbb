"""Django registration."""

from django.apps import AppConfig


class BriefsConfig(AppConfig):
    """The app `briefs`."""

    name = "haedap.apps.briefs"
    label = "briefs"
