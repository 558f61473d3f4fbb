"""Django registration."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The app `surveys`."""

    name = "haedap.apps.surveys"
    label = "surveys"
