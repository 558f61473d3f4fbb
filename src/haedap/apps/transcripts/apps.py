"""Django registration."""

from __future__ import annotations

from django.apps import AppConfig


class TranscriptsConfig(AppConfig):
    """The app `transcripts`."""

    name = "haedap.apps.transcripts"
    label = "transcripts"
