"""차세대 세외수입: the JSON gateway of the next-generation revenue systems.

`POST /mediate/ltis` with the headers IF_ID, SRC_ORG_CD and SRC_SYS_CD; header and body in JSON; the result in
`body.linkRstCd`: 001 and 004 are fine, 005 is empty, 002, 003 and 006 are errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from haedap.connectors.configuration import Configuration, Results, request_problems
from haedap.connectors.configured import Kind, Plan
from haedap.connectors.exchange import HttpExchange, Request
from haedap.connectors.http import FixedPath, Site, site_problems
from haedap.connectors.schema import Problem

_Code = Annotated[str, Meta(pattern="^[A-Za-z0-9_]{1,30}$")]


class LtisSystem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`query`: what `reqVo` holds, each text a template."""

    site: Site
    interface: _Code
    """연계 번호, IF_ID."""
    source: _Code
    """이용 기관 코드, SRC_ORG_CD: seven digits."""
    source_system: _Code
    """SRC_SYS_CD."""
    target: _Code
    """제공 기관 코드."""
    query: dict[str, str]
    path: FixedPath = "/mediate/ltis"


def _request(system: LtisSystem) -> Request:
    moment = "{{ now | compact('%Y%m%d%H%M%S') }}"
    return Request(
        method="POST",
        path=system.path,
        headers={"IF_ID": system.interface, "SRC_ORG_CD": system.source, "SRC_SYS_CD": system.source_system},
        body={
            "header": {
                "ifDate": moment,
                "ifMsgKey": "{{ now | compact('%Y%m%d%H%M%S%f') }}{{ serial }}",
                "ifId": system.interface,
                "source": system.source,
                "target": system.target,
                "ifType": "S",
                "ifFormat": "J",
            },
            "body": {"reqVo": dict(system.query)},
        },
    )


def _problems(configuration: Configuration, system: Any) -> Iterator[Problem]:
    yield from site_problems(system.site, "system.site")
    yield from request_problems(dict(system.query), configuration, "system.query")


def _open(plan: Plan) -> HttpExchange:
    return HttpExchange(plan, plan.system.site, _request(plan.system))


LTIS = Kind(
    name="ltis",
    title="차세대 세외수입",
    system=LtisSystem,
    problems=_problems,
    settings=lambda _system: (),
    open=_open,
    records="body.resVo1",
    results=(Results(code="body.linkRstCd", ok=("001", "004"), empty=("005",)),),
)
