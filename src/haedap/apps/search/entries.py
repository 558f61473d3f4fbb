"""Putting into the search what can be found, and taking it out again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q

from haedap.apps.search.models import LONGEST_TEXT, LONGEST_TITLE, SearchEntry

_FOUND_BY = ["kind", "key"]
_SAID = ["title", "questions", "body", "keywords", "filters", "valid_from", "valid_until", "digest"]


def entry(
    kind: str,
    key: str,
    *,
    title: str,
    questions: Sequence[str] = (),
    body: str = "",
    keywords: Sequence[str] = (),
    filters: Mapping[str, Iterable[int | str]] | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> SearchEntry:
    """What is to be found, for `publish_all`; it is one by `kind` and `key`.

    All text must be masked already, and plain. `filters`: by name, the values under which it is to be found, such as
    a topic with all above it. From `valid_from` to `valid_until`, both days included. What is too long is cut.
    """
    found = {name: sorted(map(str, values)) for name, values in (filters or {}).items()}
    values = {
        "title": _plain(title)[:LONGEST_TITLE],
        "questions": "\n".join(" ".join(_plain(question).split()) for question in questions)[:LONGEST_TEXT],
        "body": _plain(body)[:LONGEST_TEXT],
        "keywords": ", ".join(_plain(word).replace(",", " ") for word in keywords)[:LONGEST_TEXT],
        "filters": found,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    digest = hashlib.sha256(json.dumps(values, default=str, sort_keys=True).encode()).hexdigest()[:32]
    return SearchEntry(kind=kind, key=key, digest=digest, **values)


def publish_all(entries: Iterable[SearchEntry]) -> None:
    """Let them be found from the commit of the running transaction on, as they are now."""
    wanted = {(one.kind, one.key): one for one in entries}
    there = SearchEntry.objects.filter(kind__in={kind for kind, _key in wanted}, key__in={key for _kind, key in wanted})
    same = {(kind, key, digest) for kind, key, digest in there.values_list("kind", "key", "digest")}
    changed = [one for one in wanted.values() if (one.kind, one.key, one.digest) not in same]
    SearchEntry.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=_FOUND_BY, update_fields=_SAID, batch_size=500
    )


def withdraw(kind: str, key: str) -> None:
    """Let it be found no more; nothing happens when it was not there."""
    SearchEntry.objects.filter(kind=kind, key=key).delete()


def withdraw_others(kind: str, kept: Collection[str]) -> None:
    """Of this kind, let only these keys be found from now on."""
    SearchEntry.objects.filter(kind=kind).exclude(key__in=kept).delete()


def filters_on(kind: str, day: date) -> list[dict[str, list[str]]]:
    """The filters of everything of this kind that may be found on `day`."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    not_over = Q(valid_until=None) | Q(valid_until__gte=day)
    return list(SearchEntry.objects.filter(begun, not_over, kind=kind).values_list("filters", flat=True))


def _plain(text: str) -> str:
    """Without what PostgreSQL takes no text with."""
    return text.replace("\0", " ").strip()
