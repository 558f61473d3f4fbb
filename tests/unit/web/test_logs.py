"""Logs: one JSON object a line, and no personal data even when something breaks."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpResponse
from django.test import RequestFactory

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


def test_the_servers_own_lines_are_ours(written: io.StringIO) -> None:
    own = io.StringIO()
    logging.getLogger("uvicorn").addHandler(logging.StreamHandler(own))  # as its command line does, before ours
    configuration = logging_configuration("INFO")
    configuration["handlers"]["stderr"]["stream"] = written
    logging.config.dictConfig(configuration)
    logger = logging.getLogger("uvicorn.error")
    logger.info('%s - "WebSocket %s" [accepted]', "203.0.113.7:1", "/ws?010-0000-1234")
    try:
        int("홍길동")
    except ValueError:
        logger.exception("Exception in ASGI application\n")
    [line] = written.getvalue().splitlines()
    assert json.loads(line)["exception"] == "ValueError"
    assert own.getvalue() == ""


def test_an_unknown_host_is_told_in_one_short_line_a_minute(written: io.StringIO) -> None:
    for number in range(20):
        request = RequestFactory().get("/", headers={"Host": f"{number}.example." + "x" * 60_000})
        convert_exception_to_response(lambda request: HttpResponse(request.get_host()))(request)
    [line] = written.getvalue().splitlines()
    assert len(line) < 300
    told = json.loads(line)
    assert told["level"] == "warning"
    assert "0.example" in told["event"]


def test_plain_messages(written: io.StringIO) -> None:
    logging.getLogger("haedap.test").info("started")
    logging.getLogger("axes.watch_login").error("agent1 from 203.0.113.7")
    assert [json.loads(line)["event"] for line in written.getvalue().splitlines()] == ["started"]
