"""Surveys and their answers."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("contact", models.UUIDField(primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "survey",
                "indexes": [models.Index(models.F("asked_at"), name="survey_asked")],
            },
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "item",
                    models.CharField(
                        choices=[
                            ("handling", "Handling"),
                            ("satisfaction", "Satisfaction"),
                            ("kindness", "Kindness"),
                            ("quality", "Quality of the answer"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "points",
                    models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)]),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        db_column="contact",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "db_table": "survey_answer",
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "item"), name="survey_answer_once"),
                    models.CheckConstraint(condition=models.Q(("points__lte", 100)), name="survey_points_to_100"),
                ],
            },
        ),
    ]
