"""The kinds of systems there are, and how a configuration becomes a connector."""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping
from typing import Any

import msgspec

from haedap.clock import wall_time
from haedap.connectors.configuration import Configuration, Secrets, read_configuration
from haedap.connectors.configured import ConfiguredConnector, Kind, Plan, World
from haedap.connectors.failing import Failing
from haedap.connectors.kinds.data_go_kr import DATA_GO_KR
from haedap.connectors.kinds.juso import JUSO
from haedap.connectors.kinds.ltis import LTIS
from haedap.connectors.kinds.rest import REST
from haedap.connectors.kinds.saeol import SAEOL, NoEnvelope
from haedap.connectors.kinds.soap import SOAP
from haedap.connectors.kinds.sql_view import SQL_VIEW
from haedap.connectors.port import Setting
from haedap.connectors.schema import ConfigurationInvalid, Problem, find_problems

_KINDS = {kind.name: kind for kind in (LTIS, SAEOL, DATA_GO_KR, JUSO, SQL_VIEW, REST, SOAP)}


class Checked(msgspec.Struct, frozen=True):
    """A configuration without mistakes, and the secrets that it wants."""

    configuration: Configuration
    settings: tuple[Setting, ...]


def real_world() -> World:
    """The machine's clock and chance; no envelope but `none`."""
    return World(
        now=wall_time,
        serial=lambda length: "".join(chance.choice("0123456789") for _ in range(length)),
        envelopes={"none": NoEnvelope()},
    )


def kinds() -> Mapping[str, str]:
    """The names of all kinds and what people call them."""
    return {name: kind.title for name, kind in _KINDS.items()}


def check(data: object) -> Checked:
    """Read a configuration without opening anything. Raises `ConfigurationInvalid` with place and reason of each."""
    configuration, kind, system = _read(data)
    return Checked(configuration, kind.settings(system))


def build(data: object, secrets: Secrets, world: World | None = None) -> ConfiguredConnector:
    """The connector that the configuration describes. Raises `ConfigurationInvalid`, also for a missing secret."""
    configuration, kind, system = _read(data)
    missing = [setting for setting in kind.settings(system) if not secrets.get(setting.name)]
    if missing:
        raise ConfigurationInvalid(
            tuple(Problem(f"secrets.{it.name}", f"{it.label}: 비어 있습니다.") for it in missing)
        )
    plan = Plan(configuration, system, secrets, Failing(configuration), world or real_world())
    return ConfiguredConnector(kind, plan)


def _read(data: object) -> tuple[Configuration, Kind, Any]:
    configuration = read_configuration(data)
    kind = _KINDS.get(configuration.kind)
    if kind is None:
        raise ConfigurationInvalid((Problem("kind", f"다음 가운데 하나여야 합니다: {', '.join(_KINDS)}."),))
    problems = tuple(find_problems(configuration.system, kind.system, "system"))
    if not problems:
        system = msgspec.convert(configuration.system, kind.system)
        problems = tuple(kind.problems(configuration, system))
    if problems:
        raise ConfigurationInvalid(problems)
    return configuration, kind, system
