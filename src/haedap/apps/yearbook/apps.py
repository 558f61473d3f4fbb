"""Django registration."""

from django.apps import AppConfig


class YearbookConfig(AppConfig):
    """The app `yearbook`."""

    name = "haedap.apps.yearbook"
    label = "yearbook"
