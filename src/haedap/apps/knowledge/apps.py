"""Django registration."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """The app `knowledge`."""

    name = "haedap.apps.knowledge"
    label = "knowledge"
