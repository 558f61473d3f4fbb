"""본인확인: how well the citizen of a contact is known, and what of them the look-ups may go by."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.numbers import dialled
from haedap.apps.desk.errors import DeskError
from haedap.apps.lookups import asking, keeping, policy
from haedap.apps.lookups.asking import Asker
from haedap.apps.lookups.models import Identification
from haedap.apps.lookups.policy import NUMBER_FIELD, Level, Refusal
from haedap.apps.lookups.schemas import IdentifyIn
from haedap.apps.lookups.words import ASKABLE


def identify(asker: Asker, body: IdentifyIn) -> None:
    """Set the level of the contact and who the citizen is. Written to the access log. Raises DeskError."""
    standing = asking.standing_of(asker)
    if not standing.live:
        raise asking.log_refusal(asker, "", Refusal.NOT_LIVE)
    if NUMBER_FIELD in body.subject and not body.level.reaches(Level.ASKED):
        raise asking.log_refusal(asker, "", Refusal.SUBJECT)
    asked = [word for word in ASKABLE if word in body.asked]
    _check_way(asker, body, len(asked))
    subject = {name: text.strip() for name, text in body.subject.items() if text.strip()}
    with transaction.atomic():
        _save(asker, body, asked, subject)
        contacts.log_access(
            "lookup.identified",
            account=asker.account.pk,
            address=asker.address,
            contact=asker.contact,
            citizen=asking.citizen_id(asker.contact),
            detail={"level": body.level.value, "way": body.how.value, "asked": asked},
        )


def known_subject(asker: Asker) -> dict[str, str]:
    """What is known of the citizen: the number of the contact, and what was said when identifying."""
    number = asking.caller_of(asker.contact)
    return ({NUMBER_FIELD: dialled(number)} if number else {}) | keeping.subject_of(asker.contact)


def merged(
    asker: Asker, system: str, known: Mapping[str, str], typed: Mapping[str, str], names: frozenset[str]
) -> dict[str, str]:
    """What the system is asked by: what is `known_subject` and what was typed now, which is remembered.

    Raises DeskError 409 when what was typed means somebody else, which is logged, and 422 for what is not asked for.
    """
    if not typed.keys() <= names:
        raise DeskError(422, "subject_unknown", _("This system is not asked by that. Load the page anew."))
    said = {name: text.strip() for name, text in typed.items() if text.strip()}
    if policy.changes_whom(said, known):
        raise asking.log_refusal(asker, system, Refusal.SUBJECT)
    keeping.remember(asker.contact, said)
    return {name: text for name, text in {**known, **said}.items() if name in names}


def _check_way(asker: Asker, body: IdentifyIn, asked: int) -> None:
    """The level is what the way gives, and the way was gone."""
    if body.level is Level.NONE:
        return
    if policy.LEVEL_OF[body.how] is not body.level:
        raise DeskError(422, "way", _("This way of identifying does not give this level. Choose again."))
    on_record = asking.number_on_record(asker.contact)
    if policy.identification_refused(body.how, asked=asked, number_on_record=on_record):
        if body.how is policy.Way.ASKED:
            sentence = _("Ask at least two things, and tick those that were right.")
        else:
            sentence = _("The number is not on record, so it identifies nobody. Ask questions instead.")
        raise DeskError(422, "not_identified", sentence)


def _save(asker: Asker, body: IdentifyIn, asked: list[str], subject: dict[str, str]) -> None:
    """Who was identified before is forgotten, with all that was found about them, when it is somebody else now."""
    before = keeping.subject_of(asker.contact)
    same = not any(before.get(name, text) != text for name, text in subject.items() if name in policy.IDENTITY_FIELDS)
    if not same or body.level is Level.NONE:
        keeping.forget_contact(asker.contact)
        before = {}
    values = {
        "level": body.level.value,
        "way": "" if body.level is Level.NONE else body.how.value,
        "asked": asked,
        "sealed_subject": keeping.sealed_subject(asker.contact, {**before, **subject}),
        "by": asker.account,
        "at": timezone.now(),
    }
    Identification.objects.update_or_create(pk=asker.contact, defaults=values)
