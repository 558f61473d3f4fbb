"""Django registration."""

from django.apps import AppConfig


class RadarConfig(AppConfig):
    """The app `radar`."""

    name = "haedap.apps.radar"
    label = "radar"
