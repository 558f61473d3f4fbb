"""The engine's log: failures by type and place, never by their message."""

import json

import pytest
import structlog

from haedap.engine.logs import configure_log


def test_a_failure_that_is_told_when_it_is_over_has_type_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    """A task that ended by itself is told of by its callback, where no exception is under way."""
    with pytest.raises(KeyError) as failed:
        _fail()
    configure_log("INFO")
    try:
        structlog.get_logger().error("it failed", exc_info=failed.value)
    finally:
        structlog.reset_defaults()
    written = capsys.readouterr().err
    assert json.loads(written)["error"] == "KeyError"
    assert json.loads(written)["where"][-1].startswith("_fail:")
    assert "0000" not in written


def _fail() -> None:
    raise KeyError("010-0000-0000")
