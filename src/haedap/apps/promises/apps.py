"""Django registration."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """The app `promises`."""

    name = "haedap.apps.promises"
    label = "promises"
