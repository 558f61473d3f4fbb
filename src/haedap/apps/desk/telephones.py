"""The telephone in the browser of who works here: new credentials, told to the engine."""

from __future__ import annotations

from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.accounts.api import Account, Telephone
from haedap.apps.desk import commands, phones
from haedap.apps.desk.errors import DeskError
from haedap.apps.desk.schemas import PhoneOut
from haedap.settings_fields import bracketed


async def browser_phone(account: Account) -> PhoneOut:
    """New credentials, for 8 hours; the earlier ones are void. Raises DeskError."""
    issued = await sync_to_async(_new_phone)(account)
    await commands.run("phone_issued", None, username=issued.username)
    return phone_out(issued)


def phone_out(issued: phones.Issued) -> PhoneOut:
    """The credentials with the addresses that the telephone needs."""
    if issued.expires_at is None:
        raise ValueError("only for telephones in a browser")
    return PhoneOut(
        username=issued.username,
        password=issued.password,
        realm=issued.realm,
        uri=f"sip:{issued.username}@{bracketed(urlsplit(settings.HAEDAP.web_url).hostname or '')}",
        ws_url=settings.SIP_WEBSOCKET_URL,
        expires_at=issued.expires_at,
        expires_in=int((issued.expires_at - timezone.now()).total_seconds()),
    )


def _new_phone(account: Account) -> phones.Issued:
    """Raises DeskError for who has a telephone on the desk."""
    if account.telephone != Telephone.BROWSER:
        raise DeskError(409, "desk_telephone", _("Your telephone stands on the desk. Answer and end calls there."))
    return phones.new_browser(account.pk)
