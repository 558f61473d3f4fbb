"""Until when the centre was at work, so that what a power cut ended ends then in the figures, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0007_offices_and_districts"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignOfLife",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "sign_of_life",
            },
        ),
    ]
