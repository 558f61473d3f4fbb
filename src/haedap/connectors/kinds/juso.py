"""도로명주소 (juso.go.kr): the search of road-name addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from haedap.connectors.configuration import Configuration, Results, request_problems
from haedap.connectors.configured import Kind, Plan
from haedap.connectors.exchange import HttpExchange, Request
from haedap.connectors.http import FixedPath, Site, site_problems
from haedap.connectors.port import Setting
from haedap.connectors.schema import Problem

_KEY = "confirm_key"


class JusoSystem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`keyword`: a template over the subject."""

    site: Site
    keyword: Annotated[str, Meta(min_length=1, max_length=200)]
    rows: Annotated[int, Meta(ge=1, le=100)] = 10
    path: FixedPath = "/addrlink/addrLinkApi.do"


def _request(system: JusoSystem) -> Request:
    return Request(
        path=system.path,
        parameters={
            "confmKey": f"{{{{ secrets.{_KEY} }}}}",
            "currentPage": "1",
            "countPerPage": str(system.rows),
            "keyword": system.keyword,
            "resultType": "json",
        },
    )


def _problems(configuration: Configuration, system: Any) -> Iterator[Problem]:
    yield from site_problems(system.site, "system.site")
    yield from request_problems(system.keyword, configuration, "system.keyword")


def _open(plan: Plan) -> HttpExchange:
    return HttpExchange(plan, plan.system.site, _request(plan.system))


JUSO = Kind(
    name="juso",
    title="도로명주소",
    system=JusoSystem,
    problems=_problems,
    settings=lambda _system: (Setting(name=_KEY, label="승인키 (confmKey)", secret=True),),
    open=_open,
    records="results.juso",
    results=(
        Results(
            code="results.common.errorCode",
            ok=("0",),
            temporary=("-999",),
            limit=("E0007",),
            key=("E0001", "E0014"),
            refused=("E0005", "E0006", "E0008", "E0009", "E0010", "E0011", "E0012", "E0013", "E0015"),
        ),
    ),
)
