"""Any REST interface that answers in JSON or XML, set up without code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from haedap.connectors.configuration import Configuration, Label, Name
from haedap.connectors.configured import Kind, Plan
from haedap.connectors.exchange import HttpExchange, Request, exchange_problems
from haedap.connectors.http import Site
from haedap.connectors.port import Setting
from haedap.connectors.schema import Problem


class RestSystem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`secrets`: names and labels of the keys that the request's templates use as `secrets.name`."""

    site: Site
    request: Request
    secrets: dict[Name, Label] = {}


def _problems(configuration: Configuration, system: Any) -> Iterator[Problem]:
    yield from exchange_problems(configuration, system.site, system.request, "system")


def _settings(system: Any) -> tuple[Setting, ...]:
    return tuple(Setting(name=name, label=label, secret=True) for name, label in system.secrets.items())


def _open(plan: Plan) -> HttpExchange:
    return HttpExchange(plan, plan.system.site, plan.system.request)


REST = Kind(name="rest", title="REST (JSON·XML)", system=RestSystem, problems=_problems, settings=_settings, open=_open)
