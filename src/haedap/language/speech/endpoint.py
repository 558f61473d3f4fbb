"""Adapter: any endpoint of OpenAI's transcription form, `POST {base}/v1/audio/transcriptions`."""

from __future__ import annotations

import io
import math
import wave
from collections.abc import Callable
from http import HTTPStatus

import httpx
import msgspec
import stamina

from haedap.language import bounded
from haedap.language.speech import Garbled, Refused, SpeechError, Unreachable
from haedap.language.speech.port import SAMPLE_BYTES, Heard, Utterance

PATH = "v1/audio/transcriptions"
LONGEST_TEXT = 4000
"""Characters of an utterance: nobody says more in 15 seconds, and what is longer is garbage."""
_ATTEMPTS = 2
_BUSY = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS})


class _Piece(msgspec.Struct):
    text: str
    start: float = 0.0
    end: float | None = None


class _Answer(msgspec.Struct):
    text: str
    segments: list[_Piece] | None = None


_decode: Callable[[bytes], _Answer] = msgspec.json.Decoder(_Answer).decode


class Endpoint:
    """Speaks with `url` alone. `seconds`: for one attempt, of two; only who is out of reach is asked again."""

    def __init__(self, url: str, key: str, model: str, *, seconds: float = 15.0, pause: float = 0.5) -> None:
        self._client = bounded.client(url, key)
        self._model = model
        self._seconds = seconds
        self._pause = pause

    async def transcribe(self, utterance: Utterance) -> list[Heard]:
        # A context, for a decorator would write what it was called with, the sound, into the log.
        tries = stamina.retry_context(
            on=Unreachable, attempts=_ATTEMPTS, timeout=None, wait_initial=self._pause, wait_jitter=0
        )
        async for attempt in tries:
            with attempt:
                return await self._ask(utterance)
        raise AssertionError("the last attempt raises")

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(self, utterance: Utterance) -> list[Heard]:
        fields = {"model": self._model, "language": "ko", "response_format": "verbose_json"}
        file = ("utterance.wav", wav(utterance), "audio/wav")
        try:
            status, body = await bounded.post(self._client, PATH, self._seconds, data=fields, files={"file": file})
        except (httpx.HTTPError, TimeoutError) as error:
            raise Unreachable(type(error).__name__) from None
        except bounded.TooLarge:
            raise Garbled("the answer is too large") from None
        if status != HTTPStatus.OK:
            raise _refusal(status)
        return _read(body, utterance)


def wav(utterance: Utterance) -> bytes:
    """The utterance as a file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(utterance.rate)
        file.writeframes(utterance.sound)
    return buffer.getvalue()


def _refusal(status: int) -> SpeechError:
    away = status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Unreachable(f"status {status}") if away else Refused(f"status {status}")


def _read(body: bytes, utterance: Utterance) -> list[Heard]:
    """Endpoints that know no `verbose_json` answer with the text alone."""
    try:
        answer = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Garbled("the answer is not of the form") from None
    pieces = answer.segments or [_Piece(answer.text)]
    heard = [_placed(piece, utterance) for piece in pieces if piece.text.strip()]
    if sum(len(piece.text) for piece in heard) > LONGEST_TEXT:
        raise Garbled("the text is too long")
    return heard


def _placed(piece: _Piece, utterance: Utterance) -> Heard:
    """Its times are counted from the utterance's beginning, and trusted only within it."""
    end = utterance.seconds if piece.end is None or not math.isfinite(piece.end) else piece.end
    start, end = (min(max(moment, 0.0), utterance.seconds) for moment in (piece.start, end))
    return Heard(piece.text.strip(), utterance.start + min(start, end), utterance.start + end)
