"""What other apps may do with surveys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haedap.apps.surveys.models import MOST_POINTS, Survey, SurveyAnswer

__all__ = ["MOST_POINTS", "SurveyAnswer", "record"]


@transaction.atomic
def record(contact: UUID, asked_at: datetime, answered_at: datetime | None, points: Mapping[str, int]) -> None:
    """What came of asking about the contact; a later word about the same contact takes the place of the earlier.

    `points`: 0 to 100 by `SurveyAnswer.Item`; empty when nobody answered. Raises ValueError for other points.
    """
    unknown = points.keys() - set(SurveyAnswer.Item.values)
    if unknown or not all(0 <= given <= MOST_POINTS for given in points.values()):
        raise ValueError("points are 0 to 100, by item")
    survey, _new = Survey.objects.update_or_create(
        pk=contact, defaults={"asked_at": asked_at, "answered_at": answered_at if points else None}
    )
    survey.answers.exclude(item__in=points).delete()
    SurveyAnswer.objects.bulk_create(
        [SurveyAnswer(survey=survey, item=item, points=given) for item, given in points.items()],
        update_conflicts=True,
        unique_fields=["survey", "item"],
        update_fields=["points"],
    )
