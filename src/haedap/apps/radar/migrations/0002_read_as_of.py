"""As of when a contact's signs were read, so that each minute only those are read that have changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("radar", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactsigns",
            name="noted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="contactsigns",
            name="seq",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
