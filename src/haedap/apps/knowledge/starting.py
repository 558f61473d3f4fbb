"""The articles that come with the software: of an invented city, right in substance, to be made a city's own."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files

from haedap.apps.knowledge import importing
from haedap.apps.knowledge.formats import Read
from haedap.apps.knowledge.formats.front_matter import read_markdown
from haedap.apps.knowledge.models import Article
from haedap.apps.knowledge.places import Places

DEMO_APPROVER = "해답시 시범 운영"


@cache
def starting_articles() -> Read:
    """All of them, as they are in their files; read once, since a second of work is in it. Not to be changed."""
    found = Read()
    folder = files("haedap.apps.knowledge").joinpath("data", "articles")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".md"):
            read = read_markdown(file.read_bytes(), file.name)
            found.items += read.items
            found.problems += read.problems
    return found


def load(approver: str, now: datetime) -> int:
    """Bring in those whose code nobody has yet, as drafts, or approved in the name of `approver`; returns how many.

    Topics and offices that this centre does not have are left out of drafts; then nothing can be approved.
    """
    known = set(Article.objects.values_list("code", flat=True))
    read = starting_articles()
    fresh = Read([item for item in read.items if item.content.code not in known], read.problems)
    taken = importing.checked(fresh, Places(), lenient=not approver)
    steps = importing.steps_of(item.content for item in taken.items)
    importing.write(steps, None, approver, now)
    return len(steps)


def put_demo(now: datetime) -> int:
    """The invented city's knowledge, when there is no article yet; returns how many were added."""
    return 0 if Article.objects.exists() else load(DEMO_APPROVER, now)
