"""Django registration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The app `cases`."""

    name = "haedap.apps.cases"
    label = "cases"
