"""Django registration."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """The app `supervision`."""

    name = "haedap.apps.supervision"
    label = "supervision"
