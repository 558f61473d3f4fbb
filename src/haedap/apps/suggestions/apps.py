"""Django registration."""

from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    """The app `suggestions`."""

    name = "haedap.apps.suggestions"
    label = "suggestions"
