"""Django registration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """The app `contacts`."""

    name = "haedap.apps.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"
