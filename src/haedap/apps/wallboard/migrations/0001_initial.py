"""The table of the centre's faults."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CentreHealth",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("detail", models.JSONField(default=dict)),
            ],
            options={"db_table": "centre_health"},
        ),
    ]
