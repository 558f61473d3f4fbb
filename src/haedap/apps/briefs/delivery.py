"""Sending a brief's link."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.briefs.links import address_of
from haedap.apps.briefs.models import BriefDelivery
from haedap.apps.briefs.sending import DeliveryError, Message, State, Way, send
from haedap.apps.centre import api as centre


def deliver(key: int, *, last: bool) -> None:
    """Send the delivery `key`, unless it was sent. Raises DeliveryError, unless this is the `last` attempt."""
    delivery = BriefDelivery.objects.select_related("brief").filter(pk=key).first()
    if delivery is None or delivery.state == State.SENT:
        return
    try:
        send(Way(delivery.way), delivery.address, _message(delivery))
    except DeliveryError:
        if not last:
            raise
        _finish(delivery, State.FAILED)
    else:
        _finish(delivery, State.SENT)


def _finish(delivery: BriefDelivery, state: State) -> None:
    delivery.state, delivery.finished_at = state, timezone.now()
    delivery.save(update_fields=["state", "finished_at"])


def _message(delivery: BriefDelivery) -> Message:
    name = centre.settings().name
    address = address_of(delivery.brief_id)
    title = _("[%(centre)s] A citizen's matter for you") % {"centre": name}
    text = _(
        "%(receiver)s: %(centre)s passes a citizen's matter on to you. Read what it is about, and tell what became"
        " of it, here (for seven days):\n%(address)s"
    ) % {"receiver": delivery.brief.receiver, "centre": name, "address": address}
    return Message(title, text, address)
