"""The real voice: espeak-ng and sox speak the demonstration's texts, quickly and as they should sound."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

import haedap
from haedap.channels.voice.prompts import EspeakVoice, PromptError, PromptErrorCode, PromptLibrary
from haedap.channels.voice.prompts.audio import RATE, Samples
from haedap.channels.voice.prompts.voice import sounding
from tests.support.effort import processor_seconds

VOICE = EspeakVoice()
PLAN = Path(haedap.__file__).parent / "apps" / "centre" / "demo" / "demo_plan.json"
TEXTS: dict[str, str] = {prompt["key"]: prompt["text"] for prompt in json.loads(PLAN.read_text("utf-8"))["prompts"]}


def heard(data: bytes) -> Samples:
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float64")
    assert rate == RATE
    found: Samples = samples
    return found


def speech_bands(samples: Samples) -> tuple[float, float]:
    """The shares of energy in 100-1000 Hz (voice) and 1000-3500 Hz (what makes words understood)."""
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    whole = float(spectrum.sum())
    voice, clear = (float(spectrum[(hertz >= low) & (hertz < high)].sum()) for low, high in ((100, 1000), (1000, 3500)))
    return voice / whole, clear / whole


@pytest.mark.parametrize("key", [key for key, text in TEXTS.items() if "{number}" not in text])
def test_each_text_is_speech_of_the_right_length_and_level(key: str) -> None:
    samples = heard(VOICE.speak(TEXTS[key]))
    syllables = sum("가" <= character <= "힣" for character in sounding(TEXTS[key]))
    assert 0.12 < len(samples) / RATE / syllables < 0.45
    assert np.max(np.abs(samples)) == pytest.approx(0.708, abs=0.01)
    assert 0.03 < np.sqrt(np.mean(samples**2)) < 0.3
    voiced, words = speech_bands(samples)
    assert voiced > 0.3
    assert words > 0.02
    pauses = np.mean(np.abs(samples) < 0.005)
    assert 0.05 < pauses < 0.6


def test_the_respelling_changes_the_sound() -> None:
    assert sounding("녹음됩니다 3번") == "노금됨니다 삼번"


def test_the_same_text_gives_the_same_sound() -> None:
    assert VOICE.speak("안녕하십니까.") == VOICE.speak("안녕하십니까.")


def test_all_prompts_of_the_demonstration_take_seconds(tmp_path: Path) -> None:
    library = PromptLibrary(tmp_path / "prompts", VOICE, tmp_path / "cache")
    begin = processor_seconds()
    outcome = library.ensure(TEXTS)
    assert processor_seconds() - begin < 20  # three where nothing else runs
    assert (outcome.failed, outcome.own) == ((), ())
    assert len(outcome.made) == len(TEXTS) - 2 + 60
    position = library.find("position", 99)
    assert position is not None
    assert 1 < len(heard(position.read_bytes())) / RATE < 6


@pytest.mark.parametrize("text", ["", " ", "...", "[[", "\x00\x07", "<speak/>!"[0], "🙂"])
def test_nothing_to_say_is_refused(text: str) -> None:
    with pytest.raises(PromptError) as caught:
        VOICE.speak(text)
    assert caught.value.code == PromptErrorCode.NOTHING_TO_SAY


def test_a_book_is_refused() -> None:
    with pytest.raises(PromptError) as caught:
        VOICE.speak("가" * 2001)
    assert caught.value.code == PromptErrorCode.TEXT_TOO_LONG


@pytest.mark.parametrize(
    "text", ["-v en 안녕", "[[h@l'oU]] 안녕", '<audio src="x"/> 안녕', "안녕\x00\n\r$(date) `id`", "ABC 안녕 é漢字"]
)
def test_hostile_texts_are_only_read_aloud(text: str) -> None:
    assert len(heard(VOICE.speak(text))) > RATE // 4


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PromptError) as caught:
        VOICE.speak("안녕")
    assert caught.value.code == PromptErrorCode.NO_PROGRAM
    assert "espeak-ng" in str(caught.value)
