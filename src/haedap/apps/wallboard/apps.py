"""The app's name."""

from django.apps import AppConfig


class WallboardConfig(AppConfig):
    """상황판."""

    name = "haedap.apps.wallboard"
