"""Pins: what callers hear before the welcome, and which article stands on top, until a time. Taken off by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from haedap.analytics.radar import Kind, Sign
from haedap.apps.accounts.api import Account
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.radar import alarms
from haedap.apps.radar.models import Alarm, AlarmStep, Pin
from haedap.apps.radar.signs import read, stored
from haedap.flows import NOTICE_PROMPT
from haedap.language.words import compact

SPEAK = "radar.speak"
"""The worker's task that makes the sound of a pin and puts it on air."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be pinned. Without text nobody hears anything; without an article none stands on top."""

    until: datetime
    text: str = ""
    flows: Sequence[str] = ()
    article: str = ""


def pin(wanted: Wanted, alarm: Alarm | None, now: datetime, *, account: Account, address: str | None) -> Pin:
    """Pin it. It is heard as soon as the worker has spoken it."""
    with transaction.atomic():
        row = Pin.objects.create(
            alarm=alarm,
            text=wanted.text,
            flows=list(wanted.flows) if wanted.text else [],
            article=wanted.article,
            signs=sorted(map(stored, alarms.signs_of(alarm))) if alarm else [],
            since=now,
            until=wanted.until,
            by=account,
        )
        if row.text:
            row.prompt = f"{NOTICE_PROMPT}{row.pk}_{token_hex(4)}"  # a city may have a prompt of any name
            row.save(update_fields=["prompt"])
            centre.add_prompt(row.prompt, row.text)
            app.configure_task(SPEAK).defer()
        _log(row, AlarmStep.Step.PINNED, now, account, address)
    return row


def take_off(row: Pin, now: datetime, *, account: Account | None = None, address: str | None = None) -> bool:
    """Nobody hears or sees it any more. False when it was taken off before."""
    with transaction.atomic():
        if not live().filter(pk=row.pk).update(ended_at=now, ended_by=account, on_air=False):
            return False
        centre.remove_prompt(row.prompt)
        if row.on_air:
            centre.plan_changed()
        _log(row, AlarmStep.Step.TAKEN_OFF, now, account, address)
    return True


def take_off_due(now: datetime) -> int:
    """Take off whatever has reached its end; returns how many."""
    return sum(take_off(row, now) for row in live().filter(until__lte=now))


def to_speak() -> QuerySet[Pin]:
    """Those whose text has not been spoken yet, and has not been refused."""
    return live().filter(on_air=False, problem="").exclude(text="")


def spoken(row: Pin, problem: str) -> None:
    """The worker has its sound, or cannot make it."""
    with transaction.atomic():
        if problem:
            live().filter(pk=row.pk).update(problem=problem)
        elif live().filter(pk=row.pk).update(on_air=True):
            centre.plan_changed()


def silent_prompts(now: datetime) -> list[str]:
    """Keys of the prompts of pins that were taken off in the last day: their sounds may go."""
    ended = Pin.objects.filter(ended_at__gte=now - timedelta(days=1)).exclude(prompt="")
    return list(ended.values_list("prompt", flat=True))


def live() -> QuerySet[Pin]:
    """Those that have not been taken off."""
    return Pin.objects.filter(ended_at=None)


def pinned_articles(text: str, topics: Callable[[], Collection[int]], contact: UUID | None, now: datetime) -> list[str]:
    """Codes of the articles that stand on top, the latest pinned first.

    They do for a text with one of the alarm's words, for its topics and for its contacts. `topics`: ids of what is
    looked for and of what was found, asked only while an article is pinned.
    """
    shown = list(live().filter(until__gt=now).exclude(article="").order_by("-since"))
    if not shown:
        return []
    codes = contacts.Topic.objects.filter(pk__in=topics()).values_list("code", flat=True)
    wanted = {stored(Sign(Kind.TOPIC, code)) for code in codes}
    belonging = {alarm.pk for alarm in alarms.alarms_of(contact)} if contact else set()
    found = [
        row.article
        for row in shown
        if row.alarm_id in belonging or wanted.intersection(row.signs) or _says(text, row.signs)
    ]
    return list(dict.fromkeys(found))


def of_alarm(alarm: Alarm) -> QuerySet[Pin]:
    """All that was pinned because of it, the latest first."""
    return alarm.pins.order_by("-since")


def current() -> QuerySet[Pin]:
    """All that is pinned, the latest first."""
    return live().select_related("alarm", "by").order_by("-since")


def _says(text: str, signs: Collection[str]) -> bool:
    words = [sign.value for sign in map(read, signs) if sign.kind == Kind.WORD]
    return any(word in compact(text) for word in words)


def _log(row: Pin, step: AlarmStep.Step, now: datetime, account: Account | None, address: str | None) -> None:
    if row.alarm is not None:
        alarms.log(row.alarm, step, now, account, (row.text or row.article)[:200])
    contacts.log_access(
        f"radar.{step}",
        account=account.pk if account else None,
        address=address,
        detail={"pin": row.pk, "flows": row.flows, "article": row.article},
    )
