"""Cases and their history, which only grows: the database itself refuses to change or remove a row of it."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "case_year",
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=16, unique=True)),
                ("contact", models.UUIDField()),
                ("citizen", models.IntegerField(null=True)),
                ("citizen_name", models.CharField(blank=True, default="", max_length=60)),
                ("citizen_number", models.CharField(blank=True, default="", max_length=20)),
                ("topic", models.IntegerField(null=True)),
                ("topic_path", models.CharField(blank=True, default="", max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("immediate", "at once (3 working hours)"),
                            ("question", "question: 7 days"),
                            ("law_question", "question of law: 14 days"),
                            ("proposal", "proposal: 14 days"),
                            ("grievance", "grievance: 7 days"),
                        ],
                        max_length=16,
                    ),
                ),
                ("term", models.CharField(max_length=8)),
                ("text", models.TextField(max_length=2000)),
                ("department", models.BigIntegerField()),
                ("office", models.CharField(max_length=200)),
                ("officer", models.BigIntegerField(null=True)),
                ("officer_name", models.CharField(blank=True, default="", max_length=100)),
                (
                    "reply",
                    models.CharField(choices=[("message", "by text message"), ("callback", "by a call")], max_length=8),
                ),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "not accepted yet"),
                            ("accepted", "being worked on"),
                            ("passed_on", "passed on, not accepted yet"),
                            ("extended", "term extended"),
                            ("suspended", "waits for the citizen"),
                            ("answered", "answered, citizen not told yet"),
                            ("closed", "closed"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("extensions", models.JSONField(default=list)),
                ("answer", models.TextField(blank=True, default="", max_length=2000)),
                ("answered_at", models.DateTimeField(null=True)),
                ("promise", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("earlier_alike", models.PositiveSmallIntegerField(default=0)),
                ("link", models.PositiveSmallIntegerField(default=1)),
                (
                    "opened_by",
                    models.ForeignKey(
                        db_column="opened_by",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "case_file",
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("read", "Read by the office"),
                            ("accepted", "Accepted"),
                            ("passed_on", "Passed on to another office"),
                            ("passed_on_agency", "Passed on to another agency"),
                            ("extended", "Term extended"),
                            ("suspended", "The citizen was asked to complete it"),
                            ("resumed", "Completed: the term goes on"),
                            ("answered", "Answered"),
                            ("told", "The citizen was told"),
                            ("not_told", "The citizen could not be told"),
                            ("reminded", "Reminded"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=16,
                    ),
                ),
                ("who", models.CharField(blank=True, default="", max_length=100)),
                ("text", models.TextField(blank=True, default="")),
                ("data", models.JSONField(default=dict)),
                (
                    "account",
                    models.ForeignKey(
                        db_column="account",
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "case_event",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CaseNotice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("yours", "The case is yours"),
                            ("half", "Half of the term is over"),
                            ("tomorrow", "The term ends within a day"),
                            ("overdue", "The term is over"),
                            ("answer", "The answer, to the citizen"),
                            ("extension", "The extension, to the citizen"),
                            ("completion", "What is missing, to the citizen"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("mail", "E-mail"), ("messenger", "Messenger"), ("text", "Text message")],
                        max_length=10,
                    ),
                ),
                ("address", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True, default="")),
                ("due_at", models.DateTimeField()),
                ("link", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Being sent"), ("sent", "Sent"), ("failed", "Could not be sent")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "case_notice",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CaseSuspension",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="suspensions", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "case_suspension",
                "ordering": ["begins_at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("due_at"), models.F("id"), condition=models.Q(("ended_at", None)), name="case_open"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(models.F("received_at"), models.F("id"), name="case_received"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["citizen_number", "-received_at"], name="case_citizen_number"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["citizen", "-received_at"], name="case_citizen"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["contact"], name="case_contact"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["department", "due_at"], name="case_department"),
        ),
        migrations.AddConstraint(
            model_name="casenotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("about__in", ["half", "tomorrow", "overdue"])),
                fields=("case", "about", "way", "due_at", "link"),
                name="case_reminded_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="casesuspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_at", None)), fields=("case",), name="case_suspended_once"
            ),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE ON case_event"
            " FOR EACH ROW EXECUTE FUNCTION haedap_append_only();",
            "DROP TRIGGER case_event_append_only ON case_event;",
        ),
    ]
