"""The folder of prompts: `<key>.wav` for each text, `<key>.<n>.wav` for each number said in a frame. Where both are
wanted, somebody's own recording of a frame is said in place of all its numbers but those that are recorded, too.

What this library made has a file `<key>.wav.made` beside it, which tells from what it was made and what came out. A
WAV file that differs from that, or has none, is somebody's own recording: it is never overwritten.
"""

import asyncio
import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import structlog

from haedap.channels.voice.prompts.audio import level, read_wav, to_wav
from haedap.channels.voice.prompts.errors import PromptError, PromptErrorCode, UploadRefused
from haedap.channels.voice.prompts.music import hold_music, recording_tone
from haedap.channels.voice.prompts.voice import EspeakVoice, Voice
from haedap.config import Settings
from haedap.domain.decisions import Saying

NUMBER = "{number}"
"""Stands in the text of a frame where the number is said."""
READY_NUMBERS = range(1, 31)
_MOST_NUMBER = 9999
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WORKERS = 2
_FILE_MODE = 0o644
_FRAMES = "frames.json"
"""The frames by key: who says a number is another process than who wrote the texts."""
_log = structlog.get_logger()


class Made(msgspec.Struct, frozen=True):
    """From what a file was made, and the hashes of what came out now and the time before."""

    source: str
    sound: str
    earlier: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What `ensure` did, in keys: spoken or fetched anew, own recordings left alone, failures with their codes."""

    made: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    failed: tuple[tuple[str, PromptErrorCode], ...] = ()


def accept_upload(data: bytes) -> bytes:
    """An uploaded WAV of any rate, depth and channels as a prompt file. Raises as `read_wav`."""
    samples = read_wav(data)
    try:
        return to_wav(level(samples))
    except PromptError as error:
        raise UploadRefused(error.code) from None


def library_of(settings: Settings) -> "PromptLibrary":
    """The centre's prompts, spoken by the default voice."""
    return PromptLibrary(settings.prompts, EspeakVoice(), settings.cache / "prompts")


class PromptLibrary:
    """The prompts in `folder`, spoken by `voice`; `cache` holds sounds for all centres of this machine's user."""

    def __init__(self, folder: Path, voice: Voice, cache: Path | None = None) -> None:
        self.folder = folder
        self._voice = voice
        self._cache = cache

    async def files(self, sayings: Sequence[Saying]) -> tuple[Path, ...]:
        """The WAV files that say it, in order. What cannot be said is left out and logged."""
        found = [await asyncio.to_thread(self.find, saying.prompt, saying.number) for saying in sayings]
        missing = [saying.prompt for saying, path in zip(sayings, found, strict=True) if path is None]
        if missing:
            _log.warning("prompts that cannot be said", prompts=missing)
        return tuple(path for path in found if path is not None)

    def ensure(self, texts: Mapping[str, str]) -> Outcome:
        """Make every prompt whose text or voice changed; frames for 1 to 30; music and tone.

        One that fails does not stop the others. Raises `PromptError` when the folder cannot be written at all.
        Prompts without text are left to be recorded; what was made of an earlier text goes. May be called again at
        any time, also by two processes at once.
        """
        frames = {key: text for key, text in texts.items() if NUMBER in text}
        wanted = dict(_spoken_texts(texts))
        self._make_folders()
        with _not_writable():
            _write(self.folder / _FRAMES, msgspec.json.encode(frames))
        with ThreadPoolExecutor(_WORKERS) as pool:
            results = list(pool.map(self._ensure_one, wanted, wanted.values()))
        for key in filter(_KEY.fullmatch, texts):
            self._forget(self._unsaid(key, wanted))
        self.ensure_sounds()
        return Outcome(
            made=tuple(key for key, what in results if what == "made"),
            own=tuple(key for key, what in results if what == "own"),
            failed=tuple((key, what) for key, what in results if isinstance(what, PromptErrorCode)),
        )

    def ensure_sounds(self) -> None:
        """Music on hold and the recording tone, unless somebody put their own there. Raises `PromptError`."""
        self._make_folders()
        for path, compose in (
            (self.folder / "music" / "hold.wav", hold_music),
            (self.folder / "tone.wav", recording_tone),
        ):
            if not path.is_file():
                with _not_writable():
                    _write(path, to_wav(compose()))

    def find(self, key: str, number: int | None = None) -> Path | None:
        """The file that says the prompt, or the number in the frame `key`, made on the spot if need be (0.1 s).

        A text without a place for the number, and a recording of one's own, are said as they are. None when there is
        none: an unknown key, a number below 0 or above 9999, or a voice that fails.
        """
        if not _KEY.fullmatch(key) or (number is not None and not 0 <= number <= _MOST_NUMBER):
            return None
        whole, path = self.folder / f"{key}.wav", self.folder / f"{key}.{number}.wav"
        if number is None or (whole.is_file() and not _is_own(_digest(path), _read_made(path))):
            return whole if whole.is_file() else None
        frame = _read_frames(self.folder / _FRAMES).get(key)
        if frame:
            self._ensure_one(path.stem, frame.replace(NUMBER, str(number)))
        return path if path.is_file() else None

    def install(self, key: str, data: bytes) -> Path:
        """Put an uploaded WAV in the prompt's place. Raises `PromptError`; then the old one stays."""
        if not _KEY.fullmatch(key):
            raise UploadRefused(PromptErrorCode.BAD_KEY)
        sound = accept_upload(data)
        path = self.folder / f"{key}.wav"
        self._make_folders()
        with _not_writable():
            _sidecar(path).unlink(missing_ok=True)
            _write(path, sound)
        return path

    def remove_upload(self, key: str) -> None:
        """Drop a recording of one's own; the next `ensure` speaks the text again."""
        if _KEY.fullmatch(key):
            (self.folder / f"{key}.wav").unlink(missing_ok=True)

    def _make_folders(self) -> None:
        with _not_writable():
            (self.folder / "music").mkdir(parents=True, exist_ok=True)
        if self._cache:
            with contextlib.suppress(OSError):
                self._cache.mkdir(parents=True, exist_ok=True)

    def _ensure_one(self, name: str, text: str) -> tuple[str, str | PromptErrorCode]:
        source = hashlib.sha256(f"{self._voice.name}\n{text}".encode()).hexdigest()
        path = self.folder / f"{name}.wav"
        present, made = _digest(path), _read_made(path)
        if _is_own(present, made):
            return name, "own"
        if present == made.sound and source == made.source and present:
            return name, "kept"
        try:
            sound = self._speak(source, text)
            note = Made(source, hashlib.sha256(sound).hexdigest(), present)
            with _not_writable():
                _write(_sidecar(path), msgspec.json.encode(note))
                _write(path, sound)
        except PromptError as error:
            return name, error.code
        return name, "made"

    def _speak(self, source: str, text: str) -> bytes:
        """The sound of the text, from the cache if it has been spoken before."""
        cached = self._cache / f"{source}.wav" if self._cache else None
        if cached and (sound := _read(cached)):
            return sound
        sound = self._voice.speak(text)
        if cached:
            with contextlib.suppress(OSError):  # a cache that cannot be written only costs time
                _write(cached, sound)
        return sound

    def _unsaid(self, key: str, wanted: Mapping[str, str]) -> list[str]:
        """The names of the files that could say `key`, but for what its text is now: a frame, one sentence, nothing."""
        if f"{key}.{READY_NUMBERS[0]}" in wanted:
            return [key]
        numbers = [path.stem for path in self.folder.glob(f"{key}.*.wav")]
        return numbers if key in wanted else [key, *numbers]

    def _forget(self, names: Iterable[str]) -> None:
        """What was made of an earlier text of a prompt is not said any more."""
        for name in names:
            path = self.folder / f"{name}.wav"
            if not _is_own(_digest(path), _read_made(path)):
                path.unlink(missing_ok=True)


def _spoken_texts(texts: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for key, text in texts.items():
        if not _KEY.fullmatch(key) or not text.strip():
            continue
        if NUMBER in text:
            yield from ((f"{key}.{number}", text.replace(NUMBER, str(number))) for number in READY_NUMBERS)
        else:
            yield key, text


@contextlib.contextmanager
def _not_writable() -> Iterator[None]:
    """What the disk refuses, as an error of this package."""
    try:
        yield
    except OSError as error:
        raise PromptError(PromptErrorCode.NO_FOLDER, error.strerror or "") from None


def _sidecar(path: Path) -> Path:
    return path.with_name(f"{path.name}.made")


def _read(path: Path) -> bytes:
    """The file's content, empty when it is not there."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _digest(path: Path) -> str:
    data = _read(path)
    return hashlib.sha256(data).hexdigest() if data else ""


def _is_own(present: str, made: Made) -> bool:
    """Whether the file that is there is somebody's own recording."""
    return bool(present) and present not in (made.sound, made.earlier)


def _read_made(path: Path) -> Made:
    try:
        return msgspec.json.decode(_read(_sidecar(path)), type=Made)
    except msgspec.DecodeError:
        return Made("", "")


def _read_frames(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(_read(path), type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def _write(path: Path, data: bytes) -> None:
    """All or nothing, so that a file being played is never half a file; readable by the exchange's user."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(_FILE_MODE)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
