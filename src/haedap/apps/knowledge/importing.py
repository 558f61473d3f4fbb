"""Imports: read, preview, confirm. All of a file or nothing of it; nothing is written before somebody confirms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from pathlib import PurePosixPath
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.knowledge import drafts, publishing
from haedap.apps.knowledge.content import LABELS, UNWRITABLE, Content, Fault, faults, missing
from haedap.apps.knowledge.errors import RefusedError, StaleError, UnreadableError
from haedap.apps.knowledge.formats import Problem, Read
from haedap.apps.knowledge.formats.archive import read_archive
from haedap.apps.knowledge.formats.document import read_document
from haedap.apps.knowledge.formats.front_matter import read_markdown
from haedap.apps.knowledge.formats.table import read_table
from haedap.apps.knowledge.models import Article, ArticleVersion, ImportDraft
from haedap.apps.knowledge.places import Places, content_of

MOST_BYTES = 20 * 1024 * 1024
_KEPT = timedelta(hours=12)
_READERS = {".zip": read_archive, ".hwpx": read_document, ".csv": read_table, ".tsv": read_table, ".txt": read_table}


class Kind(Enum):
    """What the import would do to an article."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Step:
    """One article of the file: what it would become, and which fields differ from what is written now."""

    kind: Kind
    content: Content
    fields: tuple[str, ...] = ()


def read_file(name: str, data: bytes) -> Read:
    """The articles of a file, by the end of its name. Raises UnreadableError."""
    if len(data) > MOST_BYTES:
        raise UnreadableError(
            _("The file is larger than %(most)d MB. Divide it.") % {"most": MOST_BYTES // 1024 // 1024}
        )
    if not data.strip():
        raise UnreadableError(_("The file is empty. Choose a file with articles."))
    ending = PurePosixPath(name).suffix.lower()
    if ending in {".md", ".markdown"}:
        return read_markdown(data)
    reader = _READERS.get(ending)
    if reader is None:
        raise UnreadableError(_("Choose a file that ends in .md, .zip, .csv or .hwpx."))
    return reader(data)


def checked(read: Read, places: Places, *, lenient: bool = False) -> Read:
    """Only what can be taken, and all that cannot. `lenient`: names that nobody knows are left out instead."""
    found = Read(problems=list(read.problems))
    seen: dict[str, str] = {}
    for item in read.items:
        content = _known(item.content, places) if lenient else item.content
        wrong = [*faults(content), *places.faults(content)]
        found.problems += [Problem(item.place_of(fault.field), fault.sentence) for fault in wrong]
        if content.code in seen:
            sentence = _("The code “%(code)s” stands at %(place)s already.")
            names = {"code": content.code, "place": seen[content.code]}
            found.problems.append(Problem(item.place_of("code"), sentence % names))
        elif not wrong:
            found.items.append(replace(item, content=content))
        seen.setdefault(content.code, item.place_of("code"))
    return found


def steps_of(contents: Iterable[Content]) -> list[Step]:
    """What would become of each, compared with the newest version there is, written or waiting."""
    rows = list(contents)
    return [_step(content, now) for content, now in zip(rows, _newest(rows), strict=True)]


def keep_draft(read: Read, origin: str, account: int, now: datetime) -> ImportDraft:
    """Keep what was read until somebody confirms it; drafts of yesterday go."""
    ImportDraft.objects.filter(created_at__lt=now - _KEPT).delete()
    return ImportDraft.objects.create(
        account_id=account,
        created_at=now,
        origin=origin[:120],
        items=[msgspec.to_builtins(item.content) for item in read.items],
        problems=[_storable(problem) for problem in read.problems],
    )


def _storable(problem: Problem) -> dict[str, str]:
    """What a sentence quotes of the file may be what is wrong with it."""
    return {name: UNWRITABLE.sub("\ufffd", text) for name, text in asdict(problem).items()}


def steps_of_draft(draft: ImportDraft) -> list[Step]:
    """As the articles stand now."""
    return steps_of(msgspec.convert(draft.items, list[Content]))


def problems_of(draft: ImportDraft) -> list[Problem]:
    """What cannot be taken; while there is one, nothing can be."""
    return msgspec.convert(draft.problems, list[Problem])


def digest(steps: Iterable[Step]) -> str:
    """Of what a preview showed."""
    shown = "\n".join(f"{step.kind.value} {step.content.code} {step.fields}" for step in steps)
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def confirm(draft: UUID, account: int, shown: str, approver: str, now: datetime) -> list[Step]:
    """Write what the preview showed, all or nothing: as drafts, or approved in the name of `approver`.

    Raises StaleError when the preview is used up or out of date, RefusedError when it must not be taken.
    """
    with transaction.atomic():
        found = ImportDraft.objects.select_for_update().filter(pk=draft, account_id=account).first()
        if found is None:
            raise StaleError(_("This preview has been used up. Choose the file again."))
        if found.problems:
            raise RefusedError(_("The file has errors. Correct them and choose it again; nothing was written."))
        steps = steps_of_draft(found)
        if digest(steps) != shown:
            raise StaleError(_("Articles were changed after the preview. Look at it once more, then confirm."))
        write(steps, account, approver, now)
        found.delete()
    return steps


def write(steps: Iterable[Step], account: int | None, approver: str, now: datetime) -> None:
    """Write the steps, all or nothing: as drafts, or approved in the name of `approver`. Raises RefusedError."""
    wanted, places = list(steps), Places()
    with transaction.atomic():
        _write_new([step.content for step in wanted if step.kind is Kind.NEW], places, account, approver, now)
        for step in wanted:
            if step.kind is Kind.CHANGED:
                _write(step.content, places, account, approver, now)


def _write_new(contents: list[Content], places: Places, account: int | None, approver: str, now: datetime) -> None:
    """Articles whose codes nobody has, all at once: step by step, a hundred of them take many seconds."""
    for content in contents:
        _refuse(content.code, faults(Content(code=content.code)))
        if approver:
            kept = _known(content, places)
            _refuse(content.code, [*missing(kept), *faults(kept)])
    try:
        with transaction.atomic():
            articles = Article.objects.bulk_create(Article(code=content.code) for content in contents)
    except IntegrityError as error:
        raise RefusedError(_("There is an article with this code already.")) from error
    versions = ArticleVersion.objects.bulk_create(
        drafts.first_version(article, content, places, account, approver, now)
        for article, content in zip(articles, contents, strict=True)
    )
    through = ArticleVersion.topics.through
    through.objects.bulk_create(
        through(articleversion_id=version.pk, topic_id=topic)
        for version, content in zip(versions, contents, strict=True)
        for topic in places.topics_of(content)
    )
    if approver:
        publishing.settle_new(versions, timezone.localdate(now))
        return
    for article, version in zip(articles, versions, strict=True):
        article.open_version = version
    Article.objects.bulk_update(articles, ["open_version"])


def _write(content: Content, places: Places, account: int | None, approver: str, now: datetime) -> None:
    if approver:
        _refuse(content.code, missing(content))
    version = drafts.open_draft(Article.objects.get(code=content.code), account, now)
    if version.state != ArticleVersion.State.DRAFT:
        raise RefusedError(
            _("“%(title)s” waits for its office's approval. Take it back first.") % {"title": version.title}
        )
    drafts.write(version, content, places, version.revision)
    if approver:
        drafts.submit(version, now)
        drafts.approve(version, drafts.Decision(approver, account), now)


def _refuse(code: str, wrong: list[Fault]) -> None:
    """Raises RefusedError for the first thing that is wrong, if any is."""
    if wrong:
        raise RefusedError(f"{code}: {wrong[0].sentence}")


def _newest(contents: list[Content]) -> list[Content | None]:
    versions = (
        ArticleVersion.objects.filter(article__code__in=[content.code for content in contents])
        .order_by("article_id", "-number")
        .distinct("article_id")
        .select_related("article", "office__parent__parent__parent")
        .prefetch_related("topics__parent__parent")
    )
    by_code = {version.article.code: content_of(version) for version in versions}
    return [by_code.get(content.code) for content in contents]


def _step(content: Content, now: Content | None) -> Step:
    if now is None:
        return Step(Kind.NEW, content)
    fields = tuple(name for name in LABELS if _comparable(content, name) != _comparable(now, name))
    return Step(Kind.CHANGED if fields else Kind.SAME, content, fields)


def _comparable(content: Content, name: str) -> object:
    """An office may be written by the end of its path; topics come in any order."""
    value = getattr(content, name)
    if name == "office":
        return value.rpartition(">")[2].strip()
    return sorted(value) if name == "topics" else value


def _known(content: Content, places: Places) -> Content:
    topics = tuple(path for path in content.topics if places.topic(path) is not None)
    return replace(content, topics=topics, office=content.office if places.office(content.office) is not None else "")
