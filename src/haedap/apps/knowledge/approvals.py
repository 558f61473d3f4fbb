"""Asking the owning office. Its officers have no account here: they get a link that is signed and expires."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from haedap.apps.briefs import sending
from haedap.apps.centre import api as centre
from haedap.apps.knowledge.errors import RefusedError
from haedap.apps.knowledge.models import LONGEST_CALLED, ApprovalRequest, ArticleVersion
from haedap.apps.offices import api as offices

LIFE = timedelta(days=14)
_signer = Signer(salt="haedap.article")


def officers_of(version: ArticleVersion) -> list[offices.Officer]:
    """Who can be asked: the officers of the owning office, and of those above and below it."""
    return offices.officers_near(version.office) if version.office is not None else []


def ask(
    version: ArticleVersion, officer: offices.Officer, way: ApprovalRequest.Way, account: int, now: datetime
) -> ApprovalRequest:
    """Send the version to an officer; the worker does it. Raises RefusedError when this cannot be done."""
    address = _address(officer, way)
    with transaction.atomic():
        locked = ArticleVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if locked.state != ArticleVersion.State.SUBMITTED:
            raise RefusedError(_("The article is not in this state any more. Load the page anew."))
        sent = way is not ApprovalRequest.Way.LINK
        request = ApprovalRequest.objects.create(
            version=locked,
            officer=_called(officer),
            way=way,
            address=address,
            delivery=ApprovalRequest.Delivery.WAITING if sent else ApprovalRequest.Delivery.NONE,
            asked_by_id=account,
            asked_at=now,
            expires_at=now + LIFE,
        )
        if sent:
            app.configure_task("knowledge.deliver").defer(request=str(request.pk))
    return request


def address_of(request: ApprovalRequest) -> str:
    """The whole address of its page."""
    return f"{settings.HAEDAP.web_url}{reverse('article_approval', args=[token_of(request)])}"


def token_of(request: ApprovalRequest) -> str:
    """`<id>:<signature>`."""
    return _signer.sign(request.pk.hex)


def open_request(token: str) -> ApprovalRequest | None:
    """The request that the token opens: signed here, not expired, not settled; None otherwise."""
    try:
        key = UUID(hex=_signer.unsign(token))
    except (BadSignature, ValueError):
        return None
    rows = ApprovalRequest.objects.filter(pk=key, settled_at=None, expires_at__gt=timezone.now())
    return rows.filter(version__state=ArticleVersion.State.SUBMITTED).select_related("version__article").first()


def deliver(request: str, *, last: bool) -> None:
    """Send the link, unless it was sent. Raises DeliveryError, unless this is the `last` attempt."""
    rows = ApprovalRequest.objects.filter(pk=UUID(request), delivery=ApprovalRequest.Delivery.WAITING)
    found = rows.select_related("version").first()
    if found is None:
        return
    try:
        sending.send(sending.Way(found.way), found.address, _message(found))
    except sending.DeliveryError:
        if not last:
            raise
        rows.update(delivery=ApprovalRequest.Delivery.FAILED)
    else:
        rows.update(delivery=ApprovalRequest.Delivery.SENT)


def _called(officer: offices.Officer) -> str:
    """Department and name; of two that are too long together, the name is whole."""
    return f"{officer.department.name[: LONGEST_CALLED - len(officer.name) - 1]} {officer.name}"


def _address(officer: offices.Officer, way: ApprovalRequest.Way) -> str:
    """Raises RefusedError."""
    if way is ApprovalRequest.Way.LINK:
        return ""
    address = officer.email if way is ApprovalRequest.Way.MAIL else officer.messenger
    if not address or not sending.configured(sending.Way(way.value)):
        raise RefusedError(_("This officer cannot be reached so. Choose another way, or hand the link over yourself."))
    return address


def _message(request: ApprovalRequest) -> sending.Message:
    name, url = centre.settings().name, address_of(request)
    title = _("[%(centre)s] An answer of your office to approve") % {"centre": name}
    text = _(
        "%(officer)s: what %(centre)s tells citizens about “%(title)s” is your office's matter. Read it and say whether"
        " it is right, here (for fourteen days):\n%(address)s"
    ) % {"officer": request.officer, "centre": name, "title": request.version.title, "address": url}
    return sending.Message(title, text, url)
