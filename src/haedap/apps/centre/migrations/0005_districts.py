"""The centre's list of districts, and within how many days a second contact means that the first solved nothing."""

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centre", "0004_written_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="centresettings",
            name="repeat_days",
            field=models.PositiveSmallIntegerField(
                db_default=7,
                default=7,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(30),
                ],
                verbose_name="Solved at once when nobody asks again within (days)",
            ),
        ),
        migrations.AddField(
            model_name="centresettings",
            name="districts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                db_default=models.Value(
                    [],
                    output_field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                default=list,
                size=None,
                verbose_name="Districts",
            ),
        ),
    ]
