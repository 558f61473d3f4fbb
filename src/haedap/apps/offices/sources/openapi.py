"""A directory behind an open API of the data.go.kr kind: paged JSON with a service key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import httpx
from django.utils.translation import gettext as _

from haedap.apps.offices.errors import SourceError
from haedap.apps.offices.rows import column_of
from haedap.apps.offices.sources.port import MOST_PEOPLE

_PER_PAGE = 500
_MOST_PAGES = 200
_PATIENCE = httpx.Timeout(20.0, connect=5.0)
_MOST_BYTES = 20 * 1024 * 1024


class OpenApiDirectory:
    """`fields`: their names of fields by our columns, where `rows.COLUMNS` does not know them."""

    name = "OpenAPI"

    def __init__(self, url: str, key: str, fields: Mapping[str, str] | None = None) -> None:
        self._url, self._key = url, unquote(key)  # keys are handed out encoded, too
        self._fields = {theirs.lower(): ours for ours, theirs in (fields or {}).items()}

    def rows(self) -> list[tuple[int, Mapping[str, str]]]:
        """See `DirectorySource`."""
        found: list[dict[str, Any]] = []
        with httpx.Client(timeout=_PATIENCE) as client:
            for page in range(1, _MOST_PAGES + 1):
                items, total = self._page(client, page)
                found += items
                if len(found) > MOST_PEOPLE:
                    raise SourceError(_("The directory names more than %d people. Check its address.") % MOST_PEOPLE)
                if not items or len(found) >= total:
                    break
        if len(found) != total:
            raise SourceError(
                _("The directory announced %(total)d people and sent %(sent)d. Try again later; nothing was changed.")
                % {"total": total, "sent": len(found)}
            )
        return [(number, self._values(item)) for number, item in enumerate(found, 1)]

    def _page(self, client: httpx.Client, page: int) -> tuple[list[dict[str, Any]], int]:
        asked: dict[str, str | int] = {"serviceKey": self._key, "pageNo": page, "numOfRows": _PER_PAGE, "_type": "json"}
        try:
            answer = client.get(self._url, params=asked)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(
                _("The directory does not answer. Check its address and the network; nothing was changed.")
            ) from error
        return _read_page(answer)

    def _values(self, item: Mapping[str, Any]) -> dict[str, str]:
        values: dict[str, str] = {}
        for theirs, value in item.items():
            ours = self._fields.get(theirs.lower()) or column_of(theirs)
            if ours and not values.get(ours):
                values[ours] = "" if value is None else str(value)
        return values


def _read_page(answer: httpx.Response) -> tuple[list[dict[str, Any]], int]:
    """The people on the page, and how many there are in all. Raises SourceError."""
    if len(answer.content) > _MOST_BYTES:
        raise SourceError(_("The directory sent too much at once. Check its address; nothing was changed."))
    try:
        content = answer.json()
    except ValueError as error:
        raise _failed(answer.status_code) from error
    if not isinstance(content, dict):
        raise _failed(answer.status_code)
    _refuse_gateway(content)
    response = content.get("response")
    header = response.get("header") if isinstance(response, dict) else None
    code = str(header.get("resultCode", "")) if isinstance(header, dict) else ""
    if code == "03":  # no data
        return [], 0
    if code in {"00", "0"} and isinstance(response, dict) and isinstance(response.get("body"), dict):
        return _items(response["body"])
    raise _refused(code) if code else _failed(answer.status_code)


def _refuse_gateway(content: Mapping[str, Any]) -> None:
    """The gateway in front of the service speaks in another shape than the service."""
    outer = content.get("OpenAPI_ServiceResponse")
    header = outer.get("cmmMsgHeader") if isinstance(outer, dict) else None
    if isinstance(header, dict):
        raise _refused(str(header.get("returnReasonCode", "")))


def _items(body: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """`items.item` is a list, or the one item itself, or an empty text when there is none."""
    items = body.get("items")
    found = items.get("item", []) if isinstance(items, dict) else items or []
    found = found if isinstance(found, list) else [found]
    try:
        total = int(body.get("totalCount", len(found)))
    except (TypeError, ValueError) as error:
        raise _failed(200) from error
    if not all(isinstance(item, dict) for item in found):
        raise _failed(200)
    return found, total


def _refused(code: str) -> SourceError:
    reason = {
        "20": _("The service key has no right to this list."),
        "22": _("Today's quota of requests is used up."),
        "30": _("The service key is not registered."),
        "31": _("The service key has expired."),
        "32": _("The address of this server is not registered for the service key."),
    }.get(code, _("It gave the code %(code)s.") % {"code": code[:20] or "?"})
    return SourceError(_("The directory refused: %(reason)s Nothing was changed.") % {"reason": reason})


def _failed(status: int) -> SourceError:
    return SourceError(
        _("The directory answered something else than a list (HTTP %(status)d). Check its address; nothing changed.")
        % {"status": status}
    )
