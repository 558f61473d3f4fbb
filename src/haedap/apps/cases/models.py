"""Cases, their history, the times that do not count, and what was sent about them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haedap.apps.briefs.sending import State as DeliveryState

LONGEST_TEXT = 2000
LONGEST_REASON = 300


class CaseState(models.TextChoices):
    """How a case stands."""

    OPEN = "open", _("not accepted yet")
    ACCEPTED = "accepted", _("being worked on")
    PASSED_ON = "passed_on", _("passed on, not accepted yet")
    EXTENDED = "extended", _("term extended")
    SUSPENDED = "suspended", _("waits for the citizen")
    ANSWERED = "answered", _("answered, citizen not told yet")
    CLOSED = "closed", pgettext_lazy("of a case", "closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Kind(models.TextChoices):
    """What the matter is, by which the law sets the term; the values are those of `haedap.flows.terms.Term`."""

    IMMEDIATE = "immediate", _("at once (3 working hours)")
    QUESTION = "question", _("question: 7 days")
    LAW_QUESTION = "law_question", _("question of law: 14 days")
    PROPOSAL = "proposal", _("proposal: 14 days")
    GRIEVANCE = "grievance", _("grievance: 7 days")


class Reply(models.TextChoices):
    """How the citizen wants to hear the answer."""

    MESSAGE = "message", _("by text message")
    CALLBACK = "callback", _("by a call")


class Case(models.Model):
    """민원: a citizen's matter that an office owes an answer to.

    Like a brief it keeps its own copy of what was known: office and citizen as they were called then. Texts are masked.
    `due_at`: by the law, counted anew whenever the term is extended or goes on after a suspension.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=16, unique=True)
    """As it is told to the citizen: `2026-000123`."""
    contact = models.UUIDField()
    citizen = models.IntegerField(null=True)
    citizen_name = models.CharField(max_length=60, blank=True, default="")
    citizen_number = models.CharField(max_length=20, blank=True, default="")
    topic = models.IntegerField(null=True)
    topic_path = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    term = models.CharField(max_length=8)
    """`7d`, see docs/reference/terms.md: what the law said when the case was opened."""
    text = models.TextField(max_length=LONGEST_TEXT)
    department = models.BigIntegerField()
    office = models.CharField(max_length=200)
    """The department's place: `안전도시국 > 도로과`."""
    officer = models.BigIntegerField(null=True)
    officer_name = models.CharField(max_length=100, blank=True, default="")
    reply = models.CharField(max_length=8, choices=Reply.choices)
    opened_by = models.ForeignKey(
        "accounts.Account", models.DO_NOTHING, db_column="opened_by", db_constraint=False, related_name="+"
    )
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.OPEN)
    extensions = models.JSONField(default=list)
    """Their lengths in their order."""
    answer = models.TextField(max_length=LONGEST_TEXT, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    promise = models.UUIDField(null=True)
    """The call by which the citizen is told the answer."""
    ended_at = models.DateTimeField(null=True)
    earlier_alike = models.PositiveSmallIntegerField(default=0)
    """How many cases of the same citizen about the same matter the same office had answered before."""
    link = models.PositiveSmallIntegerField(default=1)
    """Which address is the office's: an office that passed the case on cannot open it any more."""

    class Meta:
        db_table = "case_file"
        indexes: ClassVar = [
            models.Index("due_at", "id", condition=models.Q(ended_at=None), name="case_open"),
            models.Index("received_at", "id", name="case_received"),
            models.Index(fields=["citizen_number", "-received_at"], name="case_citizen_number"),
            models.Index(fields=["citizen", "-received_at"], name="case_citizen"),
            models.Index(fields=["contact"], name="case_contact"),
            models.Index(fields=["department", "due_at"], name="case_department"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseYear(models.Model):
    """The last number that was given out in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "case_year"

    def __str__(self) -> str:
        return f"{self.year}-{self.last:06}"


class CaseEvent(models.Model):
    """What happened to a case, and who did it: never changed, which the database itself sees to."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        READ = "read", _("Read by the office")
        ACCEPTED = "accepted", _("Accepted")
        PASSED_ON = "passed_on", _("Passed on to another office")
        PASSED_ON_AGENCY = "passed_on_agency", _("Passed on to another agency")
        EXTENDED = "extended", _("Term extended")
        SUSPENDED = "suspended", _("The citizen was asked to complete it")
        RESUMED = "resumed", _("Completed: the term goes on")
        ANSWERED = "answered", _("Answered")
        TOLD = "told", _("The citizen was told")
        NOT_TOLD = "not_told", _("The citizen could not be told")
        REMINDED = "reminded", _("Reminded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=16, choices=Kind.choices)
    account = models.ForeignKey(
        "accounts.Account", models.DO_NOTHING, db_column="account", db_constraint=False, null=True, related_name="+"
    )
    """Who works here; null: the office, or nobody."""
    who = models.CharField(max_length=100, blank=True, default="")
    text = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "case_event"
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class CaseSuspension(models.Model):
    """A time that does not count: from asking the citizen to complete the matter until they have; null: not yet."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="suspensions")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_suspension"
        ordering: ClassVar = ["begins_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(ends_at=None), name="case_suspended_once")
        ]

    def __str__(self) -> str:
        return f"{self.begins_at} – {self.ends_at}"


class CaseNotice(models.Model):
    """One message about a case, to its officer or to its citizen, by one way.

    The same reminder of the same due time goes out once, however often the worker looks.
    """

    class About(models.TextChoices):
        YOURS = "yours", _("The case is yours")
        HALF = "half", _("Half of the term is over")
        TOMORROW = "tomorrow", _("The term ends within a day")
        OVERDUE = "overdue", _("The term is over")
        ANSWER = "answer", _("The answer, to the citizen")
        EXTENSION = "extension", _("The extension, to the citizen")
        COMPLETION = "completion", _("What is missing, to the citizen")

    class Way(models.TextChoices):
        MAIL = "mail", _("E-mail")
        MESSENGER = "messenger", _("Messenger")
        TEXT = "text", _("Text message")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notices")
    about = models.CharField(max_length=10, choices=About.choices)
    way = models.CharField(max_length=10, choices=Way.choices)
    address = models.CharField(max_length=120)
    text = models.TextField(blank=True, default="")
    """To the citizen; what officers are told is put together when it is sent."""
    due_at = models.DateTimeField()
    """Which due time it is about."""
    link = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_notice"
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "about", "way", "due_at", "link"],
                condition=models.Q(about__in=["half", "tomorrow", "overdue"]),
                name="case_reminded_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.way}"
