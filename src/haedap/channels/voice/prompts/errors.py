"""What can go wrong with prompts, by code; the edge has the Korean sentence for each code."""

from enum import StrEnum


class PromptErrorCode(StrEnum):
    """Stable names of what went wrong."""

    NOT_WAV = "not_wav"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    SILENT = "silent"
    BROKEN = "broken"
    BAD_KEY = "bad_key"
    NOTHING_TO_SAY = "nothing_to_say"
    TEXT_TOO_LONG = "text_too_long"
    NO_PROGRAM = "no_program"
    VOICE_FAILED = "voice_failed"
    NO_FOLDER = "no_folder"


class PromptError(Exception):
    """The root of this package's exceptions: a code, and a detail for the log that holds no personal data."""

    def __init__(self, code: PromptErrorCode, detail: str = "") -> None:
        super().__init__(f"{code.value}: {detail}" if detail else code.value)
        self.code = code


class UploadRefused(PromptError):  # noqa: N818 - named for what it says
    """The uploaded file cannot be a prompt."""


class VoiceFailed(PromptError):  # noqa: N818
    """The text could not be spoken."""
