"""Fixtures for every suite. A real PostgreSQL is started only when a test asks for one.

- `postgres`: a throw-away cluster with the template database: migrated, empty otherwise. One for the session.
- `database`: the address of a fresh copy of it, this test's own, for processes and psycopg.
- `orm_database`: the same, with Django's connection pointed at it, committed and seen by other processes.
- pytest-django's `db` and its kin work on one more copy, rolled back after each test.
- `demo_database`: for modules whose tests all work, by `db`, on the demonstration's data.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import shutil
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from tests.support.folders import quick_folder

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from haedap.operations.cluster import Cluster

# The folder of the session stands in for a centre's own, so that no test reads or touches a real one. It is set before
# pytest-django loads the settings; its path is short because unix sockets lie below it.
_HOME = quick_folder()
for _name in [name for name in os.environ if name == "DATABASE_URL" or name.startswith("HAEDAP_")]:
    if _name != "HAEDAP_CACHE":
        del os.environ[_name]
os.environ["HAEDAP_STATE"] = str(_HOME / "state")
os.environ["HAEDAP_ENVIRONMENT"] = "demo"
if importlib.util.find_spec("haedap.web") and importlib.util.find_spec("haedap.web.settings"):
    os.environ["DJANGO_SETTINGS_MODULE"] = "haedap.web.settings"
    # pytest-django has looked for the settings already; conftest files below this one import models.
    import django

    django.setup()

    from tests.support.passwords import hash_with_little_work

    hash_with_little_work()

# What the processes of this run share: the workers inherit its name from whoever starts them.
_OWN_RUN_FOLDER = None if "HD_TESTS_FOLDER" in os.environ else quick_folder()
if _OWN_RUN_FOLDER is not None:
    os.environ["HD_TESTS_FOLDER"] = str(_OWN_RUN_FOLDER)
# Examples are not timed: on a busy machine that would measure the others.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
_WHOLE = ("tests/browser/", "tests/acceptance/")
_LONGEST_FIRST = (
    *_WHOLE,
    "tests/integration/operations/",
    "tests/property/",
    "tests/integration/analytics/",
    "tests/integration/engine/",
    "tests/telephony/",
    "tests/integration/",
)
TEMPLATE, ROLLED_BACK = "haedap", "haedap_rolled_back"
# Collecting the tests makes half a million objects that all stay: to look through them for garbage, again and again,
# took a quarter of the time of collecting and a tenth of the tests'.
gc.disable()
_GARBAGE = 20_000, 20, 20


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker is alone at the end. pytest-django has put its own first."""
    items.sort(key=lambda item: _place(item.nodeid))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    gc.enable()


def _place(nodeid: str) -> int:
    return next((place for place, suite in enumerate(_LONGEST_FIRST) if nodeid.startswith(suite)), len(_LONGEST_FIRST))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """With `--dist loadfile`, the suites that start a whole centre stay in one worker each."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):  # type: ignore[misc] # it has no types
        def _split_scope(self, nodeid: str) -> str:
            suite = next((suite for suite in _WHOLE if nodeid.startswith(suite)), None)
            return suite or super()._split_scope(nodeid)

    return Scheduling(config, log)


def pytest_unconfigure() -> None:
    gc.unfreeze()  # libraries in C++ say at the end what was not given back
    shutil.rmtree(_HOME, ignore_errors=True)
    if _OWN_RUN_FOLDER is not None:
        shutil.rmtree(_OWN_RUN_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    from haedap.config import get_settings
    from haedap.operations.cluster import throwaway_cluster
    from tests.support.own_cluster import put_prepared

    put_prepared(_HOME / "pg/data")
    with throwaway_cluster(get_settings().cache, _HOME / "pg") as cluster:
        yield cluster


@pytest.fixture(scope="session")
def django_db_setup(postgres: Cluster, django_db_blocker: DjangoDbBlocker) -> None:
    """In place of pytest-django's own test database: a clone of the template."""
    _clone(postgres, ROLLED_BACK)
    with django_db_blocker.unblock():
        _point_django_at(postgres, ROLLED_BACK)


@pytest.fixture(scope="session")
def _demonstration(django_db_setup: None, postgres: Cluster, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database that is filled once."""
    from haedap.apps.demo.seed import seed
    from haedap.apps.desk.models import Command

    name = "haedap_demonstration"
    _clone(postgres, name)
    with django_db_blocker.unblock():
        _point_django_at(postgres, name)
        seed()
        Command.objects.all().delete()
        _close_django()
        _point_django_at(postgres, ROLLED_BACK)
    return name


@pytest.fixture(scope="module")
def demo_database(_demonstration: str, postgres: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        _point_django_at(postgres, _demonstration)
    yield
    with django_db_blocker.unblock():
        _close_django()
        _point_django_at(postgres, ROLLED_BACK)


@pytest.fixture
def database(postgres: Cluster) -> Iterator[str]:
    name = f"t_{uuid.uuid4().hex[:12]}"
    _clone(postgres, name)
    yield postgres.url(name)
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def orm_database(
    django_db_setup: None, database: str, postgres: Cluster, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    name = database.removeprefix("postgresql://").split("/", 1)[1].split("?")[0]
    with django_db_blocker.unblock():
        _point_django_at(postgres, name)
        yield database
        _close_django()
        _point_django_at(postgres, ROLLED_BACK)


def _clone(cluster: Cluster, name: str) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )


def _point_django_at(cluster: Cluster, name: str) -> None:
    from django.db import connections

    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(NAME=name, HOST=str(cluster.sockets), USER="haedap", PASSWORD="", PORT="")


def _close_django() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
