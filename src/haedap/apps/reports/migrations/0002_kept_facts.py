"""The facts of settled days, and the triggers that take a day back when a row that its facts come from is changed.

A contact's facts hang on its own rows and, for repetitions, on who called about what in the thirty days after it. So a
change of that takes back the contact's day and the thirty before; any other change takes back its day alone. See
`haedap.analytics.engines.kept`.
"""

from django.db import migrations

_TABLES = """
CREATE TABLE contact_fact (
    id uuid NOT NULL, channel text, direction text, state text, outcome text, queue text, topic text, office text,
    district text, agent bigint, arrived_at timestamptz, day date NOT NULL, hour bigint, weekday bigint,
    queued_at timestamptz, answered_at timestamptz, ended_at timestamptz, answer_wait bigint, abandon_wait bigint,
    promise bigint, resumes uuid, transferred boolean, referred boolean, returned bigint, promise_failed boolean,
    article boolean, looked_up boolean, again_after bigint, handle_time bigint, surveyed boolean, survey_items bigint,
    survey_total bigint, flags bigint NOT NULL
);
CREATE INDEX contact_fact_day ON contact_fact (day);
CREATE TABLE fact_day (
    day date PRIMARY KEY, form integer NOT NULL, since xid8 NOT NULL, kept boolean NOT NULL
);
"""

# `changed` are the rows of the statement. Nearly always they are of the last days, of which none is kept.
_FUNCTION = """
CREATE FUNCTION haedap_facts_of_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed) AND EXISTS (SELECT FROM fact_day) THEN
        DELETE FROM fact_day USING (
            SELECT DISTINCT (c.arrived_at AT TIME ZONE 'Asia/Seoul')::date AS day FROM {contacts}
        ) AS touched
        WHERE fact_day.day BETWEEN touched.day - {back} AND touched.day;
    END IF;
    RETURN NULL;
END
$$;
"""
_KINDS = {
    "contact": ("changed c", 30, ("contact",)),
    "told": ("changed JOIN contact c ON c.id = changed.contact", 30, ("contact_note", "contact_citizen")),
    "part": (
        "changed JOIN contact c ON c.id = changed.contact",
        0,
        ("segment", "case_file", "article_use", "lookup_use", "survey", "survey_answer"),
    ),
    "promise": (
        """contact c WHERE c.id IN (
                SELECT contact FROM changed UNION ALL
                SELECT older.contact FROM promise older JOIN changed ON older."into" = changed.id
            )""",
        0,
        ("promise",),
    ),
    "number": ("changed JOIN contact c ON c.caller = changed.number", 30, ("citizen_number",)),
    "citizen": (
        """contact c
            WHERE c.caller IN (SELECT n.number FROM citizen_number n JOIN changed ON n.citizen = changed.id)
            OR c.id IN (SELECT s.contact FROM contact_citizen s JOIN changed ON s.citizen = changed.id)""",
        30,
        ("citizen",),
    ),
}
"""By kind of table: whose facts its rows are of, how many days back, and the tables."""
_WHOLE = """
CREATE FUNCTION haedap_facts_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM fact_day;
    RETURN NULL;
END
$$;
CREATE TRIGGER queue_facts AFTER INSERT OR DELETE OR UPDATE OF key, service_level_seconds ON queue
    FOR EACH STATEMENT EXECUTE FUNCTION haedap_facts_of_all();
CREATE TRIGGER topic_facts AFTER INSERT OR DELETE OR UPDATE OF code, parent_id, office ON topic
    FOR EACH STATEMENT EXECUTE FUNCTION haedap_facts_of_all();
CREATE TRIGGER department_facts AFTER DELETE OR UPDATE OF name ON department
    FOR EACH STATEMENT EXECUTE FUNCTION haedap_facts_of_all();
"""
_DROP = """
DROP TRIGGER queue_facts ON queue; DROP TRIGGER topic_facts ON topic; DROP TRIGGER department_facts ON department;
DROP FUNCTION haedap_facts_of_all(); DROP TABLE contact_fact; DROP TABLE fact_day;
"""


def _triggers(kind: str, table: str) -> str:
    """What was there before an update matters only where a row can move to other contacts."""
    rows = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
    if kind == "number":
        rows["update_from"] = "OLD"
    return "".join(
        f"CREATE TRIGGER {table}_facts_{event} AFTER {event.partition('_')[0].upper()} ON {table}"
        f" REFERENCING {which} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION haedap_facts_of_{kind}();\n"
        for event, which in rows.items()
    ) + (
        f"CREATE TRIGGER {table}_facts_truncate AFTER TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION haedap_facts_of_all();\n"
    )


def _made() -> str:
    functions = "".join(
        _FUNCTION.format(name=kind, contacts=contacts, back=back) for kind, (contacts, back, _tables) in _KINDS.items()
    )
    return functions + "".join(
        _triggers(kind, table) for kind, (_contacts, _back, tables) in _KINDS.items() for table in tables
    )


def _removed() -> str:
    return "".join(f"DROP FUNCTION haedap_facts_of_{kind}() CASCADE;\n" for kind in _KINDS)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("cases", "0001_initial"),
        ("centre", "0006_synthetic"),
        ("contacts", "0007_offices_and_districts"),
        ("knowledge", "0001_initial"),
        ("lookups", "0001_initial"),
        ("offices", "0002_search_version"),
        ("surveys", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(_TABLES + _WHOLE + _made(), _removed() + _DROP),
    ]
