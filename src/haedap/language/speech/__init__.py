"""Speech to text: a port, its adapters, and the cutting of a side's sound into utterances. Off by default.

Root of its errors: `SpeechError`.
"""

from __future__ import annotations

from haedap.language import LanguageError


class SpeechError(LanguageError):
    """An utterance was not understood. The message is for the log: it never holds what was said or what came back."""


class Unreachable(SpeechError):  # noqa: N818 - said of the other side
    """Nobody answered, not in time, or too busy: a later utterance may be understood."""


class Refused(SpeechError):  # noqa: N818
    """The other side does not want what we send: somebody has to look at the settings."""


class NotKept(SpeechError):  # noqa: N818
    """It was understood, but there was nowhere to store it."""


class Garbled(SpeechError):  # noqa: N818
    """The answer is none of its form."""
