"""Django registration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app `accounts`."""

    name = "haedap.apps.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
