"""The invented city with its topics, and an article of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from haedap.apps.centre.starting_set import add_topics, centre_data
from haedap.apps.contacts.models import Topic
from haedap.apps.knowledge import drafts
from haedap.apps.knowledge.content import Content
from haedap.apps.knowledge.models import ArticleVersion
from haedap.apps.knowledge.places import Places
from haedap.apps.offices.models import Department, Officer
from haedap.apps.offices.starting import put_demo

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Seoul."""
ARTICLE = Content(
    code="water-moving",
    title="이사정산",
    topics=("상하수도 > 요금 > 이사정산",),
    office="상하수도사업소 > 요금팀",
    questions=("이사 가는데 수도요금 어떻게 해요?",),
    keywords=("정산",),
    script="이사 나가는 날까지 쓴 요금만 내시면 됩니다.",
    answer="계량기 숫자를 **알려** 주십시오.",
    valid_from=date(2026, 1, 1),
    review_by=date(2030, 1, 1),
)
Writer = Callable[..., ArticleVersion]


@pytest.fixture
def city(db: None) -> None:
    """All departments, officers and topics of the demo."""
    put_demo(NOW)
    add_topics(centre_data()["topics"], None)


@pytest.fixture
def town(db: None) -> None:
    """Two offices, an officer and two topics of it."""
    water = Department.objects.create(name="상하수도사업소")
    Officer.objects.create(name="권은별", department=Department.objects.create(name="요금팀", parent=water))
    Department.objects.create(name="도로과")
    for key, path in (("water", "상하수도 > 요금 > 이사정산"), ("living", "생활불편신고 > 가로등·보안등")):
        above = None
        for level, name in enumerate(path.split(" > ")):
            above = Topic.objects.create(code=f"{key}_{level}", name=name, parent=above)


@pytest.fixture
def written(town: None) -> Writer:
    """Writes an article, or a newer version of it; `approved` by its office unless told otherwise."""

    def write(*, approved: bool = True, now: datetime | None = None, **changed: object) -> ArticleVersion:
        content = replace(ARTICLE, **changed)  # type: ignore[arg-type]
        at = now or timezone.now()
        known = ArticleVersion.objects.filter(article__code=content.code).first()
        version = drafts.open_draft(known.article, None, at) if known else drafts.new_article(content.code, None, at)
        drafts.write(version, content, Places(), version.revision)
        if approved:
            drafts.submit(version, at)
            drafts.approve(version, drafts.Decision("요금팀 권은별"), at)
        version.refresh_from_db()
        return version

    return write


def today() -> date:
    return timezone.localdate()


def in_days(days: int) -> date:
    return today() + timedelta(days=days)
