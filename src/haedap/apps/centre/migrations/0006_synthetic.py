"""Whether what lies in this centre is invented."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centre", "0005_districts"),
    ]

    operations = [
        migrations.AddField(
            model_name="centresettings",
            name="synthetic",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
    ]
