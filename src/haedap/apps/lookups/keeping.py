"""What is kept sealed: the secrets of systems, who a contact is about, and answers while their contact lives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from haedap.apps.contacts import api as contacts
from haedap.apps.lookups import vault
from haedap.apps.lookups.models import Identification, KeptAnswer, System
from haedap.connectors.port import Answer, Record, Value

_TAGS: dict[str, type] = {"i": int, "n": Decimal, "t": datetime, "d": date, "l": tuple, "s": str}
Packed = list[object] | None


# --- secrets of systems


def set_secrets(system: System, secrets: Mapping[str, str]) -> None:
    """Replace the secrets; not saved."""
    system.sealed_secrets = vault.seal(json.dumps(dict(secrets)).encode(), f"secrets {system.pk}")


def secrets_of(system: System) -> dict[str, str]:
    """The secrets by name. Raises VaultError."""
    if not system.sealed_secrets:
        return {}
    found: dict[str, str] = json.loads(vault.unseal(system.sealed_secrets, f"secrets {system.pk}"))
    return found


# --- who a contact is about


def subject_of(contact: UUID) -> dict[str, str]:
    """What was said of the citizen of this contact; nothing when it cannot be opened any more."""
    row = Identification.objects.filter(pk=contact).first()
    if row is None or not row.sealed_subject:
        return {}
    try:
        found: dict[str, str] = json.loads(vault.unseal(row.sealed_subject, f"subject {contact}"))
    except vault.VaultError:
        return {}
    return found


def sealed_subject(contact: UUID, subject: Mapping[str, str]) -> bytes:
    """For the row of this contact."""
    return vault.seal(json.dumps(dict(subject)).encode(), f"subject {contact}")


def remember(contact: UUID, typed: Mapping[str, str]) -> None:
    """Keep what was typed for a look-up beside what the identification said, for as long as the contact lives."""
    if not typed:
        return
    with transaction.atomic():
        row = Identification.objects.select_for_update().filter(pk=contact).first()
        if row is not None:
            row.sealed_subject = sealed_subject(contact, {**subject_of(contact), **typed})
            row.save(update_fields=["sealed_subject"])


# --- answers


def digest_of(contact: UUID, system: System, subject: Mapping[str, str]) -> str:
    """The mark of one question to one configuration."""
    asked = json.dumps([system.configuration, sorted(subject.items())], ensure_ascii=False, sort_keys=True)
    return vault.digest(asked.encode(), f"digest {contact}")


def keep(contact: UUID, system: System, digest: str, answer: Answer) -> None:
    """Keep an answer sealed, in the place of an earlier one."""
    row = KeptAnswer(
        contact=contact,
        system=system.pk,
        digest=digest,
        sealed=vault.seal(msgspec.json.encode(_packed(answer)), f"answer {contact}"),
        expires_at=timezone.now() + timedelta(seconds=system.cache_seconds),
    )
    KeptAnswer.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["contact", "system", "digest"],
        update_fields=["sealed", "expires_at"],
    )


def kept(contact: UUID, system: str, digest: str) -> Answer | None:
    """The answer, unless its time is over or the key has changed."""
    live = KeptAnswer.objects.filter(contact=contact, system=system, digest=digest, expires_at__gt=timezone.now())
    row = live.first()
    if row is None:
        return None
    try:
        return _unpacked(msgspec.json.decode(vault.unseal(row.sealed, f"answer {contact}")))
    except vault.VaultError:
        return None


def forget_contact(contact: UUID) -> None:
    """Remove all answers of one contact, because its citizen turned out to be somebody else."""
    KeptAnswer.objects.filter(contact=contact).delete()


def void(contact: UUID) -> None:
    """Somebody else is on the line than was identified: neither the identification nor what was found holds."""
    Identification.objects.filter(pk=contact).delete()
    KeptAnswer.objects.filter(contact=contact).delete()


def forget() -> int:
    """Remove what has expired or whose contact is with nobody any more; returns how many answers went.

    The subjects of such contacts go as well: that somebody was identified stays, and who it was does not.
    """
    live = contacts.in_hand()
    removed, _by_model = KeptAnswer.objects.exclude(contact__in=live, expires_at__gt=timezone.now()).delete()
    Identification.objects.exclude(pk__in=live).filter(sealed_subject__isnull=False).update(sealed_subject=None)
    return removed


def _packed(answer: Answer) -> dict[str, object]:
    records = [[record.title, _pack_all(record.values), _pack_all(record.facts)] for record in answer.records]
    return {"records": records, "read_out": answer.read_out, "fetched_at": answer.fetched_at.isoformat()}


def _unpacked(data: dict[str, object]) -> Answer:
    records = msgspec.convert(data["records"], list[tuple[str, dict[str, Packed], dict[str, Packed]]])
    return Answer(
        records=tuple(
            Record(title=title, values=_unpack_all(values), facts=_unpack_all(facts))
            for title, values, facts in records
        ),
        read_out=str(data["read_out"]),
        fetched_at=datetime.fromisoformat(str(data["fetched_at"])),
    )


def _pack_all(values: Mapping[str, Value]) -> dict[str, Packed]:
    return {name: _pack(value) for name, value in values.items()}


def _unpack_all(values: Mapping[str, Packed]) -> dict[str, Value]:
    return {name: _unpack(value) for name, value in values.items()}


def _pack(value: Value) -> Packed:
    """A value with the mark of its type: JSON alone would not tell a date from a text."""
    if value is None:
        return None
    tag = next(tag for tag, kind in _TAGS.items() if isinstance(value, kind))
    match value:
        case date():
            return [tag, value.isoformat()]
        case tuple():
            return [tag, list(value)]
        case Decimal():
            return [tag, str(value)]
        case _:
            return [tag, value]


def _unpack(packed: Packed) -> Value:
    if packed is None:
        return None
    tag, raw = str(packed[0]), packed[1]
    match _TAGS[tag]:
        case kind if kind is datetime:
            return datetime.fromisoformat(str(raw))
        case kind if kind is date:
            return date.fromisoformat(str(raw))
        case kind if kind is tuple:
            return tuple(msgspec.convert(raw, list[str]))
        case kind if kind is int:
            return msgspec.convert(raw, int)
        case kind if kind is Decimal:
            return Decimal(str(raw))
        case _:
            return str(raw)
