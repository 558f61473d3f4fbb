"""Citizens that were merged come apart as they were; a number that came by a mistake goes with it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_citizens"),
    ]

    operations = [
        migrations.AddField(
            model_name="citizen",
            name="merged_with",
            field=models.ForeignKey(
                blank=True,
                db_column="merged_with",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.citizen",
            ),
        ),
        migrations.RunSQL("UPDATE citizen SET merged_with = merged_into", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="contactcitizen",
            name="brought_number",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
