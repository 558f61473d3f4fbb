"""How many threads compute."""

from __future__ import annotations

from threadpoolctl import threadpool_limits


def compute_alone() -> None:
    """From now on linear algebra runs in the thread that asks for it, in this whole process.

    The helpers that NumPy's library would start spin for a while when they have done their part of comparing a question
    with all vectors: that cost each search more processor than the comparison itself, and the calls need it.
    """
    threadpool_limits(limits=1, user_api="blas")
