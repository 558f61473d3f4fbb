"""The process that holds kiwi, the embeddings and the index for all of a centre: `haedap language`.

It follows the table `search_entry`, which `haedap.apps.search` writes, and answers over a unix socket.
"""

from __future__ import annotations

from pathlib import Path


def socket_of(runtime: Path) -> Path:
    """Where the process answers."""
    return runtime / "language.sock"
