"""Django registration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The app `reports`."""

    name = "haedap.apps.reports"
    label = "reports"
