"""What a centre configures. The engine reads these tables as its plan; every change raises `plan_version`."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

valid_key = RegexValidator(
    r"^[a-z][a-z0-9_]{0,39}\Z", _("Use small letters, digits and _; begin with a letter; at most 40 characters.")
)


def _amount(label: object, default: int, low: int, high: int) -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(
        label,  # type: ignore[arg-type]
        default=default,
        db_default=default,
        validators=[MinValueValidator(low), MaxValueValidator(high)],
    )


def _key() -> models.CharField[str, str]:
    return models.CharField(_("Key"), max_length=40, primary_key=True, validators=[valid_key])


class Skill(models.Model):
    """상담 분야: what an agent can answer."""

    key = _key()
    name = models.CharField(_("Name"), max_length=60)

    class Meta:
        db_table = "skill"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Queue(models.Model):
    """대기열: where citizens wait for an agent with its skill."""

    key = _key()
    name = models.CharField(_("Name"), max_length=60)
    skill = models.ForeignKey(Skill, models.PROTECT, verbose_name=_("Skill"))
    ring_seconds = _amount(_("Ring time (s)"), 20, 5, 120)
    wrap_up_seconds = _amount(_("Wrap-up (s)"), 60, 0, 3600)
    service_level_seconds = _amount(_("Service level within (s)"), 20, 1, 600)
    announce_every_seconds = _amount(_("Announce every (s), 0 never"), 45, 0, 600)
    reconnect_seconds = _amount(_("Keep for the same agent (s)"), 30, 0, 300)
    callback_offer_seconds = models.PositiveIntegerField(
        _("Offer a callback after (s)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(3600)],
        help_text=_("Who waits longer may press 1, keeps the place and is called back. Empty: never."),
    )
    callback_hours = models.ForeignKey(
        "centre.Hours",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Call back in these hours"),
        help_text=_("Empty: at any time, at night, too."),
    )
    abandoned_callback = models.BooleanField(_("Call back who gave up waiting"), default=False, db_default=False)
    notice_seconds = _amount(_("Remind of the length of a talk after (s), 0 never"), 900, 0, 7200)
    end_seconds = _amount(_("Offer to end a talk after (s), 0 never"), 1200, 0, 7200)
    rest_seconds = _amount(_("Rest after an abusive call (s)"), 600, 0, 3600)
    position = models.PositiveSmallIntegerField(_("Order"), default=0, db_default=0)

    class Meta:
        db_table = "queue"
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class QueueOverflow(models.Model):
    """When contacts that wait in a queue go to another one: each condition that is set suffices."""

    id = models.BigAutoField(primary_key=True)
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="overflows")
    to = models.ForeignKey(
        Queue, models.PROTECT, related_name="+", db_column="to_queue", verbose_name=_("To the queue")
    )
    after_seconds = models.PositiveIntegerField(
        _("Waiting longer than (s)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(3600)],
    )
    longer_than = models.PositiveIntegerField(
        _("More waiting than"), null=True, blank=True, validators=[MaxValueValidator(1000)]
    )
    nobody = models.BooleanField(_("Nobody signed in"), default=False, db_default=False)

    class Meta:
        db_table = "queue_overflow"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["queue", "to"], name="queue_overflow_once")]

    def __str__(self) -> str:
        return f"{self.queue_id} → {self.to_id}"


class QueueWidening(models.Model):
    """From so much waiting on, agents with one more skill may serve the contact."""

    id = models.BigAutoField(primary_key=True)
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="widenings")
    after_seconds = _amount(_("Waiting longer than (s)"), 60, 1, 3600)
    skill = models.ForeignKey(Skill, models.CASCADE, verbose_name=_("Agents with the skill, too"))

    class Meta:
        db_table = "queue_widening"
        ordering: ClassVar = ["after_seconds", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["queue", "skill"], name="queue_widening_once")]

    def __str__(self) -> str:
        return f"{self.queue_id} + {self.skill_id}"


class AgentSkill(models.Model):
    """An agent has a skill; level 1 is asked first."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.CASCADE)
    level = models.PositiveSmallIntegerField(
        default=1, db_default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )

    class Meta:
        db_table = "agent_skill"
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "skill"], name="agent_skill_once")]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.level}"


class Flow(models.Model):
    """What a citizen hears and may press: data that `haedap.flows` reads."""

    key = _key()
    name = models.CharField(_("Name"), max_length=60)
    definition = models.JSONField(_("Definition"), default=dict)

    class Meta:
        db_table = "flow"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Number(models.Model):
    """A telephone number of the centre, E.164, and the flow that answers it."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(_("Number"), max_length=20, unique=True)
    label = models.CharField(_("Label"), max_length=60, blank=True, default="", db_default="")
    flow = models.ForeignKey(Flow, models.PROTECT, verbose_name=_("Flow"))

    class Meta:
        db_table = "number"
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return self.number


def usual_pauses() -> list[int]:
    """Minutes between the attempts to call a citizen back."""
    return [10, 60, 240]


def closed_week() -> list[list[list[str]]]:
    """No day has a period."""
    return [[] for _day in range(7)]


class Hours(models.Model):
    """Opening hours: `week` is seven lists from Monday, each of `["09:00", "18:00"]` pairs, local time."""

    key = _key()
    name = models.CharField(_("Name"), max_length=60)
    week = models.JSONField(pgettext_lazy("of opening hours", "Week"), default=closed_week)
    open_on_holidays = models.BooleanField(_("Open on public holidays"), default=False, db_default=False)
    time_zone = models.CharField(max_length=40, default="Asia/Seoul", db_default="Asia/Seoul")

    class Meta:
        db_table = "hours"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class SpecialDay(models.Model):
    """One of the centre's own days. Without periods it is closed all day."""

    id = models.BigAutoField(primary_key=True)
    hours = models.ForeignKey(Hours, models.CASCADE, related_name="special_days")
    day = models.DateField(_("Day"))
    name = models.CharField(_("Name"), max_length=60)
    periods = models.JSONField(_("Open"), default=list)

    class Meta:
        db_table = "special_day"
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["hours", "day"], name="special_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Prompt(models.Model):
    """안내 음성: its text, and the file in the prompts folder that says it.

    A new upload stands as `upload` (a file name in the uploads folder) until the worker has taken it or refused it
    with a `problem`.
    """

    key = _key()
    text = models.TextField(_("Text"), blank=True, default="", db_default="")
    uploaded = models.BooleanField(default=False, db_default=False)
    file = models.CharField(max_length=80, blank=True, default="", db_default="")
    upload = models.CharField(max_length=80, blank=True, default="", db_default="")
    problem = models.CharField(max_length=200, blank=True, default="", db_default="")
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "prompt"
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.key


class AwayReason(models.Model):
    """이석 사유. Those that are not choosable are set by the centre itself."""

    key = _key()
    name = models.CharField(_("Name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("Order"), default=0, db_default=0)
    choosable = models.BooleanField(_("Agents may choose it"), default=True, db_default=True)

    class Meta:
        db_table = "away_reason"
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class ServiceLevelFormula(models.TextChoices):
    """The published definitions of the service level."""

    STANDARD = "standard", _("Answered in time ÷ (offered − short abandons)")
    GENESYS = "genesys", _("Answered in time ÷ (answered + abandons after the threshold)")
    SL1 = "sl1", _("Answered in time ÷ answered")
    SL2 = "sl2", _("(Answered + abandoned) in time ÷ (answered + abandoned)")
    CONNECT = "connect", _("Left the queue in time ÷ offered")


LONGEST_DISTRICT = 20


class CentreSettings(models.Model):
    """The one row of settings that a centre changes in the browser."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("Name of the centre"), max_length=60, default="민원콜센터", db_default="민원콜센터")
    short_abandon_seconds = _amount(_("Short abandon within (s)"), 5, 0, 60)
    service_level_formula = models.CharField(
        _("Service level formula"),
        max_length=16,
        choices=ServiceLevelFormula.choices,
        default=ServiceLevelFormula.STANDARD,
        db_default=ServiceLevelFormula.STANDARD,
    )
    repeat_days = models.PositiveSmallIntegerField(
        _("Solved at once when nobody asks again within (days)"),
        default=7,
        db_default=7,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    districts = ArrayField(
        models.CharField(max_length=LONGEST_DISTRICT),
        verbose_name=_("Districts"),
        default=list,
        db_default=models.Value([], output_field=ArrayField(models.CharField(max_length=LONGEST_DISTRICT))),
        blank=True,
    )
    """읍면동, as they are written: notes are searched for them."""
    idle_logout_minutes = models.PositiveSmallIntegerField(
        _("Log out when idle for (min)"),
        default=30,
        db_default=30,
        validators=[MinValueValidator(5), MaxValueValidator(720)],
    )
    calls_per_minute = models.PositiveSmallIntegerField(
        _("Calls that one caller may make in a minute"),
        default=60,
        db_default=60,
        help_text=_("More are refused at once, and each leaves a record. 0: no limit."),
    )
    unknown_calls_per_minute = models.PositiveSmallIntegerField(
        _("Calls with a withheld number in a minute, all together"), default=300, db_default=300
    )
    callback_again_minutes = models.JSONField(
        _("Call again after (min)"),
        default=usual_pauses,
        db_default=models.Value([10, 60, 240], output_field=models.JSONField()),
    )
    callback_deadline_minutes = _amount(_("Call back within (min, in open hours)"), 480, 10, 10_080)
    callback_escalate_minutes = _amount(_("Tell supervisors before the deadline (min)"), 30, 0, 1440)
    callback_ring_seconds = _amount(_("Ring the citizen for (s)"), 30, 10, 120)
    redial_minutes = _amount(_("Same place again when calling back within (min), 0 never"), 10, 0, 120)
    calls_abroad = models.BooleanField(
        _("Agents may call numbers abroad"),
        default=False,
        db_default=False,
        help_text=_("Premium numbers (060) are never called."),
    )
    message_page = models.BooleanField(
        _("Citizens may write on the page /message"),
        default=False,
        db_default=False,
        help_text=_("Whoever writes there is called back, as if they had called."),
    )
    message_queue = models.ForeignKey(
        Queue,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_column="message_queue",
        verbose_name=_("Written messages go to the queue"),
    )
    synthetic = models.CharField(max_length=20, blank=True, default="", db_default="")
    """가상 자료: the profile whose invented year lies in this centre; empty: its contacts are real."""
    plan_version = models.PositiveBigIntegerField(default=1, db_default=1)

    class Meta:
        db_table = "centre_settings"
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="centre_settings_one_row")]

    def __str__(self) -> str:
        return self.name
