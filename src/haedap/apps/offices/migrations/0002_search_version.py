"""Whatever changes what can be found also changes the search's version, whichever way it was changed."""

from django.db import migrations

_FUNCTION = """
CREATE FUNCTION office_search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO office_search_version (id, version) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END
$$;
"""

_TRIGGER = """
CREATE TRIGGER {table}_search_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION office_search_changed();
"""
_TABLES = ("department", "officer", "duty", "duty_officers", "office_synonym")


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial")]

    operations = [
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION office_search_changed();"),
        *(
            migrations.RunSQL(_TRIGGER.format(table=table), f"DROP TRIGGER {table}_search_changed ON {table};")
            for table in _TABLES
        ),
    ]
