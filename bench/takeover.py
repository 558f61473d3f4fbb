"""How long a centre is without decisions when its engine is killed: `haedap bench takeover [--rounds N] [--rows N]`.

A journal of many rows, as many live contacts as wanted, an engine and its standby as processes of their own, and a
simulated exchange at the channel port. The active engine is killed again and again; the time runs from the kill until
a citizen who calls at that moment gets the first answer. Prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path

from bench.options import Options, positive
from tests.support.engine import make_centre, wait_until
from tests.support.engine_process import EnginePair
from tests.support.exchange import Answering, Exchange, serve
from tests.support.journals import LongJournal, plan_of
from tests.support.own_cluster import DURABLE, own_cluster

_BEHIND_SNAPSHOT = 19_000
"""Rows behind the newest snapshot: nearly as many as there ever are."""


def main() -> None:
    """Measure as the command line says."""
    parser = Options(prog="haedap bench takeover", description=__doc__)
    parser.add_argument("--rounds", type=positive, default=20)
    parser.add_argument("--rows", type=positive, default=200_000)
    parser.add_argument("--contacts", type=positive, default=500)
    parser.add_argument("--json", action="store_true", help="accepted for symmetry: the output is always JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hd-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with own_cluster(folder, DURABLE) as server:
            print(json.dumps(measure(server.url, folder, options.rows, options.contacts, options.rounds)))


def measure(url: str, folder: Path, rows: int, contacts: int, rounds: int) -> dict[str, float]:
    """Fill the empty database at `url`, then kill and time. `contacts`: live ones, two in five of them waiting."""
    make_centre(url, agents=contacts * 3 // 5)
    journal = LongJournal(plan_of(url), waiting=contacts * 2 // 5)
    journal.write(url, rows, snapshot_at=rows - _BEHIND_SNAPSHOT)
    return asyncio.run(_measure(url, folder, journal, rounds))


async def _measure(url: str, folder: Path, journal: LongJournal, rounds: int) -> dict[str, float]:
    exchange = Exchange()
    exchange.calls, exchange.legs = journal.on_the_wire()
    exchange.answering = dict.fromkeys(journal.agents(), Answering.NEVER)
    live, times = len(exchange.calls), []
    async with serve(exchange, folder / "exchange"), EnginePair(url, folder) as engines:
        for _ in range(rounds):
            found = await engines.until_ready()
            await wait_until(lambda: exchange.tell is not None)
            times.append(await _round(exchange, engines, found.active.pid if found.active else 0))
            await engines.start()
    times.sort()
    return {
        "rows": journal.core.seq,
        "live_contacts": live,
        "rounds": rounds,
        "takeover_min_s": round(times[0], 3),
        "takeover_p50_s": round(times[len(times) // 2], 3),
        "takeover_p95_s": round(times[min(int(len(times) * 0.95), len(times) - 1)], 3),
        "takeover_max_s": round(times[-1], 3),
    }


async def _round(exchange: Exchange, engines: EnginePair, active: int) -> float:
    """Kill; somebody calls at once; how long until they hear something."""
    engines.kill(active)
    began = time.perf_counter()
    await engines.bury(active)
    contact = exchange.call()
    await wait_until(lambda: exchange.calls[contact].sound == "music")
    took = time.perf_counter() - began
    exchange.hang_up(contact)
    return took


if __name__ == "__main__":
    main()
