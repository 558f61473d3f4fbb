"""An exchange of one HTTP request and its JSON or XML answer; the REST kinds differ in what they put into it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from haedap.connectors.configuration import Configuration, request_problems
from haedap.connectors.configured import Plan, Reply
from haedap.connectors.http import (
    Http,
    Site,
    encoded,
    encoded_query,
    encoded_segment,
    own_header_problems,
    site_problems,
)
from haedap.connectors.reading import NotAgreed, read_tree
from haedap.connectors.schema import Problem
from haedap.connectors.template import Filled, Template

Parameters = dict[Annotated[str, Meta(min_length=1, max_length=100)], str]


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent. Every text is a template; values are encoded one by one."""

    path: Annotated[str, Meta(max_length=500, pattern="^(/.*)?$")] = ""
    """Each part between slashes is a template of its own."""
    method: Literal["GET", "POST"] = "GET"
    parameters: Parameters = {}
    """Of the address."""
    headers: Parameters = {}
    form: Parameters = {}
    """A body as a form …"""
    body: dict[str, Any] | None = None
    """… or as JSON."""
    character_set: Annotated[str, Meta(pattern="^(utf-8|euc-kr|cp949)$")] = "utf-8"


def exchange_problems(configuration: Configuration, site: Site, request: Request, place: str) -> Iterator[Problem]:
    """What is wrong with a request and where it goes."""
    yield from site_problems(site, f"{place}.site")
    below = f"{place}.request"
    if request.body is not None and request.form:
        yield Problem(f"{below}.form", "body와 form은 함께 쓸 수 없습니다.")
    if request.method == "GET" and (request.body is not None or request.form):
        yield Problem(f"{below}.method", "본문이 있으면 POST여야 합니다.")
    yield from own_header_problems(request.headers, f"{below}.headers")
    for index, segment in enumerate(request.path.split("/")):
        yield from request_problems(segment, configuration, f"{below}.path.{index}")
    for name in ("parameters", "headers", "form", "body"):
        yield from request_problems(getattr(request, name), configuration, f"{below}.{name}")


class HttpExchange:
    """See `configured.Exchange`."""

    def __init__(self, plan: Plan, site: Site, request: Request) -> None:
        self._failing = plan.failing
        self._http = Http(site, plan.failing, plan.configuration.limits.seconds)
        self._answer_set = plan.configuration.answer.character_set
        self._request = request
        self._segments = [Template(segment) for segment in request.path.split("/")[1:]]
        self._parameters, self._headers = Filled(dict(request.parameters)), Filled(dict(request.headers))
        self._form, self._body = Filled(dict(request.form)), Filled(request.body)

    async def close(self) -> None:
        await self._http.close()

    async def ask(self, values: Mapping[str, Any]) -> Reply:
        """See `configured.Exchange`."""
        try:
            path = "".join(f"/{encoded_segment(segment.render(values))}" for segment in self._segments)
            query = encoded_query(self._parameters.fill(values), self._request.character_set)
            headers, content = self._content(values)
        except ValueError:
            raise self._failing.refused("the request cannot be written in the system's characters") from None
        headers = {"Accept": "application/json, application/xml;q=0.5", **headers, **self._headers.fill(values)}
        answer = await self._http.send(self._request.method, path, query=query, headers=headers, content=content)
        try:
            return Reply(read_tree(answer.content, self._answer_set), answer.failure)
        except NotAgreed as error:
            raise answer.failure or self._failing.unreadable(str(error)) from None

    def _content(self, values: Mapping[str, Any]) -> tuple[dict[str, str], bytes | None]:
        character_set = self._request.character_set
        if self._request.form:
            kind = f"application/x-www-form-urlencoded; charset={character_set}"
            return {"Content-Type": kind}, encoded_query(self._form.fill(values), character_set).encode("ascii")
        if self._request.body is None:
            return {}, None
        text = json.dumps(self._body.fill(values), ensure_ascii=False)
        return {"Content-Type": f"application/json; charset={character_set}"}, encoded(text, character_set)
