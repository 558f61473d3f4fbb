"""Who was asked about which contact, and the points that were given."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

MOST_POINTS = 100


class Survey(models.Model):
    """The citizen of a contact was asked once; `answered_at` is null until an answer came."""

    contact = models.UUIDField(primary_key=True)
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "survey"
        indexes: ClassVar = [models.Index("asked_at", name="survey_asked")]

    def __str__(self) -> str:
        return str(self.contact)


class SurveyAnswer(models.Model):
    """The points of one item, 0 to 100."""

    class Item(models.TextChoices):
        """What is asked about."""

        HANDLING = "handling", _("Handling")
        SATISFACTION = "satisfaction", _("Satisfaction")
        KINDNESS = "kindness", _("Kindness")
        QUALITY = "quality", _("Quality of the answer")

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, models.CASCADE, db_column="contact", related_name="answers")
    item = models.CharField(max_length=16, choices=Item.choices)
    points = models.PositiveSmallIntegerField(validators=[MaxValueValidator(MOST_POINTS)])

    class Meta:
        db_table = "survey_answer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "item"], name="survey_answer_once"),
            models.CheckConstraint(condition=models.Q(points__lte=MOST_POINTS), name="survey_points_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.points}"
