"""The API of the citizen's telephone: open to everybody, and only in the demo."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.security import APIKeyCookie

from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.desk import commands, phones, telephones
from haedap.apps.desk.errors import DeskError
from haedap.apps.desk.schemas import ErrorOut, Nothing, PhoneOut

_MOST = 60


class DemoAuth(APIKeyCookie):
    """Anybody with the page's CSRF token. Where there is no demo the address does not exist (404)."""

    param_name = "haedap_csrf"

    def authenticate(self, request: HttpRequest, key: str | None) -> bool:  # noqa: ARG002 - ninja's protocol
        """Raises Http404 outside the demo."""
        if not settings.HAEDAP.demo:
            raise Http404
        return True


class CitizenPhoneOut(PhoneOut):
    """A telephone, and the number to call: `number` E.164, `number_dialled` as people write it."""

    number: str
    number_dialled: str


router = Router(tags=["demo"])


@router.post(
    "/phone",
    response={200: CitizenPhoneOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut, 503: ErrorOut},
    auth=DemoAuth(),
)
async def phone(request: HttpRequest, body: Nothing) -> CitizenPhoneOut:  # noqa: ARG001 - an empty body
    """A citizen's telephone for one hour."""
    issued = await sync_to_async(_new_phone)()
    await commands.run("phone_issued", None, username=issued.username)
    number = await sync_to_async(centre.main_number)() or settings.HAEDAP.main_number
    out = telephones.phone_out(issued).model_dump()
    return CitizenPhoneOut(**out, number=number, number_dialled=contacts.dialled(number))


def _new_phone() -> phones.Issued:
    if phones.live_citizens() >= _MOST:
        raise DeskError(409, "busy", _("Too many demonstration telephones are open. Try again in an hour."))
    return phones.new_citizen()
