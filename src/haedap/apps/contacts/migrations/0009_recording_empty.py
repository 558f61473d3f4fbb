"""Recordings of calls that were over as soon as they were answered: nothing is in them, and nothing is wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_sign_of_life"),
    ]

    operations = [
        migrations.AlterField(
            model_name="recording",
            name="status",
            field=models.CharField(
                choices=[("writing", "Writing"), ("ready", "Ready"), ("missing", "Missing"), ("empty", "Empty")],
                db_default="writing",
                default="writing",
                max_length=8,
            ),
        ),
    ]
