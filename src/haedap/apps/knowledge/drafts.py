"""Writing, submitting, approving and withdrawing: who calls these has checked who may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.knowledge import publishing
from haedap.apps.knowledge.content import Content, Fault, faults, missing
from haedap.apps.knowledge.errors import RefusedError, StaleError
from haedap.apps.knowledge.models import ApprovalRequest, Article, ArticleVersion
from haedap.apps.knowledge.places import Places, content_of

_State = ArticleVersion.State
_PLAIN = (
    "title", "questions", "keywords", "documents", "fee", "law", "script", "answer", "valid_from", "valid_until",
    "review_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided for the owning office, as they are called. `by`: the supervisor who wrote it down, if one did."""

    approver: str
    by: int | None = None
    comment: str = ""


def new_article(code: str, account: int | None, now: datetime) -> ArticleVersion:
    """An empty draft of a new article. Raises RefusedError when the code is taken or is none."""
    wrong = faults(Content(code=code))
    if wrong:
        raise RefusedError(wrong[0].sentence)
    try:
        with transaction.atomic():
            article = Article.objects.create(code=code)
            return _open(article, ArticleVersion(title=code, valid_from=timezone.localdate(now)), account, now)
    except IntegrityError as error:
        raise RefusedError(_("There is an article with this code already.")) from error


def first_version(
    article: Article, content: Content, places: Places, account: int | None, approver: str, now: datetime
) -> ArticleVersion:
    """What a new article says, not saved yet: a draft, or approved in the name of `approver`."""
    version = ArticleVersion(article=article, number=1, revision=1, made_by_id=account, made_at=now)
    version.valid_from = timezone.localdate(now)
    _say(version, content, places)
    if approver:
        version.state, version.approver, version.decided_by_id = _State.APPROVED, approver, account
        version.submitted_at = version.decided_at = now
    return version


def _say(version: ArticleVersion, content: Content, places: Places) -> None:
    """Let the version say this; saving and topics are the caller's. Without a first day it keeps the one it has."""
    begins = content.valid_from or version.valid_from
    for name in _PLAIN:
        value = getattr(content, name)
        setattr(version, name, list(value) if isinstance(value, tuple) else value)
    version.valid_from = begins
    version.office_id = places.office(content.office)


def open_draft(article: Article, account: int | None, now: datetime) -> ArticleVersion:
    """The version of the article that can be written: the open one, or a new one that says what the last one said."""
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article.pk)
        if locked.open_version is not None:
            return locked.open_version
        last = locked.versions.first()
        copy = ArticleVersion(**{name: getattr(last, name) for name in (*_PLAIN, "office_id")} if last else {})
        if copy.valid_until is not None and copy.valid_until < timezone.localdate(now):
            copy.valid_until = None
        version = _open(locked, copy, account, now)
        if last is not None:
            version.topics.set(last.topics.all())
            version.attachments.set(last.attachments.all())
        return version


def write(version: ArticleVersion, content: Content, places: Places, revision: int) -> None:
    """Replace what the draft of this `revision` says. Its code stays. Names that nobody knows are left out.

    Raises StaleError when it has been changed since, RefusedError when it is no draft.
    """
    with transaction.atomic():
        locked = _locked(version, _State.DRAFT)
        if locked.revision != revision:
            raise StaleError(_("Somebody else has changed this draft. Your text is still here: compare, then save."))
        _say(locked, content, places)
        locked.revision += 1
        locked.save()
        locked.topics.set(places.topics_of(content))
    version.refresh_from_db()


def submit(version: ArticleVersion, now: datetime) -> None:
    """Ask the owning office. Raises RefusedError, which says what is missing."""
    with transaction.atomic():
        locked = _locked(version, _State.DRAFT)
        content = content_of(locked)
        _refuse([*faults(content), *missing(content)])
        locked.state, locked.submitted_at, locked.comment = _State.SUBMITTED, now, ""
        locked.save(update_fields=["state", "submitted_at", "comment"])


def take_back(version: ArticleVersion) -> None:
    """A draft again, and nobody is asked any more. Raises RefusedError when it does not wait for approval."""
    with transaction.atomic():
        locked = _locked(version, _State.SUBMITTED)
        locked.state = _State.DRAFT
        locked.save(update_fields=["state"])
        ApprovalRequest.objects.filter(version=locked, settled_at=None).update(settled_at=timezone.now())


def approve(version: ArticleVersion, decision: Decision, now: datetime) -> None:
    """It is right: from its first day on it is in force. Raises RefusedError when it does not wait for approval."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=version.article_id)
        locked = _locked(version, _State.SUBMITTED)
        _decide(locked, decision, _State.APPROVED, now)
        article.open_version = None
        article.save(update_fields=["open_version"])
        publishing.settle(article, timezone.localdate(now))


def send_back(version: ArticleVersion, decision: Decision, now: datetime) -> None:
    """Not so: a draft again, with what the office said. Raises RefusedError when it does not wait for approval."""
    with transaction.atomic():
        _decide(_locked(version, _State.SUBMITTED), decision, _State.DRAFT, now)


def discard(version: ArticleVersion) -> None:
    """Throw the draft away; an article that never was anything else goes with it. Raises RefusedError."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=version.article_id)
        locked = _locked(version, _State.DRAFT)
        locked.delete()
        if not article.versions.exists():
            article.delete()


def withdraw(article: Article, decision: Decision, now: datetime) -> None:
    """Take it out of use at once, coming versions as well. Raises RefusedError when nothing of it is approved."""
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        approved = article.versions.filter(state=_State.APPROVED)
        if not approved.update(
            state=_State.WITHDRAWN, comment=decision.comment, decided_by_id=decision.by, decided_at=now
        ):
            raise RefusedError(_("No version of this article is in use."))
        publishing.settle(article, timezone.localdate(now))


def _open(article: Article, version: ArticleVersion, account: int | None, now: datetime) -> ArticleVersion:
    last = article.versions.first()
    version.article, version.number = article, last.number + 1 if last else 1
    version.made_by_id, version.made_at = account, now
    version.save()
    article.open_version = version
    article.save(update_fields=["open_version"])
    return version


def _locked(version: ArticleVersion, state: ArticleVersion.State) -> ArticleVersion:
    found = ArticleVersion.objects.select_for_update(of=("self",)).filter(pk=version.pk, state=state).first()
    if found is None:
        raise RefusedError(_("The article is not in this state any more. Load the page anew."))
    return found


def _decide(version: ArticleVersion, decision: Decision, state: ArticleVersion.State, now: datetime) -> None:
    version.state, version.decided_at = state, now
    version.approver, version.decided_by_id, version.comment = decision.approver, decision.by, decision.comment
    version.save(update_fields=["state", "decided_at", "approver", "decided_by", "comment"])
    ApprovalRequest.objects.filter(version=version, settled_at=None).update(settled_at=now)


def _refuse(wrong: Iterable[Fault]) -> None:
    sentences = [fault.sentence for fault in wrong]
    if sentences:
        raise RefusedError(" ".join(sentences))
