"""The invented city of the demo, for tests that look things up in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from haedap.apps.offices.models import Absence
from haedap.apps.offices.starting import put_demo, put_synonyms

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Seoul."""


@pytest.fixture
def city(db: None) -> None:
    """Departments, officers and duties of the demo, and the words of citizens; nobody is away."""
    put_synonyms()
    put_demo(NOW)
    Absence.objects.all().delete()
