"""What a person does to an edition. A published one is not changed: each function raises PublishedError for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.analytics.directory.tree import number_key, office_key
from haedap.apps.directory import gathering
from haedap.apps.directory.choosing import by_group, choose, content_of
from haedap.apps.directory.errors import DirectoryError, PublishedError, UnsettledError
from haedap.apps.directory.models import MOST_COUNT, DirectoryGroup, Edition, Entry


@contextmanager
def draft(edition: Edition) -> Iterator[Edition]:
    """The edition, locked until the end of the block. Raises PublishedError."""
    with transaction.atomic():
        locked = Edition.objects.select_for_update().get(pk=edition.pk)
        if locked.is_published:
            raise PublishedError(_("This edition is published. Take it back to change it."))
        yield locked


def choose_entry(entry: Entry, choice: Entry.Choice) -> None:
    """Pinned, dropped, or by its rank again. One that nobody asked for and nobody wants any more goes."""
    with draft(entry.edition):
        if choice is Entry.Choice.RANK and entry.rank is None:
            entry.delete()
            return
        entry.choice = choice
        entry.save(update_fields=["choice"])


def move(entry: Entry, step: int) -> None:
    """One place up (-1) or down (1) within its group; at the end it stays where it is."""
    with draft(entry.edition) as edition:
        entries = edition.entries.select_related("found_group", "own_group")
        chosen, _spare, _dropped = choose(entries, edition.count)
        for section in by_group(chosen):
            keys = [one.pk for one in section.entries]
            if entry.pk in keys:
                _reorder(section.entries, keys.index(entry.pk), step)


def _reorder(entries: list[Entry], at: int, step: int) -> None:
    to = min(max(at + step, 0), len(entries) - 1)
    entries.insert(to, entries.pop(at))
    for position, entry in enumerate(entries):
        entry.position = position
    Entry.objects.bulk_update(entries, ["position"])


def add(edition: Edition, number: str, name: str, what: str, group: DirectoryGroup | None) -> Entry:
    """A number (E.164) that a person wants in. Raises DirectoryError when it is there already, or too much is."""
    tree = gathering.tree_of(edition.of)
    with draft(edition) as locked:
        if locked.entries.filter(number=number).exclude(choice=Entry.Choice.DROPPED).exists():
            raise DirectoryError(_("This number stands in this edition already."))
        if locked.entries.filter(choice=Entry.Choice.PINNED).count() >= MOST_COUNT:
            raise DirectoryError(_("A directory has 1 to %(most)d numbers.") % {"most": MOST_COUNT})
        key = next((office_key(one.id) for one in tree.offices() if one.active and one.telephone == number), None)
        entry, _new = Entry.objects.update_or_create(
            edition=locked,
            key=key or number_key(number),
            defaults={
                "number": number,
                "own_name": name,
                "own_what": what,
                "own_group": group,
                "choice": Entry.Choice.PINNED,
                "confirmed": True,
            },
        )
    return entry


def take_number_of_today(entry: Entry) -> None:
    """The number that the office has in the tree now."""
    office = gathering.tree_of(entry.edition.of).office(entry.key)
    with draft(entry.edition):
        if office is None or not office.telephone:
            raise DirectoryError(_("The office has no number in the tree. Give it one there, or leave it out here."))
        entry.number = office.telephone
        entry.save(update_fields=["number"])


def publish(edition: Edition, account: int) -> None:
    """Citizens may see it. Raises UnsettledError while an entry has a problem, DirectoryError for an empty one."""
    with draft(edition) as locked:
        content = content_of(locked)
        if content.problems:
            raise UnsettledError(
                _("%(problems)d entries are not settled yet. Settle them, or leave them out.")
                % {"problems": len(content.problems)}
            )
        unnamed = [entry for entry in content.chosen if not entry.name]
        if unnamed:
            raise UnsettledError(_("A number has no name yet. Give it one, or leave it out."))
        if not content.chosen:
            raise DirectoryError(_("There is nothing in this edition. Look for the numbers first, or add one."))
        locked.state = Edition.State.PUBLISHED
        locked.published_at = timezone.now()
        locked.published_by_id = account
        locked.save(update_fields=["state", "published_at", "published_by"])


def take_back(edition: Edition) -> None:
    """Citizens see the edition before it again, and it can be changed."""
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.DRAFT, published_at=None, published_by=None)


Act = Callable[[Entry], None]
ACTS: dict[str, Act] = {
    "pin": lambda entry: choose_entry(entry, Entry.Choice.PINNED),
    "drop": lambda entry: choose_entry(entry, Entry.Choice.DROPPED),
    "by-rank": lambda entry: choose_entry(entry, Entry.Choice.RANK),
    "up": lambda entry: move(entry, -1),
    "down": lambda entry: move(entry, 1),
    "number-of-today": take_number_of_today,
}
"""What one button does to one entry."""
