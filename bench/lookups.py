"""What five look-ups cost: alone, in parallel, and in parallel while one of them hangs.

A real fake city (`haedap fake-city`) in a process of its own, with a PostgreSQL of its own; each look-up goes through
its guard, as on the desk. Each system is slowed down as real ones are (`--delay` milliseconds, more for each). Prints
one line of JSON: `alone_p50_ms` by system, `slowest_alone_ms`, `parallel_p50_ms`, `parallel_p95_ms`, `ratio`
(parallel_p50 ÷ slowest_alone), `own_p50_ms` (a look-up of a system without delay), and, while one hangs,
`others_p95_ms` and `hanging_ms` (its time limit was `limit_ms`).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from bench.options import Options, positive
from haedap.config import get_settings, load_settings
from haedap.connectors.configuration import Limits
from haedap.connectors.guard import Guarded
from haedap.connectors.port import Query, TemporaryFailure
from haedap.connectors.registry import build
from haedap.fake_city.addresses import reader_password, systems_at
from haedap.operations.cluster import throwaway_cluster

SYSTEMS = ("local_tax", "non_tax", "water", "vehicle", "parking_fine")
HANGING = "non_tax"
LIMIT_SECONDS = 3.0
SUBJECT = {"telephone": "+821000001234"}


def main() -> None:
    parser = Options(prog="haedap bench lookups")
    parser.add_argument("--rounds", type=positive, default=40)
    parser.add_argument("--delay", type=int, default=150, help="milliseconds of the fastest system; each has 30 more")
    parser.add_argument("--json", action="store_true", help="one line of JSON, which is always printed")
    options = parser.parse_args()
    with a_city() as (address, server_url, password):
        print(json.dumps(asyncio.run(measure(address, server_url, password, options.rounds, options.delay))))


@contextmanager
def a_city() -> Iterator[tuple[str, str, str]]:
    """Address, server and the reader's password of a fake city in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="hd-") as name:
        home = Path(name)
        home.chmod(0o755)
        with throwaway_cluster(get_settings().cache, home / "pg") as cluster:
            url = cluster.url("postgres")
            kept = {key: value for key, value in os.environ.items() if not key.startswith("HAEDAP_")}
            own = {**kept, "DATABASE_URL": url, "HAEDAP_STATE": str(home / "state"), "HAEDAP_ENVIRONMENT": "demo"}
            command = (sys.executable, "-m", "haedap", "fake-city", "--json")
            options = ("--port", "0", "--people", "1300", "--usual-delay", "0")
            city = subprocess.Popen((*command, *options), env=own, stdout=subprocess.PIPE, text=True)
            try:
                said = city.stdout.readline() if city.stdout else ""
                port = json.loads(said)["port"]
                yield f"http://127.0.0.1:{port}", url, reader_password(load_settings(own))
            finally:
                city.send_signal(signal.SIGINT)
                city.wait(20)


async def measure(address: str, url: str, password: str, rounds: int, delay: int) -> Mapping[str, object]:
    guards = _guards(address, url, password)
    await _round(guards)  # connections are made, templates are warm
    own = [await _timed(guard) for _ in range(rounds) for guard in guards.values()]
    for index, system in enumerate(SYSTEMS):
        _tell(address, system, {"delay_ms": delay + 30 * index})
    alone = {system: [await _timed(guards[system]) for _ in range(rounds // 4)] for system in SYSTEMS}
    parallel = [await _round(guards) for _ in range(rounds)]
    _tell(address, HANGING, {"fault": "hang"})
    others: list[float] = []
    hanging: list[float] = []
    for _ in range(3):
        taken = dict(zip(SYSTEMS, await asyncio.gather(*map(_timed, guards.values())), strict=True))
        hanging.append(taken.pop(HANGING))
        others.extend(taken.values())
    medians = {system: statistics.median(values) for system, values in alone.items()}
    slowest = max(medians.values())
    return {
        "systems": len(SYSTEMS),
        "rounds": rounds,
        "alone_p50_ms": {system: _ms(value) for system, value in medians.items()},
        "slowest_alone_ms": _ms(slowest),
        "parallel_p50_ms": _ms(statistics.median(parallel)),
        "parallel_p95_ms": _ms(_p95(parallel)),
        "ratio": round(statistics.median(parallel) / slowest, 3),
        "own_p50_ms": _ms(statistics.median(own)),
        "others_p95_ms": _ms(_p95(others)),
        "hanging_ms": _ms(statistics.median(hanging)),
        "limit_ms": _ms(LIMIT_SECONDS),
    }


def _guards(address: str, url: str, password: str) -> dict[str, Guarded]:
    limits = Limits(seconds=LIMIT_SECONDS, per_second=200, failures=100)
    found = {system.configuration["key"]: system for system in systems_at(address, url, password)}
    return {key: Guarded(build(found[key].configuration, found[key].secrets), limits) for key in SYSTEMS}


async def _round(guards: Mapping[str, Guarded]) -> float:
    begun = time.perf_counter()
    await asyncio.gather(*map(_timed, guards.values()))
    return time.perf_counter() - begun


async def _timed(guard: Guarded) -> float:
    begun = time.perf_counter()
    try:
        await guard.look_up(Query(subject=SUBJECT, on=_today()))
    except TemporaryFailure:
        if guard.manifest.key != HANGING:
            raise
    return time.perf_counter() - begun


def _tell(address: str, system: str, behaviour: Mapping[str, object]) -> None:
    httpx.put(f"{address}/control/{system}", json=behaviour, timeout=10, trust_env=False).raise_for_status()


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Seoul")).date()


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    main()
