"""What can be found and what was missed; every change of the former is told to whoever follows it."""

import django.db.models.functions.datetime
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

_TELL = """
CREATE FUNCTION search_entry_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('haedap_search', coalesce(NEW.id, OLD.id)::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER search_entry_changed AFTER INSERT OR DELETE OR UPDATE OF digest ON search_entry
FOR EACH ROW EXECUTE FUNCTION search_entry_changed();
CREATE FUNCTION office_synonym_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('haedap_search', 'synonyms');
    RETURN NULL;
END
$$;
CREATE TRIGGER office_synonym_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON office_synonym
FOR EACH STATEMENT EXECUTE FUNCTION office_synonym_changed();
"""
_SILENCE = """
DROP TRIGGER office_synonym_changed ON office_synonym;
DROP FUNCTION office_synonym_changed();
DROP TRIGGER search_entry_changed ON search_entry;
DROP FUNCTION search_entry_changed();
"""
_TRIGRAMS = """
CREATE INDEX search_entry_trigrams ON search_entry
USING gin ((title || ' ' || keywords || ' ' || questions) gin_trgm_ops);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("offices", "0002_search_version")]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("article", "Article"), ("contact", "Contact")], max_length=16)),
                ("key", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200)),
                ("questions", models.TextField(blank=True, default="")),
                ("body", models.TextField(blank=True, default="")),
                ("keywords", models.TextField(blank=True, default="")),
                ("filters", models.JSONField(default=dict)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("embedded", models.CharField(blank=True, default="", max_length=64)),
                ("embedding", models.BinaryField(null=True)),
            ],
            options={"db_table": "search_entry"},
        ),
        migrations.CreateModel(
            name="SearchMiss",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("words", models.CharField(max_length=200, unique=True)),
                ("text", models.CharField(max_length=200)),
                ("times", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("last_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.BigIntegerField(blank=True, null=True)),
            ],
            options={"db_table": "search_miss"},
        ),
        migrations.AddConstraint(
            model_name="searchentry",
            constraint=models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once"),
        ),
        migrations.AddIndex(
            model_name="searchmiss",
            index=models.Index(fields=["settled_at", "-times"], name="search_miss_open"),
        ),
        migrations.RunSQL(_TELL, _SILENCE),
        migrations.RunSQL(_TRIGRAMS, "DROP INDEX search_entry_trigrams;"),
    ]
