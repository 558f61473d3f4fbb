"""The folder of prompts: what is made anew, what is kept, and whose recordings are left alone."""

from pathlib import Path

import numpy as np
import pytest
import structlog.testing

from haedap.channels.voice.prompts import (
    PromptError,
    PromptErrorCode,
    PromptLibrary,
    UploadRefused,
    VoiceFailed,
)
from haedap.channels.voice.prompts.audio import RATE, to_wav
from haedap.domain.decisions import Saying
from haedap.domain.ids import PromptKey

TEXTS = {"welcome": "안녕하십니까", "position": "순번은 {number}번입니다", "empty": " "}


class HummingVoice:
    """A voice that hums each text at a pitch of its own and remembers what it was asked."""

    def __init__(self, name: str = "hum") -> None:
        self.name = name
        self.spoken: list[str] = []

    def speak(self, text: str) -> bytes:
        if "실패" in text:
            raise VoiceFailed(PromptErrorCode.VOICE_FAILED)
        self.spoken.append(text)
        pitch = 200 + sum(map(ord, text)) % 2000
        return to_wav(0.5 * np.sin(2 * np.pi * pitch * np.arange(RATE // 4) / RATE))


@pytest.fixture
def voice() -> HummingVoice:
    return HummingVoice()


@pytest.fixture
def library(tmp_path: Path, voice: HummingVoice) -> PromptLibrary:
    return PromptLibrary(tmp_path / "prompts", voice, tmp_path / "cache")


def recording() -> bytes:
    return to_wav(0.3 * np.sin(np.arange(RATE)))


def test_everything_is_made_once(library: PromptLibrary, voice: HummingVoice) -> None:
    first = library.ensure(TEXTS)
    assert len(first.made) == 31
    assert (library.folder / "music" / "hold.wav").stat().st_size > 500_000
    assert (library.folder / "tone.wav").is_file()
    assert not (library.folder / "empty.wav").exists()
    assert library.ensure(TEXTS).made == ()
    assert len(voice.spoken) == 31


def test_a_changed_text_is_spoken_again_and_only_it(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    before = (library.folder / "welcome.wav").read_bytes()
    assert library.ensure({**TEXTS, "welcome": "어서 오십시오"}).made == ("welcome",)
    assert (library.folder / "welcome.wav").read_bytes() != before


def test_another_voice_speaks_everything_again(library: PromptLibrary, tmp_path: Path) -> None:
    library.ensure(TEXTS)
    assert len(PromptLibrary(library.folder, HummingVoice("other"), tmp_path / "cache").ensure(TEXTS).made) == 31


def test_a_second_centre_takes_the_sounds_from_the_cache(library: PromptLibrary, tmp_path: Path) -> None:
    library.ensure(TEXTS)
    second = HummingVoice()
    outcome = PromptLibrary(tmp_path / "second", second, tmp_path / "cache").ensure(TEXTS)
    assert (len(outcome.made), second.spoken) == (31, [])


def test_a_cache_that_cannot_be_written_only_costs_time(voice: HummingVoice, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    library = PromptLibrary(tmp_path / "prompts", voice, tmp_path / "cache")
    assert len(library.ensure(TEXTS).made) == 31


def test_a_folder_that_cannot_be_written_is_told(voice: HummingVoice, tmp_path: Path) -> None:
    (tmp_path / "prompts").write_text("in the way")
    with pytest.raises(PromptError) as caught:
        PromptLibrary(tmp_path / "prompts", voice).ensure(TEXTS)
    assert caught.value.code == PromptErrorCode.NO_FOLDER


def test_an_upload_is_left_alone(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    path = library.install("welcome", recording())
    uploaded = path.read_bytes()
    assert library.ensure({**TEXTS, "welcome": "어서 오십시오"}).own == ("welcome",)
    assert path.read_bytes() == uploaded


def test_a_file_put_there_by_hand_is_left_alone(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    path = library.folder / "position.3.wav"
    path.write_bytes(recording())
    assert library.ensure({**TEXTS, "position": "앞에 {number}분이 계십니다"}).own == ("position.3",)
    assert path.read_bytes() == recording()


def test_an_upload_taken_back_is_spoken_again(library: PromptLibrary) -> None:
    library.install("welcome", recording())
    library.remove_upload("welcome")
    assert "welcome" in library.ensure(TEXTS).made


def test_a_refused_upload_changes_nothing(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    before = (library.folder / "welcome.wav").read_bytes()
    with pytest.raises(UploadRefused):
        library.install("welcome", b"no sound")
    assert (library.folder / "welcome.wav").read_bytes() == before


@pytest.mark.parametrize("key", ["", "../welcome", "a/b", "Welcome", "환영", "a" * 65, "position.3", "\x00"])
def test_hostile_keys_reach_no_file(library: PromptLibrary, key: str) -> None:
    with pytest.raises(UploadRefused) as caught:
        library.install(key, recording())
    assert caught.value.code == PromptErrorCode.BAD_KEY
    assert library.ensure({key: "안녕"}).made == ()
    assert library.find(key) is None
    library.remove_upload(key)


def test_a_text_that_was_emptied_is_not_said_any_more(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    library.ensure({**TEXTS, "welcome": ""})
    assert library.find("welcome") is None


def test_a_text_that_says_its_number_no_more_is_said_in_place_of_the_frame(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    own = library.folder / "position.7.wav"
    own.write_bytes(recording())
    library.ensure({**TEXTS, "position": "잠시만 기다려 주십시오"})
    assert library.find("position", 3) == library.folder / "position.wav"
    assert library.find("position", 700) == library.folder / "position.wav"
    assert library.find("position", 7) == own
    assert library.ensure(TEXTS).made
    assert library.find("position", 3) == library.folder / "position.3.wav"


def test_a_recording_takes_the_place_of_a_whole_frame(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    path = library.install("position", recording())
    library.ensure(TEXTS)
    assert library.find("position", 3) == library.find("position", 77) == path
    library.remove_upload("position")
    library.ensure(TEXTS)
    assert library.find("position", 3) == library.folder / "position.3.wav"


def test_a_frame_that_was_emptied_is_not_said_any_more(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    library.ensure({**TEXTS, "position": ""})
    assert library.find("position", 3) is None


def test_a_recording_without_a_text_stays(library: PromptLibrary) -> None:
    path = library.install("empty", recording())
    library.ensure(TEXTS)
    assert library.find("empty") == path


def test_a_crash_between_the_two_files_is_mended(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    old = (library.folder / "welcome.wav").read_bytes()
    changed = {**TEXTS, "welcome": "어서 오십시오"}
    library.ensure(changed)
    new = (library.folder / "welcome.wav").read_bytes()
    (library.folder / "welcome.wav").write_bytes(old)  # as if it had stopped after the note, before the sound
    assert library.ensure(changed).made == ("welcome",)
    assert (library.folder / "welcome.wav").read_bytes() == new


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b"\xff\xfe", b'{"source": 1}'])
def test_a_broken_note_makes_the_file_somebody_s_own(library: PromptLibrary, note: bytes) -> None:
    library.ensure(TEXTS)
    (library.folder / "welcome.wav.made").write_bytes(note)
    assert library.ensure(TEXTS).own == ("welcome",)


def test_one_that_fails_does_not_stop_the_others(library: PromptLibrary) -> None:
    outcome = library.ensure({"bad": "실패", **TEXTS})
    assert outcome.failed == (("bad", PromptErrorCode.VOICE_FAILED),)
    assert len(outcome.made) == 31


@pytest.mark.parametrize("number", [0, 1, 30, 31, 77, 99, 9999])
def test_any_number_is_said(library: PromptLibrary, voice: HummingVoice, number: int) -> None:
    library.ensure(TEXTS)
    path = library.find("position", number)
    assert path is not None
    assert path.name == f"position.{number}.wav"
    assert f"순번은 {number}번입니다" in voice.spoken


def test_a_number_follows_its_changed_frame(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    path = library.find("position", 77)
    assert path is not None
    before = path.read_bytes()
    library.ensure({"position": "앞에 {number}분"})
    assert library.find("position", 77) == path
    assert path.read_bytes() != before


def test_another_process_says_numbers_too(library: PromptLibrary, tmp_path: Path) -> None:
    library.ensure(TEXTS)
    path = PromptLibrary(library.folder, HummingVoice(), tmp_path / "cache").find("position", 55)
    assert path is not None
    (library.folder / "frames.json").write_bytes(b"{")
    assert library.find("position", 56) is None


@pytest.mark.parametrize(("key", "number"), [("position", -1), ("position", 10_000), ("nothing", 3), ("nothing", None)])
def test_what_cannot_be_said_is_none(library: PromptLibrary, key: str, number: int | None) -> None:
    library.ensure(TEXTS)
    assert library.find(key, number) is None


async def test_files_of_sayings_in_order(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    sayings = [Saying(PromptKey("position"), 2), Saying(PromptKey("nothing")), Saying(PromptKey("welcome"))]
    with structlog.testing.capture_logs() as log:
        found = await library.files(sayings)
    assert [path.name for path in found] == ["position.2.wav", "welcome.wav"]
    assert log[0]["prompts"] == ["nothing"]


def test_files_are_readable_by_the_exchange(library: PromptLibrary) -> None:
    library.ensure(TEXTS)
    assert {path.stat().st_mode & 0o777 for path in library.folder.glob("*.wav")} == {0o644}
    assert not list(library.folder.glob("*.part"))
