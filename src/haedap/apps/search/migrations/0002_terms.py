"""The words of an entry are kept with it, so that a start need not find them anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.AddField("searchentry", "analysed", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("searchentry", "terms", models.TextField(blank=True, default="")),
    ]
