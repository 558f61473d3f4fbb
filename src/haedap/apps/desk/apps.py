"""Django registration."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The app `desk`."""

    name = "haedap.apps.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
