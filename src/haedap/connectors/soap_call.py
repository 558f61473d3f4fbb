"""One SOAP 1.1 call over HTTP: sent to the site, its faults told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from haedap.connectors.configured import Plan
from haedap.connectors.http import Http, Site
from haedap.connectors.port import ConnectorError, FailureCode
from haedap.connectors.reading import NotAgreed, decode, read_xml
from haedap.connectors.soap_message import body_of, fault_of, write_message


class SoapCall:
    """The client of one operation; `character_set` is that of the messages."""

    def __init__(self, plan: Plan, site: Site, path: str, action: str, character_set: str) -> None:
        self._failing = plan.failing
        self._http = Http(site, plan.failing, plan.configuration.limits.seconds)
        self._path, self._character_set = path, character_set
        self._headers = {"Content-Type": f"text/xml; charset={character_set}", "SOAPAction": f'"{action}"'}

    async def close(self) -> None:
        await self._http.close()

    async def send(
        self, operation: str, namespace: str, content: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Mapping[str, Any]:
        """What stands in the answer's body. Raises `ConnectorError`s only."""
        try:
            message = write_message(operation, namespace, content, self._character_set)
        except ValueError:
            raise self._failing.refused("the request holds characters that XML cannot") from None
        sent = {**self._headers, **headers}
        answer = await self._http.send("POST", self._path, headers=sent, content=message)
        try:
            body = body_of(read_xml(decode(answer.content, self._character_set)))
        except NotAgreed as error:
            raise answer.failure or self._failing.unreadable(str(error)) from None
        fault = fault_of(body)
        if fault is not None:
            raise self._fault(fault)
        if answer.failure is not None:
            raise answer.failure
        return body

    def _fault(self, code: str) -> ConnectorError:
        if code.startswith("Client") or code == "Sender":
            return self._failing.refused("a SOAP fault: the system does not take the message")
        return self._failing.temporary("a SOAP fault of the system", FailureCode.SYSTEM)
