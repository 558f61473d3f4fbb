"""`python -m tests.support.engine_process URL SOCKET`: an engine in a process of its own, which can be killed."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from haedap.engine.logs import configure_log
from haedap.engine.main import run_until_signal
from haedap.engine.recordings import RecordingFolder
from haedap.engine.service import Engine
from tests.support.engine import KOREA
from tests.support.exchange import RemoteExchange


async def _main(url: str, path: Path) -> bool:
    engine = Engine(
        url,
        RemoteExchange(path),
        lambda: datetime.now(UTC),
        recordings=RecordingFolder(path.parent, KOREA),
        snapshot_every=60,
    )
    return await run_until_signal(engine)


if __name__ == "__main__":
    configure_log("INFO")
    sys.exit(0 if asyncio.run(_main(sys.argv[1], Path(sys.argv[2]))) else 1)
