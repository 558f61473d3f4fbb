"""The shipped configurations, pointed at the fake city, with its public keys: what a demo centre asks."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec
from psycopg.conninfo import conninfo_to_dict

from haedap.config import Settings
from haedap.connectors.shipped import shipped
from haedap.fake_city.answers import CONFIRM_KEY, REST_TOKEN, SERVICE_KEY
from haedap.fake_city.database import DATABASE, READER

_KEYS: Mapping[str, Mapping[str, str]] = {
    "parking_lot": {"service_key": SERVICE_KEY},
    "road_address": {"confirm_key": CONFIRM_KEY},
    "bulky_waste": {"token": REST_TOKEN},
}


class DemoSystem(msgspec.Struct, frozen=True):
    """A configuration for `connectors.registry.build`, and its secrets."""

    configuration: dict[str, Any]
    secrets: dict[str, str]


def demo_systems(settings: Settings) -> tuple[DemoSystem, ...]:
    """All shipped systems as this centre's fake city has them."""
    return systems_at(f"http://127.0.0.1:{settings.fake_city_port}", settings.database_url, reader_password(settings))


def systems_at(address: str, server_url: str, password: str) -> tuple[DemoSystem, ...]:
    """All shipped systems of a fake city at this address, its databases on the server of `server_url`."""
    database = _database(server_url)
    found = []
    for key, configuration in shipped().items():
        system = configuration["system"]
        secrets = dict(_KEYS.get(key, {}))
        if configuration["kind"] == "sql_view":
            own = {**system, **database}
            if not own["without_password"]:
                secrets["password"] = password
        else:
            own = {**system, "site": {"address": address, "unencrypted": True}}
        found.append(DemoSystem({**configuration, "system": own}, secrets))
    return tuple(found)


def reader_password(settings: Settings) -> str:
    """The password of the fake city's reader, which follows from the centre's own secret."""
    return hmac.new(settings.secret_key.encode(), b"fake city", hashlib.sha256).hexdigest()


def _database(server_url: str) -> dict[str, Any]:
    """Where the reader finds the databases: by the system user on a socket, with a password over the network."""
    parts = conninfo_to_dict(server_url)
    host = str(parts.get("host") or "127.0.0.1")
    return {
        "host": host,
        "port": int(parts.get("port") or 5432),
        "database": DATABASE,
        "user": READER,
        "encryption": "prefer",
        "without_password": host.startswith("/"),
    }
