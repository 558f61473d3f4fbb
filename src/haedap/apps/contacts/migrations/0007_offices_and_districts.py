"""A topic has an owning office, a note the district that it is about."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_merged_with"),
        ("offices", "0002_search_version"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="office",
            field=models.ForeignKey(
                blank=True,
                db_column="office",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="offices.department",
                verbose_name="Owning office",
            ),
        ),
        migrations.AddField(
            model_name="contactnote",
            name="district",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
    ]
