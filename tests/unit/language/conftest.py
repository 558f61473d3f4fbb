"""A server of OpenAI's forms for the tests of those that ask one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.machines import SUMMARY, Machines, running_machines


@pytest.fixture(scope="module")
def _server() -> Iterator[Machines]:
    with running_machines() as made:
        yield made


@pytest.fixture
def machines(_server: Machines) -> Machines:
    """It has been asked nothing yet and answers truly."""
    _server.replies.clear()
    _server.asked.clear()
    _server.summary = SUMMARY
    return _server
