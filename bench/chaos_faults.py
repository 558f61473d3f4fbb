"""Who is killed when: a seeded plan, and how long each takeover took."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

import psycopg

from haedap.operations.engines import Engines, find_engines

if TYPE_CHECKING:
    from bench.chaos_floor import Floor
    from tests.support.centre import Centre

VICTIMS = ("engine", "postgresql", "standby", "web", "asterisk")
_KIND = {"engine": "engines", "standby": "engines"}
_APART = 16.0
"""Seconds between two deaths of one kind: `haedap run` gives a process up that dies five times in a minute."""
_LONGEST_TAKEOVER = 30.0
_LAST_RECONCILED = "SELECT coalesce(max(seq), 0) FROM journal WHERE name = 'ChannelReconciled' AND seq > %s"


def plan(seed: int, seconds: float) -> Iterator[tuple[float, str]]:
    """(seconds after the beginning, victim), the same for the same seed. The first round has each of them once."""
    chance = Random(seed)
    at, last = 0.0, dict.fromkeys(VICTIMS, -_APART)
    first = list(VICTIMS)
    while True:
        at += chance.uniform(3.0, 8.0)
        victim = first.pop(0) if first else chance.choice(VICTIMS)
        kind = _KIND.get(victim, victim)
        at = max(at, last.get(kind, -_APART) + _APART)
        if at > seconds:
            return
        last[kind] = at
        yield at, victim


class Faults:
    """Kills by the plan. `count` of all, `takeovers` in seconds: those that a healthy centre had to make."""

    def __init__(self, centre: Centre, seed: int, floor: Floor) -> None:
        self._centre = centre
        self._seed = seed
        self._floor = floor
        self.count = 0
        self.takeovers: list[float] = []

    async def go_on_for(self, seconds: float) -> None:
        """Break things until the time is over."""
        began = time.monotonic()
        for at, victim in plan(self._seed, seconds):
            await asyncio.sleep(max(began + at - time.monotonic(), 0))
            await self._kill(victim)
        await asyncio.sleep(max(began + seconds - time.monotonic(), 0))

    async def _kill(self, victim: str) -> None:
        found = await asyncio.to_thread(self._engines)
        pid = self._pid(victim, found)
        if not pid:
            return
        healthy = bool(found and found.active and found.standby and found.standby.ready and self._floor.exchange_up())
        seq = await asyncio.to_thread(self._reconciled, 0) if victim == "engine" and healthy else None
        os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        self.count += 1
        print(f"{time.strftime('%H:%M:%S')} kill -9 {victim} ({pid})", file=sys.stderr, flush=True)
        if victim == "asterisk":
            self._floor.exchange_died()
        if seq is not None:
            self.takeovers.append(await self._takeover(began, seq))
            print(f"{time.strftime('%H:%M:%S')} taken over in {self.takeovers[-1]:.2f} s", file=sys.stderr, flush=True)

    def _pid(self, victim: str, found: Engines | None) -> int:
        if victim not in _KIND:
            return self._centre.pid(victim)
        engine = (found.active if victim == "engine" else found.standby) if found else None
        return engine.pid if engine else 0

    async def _takeover(self, began: float, seq: int) -> float:
        """From the kill until the successor has journaled what is true on the exchange: decisions flow again."""
        while (took := time.monotonic() - began) < _LONGEST_TAKEOVER:
            if await asyncio.to_thread(self._reconciled, seq):
                return took
            await asyncio.sleep(0.02)
        return took

    def _engines(self) -> Engines | None:
        try:
            return find_engines(self._floor.url)
        except psycopg.Error:
            return None

    def _reconciled(self, after: int) -> int:
        try:
            with psycopg.connect(self._floor.url, connect_timeout=3) as connection:
                row = connection.execute(_LAST_RECONCILED, (after,)).fetchone()
        except psycopg.Error:
            return 0
        return int(row[0]) if row else 0
