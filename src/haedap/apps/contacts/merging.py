"""Two citizens who are the same person, and what they are known by: merged, taken apart, added, taken off.

Every row of a person points to the one whose name stands (`merged_into`), so that who it is takes one look-up; and to
the one it was merged with (`merged_with`), so that taking a row apart takes exactly those with it who had come by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from haedap.apps.contacts.citizens import family, know
from haedap.apps.contacts.models import Citizen, CitizenNumber
from haedap.apps.contacts.numbers import to_e164
from haedap.domain.states import Channel
from haedap.web.reaching import reached


class CitizenError(Exception):
    """It cannot be done to these citizens; the message is a code."""


@dataclass(frozen=True, slots=True)
class Known:
    """A number of a person, and which of their rows has it."""

    row: CitizenNumber
    by: Citizen


@transaction.atomic
def merge(kept: Citizen, same: Citizen) -> None:
    """`same` is the same person as `kept`, whose name stands. Raises CitizenError `same`."""
    both = list(Citizen.objects.select_for_update().filter(pk__in=[kept.pk, same.pk]).order_by("pk"))
    if len(both) < 2 or any(one.merged_into_id is not None for one in both):
        raise CitizenError("same")
    Citizen.objects.filter(pk=same.pk).update(merged_with=kept)
    Citizen.objects.filter(Q(pk=same.pk) | Q(merged_into=same)).update(merged_into=kept)


@transaction.atomic
def split(same: Citizen) -> Citizen:
    """`same` is a person of their own again, as they were when they were merged; returns who they were merged into.

    Raises CitizenError `alone`.
    """
    found = Citizen.objects.filter(pk=same.pk).select_related("merged_into").first()
    kept = found and found.merged_into
    if found is None or kept is None:
        raise CitizenError("alone")
    rows = list(Citizen.objects.select_for_update().filter(Q(pk=kept.pk) | Q(merged_into=kept)).order_by("pk"))
    if found.pk not in {row.pk for row in rows}:
        raise CitizenError("alone")
    own = _came_by(found.pk, rows)
    Citizen.objects.filter(pk__in=own - {found.pk}).update(merged_into=found)
    Citizen.objects.filter(pk=found.pk).update(merged_into=None, merged_with=None)
    return kept


def _came_by(key: int, rows: list[Citizen]) -> set[int]:
    """`key`, and the rows that came by being merged with it, however far."""
    return reached(key, lambda new: (row.pk for row in rows if row.merged_with_id in new))


def merged_into(citizen: Citizen) -> list[Citizen]:
    """Who was found to be this person, too, by name."""
    return list(Citizen.objects.filter(merged_into=citizen).select_related("merged_with").order_by("name", "pk"))


def known_by(citizen: Citizen) -> list[Known]:
    """All that this person is known by, by channel."""
    rows = CitizenNumber.objects.filter(citizen__in=family(citizen)).select_related("citizen")
    return [Known(row, row.citizen) for row in rows.order_by("channel", "number", "pk")]


def add_number(citizen: Citizen, typed: str) -> str:
    """The citizen is known by this telephone number, too; returns it as it is kept.

    Raises CitizenError `no_number` for what is none, and `known` when they are already.
    """
    number = to_e164(typed)
    if number is None:
        raise CitizenError("no_number")
    if not know(citizen, number, Channel.VOICE):
        raise CitizenError("known")
    return number


def remove_number(citizen: Citizen, key: int) -> str:
    """The citizen is not known by the number of this row any more; returns it. Raises CitizenError `gone`."""
    row = CitizenNumber.objects.filter(pk=key, citizen__in=family(citizen)).first()
    if row is None:
        raise CitizenError("gone")
    row.delete()
    return row.number
