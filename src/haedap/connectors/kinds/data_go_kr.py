"""공공데이터포털 (data.go.kr): a key, pages of items, and gateway errors in a shape of their own.

`items.item` is an object when there is one, an array when there are more, and `items` is an empty text when there is
none. The gateway's errors come as `OpenAPI_ServiceResponse.cmmMsgHeader`, often in XML though JSON was asked for,
sometimes with HTTP 403.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from haedap.connectors.configuration import Configuration, Results, request_problems
from haedap.connectors.configured import Kind, Plan
from haedap.connectors.exchange import HttpExchange, Parameters, Request
from haedap.connectors.http import FixedPath, Site, site_problems
from haedap.connectors.port import Setting
from haedap.connectors.schema import Problem

_KEY = "service_key"
_OWN = frozenset({"serviceKey", "pageNo", "numOfRows", "_type"})


class DataGoKrSystem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One operation of a service. `parameters`: what it wants beside key and page, each text a template."""

    site: Site
    path: FixedPath
    parameters: Parameters = {}
    rows: Annotated[int, Meta(ge=1, le=100)] = 20


def _request(system: DataGoKrSystem) -> Request:
    """The portal shows each key in two forms; the encoded one would be encoded twice."""
    key = f"{{{{ secrets.{_KEY} | unquoted }}}}"
    own = {"serviceKey": key, "pageNo": "1", "numOfRows": str(system.rows), "_type": "json"}
    return Request(path=system.path, parameters={**own, **system.parameters})


def _problems(configuration: Configuration, system: Any) -> Iterator[Problem]:
    for name in sorted(_OWN & set(system.parameters)):
        yield Problem(f"system.parameters.{name}", "이 매개변수는 저절로 보내집니다. 지우십시오.")
    yield from site_problems(system.site, "system.site")
    yield from request_problems(dict(system.parameters), configuration, "system.parameters")


def _open(plan: Plan) -> HttpExchange:
    return HttpExchange(plan, plan.system.site, _request(plan.system))


DATA_GO_KR = Kind(
    name="data_go_kr",
    title="공공데이터포털",
    system=DataGoKrSystem,
    problems=_problems,
    settings=lambda _system: (Setting(name=_KEY, label="인증키 (serviceKey)", secret=True),),
    open=_open,
    records="response.body.items.item",
    results=(
        Results(
            code="OpenAPI_ServiceResponse.cmmMsgHeader.returnReasonCode",
            ok=("00",),
            temporary=("1", "99"),
            limit=("22",),
            key=("12", "20", "30", "31", "32"),
            refused=("10",),
        ),
        Results(
            code="response.header.resultCode",
            ok=("00",),
            empty=("03",),
            temporary=("01", "99"),
            limit=("22",),
            key=("12", "20", "30", "31", "32"),
            refused=("10", "11"),
        ),
    ),
)
