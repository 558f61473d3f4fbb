"""The radar at the desk: which alarms the contact on the screen belongs to."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from haedap.apps.accounts.access import client_address
from haedap.apps.accounts.api_auth import AGENTS, RoleAuth, caller_of
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.schemas import ErrorOut
from haedap.apps.radar import alarms
from haedap.apps.radar.models import Alarm
from haedap.clock import centre_time

router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
_LARGEST_ID = 2**63 - 1


class BelongsIn(Schema):
    """Whether the contact belongs to an alarm that stands."""

    alarm: int = Field(ge=1, le=_LARGEST_ID)
    belongs: bool


class AlarmsOut(Schema):
    """Ids of the alarms that the contact belongs to."""

    alarms: list[int]


@router.get("/contacts/{uuid:contact}/alarms", response={200: AlarmsOut, **_REFUSALS})
def alarms_of(request: HttpRequest, contact: UUID) -> AlarmsOut:
    """The alarms that a contact of mine belongs to."""
    if not contacts.visible(caller_of(request)).filter(pk=contact).exists():
        raise Http404
    return _answer(contact)


@router.post("/contacts/{uuid:contact}/alarms", response={200: AlarmsOut, **_REFUSALS})
def link(request: HttpRequest, contact: UUID, body: BelongsIn) -> AlarmsOut:
    """My contact belongs to this alarm, or it does not."""
    account = caller_of(request)
    alarm = Alarm.objects.filter(pk=body.alarm, state__in=alarms.STANDING).first()
    visible = contacts.visible(account).filter(pk=contact).exists()
    if alarm is None or not visible or not contacts.may_write(account, contact):
        raise Http404
    address = client_address(request)
    alarms.link(alarm, contact, centre_time(), account=account, address=address, belongs=body.belongs)
    return _answer(contact)


def _answer(contact: UUID) -> AlarmsOut:
    return AlarmsOut(alarms=[alarm.pk for alarm in alarms.alarms_of(contact)])
