"""Sending a brief's link. The message itself says nothing about the citizen: it may lie in any mailbox."""

from __future__ import annotations

import smtplib

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.briefs.links import address_of
from haedap.apps.briefs.models import BriefDelivery
from haedap.apps.centre import api as centre

MOST_ATTEMPTS = 5
_PATIENCE_SECONDS = 10


class DeliveryError(Exception):
    """It could not be sent now; another attempt may do."""


def deliver(key: int, *, last: bool) -> None:
    """Send the delivery `key`, unless it was sent. Raises DeliveryError, unless this is the `last` attempt."""
    delivery = BriefDelivery.objects.select_related("brief").filter(pk=key).first()
    if delivery is None or delivery.state == BriefDelivery.State.SENT:
        return
    try:
        _SENDERS[BriefDelivery.Way(delivery.way)](delivery)
    except DeliveryError:
        if not last:
            raise
        _finish(delivery, BriefDelivery.State.FAILED)
    else:
        _finish(delivery, BriefDelivery.State.SENT)


def configured(way: BriefDelivery.Way) -> bool:
    """Whether this centre can send this way."""
    return bool(settings.HAEDAP.mail_url if way is BriefDelivery.Way.MAIL else settings.HAEDAP.messenger_url)


def _finish(delivery: BriefDelivery, state: BriefDelivery.State) -> None:
    delivery.state, delivery.finished_at = state, timezone.now()
    delivery.save(update_fields=["state", "finished_at"])


def _words(delivery: BriefDelivery) -> tuple[str, str]:
    name = centre.settings().name
    title = _("[%(centre)s] A citizen's matter for you") % {"centre": name}
    text = _(
        "%(receiver)s: %(centre)s passes a citizen's matter on to you. Read what it is about, and tell what became"
        " of it, here (for seven days):\n%(address)s"
    ) % {"receiver": delivery.brief.receiver, "centre": name, "address": address_of(delivery.brief_id)}
    return title, text


def _mail(delivery: BriefDelivery) -> None:
    title, text = _words(delivery)
    try:
        EmailMessage(title, text, to=[delivery.address]).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise DeliveryError(type(error).__name__) from error


def _messenger(delivery: BriefDelivery) -> None:
    """POST to the city's own messenger gateway, see docs/reference/messenger.md."""
    title, text = _words(delivery)
    body = {"to": delivery.address, "title": title, "text": text, "url": address_of(delivery.brief_id)}
    try:
        answer = httpx.post(settings.HAEDAP.messenger_url, json=body, timeout=_PATIENCE_SECONDS)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise DeliveryError(type(error).__name__) from error


_SENDERS = {BriefDelivery.Way.MAIL: _mail, BriefDelivery.Way.MESSENGER: _messenger}
