"""An endpoint of OpenAI's transcription form: what is sent, and what every bad answer becomes."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator

import numpy as np
import pytest

from haedap.language.speech import Garbled, Refused, SpeechError, Unreachable
from haedap.language.speech.endpoint import Endpoint
from haedap.language.speech.port import RATE, Heard, Utterance
from haedap.language.speech.whisper import Whisper, installed
from tests.support.machines import NUMBER, Machines, Reply
from tests.support.patience import PATIENCE

MOMENTS = np.arange(RATE) / RATE
UTTERANCE = Utterance((9000 * np.sin(2 * np.pi * 440 * MOMENTS)).astype("<i2").tobytes(), start=7.0)


HANGING = Reply(seconds=PATIENCE)


@pytest.fixture
async def endpoint(machines: Machines) -> AsyncIterator[Endpoint]:
    made = Endpoint(machines.address, "invented-key", "whisper-1", seconds=PATIENCE, pause=0.01)
    yield made
    await made.close()


@pytest.fixture
async def hurried(machines: Machines) -> AsyncIterator[Endpoint]:
    """It gives up soon, though not as soon as a busy machine answers late."""
    made = Endpoint(machines.address, "invented-key", "whisper-1", seconds=2.0, pause=0.01)
    yield made
    await made.close()


def said(content: object) -> Reply:
    return Reply(body=json.dumps(content).encode())


async def test_sound_model_language_and_key_are_sent(machines: Machines, endpoint: Endpoint) -> None:
    assert await endpoint.transcribe(UTTERANCE) == [Heard(f"440 헤르츠, 연락처 {NUMBER}", 7.0, 8.0)]
    [asked] = machines.asked
    assert (asked.path, asked.key, asked.seconds) == ("/v1/audio/transcriptions", "Bearer invented-key", 1.0)
    assert asked.fields == {"model": "whisper-1", "language": "ko", "response_format": "verbose_json"}


async def test_segments_keep_their_times_within_the_utterance(machines: Machines, endpoint: Endpoint) -> None:
    pieces = [
        {"text": " 네 ", "start": 0.2, "end": 0.5},
        {"text": "", "start": 0.5},
        {"text": "아니요", "start": -3, "end": 99},
    ]
    machines.replies = [said({"text": "네 아니요", "segments": pieces})]
    assert await endpoint.transcribe(UTTERANCE) == [Heard("네", 7.2, 7.5), Heard("아니요", 7.0, 8.0)]


async def test_silence_is_nothing(machines: Machines, endpoint: Endpoint) -> None:
    machines.replies = [said({"text": " \n"})]
    assert await endpoint.transcribe(UTTERANCE) == []


@pytest.mark.parametrize("reply", [Reply(503), Reply(429), HANGING, Reply(endless=True, body=b"")])
async def test_who_is_away_is_asked_once_more(machines: Machines, hurried: Endpoint, reply: Reply) -> None:
    machines.replies = [reply]
    [heard] = await hurried.transcribe(UTTERANCE)
    assert heard.text.startswith("440")
    assert len(machines.asked) == 2


@pytest.mark.parametrize(
    ("reply", "error", "times"),
    [
        (Reply(401), Refused, 1),
        (Reply(404, b"<html>"), Refused, 1),
        (Reply(302, headers={"Location": "http://127.0.0.1:1/elsewhere"}), Refused, 1),
        (Reply(500, b"no"), Unreachable, 2),
        (Reply(), Garbled, 1),
        (Reply(body=b"\xff\xfe\x00"), Garbled, 1),
        (Reply(body=b'{"text": 5}'), Garbled, 1),
        (Reply(body=b'{"text": "\xec"}'), Garbled, 1),
        (Reply(body=b'["text"]'), Garbled, 1),
        (Reply(body=b'{"text": "' + b"a" * 5000 + b'"}'), Garbled, 1),
        (Reply(body=b" " * 65536, endless=True), Garbled, 1),
    ],
)
async def test_bad_answers_are_errors_without_content(
    machines: Machines, endpoint: Endpoint, reply: Reply, error: type[SpeechError], times: int
) -> None:
    machines.replies = [reply] * 2
    with pytest.raises(error) as raised:
        await endpoint.transcribe(UTTERANCE)
    assert len(machines.asked) == times
    assert len(str(raised.value)) < 40
    assert "elsewhere" not in str(raised.value)


async def test_who_stays_away_is_unreachable(machines: Machines, hurried: Endpoint) -> None:
    machines.replies = [HANGING] * 2
    with pytest.raises(Unreachable):
        await hurried.transcribe(UTTERANCE)
    assert len(machines.asked) == 2


async def test_nobody_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = Endpoint(f"http://127.0.0.1:{unused.getsockname()[1]}", "", "m", pause=0.01)
        with pytest.raises(Unreachable):
            await endpoint.transcribe(UTTERANCE)
        await endpoint.close()


def test_whisper_that_is_not_there_says_so(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The library is no part of the lock; where somebody has it, its model is missing."""
    with pytest.raises(SpeechError, match="faster-whisper cannot be loaded"):
        Whisper(tmp_path / "no-model")
    assert installed() in {True, False}
