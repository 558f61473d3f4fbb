"""The chaos of `make chaos`, shortened: every process dies at least once under live calls, and nothing is lost."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bench.chaos import run
from bench.chaos_faults import VICTIMS, plan
from bench.chaos_phones import Relay


@pytest.mark.timeout(600)
def test_nothing_is_lost_while_processes_die() -> None:
    figures = asyncio.run(run(minutes=0.75, seed=1, calls=40))
    assert figures["lost"] == 0, figures
    assert figures["counted_twice"] == 0, figures
    assert figures["stuck_agents"] == 0, figures
    assert figures["rules_broken"] == {}
    assert int(str(figures["faults"])) >= len(VICTIMS)
    assert float(str(figures["takeover_min_s"])) <= 3.0, (
        figures
    )  # `make chaos` on a quiet machine tells the 95th of 100
    assert int(str(figures["answered"])) > 40, "the calls were really there"


def test_the_plan_of_a_seed_is_always_the_same_and_spares_nobody() -> None:
    first = list(plan(7, 600))
    assert first == list(plan(7, 600))
    assert first != list(plan(8, 600))
    assert {victim for _, victim in first} == set(VICTIMS)
    assert {victim for _, victim in plan(1, 45)} == set(VICTIMS), "the shortened form has each of them, too"
    kinds: dict[str, list[float]] = {}
    for at, victim in first:
        kinds.setdefault("engines" if victim in {"engine", "standby"} else victim, []).append(at)
    for times in kinds.values():
        assert all(later - earlier >= 15 for earlier, later in pairwise(times))


async def test_two_runs_on_one_machine_have_telephones_of_their_own() -> None:
    relays = [Relay("127.0.0.3", ("127.0.0.1", 9)) for _ in range(2)]
    try:
        for relay in relays:
            await relay.open()
    finally:
        for relay in relays:
            relay.close()
