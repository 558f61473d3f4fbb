"""What the page of a contact says of the radar."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from haedap.apps.contacts import api as contacts
from haedap.apps.radar import alarms

register = template.Library()


@register.inclusion_tag("radar/of_contact.html", takes_context=True)
def surges_of(context: Context, contact: contacts.Contact) -> dict[str, Any]:
    """The alarms that the contact belongs to, and the other ones that stand."""
    surges = alarms.alarms_of(contact.pk)
    known = {alarm.pk for alarm in surges}
    return {
        "contact": contact,
        "surges": surges,
        "standing": [alarm for alarm in alarms.standing() if alarm.pk not in known],
        **{name: context.get(name) for name in ("may_write", "request", "csrf_token")},
    }
