"""What citizens hear: Korean texts spoken into WAV files, or replaced by a city's own recordings."""

from haedap.channels.voice.prompts.errors import PromptError, PromptErrorCode, UploadRefused, VoiceFailed
from haedap.channels.voice.prompts.library import NUMBER, Outcome, PromptLibrary, accept_upload, library_of
from haedap.channels.voice.prompts.voice import EspeakVoice, Voice

__all__ = [
    "NUMBER",
    "EspeakVoice",
    "Outcome",
    "PromptError",
    "PromptErrorCode",
    "PromptLibrary",
    "UploadRefused",
    "Voice",
    "VoiceFailed",
    "accept_upload",
    "library_of",
]
