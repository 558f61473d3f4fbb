"""Django registration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The app `demo`."""

    name = "haedap.apps.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"
