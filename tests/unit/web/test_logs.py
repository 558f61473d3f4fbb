"""Logs: one JSON object a line, and no personal data even when something breaks."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest

from haedap.web.logs import logging_configuration


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configuration = logging_configuration("INFO")
    configuration["handlers"]["stderr"]["stream"] = stream
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logging.config.dictConfig(configuration)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def test_an_exception_is_told_by_type_and_place_not_by_its_words(written: io.StringIO) -> None:
    try:
        int("010-0000-1234 홍길동")
    except ValueError:
        logging.getLogger("haedap.test").exception("failed")
    line = json.loads(written.getvalue())
    assert (line["event"], line["exception"], line["level"]) == ("failed", "ValueError", "error")
    assert line["places"][-1].endswith("test_an_exception_is_told_by_type_and_place_not_by_its_words")
    assert "홍길동" not in written.getvalue()
    assert "1234" not in written.getvalue()


def test_plain_messages(written: io.StringIO) -> None:
    logging.getLogger("haedap.test").info("started")
    logging.getLogger("axes.watch_login").error("agent1 from 203.0.113.7")
    assert [json.loads(line)["event"] for line in written.getvalue().splitlines()] == ["started"]
