"""One fake city for all tests of connectors; every test finds it healthy."""

from collections.abc import Iterator

import pytest

from haedap.operations.cluster import Cluster
from tests.support.city import TestCity, a_city


@pytest.fixture(scope="module")
def whole_city(postgres: Cluster) -> Iterator[TestCity]:
    with a_city(postgres.url("postgres")) as found:
        yield found


@pytest.fixture
def city(whole_city: TestCity) -> Iterator[TestCity]:
    yield whole_city
    whole_city.heal()
