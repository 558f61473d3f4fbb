"""Django registration."""

from django.apps import AppConfig


class EffectConfig(AppConfig):
    """The app `effect`."""

    name = "haedap.apps.effect"
    label = "effect"
