"""Any WAV becomes a telephone prompt; what is none is refused with its reason."""

import contextlib
import io
import wave

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from haedap.channels.voice.prompts import PromptError, PromptErrorCode, UploadRefused, accept_upload
from haedap.channels.voice.prompts.audio import RATE, Samples, level, to_wav
from haedap.channels.voice.prompts.music import hold_music, recording_tone


def tone(hertz: float = 440.0, seconds: float = 1.0, rate: int = RATE, loudness: float = 0.2) -> Samples:
    return loudness * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def wav(samples: Samples, rate: int, subtype: str = "PCM_16", kind: str = "WAV") -> bytes:
    target = io.BytesIO()
    soundfile.write(target, samples, rate, format=kind, subtype=subtype)
    return target.getvalue()


def very_fast(data: bytes, rate: int) -> bytes:
    """The same file with another rate in its head."""
    return data[:24] + rate.to_bytes(4, "little") + data[28:]


def content(data: bytes) -> Samples:
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
    samples, _ = soundfile.read(io.BytesIO(data), dtype="float64")
    found: Samples = samples
    return found


def pitch(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.argmax(spectrum) * RATE / len(samples))


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_any_rate_becomes_the_same_sound(rate: int, subtype: str) -> None:
    samples = content(accept_upload(wav(tone(rate=rate), rate, subtype)))
    assert pitch(samples) == pytest.approx(440, abs=3)
    assert np.max(np.abs(samples)) == pytest.approx(0.708, abs=0.01)
    assert len(samples) / RATE == pytest.approx(1.24, abs=0.03)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "PCM_32", "DOUBLE", "ULAW", "ALAW", "IMA_ADPCM", "GSM610"])
def test_any_depth(subtype: str) -> None:
    assert pitch(content(accept_upload(wav(tone(), RATE, subtype)))) == pytest.approx(440, abs=3)


def test_stereo_becomes_mono() -> None:
    both = np.stack((tone(440), tone(440) * 0.5), axis=1)
    assert pitch(content(accept_upload(wav(both, RATE)))) == pytest.approx(440, abs=3)


@pytest.mark.parametrize("other", [-1.0, -0.9, 0.0])
def test_a_channel_that_cancels_the_other_does_not_make_the_recording_silent(other: float) -> None:
    """A balanced cable into a stereo jack: both channels are well, and their sum is nothing."""
    sound = tone(loudness=0.3)
    heard = content(accept_upload(wav(np.column_stack((sound, other * sound)), RATE)))
    assert pitch(heard) == pytest.approx(440, rel=0.01)


def test_silence_at_both_ends_is_short_and_the_speech_stays_whole() -> None:
    padded = np.concatenate((np.zeros(RATE * 3), tone(), np.zeros(RATE * 2)))
    samples = content(accept_upload(wav(padded, RATE)))
    assert len(samples) / RATE == pytest.approx(1.24, abs=0.02)
    assert not np.any(samples[: RATE // 10])
    assert not np.any(samples[-RATE // 10 :])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", PromptErrorCode.EMPTY),
        (b"RIFF", PromptErrorCode.NOT_WAV),
        (b"<html>not a sound</html>", PromptErrorCode.NOT_WAV),
        ("안내 음성".encode("euc-kr"), PromptErrorCode.NOT_WAV),
        (b"RIFF\xff\xff\xff\xffWAVE", PromptErrorCode.BROKEN),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(400), PromptErrorCode.BROKEN),
        (wav(tone(), RATE, "PCM_16", "FLAC"), PromptErrorCode.NOT_WAV),
        (wav(np.zeros(0), RATE), PromptErrorCode.EMPTY),
        (wav(tone(seconds=0.05), RATE), PromptErrorCode.EMPTY),
        (wav(np.zeros(RATE), RATE), PromptErrorCode.SILENT),
        (wav(np.full(RATE, np.nan), RATE, "FLOAT"), PromptErrorCode.BROKEN),
        (wav(1.7e308 * tone(rate=16_000), 16_000, "DOUBLE"), PromptErrorCode.BROKEN),
        (very_fast(wav(np.zeros(91 * 160_000), RATE, "IMA_ADPCM"), 160_000), PromptErrorCode.TOO_LONG),
        (wav(tone(rate=1000), 1000), PromptErrorCode.BROKEN),
        (wav(np.zeros((RATE, 9)), RATE), PromptErrorCode.BROKEN),
        (wav(np.zeros(301 * RATE), RATE, "ULAW"), PromptErrorCode.TOO_LONG),
        (b"RIFF" + bytes(10 * 1024 * 1024), PromptErrorCode.TOO_LARGE),
    ],
)
def test_what_is_no_prompt_is_refused(data: bytes, code: PromptErrorCode) -> None:
    with pytest.raises(UploadRefused) as caught:
        accept_upload(data)
    assert caught.value.code == code


def test_a_header_that_lies_about_its_length_does_no_harm() -> None:
    data = bytearray(wav(tone(), RATE))
    data[40:44] = b"\xff\xff\xff\x7f"
    assert len(content(accept_upload(bytes(data)))) < 2 * RATE


def test_a_file_that_was_cut_off_keeps_what_is_there() -> None:
    data = wav(tone(), RATE)
    assert len(content(accept_upload(data[: len(data) // 2]))) > RATE // 3


@given(st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused(tail: bytes) -> None:
    whole = wav(tone(seconds=0.2), RATE)
    for data in (tail, whole[:44] + tail, whole[:20] + tail + whole[20 + len(tail) :]):
        with contextlib.suppress(UploadRefused):
            assert np.max(np.abs(content(accept_upload(data)))) == pytest.approx(0.708, abs=0.01)


def test_too_loud_is_cut_and_never_wraps_round() -> None:
    samples = content(to_wav(np.array([2.0, -2.0, 0.5])))
    assert samples[0] > 0.99
    assert samples[1] < -0.99


def test_level_refuses_silence() -> None:
    with pytest.raises(PromptError):
        level(np.zeros(RATE))


def test_the_music_loops_without_a_click() -> None:
    music = hold_music()
    steps = np.abs(np.diff(np.concatenate((music, music[:1]))))
    assert 35 * RATE < len(music) < 45 * RATE
    assert np.max(np.abs(music)) == pytest.approx(0.251, abs=0.01)
    assert steps[-1] <= np.max(steps[:-1])
    quietest = min(np.sqrt(np.mean(part**2)) for part in np.array_split(music, 78))
    assert quietest > 0.01


def test_the_tone_is_short_and_audible() -> None:
    sound = recording_tone()
    assert len(sound) == RATE // 2
    assert 0.2 < np.max(np.abs(sound)) < 0.3
