from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.analytics.books import Book, open_book


@pytest.fixture
def book(database: str) -> Iterator[Book]:
    with open_book(database) as connection:
        opened = Book(connection)
        opened.queue("tax", 20)
        opened.settings()
        yield opened
