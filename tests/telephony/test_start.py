"""Asterisk takes the configuration as it is written: nothing in it is refused or missed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.telephony.support.exchange import running_exchange


def test_asterisk_starts_without_a_warning() -> None:
    with tempfile.TemporaryDirectory(prefix="hdv-") as home, running_exchange(Path(home)) as exchange:
        complaints = [line for line in exchange.log().splitlines() if "WARNING" in line or "ERROR" in line]
        kept = list((exchange.settings.logs / "asterisk").iterdir())
    assert complaints == []
    assert kept == [], "what it says is masked by whoever starts it; nobody masks a file of its own"
