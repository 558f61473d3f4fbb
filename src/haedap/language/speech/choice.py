"""Which transcriber the settings ask for."""

from __future__ import annotations

from haedap.config import Settings, Speech
from haedap.language.speech.endpoint import Endpoint
from haedap.language.speech.port import Transcriber
from haedap.language.speech.whisper import Whisper


def transcriber_of(settings: Settings) -> Transcriber | None:
    """None: calls are not written down. Raises SpeechError when the one that is asked for cannot be had."""
    match settings.speech:
        case Speech.ENDPOINT:
            return Endpoint(settings.speech_url, settings.speech_key, settings.speech_model)
        case Speech.WHISPER:
            return Whisper(settings.speech_whisper_model)
        case Speech.NONE:
            return None
