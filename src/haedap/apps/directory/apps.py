"""Django registration."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The app `directory`."""

    name = "haedap.apps.directory"
    label = "directory"
