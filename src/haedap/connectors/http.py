"""HTTP to one configured site and nowhere else.

No redirect is followed, no proxy of the environment is used, certificates are checked, an answer that grows beyond the
limit is cut off, and compressed ones are not taken, so that a small answer cannot become a huge one.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec
from msgspec import Meta

from haedap.connectors.failing import Failing
from haedap.connectors.port import ConnectorError, FailureCode
from haedap.connectors.schema import Problem

MOST_BYTES = 2_000_000
_IDENTITY = {"Accept-Encoding": "identity", "User-Agent": "haedap"}
_OWN_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # they log addresses, and with them keys and people


FixedPath = Annotated[str, Meta(max_length=300, pattern=r"^(/[A-Za-z0-9._~-]+)*/?$")]
"""A path that holds no template and leads nowhere else."""


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a system listens."""

    address: Annotated[str, Meta(max_length=300)]
    """`https://host[:port][/path]`."""
    unencrypted: bool = False
    """Allows `http://`, for systems inside the city's own network that know no TLS."""
    authority: Annotated[str, Meta(max_length=20_000)] = ""
    """A certificate in PEM that signs the site's own, where no public authority does."""


class HttpAnswer(msgspec.Struct, frozen=True):
    """`failure`: what the status means, unless the content says better."""

    content: bytes
    failure: ConnectorError | None


def site_problems(site: Site, place: str) -> Iterator[Problem]:
    """What is wrong with where a system is said to listen."""
    try:
        parts = urlsplit(site.address)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        yield Problem(f"{place}.address", "주소를 읽을 수 없습니다.")
        return
    if parts.scheme not in {"https", "http"} or not parts.hostname or not port_is_fine:
        yield Problem(f"{place}.address", "https://호스트[:포트] 꼴의 주소가 와야 합니다.")
    elif parts.scheme == "http" and not site.unencrypted:
        yield Problem(f"{place}.address", "암호화되지 않은 주소입니다. 내부망이라면 unencrypted를 true로 하십시오.")
    if parts.username or parts.password or parts.query or parts.fragment:
        yield Problem(f"{place}.address", "주소에 계정·열쇠·매개변수를 적지 마십시오.")
    if site.authority:
        try:
            ssl.create_default_context(cadata=site.authority)
        except (ssl.SSLError, ValueError):
            yield Problem(f"{place}.authority", "PEM 인증서가 아닙니다.")


class Http:
    """A client of one site. `seconds` bounds each wait on the wire; the guard bounds the whole."""

    def __init__(self, site: Site, failing: Failing, seconds: float) -> None:
        self._failing = failing
        self._base = site.address.rstrip("/")
        self._client = httpx.AsyncClient(
            headers=_IDENTITY,
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
            verify=_trust(site),
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> HttpAnswer:
        """One request; `path` and `query` are encoded already. Raises `ConnectorError`s only."""
        try:
            checked = self._checked(headers or {})
            request = self._client.build_request(
                method, f"{self._base}{path}{f'?{query}' if query else ''}", headers=checked, content=content
            )
            response = await self._client.send(request, stream=True)
            try:
                return HttpAnswer(await self._content(response), self._status_failure(response.status_code))
            finally:
                await response.aclose()
        except httpx.TimeoutException:
            raise self._failing.temporary("no answer in time", FailureCode.TIMEOUT) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            reason = f"the wire failed: {type(error).__name__}"
            raise self._failing.temporary(reason, FailureCode.UNREACHABLE) from None

    def _checked(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        for value in headers.values():
            if not value.isascii() or not value.isprintable():
                raise self._failing.refused("a header would hold what headers cannot")
        return headers

    async def _content(self, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding", "identity").lower() not in {"identity", ""}:
            raise self._failing.unreadable("the answer is compressed though that was not asked for")
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > MOST_BYTES:
                raise self._failing.unreadable(f"the answer has more than {MOST_BYTES} bytes")
        return bytes(content)

    def _status_failure(self, status: int) -> ConnectorError | None:
        if httpx.codes.is_success(status):
            return None
        reason = f"HTTP status {status}"
        if status in {401, 403, 407}:
            return self._failing.misconfigured(reason, FailureCode.KEY)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return self._failing.temporary(reason, FailureCode.LIMIT, again=False)
        if httpx.codes.is_server_error(status) or status == httpx.codes.REQUEST_TIMEOUT:
            return self._failing.temporary(reason, FailureCode.SYSTEM)
        if httpx.codes.is_redirect(status) or status in {404, 405, 410}:
            return self._failing.misconfigured(reason)
        return self._failing.refused(reason)


def _trust(site: Site) -> ssl.SSLContext:
    """Whom to believe: the site's own authority, or the public ones; nobody where no TLS is spoken anyway."""
    if site.address.startswith("https:"):
        return _context(site.authority)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def _context(authority: str) -> ssl.SSLContext:
    """Made once: reading the public authorities takes longer than a look-up."""
    return ssl.create_default_context(cadata=authority or None)


def encoded_query(parameters: Mapping[str, str], character_set: str) -> str:
    """The query of an address. Raises ValueError for what the character set does not have."""
    return urlencode(
        [(encoded(name, character_set), encoded(text, character_set)) for name, text in parameters.items()]
    )


def encoded(text: str, character_set: str) -> bytes:
    """The text in a character set. Raises ValueError for what it does not have."""
    content = text.encode(character_set)
    if character_set == "euc-kr" and content != text.encode("cp949"):
        raise ValueError("a syllable that EUC-KR does not have would be sent as its letters, which nobody reads")
    return content


def encoded_segment(text: str) -> str:
    """One segment of a path. Raises ValueError for one that would change the path: empty, `.` and `..`."""
    if text in {"", ".", ".."}:
        raise ValueError("a segment of the path is empty or leads elsewhere")
    return quote(text, safe="")


def own_header_problems(names: Mapping[str, object], place: str) -> Iterator[Problem]:
    """Headers that the client writes itself may not be configured."""
    for name in names:
        if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
            yield Problem(f"{place}.{name[:40]}", "머리글(header)의 이름이 아닙니다.")
        elif name.lower() in _OWN_HEADERS:
            yield Problem(f"{place}.{name}", "이 머리글(header)은 정할 수 없습니다.")
