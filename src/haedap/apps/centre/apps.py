"""Django registration."""

from django.apps import AppConfig


class CentreConfig(AppConfig):
    """The app `centre`."""

    name = "haedap.apps.centre"
    label = "centre"
    default_auto_field = "django.db.models.BigAutoField"
