"""공공데이터포털 (data.go.kr): a key, pages of items, and gateway errors in a shape of their own.

`items.item` is an object when there is one, an array when there are more, and `items` is an empty text when there is
none. The gateway's errors come as `OpenAPI_ServiceResponse.cmmMsgHeader`, often in XML though JSON was asked for,
sometimes with HTTP 403.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import unquote

import msgspec
from msgspec import Meta

from haedap.connectors.configuration import Configuration, Results
from haedap.connectors.configured import Kind, Plan
from haedap.connectors.exchange import HttpExchange, Parameters, Request, exchange_problems
from haedap.connectors.http import Site
from haedap.connectors.port import Setting
from haedap.connectors.schema import Problem

_KEY = "service_key"
_OWN = frozenset({"serviceKey", "pageNo", "numOfRows", "_type"})


class DataGoKrSystem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One operation of a service. `parameters`: what it wants beside key and page, each text a template."""

    site: Site
    path: Annotated[str, Meta(max_length=300, pattern="^/")]
    parameters: Parameters = {}
    rows: Annotated[int, Meta(ge=1, le=100)] = 20


def _request(system: DataGoKrSystem) -> Request:
    own = {"serviceKey": f"{{{{ secrets.{_KEY} }}}}", "pageNo": "1", "numOfRows": str(system.rows), "_type": "json"}
    return Request(path=system.path, parameters={**own, **system.parameters})


def _problems(configuration: Configuration, system: Any) -> Iterator[Problem]:
    for name in sorted(_OWN & set(system.parameters)):
        yield Problem(f"system.parameters.{name}", "이 매개변수는 저절로 보내집니다. 지우십시오.")
    yield from exchange_problems(configuration, system.site, _request(system), "system")


def _open(plan: Plan) -> HttpExchange:
    """The portal shows each key in two forms; the encoded one would be encoded twice."""
    key = plan.secrets[_KEY]
    decoded = unquote(key) if "%" in key else key
    plan = msgspec.structs.replace(plan, secrets={**plan.secrets, _KEY: decoded})
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
