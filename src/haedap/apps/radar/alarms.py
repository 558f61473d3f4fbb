"""Alarms: raised by the watch, decided on by supervisors, closed by themselves; and the contacts of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from haedap.analytics.radar import Kind, Sign, Surge
from haedap.apps.accounts.api import Account
from haedap.apps.contacts import api as contacts_api
from haedap.apps.radar.counting import Arrivals, Stretch
from haedap.apps.radar.models import LONGEST_TITLE, Alarm, AlarmContact, AlarmStep, ContactSigns
from haedap.apps.radar.naming import title_of
from haedap.apps.wallboard.faults import HEALTH_CHANNEL

STANDING = (Alarm.State.OPEN, Alarm.State.ACKNOWLEDGED)
OVER_AFTER = timedelta(hours=3)
"""An alarm is over when nobody called about it for so long, or for as long as its window was."""
REMEMBERED = timedelta(hours=24)
"""What was dismissed is not raised again for so long."""
_MOST_SIGNS = 20
_ONE_EVENT = 0.5
_PRECISE = frozenset({Kind.WORD, Kind.TOPIC, Kind.DISTRICT})
_SURE, _MANY = 2, 3
_STEPS = {
    Alarm.State.ACKNOWLEDGED: AlarmStep.Step.ACKNOWLEDGED,
    Alarm.State.DISMISSED: AlarmStep.Step.DISMISSED,
    Alarm.State.CLOSED: AlarmStep.Step.CLOSED,
}
_FROM = {
    Alarm.State.ACKNOWLEDGED: (Alarm.State.OPEN,),
    Alarm.State.DISMISSED: STANDING,
    Alarm.State.CLOSED: STANDING,
}


def raise_alarm(
    surge: Surge[UUID], stretch: Stretch, lately: Mapping[UUID, Collection[Sign]], now: datetime
) -> Alarm | None:
    """Raise it, or bring the alarm of the same event up to date. None when that was dismissed or closed lately."""
    with transaction.atomic():
        known = _same_event(surge, now)
        if known is not None and known.state not in STANDING:
            return None
        asked = frozenset(one.sign for one in surge.signs)
        behind = {one for one in surge.contacts if fits(lately.get(one, ()), asked)}
        values = _values(surge, stretch, [lately[one] for one in behind])
        if known is None:
            known = Alarm.objects.create(raised_at=now, **values)
            log(known, AlarmStep.Step.RAISED, now)
        else:
            larger = surge.observed > known.observed or _more_precise(surge, known)
            values["since"] = min(values["since"], known.since)
            values["last_at"] = max(values["last_at"], known.last_at)
            fresh = values if larger else {"last_at": values["last_at"]}
            Alarm.objects.filter(pk=known.pk).update(**fresh)
        AlarmContact.objects.bulk_create(
            [AlarmContact(alarm=known, contact=one, how=AlarmContact.How.BEHIND, at=now) for one in behind],
            ignore_conflicts=True,
        )
        wake()
    return known


def follow(lately: Arrivals, now: datetime) -> None:
    """Link the contacts of the last hours that fit an alarm, unlink those that do not after all, close what is over.

    By keys and queue a contact fits only while the surge lasts: later calls to the queue are the usual ones.
    """
    arrived = lately.at
    for alarm in Alarm.objects.filter(state__in=STANDING):
        asked, window = signs_of(alarm), timedelta(seconds=alarm.window_seconds)
        ever = {one: signs for one, signs in lately.signs.items() if arrived[one] >= alarm.since}
        sure = {one for one, signs in ever.items() if _told(signs) and fits(signs, asked)}
        early = {one for one, signs in ever.items() if arrived[one] <= alarm.last_at + window and fits(signs, asked)}
        _link(alarm, sure | early, arrived.keys(), now)
        latest = max((arrived[one] for one in sure), default=alarm.last_at)
        if latest > alarm.last_at:
            Alarm.objects.filter(pk=alarm.pk).update(last_at=latest)
        elif now - alarm.last_at > max(OVER_AFTER, window):
            decide(alarm, Alarm.State.CLOSED, now)


def decide(
    alarm: Alarm,
    state: Alarm.State,
    now: datetime,
    *,
    account: Account | None = None,
    address: str | None = None,
    text: str = "",
) -> bool:
    """Bring it into this state. False when it cannot be brought there any more: somebody else was quicker."""
    with transaction.atomic():
        if not Alarm.objects.filter(pk=alarm.pk, state__in=_FROM[state]).update(state=state):
            return False
        log(alarm, _STEPS[state], now, account, text)
        if account is not None:
            contacts_api.log_access(
                f"radar.{state}", account=account.pk, address=address, reason=text, detail={"alarm": alarm.pk}
            )
        wake()
    return True


def link(alarm: Alarm, contact: UUID, now: datetime, *, account: Account, address: str | None, belongs: bool) -> None:
    """Say by hand that the contact belongs to the alarm, or that it does not; the watch never says otherwise again."""
    how = AlarmContact.How.HAND if belongs else AlarmContact.How.REMOVED
    AlarmContact.objects.update_or_create(alarm=alarm, contact=contact, defaults={"how": how, "at": now, "by": account})
    action = "radar.linked" if belongs else "radar.unlinked"
    contacts_api.log_access(action, account=account.pk, address=address, contact=contact, detail={"alarm": alarm.pk})


def linked(alarm: Alarm) -> Any:
    """The links to contacts that belong to it, the latest first."""
    return alarm.contacts.exclude(how=AlarmContact.How.REMOVED).order_by("-at", "-id")


def alarms_of(contact: UUID) -> list[Alarm]:
    """The alarms that the contact belongs to."""
    belonging = AlarmContact.objects.filter(contact=contact).exclude(how=AlarmContact.How.REMOVED)
    return list(Alarm.objects.filter(pk__in=belonging.values("alarm")).order_by("-raised_at"))


def standing() -> list[Alarm]:
    """Those that are open or seen to, the latest first."""
    return list(Alarm.objects.filter(state__in=STANDING).order_by("-raised_at"))


def log(alarm: Alarm, step: AlarmStep.Step, now: datetime, account: Account | None = None, text: str = "") -> None:
    """Append to the alarm's history."""
    AlarmStep.objects.create(alarm=alarm, step=step, at=now, by=account, text=text)


def signs_of(alarm: Alarm) -> frozenset[Sign]:
    """By which its contacts are known."""
    return frozenset(Sign(Kind(row["kind"]), row["value"]) for row in alarm.signs)


def fits(signs: Collection[Sign], asked: frozenset[Sign]) -> bool:
    """Whether a contact with these signs is about what the alarm is about.

    Once a note tells what it is about, by words and topic: two of them when the alarm has three or more. Until then,
    by the keys pressed and the queue.
    """
    precise = {sign for sign in asked if sign.kind in _PRECISE}
    if precise and _told(signs):
        return len(precise.intersection(signs)) >= (_SURE if len(precise) >= _MANY else 1)
    broad = asked - precise
    return Sign(Kind.ALL) in broad or bool(broad.intersection(signs))


def _told(signs: Collection[Sign]) -> bool:
    """Whether a note says what the contact is about."""
    return any(sign.kind in _PRECISE for sign in signs)


def wake() -> None:
    """Let the screens know, once the running transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {HEALTH_CHANNEL}")


def _same_event(surge: Surge[UUID], now: datetime) -> Alarm | None:
    """The alarm, standing or of the last day, that has half of the rarer one's contacts or the first sign in common."""
    word = surge.lead.sign if surge.lead.sign.kind == Kind.WORD else None
    recent = Alarm.objects.select_for_update().filter(last_at__gte=now - REMEMBERED).order_by("-raised_at")
    for alarm in recent:
        theirs = set(alarm.contacts.values_list("contact", flat=True))
        common = len(theirs & surge.contacts)
        if common and common >= _ONE_EVENT * min(len(theirs), len(surge.contacts)):
            return alarm
        # What was closed may come again, by other citizens.
        if alarm.state != Alarm.State.CLOSED and word in signs_of(alarm):
            return alarm
    return None


def _more_precise(surge: Surge[UUID], alarm: Alarm) -> bool:
    return bool(surge.values(Kind.WORD)) and not any(sign.kind == Kind.WORD for sign in signs_of(alarm))


def _values(surge: Surge[UUID], stretch: Stretch, behind: Sequence[Collection[Sign]]) -> dict[str, Any]:
    signs = [
        {
            "kind": one.sign.kind.value,
            "value": one.sign.value,
            "observed": one.observed,
            "expected": round(one.expected, 2),
        }
        for one in surge.signs[:_MOST_SIGNS]
    ]
    times = ContactSigns.objects.filter(pk__in=surge.contacts).order_by("at").values_list("at", flat=True)
    arrived = list(times) or [stretch.since]
    return {
        "title": title_of(surge.signs, behind)[:LONGEST_TITLE],
        "signs": signs,
        "window_seconds": round((stretch.until - stretch.since).total_seconds()),
        "observed": surge.observed,
        "expected": surge.expected,
        "since": arrived[0],
        "last_at": arrived[-1],
    }


def _link(alarm: Alarm, fitting: Set[UUID], looked_at: Set[UUID], now: datetime) -> None:
    """Only what is not so yet: of most that are looked at, nothing changes."""
    by_itself = (AlarmContact.How.BEHIND, AlarmContact.How.MATCHED)
    linked = dict(alarm.contacts.values_list("contact", "how"))
    over = [one for one, how in linked.items() if how in by_itself and one in looked_at and one not in fitting]
    if over:
        alarm.contacts.filter(contact__in=over, how__in=by_itself).delete()
    AlarmContact.objects.bulk_create(
        [
            AlarmContact(alarm=alarm, contact=one, how=AlarmContact.How.MATCHED, at=now)
            for one in fitting
            if one not in linked
        ],
        ignore_conflicts=True,
    )
