"""What other apps may ask of briefs. The class is offered as a type and to be read; briefs are written here alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from haedap.apps.briefs.links import address_of
from haedap.apps.briefs.models import LONGEST_ANSWER, LONGEST_TEXT, Brief, BriefAnswer, BriefDelivery
from haedap.apps.briefs.sending import Way, configured
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.masking import mask_again, masked, masked_of_contact

__all__ = [
    "Brief",
    "Way",
    "address_of",
    "announcement",
    "announcement_about",
    "draft",
    "mask_saved",
    "of_contact",
    "revoke",
    "send",
    "set_promise",
    "write",
]

_LIFE = timedelta(days=7)
_LONGEST_SPOKEN = 60


def draft(contact: contacts.Contact) -> str:
    """The brief as it would be sent now: the agent's note. May be empty."""
    return contacts.note_of(contact.pk).text.strip()[:LONGEST_TEXT]


def write(
    contact: contacts.Contact,
    *,
    author: int,
    receiver: str,
    text: str,
    officer: int | None = None,
) -> Brief:
    """Keep a brief for `receiver`, which can be read for seven days. Personal data in the text is masked."""
    citizen = contacts.citizen_of_contact(contact)
    return Brief.objects.create(
        contact=contact.pk,
        author_id=author,
        receiver=receiver[:100],
        officer=officer,
        topic=contacts.topic_path(contacts.note_of(contact.pk).topic)[:200],
        text=masked_of_contact(text.strip(), contact)[:LONGEST_TEXT],
        citizen_name=citizen.name if citizen else "",
        citizen_number=contact.caller or "",
        expires_at=timezone.now() + _LIFE,
    )


def send(brief: Brief, addresses: Mapping[Way, str]) -> list[str]:
    """Send the link; returns the ways by which this centre can. The worker does it and notes what came of it."""
    ways = {way: address for way, address in addresses.items() if address and configured(way)}
    with transaction.atomic():
        for way, address in ways.items():
            delivery = BriefDelivery.objects.create(brief=brief, way=way, address=address)
            app.configure_task("briefs.deliver").defer(delivery=delivery.pk)
    return [way.value for way in ways]


def announcement(brief: Brief) -> str:
    """What an officer hears before anybody speaks: who calls and what about; nothing that says who the citizen is."""
    return announcement_about(brief.topic)


def announcement_about(topic: str) -> str:
    """The announcement of a brief with this topic, `도로·교통 > 가로등`; empty: without one."""
    about = topic.rpartition(" > ")[2][:_LONGEST_SPOKEN]
    name = centre.settings().name
    if not about:
        return _("This is %(centre)s. A citizen's call is for you.") % {"centre": name}
    return _("This is %(centre)s. A citizen's call is for you, about %(topic)s.") % {"centre": name, "topic": about}


def set_promise(brief: UUID, promise: UUID) -> None:
    """The officer owes the citizen this callback; the brief's page lets them say what became of it."""
    Brief.objects.filter(pk=brief).update(promise=promise)


def revoke(brief: UUID) -> None:
    """Nobody may read it any more."""
    Brief.objects.filter(pk=brief, revoked_at=None).update(revoked_at=timezone.now())


def of_contact(contact: UUID) -> list[Brief]:
    """The briefs of a contact, the oldest first, with deliveries and answers."""
    return list(
        Brief.objects.filter(contact=contact)
        .select_related("author")
        .prefetch_related("deliveries", "answers")
        .order_by("created_at")
    )


def mask_saved() -> int:
    """Mask briefs and answers that were saved before masking was there, or by older rules; returns how many changed."""
    answers = BriefAnswer.objects.select_related("brief").exclude(text="")
    return mask_again(Brief.objects.all(), _masked_brief) + mask_again(answers, _masked_answer)


def _masked_brief(brief: Brief) -> str:
    return masked(brief.text, _known(brief))[:LONGEST_TEXT]


def _masked_answer(answer: BriefAnswer) -> str:
    return masked(answer.text, _known(answer.brief))[:LONGEST_ANSWER]


def _known(brief: Brief) -> list[str]:
    return [brief.citizen_name] if brief.citizen_name else []
