"""The city's databases: tables of their own, read-only views over them, and an account that may read only these.

The views call a function that waits or fails when it was told to, so that the faults of the databases happen inside
them, as real ones do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from haedap.fake_city import FakeCityError
from haedap.fake_city.faults import Behaviour, FaultKind

if TYPE_CHECKING:
    from haedap.fake_city.people import Car, Household, Levy, Meter

DATABASE = "haedap_fake_city"
READER = "haedap_city_reader"
SYSTEMS = ("local_tax", "water", "vehicle")
_LOCK = 0x0FAC17
_SCHEMA = """
DROP SCHEMA IF EXISTS city CASCADE;
CREATE SCHEMA city;
CREATE TABLE city.behaviour (system text PRIMARY KEY, delay_ms int NOT NULL, fault text NOT NULL);
CREATE TABLE city.tax (
    telephone text, payer text, address text, tax_name text, subject text, levied_on date, due_on date,
    amount bigint, surcharge bigint, pay_number text, account text, paid_on date);
CREATE TABLE city.meter (
    customer_number text, telephone text, user_name text, address text, use_class text, pipe_mm int, households int,
    reduction text, last_reading int, last_reading_on date, used int, billed bigint, due_on date, unpaid bigint);
CREATE TABLE city.car (
    plate text, telephone text, owner text, model text, registered_on date, inspection_from date,
    inspection_until date, seizures int);
CREATE FUNCTION city.behave(asked text) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = city, pg_temp AS $$
DECLARE told city.behaviour;
BEGIN
    SELECT * INTO told FROM city.behaviour WHERE system = asked;
    IF told.delay_ms > 0 THEN PERFORM pg_sleep(told.delay_ms / 1000.0); END IF;
    IF told.fault = 'hang' THEN PERFORM pg_sleep(600); END IF;
    IF told.fault <> 'none' THEN RAISE EXCEPTION 'this system is out of order' USING ERRCODE = '57P03'; END IF;
    RETURN true;
END $$;
CREATE VIEW city.v_local_tax AS SELECT tax.* FROM city.behave('local_tax') AS behaved, city.tax WHERE behaved;
CREATE VIEW city.v_water AS SELECT meter.* FROM city.behave('water') AS behaved, city.meter WHERE behaved;
CREATE VIEW city.v_vehicle AS SELECT car.* FROM city.behave('vehicle') AS behaved, city.car WHERE behaved;
"""
_INDEXES = """
CREATE INDEX ON city.tax (telephone);
CREATE INDEX ON city.meter (telephone);
CREATE INDEX ON city.meter (customer_number);
CREATE INDEX ON city.car (telephone);
CREATE INDEX ON city.car (plate);
ANALYZE city.tax; ANALYZE city.meter; ANALYZE city.car;
"""


def prepare(url: str, password: str, mark: str, households: Iterable[Household]) -> str:
    """Make database, views and reader; returns the address for the owner. Raises FakeCityError.

    `url`: a database on the server, with an account that may make others. `password`: the reader's. What was filled
    under the same `mark` is kept, and `households` is not asked.
    """
    mark = f"{mark} {hashlib.sha256(_SCHEMA.encode()).hexdigest()[:12]}"
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection, _alone(connection):
            _make_reader(connection, password)
            _make_database(connection)
        own = make_conninfo(url, dbname=DATABASE)
        with psycopg.connect(own, connect_timeout=5) as connection:
            if _mark_of(connection) == mark:
                return own
            connection.execute(_SCHEMA)
            _fill(connection, households)
            connection.execute(_INDEXES)
            _grant(connection)
            connection.execute(sql.SQL("COMMENT ON SCHEMA city IS {}").format(sql.Literal(mark)))
    except psycopg.Error as error:
        raise FakeCityError(f"가상 도시의 데이터베이스를 만들지 못했습니다 ({type(error).__name__}).") from None
    return own


def tell(url: str, behaviours: Mapping[str, Behaviour]) -> None:
    """How databases behave from now on. A fault that a database cannot have becomes an error."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.cursor().executemany(
            "INSERT INTO city.behaviour VALUES (%s, %s, %s) ON CONFLICT (system) DO UPDATE"
            " SET delay_ms = excluded.delay_ms, fault = excluded.fault",
            [(system, behaviour.delay_ms, _possible(behaviour.fault)) for system, behaviour in behaviours.items()],
        )


def _possible(fault: FaultKind) -> str:
    return (fault if fault in {FaultKind.NONE, FaultKind.HANG} else FaultKind.ERROR).value


@contextmanager
def _alone(connection: psycopg.Connection) -> Iterator[None]:
    """Two fake cities on one server make roles and databases one after the other."""
    connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
    yield


def _make_reader(connection: psycopg.Connection, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (READER,)).fetchone()
    verb = "ALTER" if known else "CREATE"
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {}").format(
            sql.SQL(verb), sql.Identifier(READER), sql.Literal(password)
        )
    )


def _make_database(connection: psycopg.Connection) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))


def _mark_of(connection: psycopg.Connection) -> str | None:
    found = connection.execute("SELECT obj_description(to_regnamespace('city'), 'pg_namespace')").fetchone()
    return found[0] if found else None


def _grant(connection: psycopg.Connection) -> None:
    reader = sql.Identifier(READER)
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(DATABASE), reader))
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA city TO {}").format(reader))
    for system in SYSTEMS:
        connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier("city", f"v_{system}"), reader))
    connection.execute("REVOKE ALL ON FUNCTION city.behave FROM PUBLIC")
    connection.execute(sql.SQL("GRANT EXECUTE ON FUNCTION city.behave TO {}").format(reader))
    connection.execute(
        sql.SQL("ALTER ROLE {} IN DATABASE {} SET default_transaction_read_only = on").format(
            reader, sql.Identifier(DATABASE)
        )
    )


def _fill(connection: psycopg.Connection, households: Iterable[Household]) -> None:
    rows: dict[str, list[tuple[object, ...]]] = {"tax": [], "meter": [], "car": []}
    for home in households:
        rows["tax"].extend(_tax_row(home, tax) for tax in home.taxes)
        rows["meter"].append(_meter_row(home, home.meter))
        if home.car is not None:
            rows["car"].append(_car_row(home, home.car))
    for name, found in rows.items():
        with connection.cursor() as cursor, cursor.copy(f"COPY city.{name} FROM STDIN") as copy:
            for row in found:
                copy.write_row(row)


def _tax_row(home: Household, tax: Levy) -> tuple[object, ...]:
    payer = (home.telephone, home.name, home.address)
    amounts = (tax.amount, tax.surcharge, tax.pay_number, tax.account, tax.paid_on)
    return (*payer, tax.name, tax.subject, tax.levied_on, tax.due_on, *amounts)


def _meter_row(home: Household, meter: Meter) -> tuple[object, ...]:
    user = (meter.customer_number, home.telephone, home.name, home.address)
    kind = (meter.use_class, meter.pipe_mm, meter.households, meter.reduction)
    return (
        *user,
        *kind,
        meter.last_reading,
        meter.last_reading_on,
        meter.usage,
        meter.billed,
        meter.due_on,
        meter.unpaid,
    )


def _car_row(home: Household, car: Car) -> tuple[object, ...]:
    owner = (car.plate, home.telephone, home.name, car.model)
    return (*owner, car.registered_on, car.inspection_from, car.inspection_until, car.seizures)
