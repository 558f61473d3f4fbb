"""새올: SOAP whose DATA is an XML message of its own, sealed between agencies, in base64 and EUC-KR.

The sealing is GPKI's, whose library is given to agencies only: it is a port (`configured.Envelope`), and `none`, which
seals nothing, is all that comes with this software.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from lxml import etree
from msgspec import Meta

from haedap.connectors.configuration import Configuration, Results, request_problems
from haedap.connectors.configured import Kind, Plan, Reply
from haedap.connectors.http import FixedPath, Site, site_problems
from haedap.connectors.reading import NotAgreed, decode, one_or_many, read_xml
from haedap.connectors.schema import Problem
from haedap.connectors.soap_call import SoapCall
from haedap.connectors.soap_message import add_all, write_xml
from haedap.connectors.template import Filled, compact

_SUCCESS = "200"
_Organisation = Annotated[str, Meta(pattern="^[0-9A-Z]{7}$")]


class SaeolSystem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`conditions`: what stands in `cndList`, one `cnd` each, every text a template."""

    site: Site
    source: _Organisation
    """이용 기관 코드, SRCORGCD."""
    target: _Organisation
    """제공 기관 코드, TGTORGCD."""
    query_id: Annotated[str, Meta(min_length=1, max_length=60, pattern="^[A-Za-z0-9_.-]+$")]
    conditions: Annotated[tuple[str, ...], Meta(min_length=1, max_length=20)]
    interface: Annotated[str, Meta(pattern="^[A-Z0-9]{1,20}$")] = "SOINN00001"
    """IFID."""
    path: FixedPath = ""
    envelope: Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")] = "none"


class NoEnvelope:
    """Seals nothing: for tests and the fake city, and for gateways that seal by themselves."""

    def seal(self, content: bytes) -> bytes:
        return content

    def open(self, content: bytes) -> bytes:
        return content


class _SaeolExchange:
    def __init__(self, plan: Plan) -> None:
        system: SaeolSystem = plan.system
        self._system, self._failing = system, plan.failing
        self._character_set = "euc-kr"
        self._call = SoapCall(plan, system.site, system.path, system.interface, "utf-8")
        self._conditions = Filled(list(system.conditions))
        envelope = plan.world.envelopes.get(system.envelope)
        if envelope is None:
            raise plan.failing.misconfigured(f"there is no envelope {system.envelope!r} on this machine")
        self._envelope = envelope

    async def close(self) -> None:
        await self._call.close()

    async def ask(self, values: Mapping[str, Any]) -> Reply:
        system = self._system
        content = {
            "IFID": system.interface,
            "SRCORGCD": system.source,
            "TGTORGCD": system.target,
            "RESULTCODE": "000",
            "MSGKEY": f"{compact(values['now'], '%Y%m%d%H%M%S%f')[:17]}{values['serial']}",
            "DATA": base64.b64encode(self._envelope.seal(self._message(values))).decode("ascii"),
        }
        body = await self._call.send("DOCUMENT", "", content, {})
        document = body.get("DOCUMENT")
        if not isinstance(document, Mapping) or "RESULTCODE" not in document:
            raise self._failing.unreadable("the answer has no DOCUMENT with a RESULTCODE")
        if document["RESULTCODE"] != _SUCCESS:
            return Reply({"DOCUMENT": document})
        return Reply({"DOCUMENT": document, "reply": self._reply(document.get("DATA"))})

    def _message(self, values: Mapping[str, Any]) -> bytes:
        message = etree.Element("message")
        conditions = {"cnd": self._conditions.fill(values)}
        content = {"query_id": self._system.query_id, "dataList": {"data": ""}, "cndList": conditions}
        try:
            add_all(message, {"body": content})
        except ValueError:
            raise self._failing.refused("the request holds characters that XML cannot") from None
        return write_xml(message, self._character_set)

    def _reply(self, data: Any) -> Mapping[str, Any]:
        """The message inside."""
        try:
            opened = self._envelope.open(base64.b64decode(str(data), validate=True))
            return _body(read_xml(decode(opened, self._character_set)))
        except NotAgreed as error:
            raise self._failing.unreadable(f"DATA: {error}") from None
        except ValueError:
            raise self._failing.unreadable("DATA is not base64 that the envelope can open") from None


def _body(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message's body, when it holds as many records as it says."""
    message = tree.get("message")
    body = message.get("body") if isinstance(message, Mapping) else None
    if not isinstance(body, Mapping) or "res_cnt" not in body:
        raise NotAgreed("it is no message with a body and res_cnt")
    if body["res_cnt"] != str(len(one_or_many(body.get("list")))):
        raise NotAgreed("res_cnt says another number of records")
    return body


def _problems(configuration: Configuration, system: Any) -> Iterator[Problem]:
    yield from site_problems(system.site, "system.site")
    yield from request_problems(list(system.conditions), configuration, "system.conditions")


SAEOL = Kind(
    name="saeol",
    title="새올 (SOAP)",
    system=SaeolSystem,
    problems=_problems,
    settings=lambda _system: (),
    open=_SaeolExchange,
    records="reply.list",
    results=(Results(code="DOCUMENT.RESULTCODE", ok=(_SUCCESS,)),),
)
