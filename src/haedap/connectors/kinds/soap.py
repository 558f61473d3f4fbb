"""Any SOAP 1.1 operation, set up without code and without a WSDL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from haedap.connectors.configuration import Configuration, Label, Name, request_problems
from haedap.connectors.configured import Kind, Plan, Reply
from haedap.connectors.exchange import Parameters
from haedap.connectors.http import FixedPath, Site, own_header_problems, site_problems
from haedap.connectors.port import Setting
from haedap.connectors.schema import Problem
from haedap.connectors.soap_call import SoapCall
from haedap.connectors.template import Filled

_Element = Annotated[str, Meta(pattern=r"^[A-Za-z_가-힣][\w.-]{0,60}$")]


class SoapSystem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`content`: the elements below the operation, nested, each text a template."""

    site: Site
    operation: _Element
    content: dict[_Element, Any]
    namespace: Annotated[str, Meta(max_length=200)] = ""
    action: Annotated[str, Meta(max_length=200, pattern=r"^[\x21\x23-\x7e]*$")] = ""
    """SOAPAction."""
    path: FixedPath = ""
    headers: Parameters = {}
    character_set: Annotated[str, Meta(pattern="^(utf-8|euc-kr|cp949)$")] = "utf-8"
    """Of the messages, both ways."""
    secrets: dict[Name, Label] = {}


class _SoapExchange:
    def __init__(self, plan: Plan) -> None:
        system: SoapSystem = plan.system
        self._call = SoapCall(plan, system.site, system.path, system.action, system.character_set)
        self._operation, self._namespace = system.operation, system.namespace
        self._content, self._headers = Filled(dict(system.content)), Filled(dict(system.headers))

    async def close(self) -> None:
        await self._call.close()

    async def ask(self, values: Mapping[str, Any]) -> Reply:
        content, headers = self._content.fill(values), self._headers.fill(values)
        return Reply(await self._call.send(self._operation, self._namespace, content, headers))


def _problems(configuration: Configuration, system: Any) -> Iterator[Problem]:
    yield from site_problems(system.site, "system.site")
    yield from own_header_problems(system.headers, "system.headers")
    yield from request_problems(system.content, configuration, "system.content")
    yield from request_problems(dict(system.headers), configuration, "system.headers")


def _settings(system: Any) -> tuple[Setting, ...]:
    return tuple(Setting(name=name, label=label, secret=True) for name, label in system.secrets.items())


SOAP = Kind(
    name="soap", title="SOAP 1.1", system=SoapSystem, problems=_problems, settings=_settings, open=_SoapExchange
)
