"""How many events a second the engine sustains against a real PostgreSQL, and how long a call waits for its answer.

`haedap bench engine --json [--agents N] [--calls N] [--cps R]`: citizens call a simulated exchange at the channel
port, which rings and answers at once, so that what is timed is the engine alone: inbox, router, journal, performing,
read models. Two runs: as fast as it goes, and at R calls a second. Times are in milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import math
import resource
import tempfile
import time
from pathlib import Path

from bench.options import Options, above_zero, positive
from haedap.domain.ids import AgentId, ContactId
from haedap.engine.logs import configure_log
from tests.support.engine import Centre, make_centre, running_engine, wait_until
from tests.support.exchange import Answering, Exchange
from tests.support.own_cluster import DURABLE, own_cluster


def main() -> None:
    """Measure as the command line says."""
    parser = Options(prog="haedap bench engine", description=__doc__)
    parser.add_argument("--agents", type=positive, default=100)
    parser.add_argument("--calls", type=positive, default=2000)
    parser.add_argument("--cps", type=above_zero, default=60.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    configure_log("WARNING")
    with tempfile.TemporaryDirectory(prefix="hd-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        with own_cluster(Path(name), DURABLE) as server:
            figures = asyncio.run(_measure(server.url, options.agents, options.calls, options.cps))
    print(json.dumps(figures) if options.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


class _Timed(Exchange):
    """An exchange that notes when each call came and when it was joined with an agent, and lets it go then."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[ContactId, float] = {}
        self.waits: list[float] = []
        self.on_joined = self._joined

    def arrive(self) -> None:
        started = time.perf_counter()
        self.came[self.call()] = started

    def _joined(self, contact: ContactId) -> None:
        self.waits.append(time.perf_counter() - self.came[contact])
        self.hang_up(contact)


async def _measure(url: str, agents: int, calls: int, cps: float) -> dict[str, float]:
    make_centre(url, agents=agents)
    exchange = _Timed()
    exchange.answering = {AgentId(number): Answering.AT_ONCE for number in range(1, agents + 1)}
    async with running_engine(url, exchange) as centre:
        await centre.on_duty(*range(1, agents + 1))
        return await _flat_out(centre, exchange, agents, calls) | await _at_rate(exchange, cps, calls)


async def _flat_out(centre: Centre, exchange: _Timed, agents: int, calls: int) -> dict[str, float]:
    """As many calls at a time as there are agents."""
    rows, events = centre.engine.journal.tail, await _events(centre)
    started = time.perf_counter()
    while len(exchange.waits) < calls:
        while len(exchange.calls) < agents and len(exchange.came) < calls:
            exchange.arrive()
        await asyncio.sleep(0)
    seconds = time.perf_counter() - started
    written = centre.engine.journal.tail - rows
    await centre.projected()
    behind = time.perf_counter() - started - seconds
    return {
        "events_per_s": round((await _events(centre) - events) / seconds),
        "rows_per_s": round(written / seconds),
        "calls_per_s": round(calls / seconds),
        "read_models_behind_ms": round(behind * 1000, 1),
    }


async def _at_rate(exchange: _Timed, cps: float, calls: int) -> dict[str, float]:
    exchange.waits.clear()
    busy, started = _cpu_seconds(), time.perf_counter()
    count = min(calls, math.ceil(cps * 10))
    for number in range(count):
        await asyncio.sleep(max(started + number / cps - time.perf_counter(), 0))
        exchange.arrive()
    await wait_until(lambda: len(exchange.waits) == count)
    seconds = time.perf_counter() - started
    waits = sorted(exchange.waits)
    return {
        "cps": cps,
        "p50_ms": round(waits[len(waits) // 2] * 1000, 2),
        "p95_ms": round(waits[int(len(waits) * 0.95)] * 1000, 2),
        "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 2),
        "engine_cpu_share": round((_cpu_seconds() - busy) / seconds, 3),
    }


async def _events(centre: Centre) -> int:
    rows = await centre.rows("SELECT count(*) AS n FROM journal WHERE role = 'E'")
    return int(rows[0]["n"])


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
