"""The yearbook of a synthetic month: published totals exactly, published shares, no two figures that disagree."""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import date
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection

from haedap.analytics.book import material
from haedap.analytics.book.asking import book_of
from haedap.analytics.book.model import Number, Table
from haedap.analytics.engines import Live
from haedap.analytics.figures import FigureSettings

from .test_year import _PROFILE, SHARES, SMALL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_database")]


def test_the_book_of_a_synthetic_month_has_what_was_published() -> None:
    with patch(_PROFILE, return_value=SMALL):
        call_command("demo_year", profile="gunpo", stdout=io.StringIO(), stderr=io.StringIO())
    with connection.cursor() as cursor:
        span = material.Span(date(2020, 4, 1), date(2020, 5, 1))
        book = book_of(Live(cursor), span, FigureSettings(), centre="시험시", synthetic="gunpo")
    values = defaultdict(set)
    for number in book.numbers:
        values[number.key, number.of].add(number.value)
    assert values["contacts", ()] == {3_000}
    assert {key: found for key, found in values.items() if len(found) > 1} == {}
    offices = next(block for block in book.section("offices").blocks if isinstance(block, Table))
    shares = {row[0]: row[2].value for row in offices.rows if isinstance(row[2], Number)}
    for office, share in SHARES.items():
        assert shares[office] == pytest.approx(share / 100, abs=0.001), office
