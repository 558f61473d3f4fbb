"""The tree of topics as reports need it: who stands above whom, switched off or not."""

from __future__ import annotations

from haedap.analytics.dimensions import Value
from haedap.apps.contacts.topic_tree import Branch, branches


def paths() -> dict[str, str]:
    """Names from the root, by code."""
    return {branch.topic.code: branch.path for branch in branches()}


def with_below(code: str) -> tuple[Value, ...]:
    """The topic's code and those of all that stand below it; an unknown code stands alone."""
    return below(branches()).get(code, (code,))


def below(tree: list[Branch]) -> dict[str, tuple[str, ...]]:
    """For each code, itself and those below it, in the tree's order."""
    codes = {branch.topic.pk: branch.topic.code for branch in tree}
    parents = {branch.topic.code: codes.get(branch.topic.parent_id or 0) for branch in tree}
    found: dict[str, tuple[str, ...]] = dict.fromkeys(parents, ())
    for code in parents:
        above: str | None = code
        while above is not None:
            found[above] += (code,)
            above = parents[above]
    return found
