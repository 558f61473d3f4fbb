"""Whether the numbers of an edition were found in an invented year, which may have been taken away since."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centre", "0006_synthetic"),
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="synthetic",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        # Until now an edition was marked as long as its centre was.
        migrations.RunSQL(
            "UPDATE directory_edition SET synthetic = s.synthetic FROM centre_settings s WHERE found_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
