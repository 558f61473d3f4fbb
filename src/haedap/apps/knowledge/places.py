"""Topics and offices by their names, as files write them; and the names of those that a version has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from haedap.apps.contacts import api as contacts
from haedap.apps.knowledge.content import Content, Fault
from haedap.apps.knowledge.models import ArticleVersion
from haedap.apps.offices import api as offices

_STEP = re.compile(r"\s*>\s*")


class Places:
    """All topics and offices in use, read once for a whole file."""

    def __init__(self) -> None:
        self.topics = dict(_topics(contacts.topic_tree(), ()))
        self._whole = {department.path: department.pk for department in offices.departments()}
        self._ends = Counter(path[start:] for path in self._whole for start in range(1, len(path)))
        self._by_end = {path[start:]: key for path, key in self._whole.items() for start in range(1, len(path))}

    def topic(self, path: str) -> int | None:
        """The id; None when there is none of this path."""
        return self.topics.get(" > ".join(_steps(path)))

    def topics_of(self, content: Content) -> set[int]:
        """The ids of its topics; those that nobody knows are left out."""
        return {key for path in content.topics if (key := self.topic(path)) is not None}

    def office(self, path: str) -> int | None:
        """The id, by the whole path or by the end of it that only one office has."""
        steps = _steps(path)
        whole = self._whole.get(steps)
        return whole if whole is not None else self._by_end.get(steps) if self._ends[steps] == 1 else None

    def faults(self, content: Content) -> list[Fault]:
        """Which names of it nobody knows."""
        found = [
            Fault("topics", _("There is no topic “%(topic)s”.") % {"topic": path})
            for path in content.topics
            if self.topic(path) is None
        ]
        if content.office and self.office(content.office) is None:
            sentence = (
                _("There are several offices “%(office)s”. Write its whole path.")
                if self._ends[_steps(content.office)] > 1
                else _("There is no office “%(office)s”.")
            )
            found.append(Fault("office", sentence % {"office": content.office}))
        return found


def content_of(version: ArticleVersion) -> Content:
    """What the version says, in names."""
    return Content(
        code=version.article.code,
        title=version.title,
        topics=tuple(sorted(contacts.topic_path(topic) for topic in version.topics.all())),
        office=version.office.place if version.office else "",
        questions=tuple(version.questions),
        keywords=tuple(version.keywords),
        documents=tuple(version.documents),
        fee=version.fee,
        law=tuple(version.law),
        script=version.script,
        answer=version.answer,
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        review_by=version.review_by,
    )


def _topics(nodes: list[contacts.TopicNode], above: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        path = (*above, node.name)
        yield " > ".join(path), node.id
        yield from _topics(node.children, path)


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step for step in _STEP.split(path.strip()) if step)
