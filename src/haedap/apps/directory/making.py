"""Looking for the numbers of a quarter, into its edition. What a person said of an entry stays."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.analytics.directory.finding import Candidate, find
from haedap.analytics.directory.grouping import group_of
from haedap.analytics.directory.quarters import Quarter
from haedap.analytics.directory.tree import Office, Tree, office_key
from haedap.apps.centre import api as centre
from haedap.apps.directory import gathering
from haedap.apps.directory.errors import DirectoryError, PublishedError
from haedap.apps.directory.groups import as_words, put_groups
from haedap.apps.directory.models import (
    LONGEST_NAME,
    LONGEST_WHAT,
    MOST_COUNT,
    USUAL_COUNT,
    DirectoryGroup,
    Edition,
    Entry,
)

_SPARE = 2
"""So many times the count are kept, so that a person can choose others."""
_TEAMS = ("팀", "계", "담당")
_MOST_MATTERS = 3
_FOUND = ("rank", "score", "contacts", "evidence", "found_name", "found_what", "found_group", "number")


def make(quarter: Quarter, count: int | None = None) -> Edition:
    """The edition of `quarter`, looked for anew. `count`: how many numbers; None: as before, or 20.

    Raises PublishedError for a published one, DirectoryError for a quarter that has not begun or a count beyond all.
    """
    check_wish(quarter, count)
    tree = gathering.tree_of(quarter)
    found = find(gathering.requests(gathering.Period.of(quarter), tree), tree)
    put_groups()
    with transaction.atomic():
        edition = opened(quarter)
        edition.count = count or edition.count
        edition.found_at = timezone.now()
        edition.synthetic = centre.synthetic()
        edition.save(update_fields=["count", "found_at", "synthetic"])
        _put(edition, found[: edition.count * _SPARE], tree)
    return edition


def published_or_made(quarter: Quarter, count: int | None = None) -> Edition:
    """The edition as it was published; else as `make` makes it."""
    published = Edition.objects.filter(quarter=str(quarter), state=Edition.State.PUBLISHED).first()
    return published or make(quarter, count)


def check_wish(quarter: Quarter, count: int | None) -> None:
    """Raises DirectoryError with the sentence of what cannot be."""
    if quarter.since > timezone.localdate():
        raise DirectoryError(_("%(quarter)s has not begun yet. Choose an earlier quarter.") % {"quarter": quarter})
    if count is not None and not 1 <= count <= MOST_COUNT:
        raise DirectoryError(_("A directory has 1 to %(most)d numbers.") % {"most": MOST_COUNT})


def opened(quarter: Quarter) -> Edition:
    """The edition, new if need be, locked for the running transaction. Raises PublishedError."""
    latest = Edition.objects.filter(quarter__lt=str(quarter)).values_list("count", flat=True).first()
    Edition.objects.bulk_create([Edition(quarter=str(quarter), count=latest or USUAL_COUNT)], ignore_conflicts=True)
    edition = Edition.objects.select_for_update().get(quarter=str(quarter))
    if edition.is_published:
        raise PublishedError(_("This edition is published. Take it back to change it."))
    return edition


def _put(edition: Edition, found: Sequence[Candidate], tree: Tree) -> None:
    """New rows and new figures; rows that were not found any more stay only if a person has said something of them."""
    groups = list(DirectoryGroup.objects.all())
    known = {entry.key: entry for entry in edition.entries.all()}
    new, again = [], []
    for rank, candidate in enumerate(found, 1):
        entry = known.pop(candidate.key, None)
        if entry is None:
            entry = Entry(edition=edition, key=candidate.key)
            new.append(entry)
        else:
            again.append(entry)
        _write(entry, rank, candidate, tree, groups)
    Entry.objects.bulk_create(new)
    Entry.objects.bulk_update(again, _FOUND)
    for entry in known.values():
        if _is_told(entry):
            _unfound(entry, tree)
        else:
            entry.delete()


def _is_told(entry: Entry) -> bool:
    """Whether a person said something of it that must not be lost."""
    return bool(entry.own_name or entry.own_what or entry.own_group_id or entry.choice or entry.confirmed)


def _unfound(entry: Entry, tree: Tree) -> None:
    """Nobody asked for it this time; an office's number is today's all the same."""
    office = tree.office(entry.key)
    entry.rank, entry.score, entry.contacts, entry.evidence = None, 0, 0, {}
    if office is not None:
        entry.number = office.telephone
    entry.save(update_fields=["rank", "score", "contacts", "evidence", "number"])


def _write(entry: Entry, rank: int, found: Candidate, tree: Tree, groups: list[DirectoryGroup]) -> None:
    office = tree.office(found.key)
    name = name_of(office, tree) if office else ""
    matters = [*found.matters, *(gathering.duties_of(tree.below(found.key)) if office else ())]
    key = group_of(name, matters[:12], as_words(groups))
    entry.rank, entry.score, entry.contacts = rank, found.score, found.contacts
    entry.evidence = {source.value: times for source, times in found.evidence.items()}
    entry.found_name = name[:LONGEST_NAME]
    entry.found_what = what_of(matters)
    entry.found_group = next((group for group in groups if group.key == key), None)
    entry.number = office.telephone if office else found.key.partition(":")[2]


def name_of(office: Office, tree: Tree) -> str:
    """A team is known by its department: 상하수도과 요금팀."""
    above = tree.office(office_key(office.parent)) if office.parent else None
    return f"{above.name} {office.name}" if above and office.name.endswith(_TEAMS) else office.name


def what_of(matters: Sequence[str]) -> str:
    """The first matters, as many as fit into a line: `이사정산 · 누수 감면`."""
    chosen: list[str] = []
    for matter in dict.fromkeys(matters):
        if len(chosen) == _MOST_MATTERS or len(" · ".join([*chosen, matter])) > LONGEST_WHAT // 2:
            break
        chosen.append(matter)
    return " · ".join(chosen) or "".join(matters[:1])[:LONGEST_WHAT]
