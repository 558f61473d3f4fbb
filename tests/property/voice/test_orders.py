"""In whatever order requests are done, answers come and events are told, a call ends as the router said last."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.property.voice.calls import OneCall
from tests.property.voice.rules import wrong

STEPS = 24
"""What happens outside in one call. All that follows from it comes on top."""


@pytest.mark.parametrize("incoming", [True, False], ids=["in", "out"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_whatever_is_told_first_everybody_hears_whom_they_are_to_hear(
    incoming: bool, seed: int, tmp_path: Path
) -> None:
    async def run() -> OneCall:
        call = OneCall(Random(seed).randrange, tmp_path, incoming=incoming)
        await call.run(STEPS)
        return call

    call = asyncio.run(run())
    note("\n".join(call.story))
    assert wrong(call) == []
