"""The figures by HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from haedap.analytics import AnalyticsError
from haedap.apps.accounts.api_auth import SIGNED_IN, SUPERVISORS, RoleAuth
from haedap.apps.wallboard import figures

router = Router()


class DefinitionOut(Schema):
    """A figure's explanation. `opens`: the contacts behind it can be listed."""

    key: str
    name: str
    unit: Literal["contacts", "ratio", "seconds"]
    formula: str
    cohort: str
    settings: dict[str, Any]
    opens: bool


class ContactOut(Schema):
    """One contact behind a figure. `counted`: the figure counts it; for a share: it stands above the line."""

    id: UUID
    arrived_at: datetime
    queue: str | None
    outcome: str | None
    waited_seconds: float | None
    counted: bool


class ContactsOut(Schema):
    """A page of them; `more`: ask again with a larger offset."""

    contacts: list[ContactOut]
    more: bool


class Narrowing(Schema):
    """Which contacts."""

    day: Annotated[date | None, Field(ge=figures.FIRST_DAY, le=figures.LAST_DAY)] = None
    queue: Annotated[str | None, Field(max_length=40, pattern=r"\A[^\x00]*\z")] = None
    counted: bool | None = None
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0


@router.get("/today", auth=RoleAuth(SIGNED_IN))
def today(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - ninja gives it
    """The same message as the WebSocket's `figures`."""
    return HttpResponse(msgspec.json.encode(figures.today().message()), content_type="application/json")


@router.get("/definitions", auth=RoleAuth(SIGNED_IN), response=list[DefinitionOut])
def definitions(request: HttpRequest) -> list[dict[str, Any]]:  # noqa: ARG001 - ninja gives it
    """Every figure's name, unit, formula, cohort rule and settings, in the order in which they are shown."""
    return figures.definitions()


@router.get("/{key}/contacts", auth=RoleAuth(SUPERVISORS), response=ContactsOut)
def contacts(request: HttpRequest, key: str, narrowing: Query[Narrowing]) -> dict[str, Any]:  # noqa: ARG001 - ninja gives it
    """The contacts behind a figure of a day (today), latest first."""
    chosen = narrowing
    try:
        found, more = figures.contacts_behind(key, chosen.day, chosen.queue, chosen.counted, chosen.offset)
    except AnalyticsError as error:
        raise Http404 from error
    return {"contacts": found, "more": more}
