"""A new command wakes the engine by NOTIFY; the row tells what it is."""

from django.db import migrations

_CREATE = """
CREATE FUNCTION haedap_command_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('haedap_command', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER command_wakes_engine AFTER INSERT ON command
FOR EACH STATEMENT EXECUTE FUNCTION haedap_command_inserted();
"""

_DROP = """
DROP TRIGGER command_wakes_engine ON command;
DROP FUNCTION haedap_command_inserted();
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [migrations.RunSQL(_CREATE, _DROP)]
