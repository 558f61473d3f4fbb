"""The journal and the access log only grow: the database itself refuses to change or remove a row."""

from django.db import migrations

_FUNCTION = """
CREATE FUNCTION haedap_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
"""

_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION haedap_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]

    operations = [
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION haedap_append_only();"),
        migrations.RunSQL(_TRIGGER.format(table="journal"), "DROP TRIGGER journal_append_only ON journal;"),
        migrations.RunSQL(_TRIGGER.format(table="access_log"), "DROP TRIGGER access_log_append_only ON access_log;"),
    ]
