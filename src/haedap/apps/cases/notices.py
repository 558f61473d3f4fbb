"""What officers and citizens are told about a case: a row for each message, sent by the worker."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from haedap.apps.briefs import sending
from haedap.apps.briefs.sending import DeliveryError, Message, State, Way, configured
from haedap.apps.cases import links, offices
from haedap.apps.cases.models import Case, CaseNotice
from haedap.apps.centre import api as centre

LONGEST_MESSAGE = 1000
"""What a gateway takes as one long message."""
_About = CaseNotice.About
_REMINDERS = frozenset({_About.HALF, _About.TOMORROW, _About.OVERDUE})
_FOR_CITIZEN = frozenset({_About.ANSWER, _About.EXTENSION, _About.COMPLETION})


def tell_office(case: Case, about: CaseNotice.About) -> list[str]:
    """Tell whoever has the case now; returns the ways. A reminder of one due time goes out once. In a transaction."""
    office = offices.of_case(case, timezone.now())
    addresses = office.addresses if office else {}
    ways = {way: address for way, address in addresses.items() if address and configured(way)}
    for way, address in ways.items():
        _leave(case, about, CaseNotice.Way(way), address)
    return [str(way.label) for way in ways]


def tell_citizen(case: Case, about: CaseNotice.About, text: str) -> bool:
    """Send the citizen a text message; False when this centre sends none. Call in a transaction."""
    if not settings.HAEDAP.text_message_url or not case.citizen_number:
        return False
    _leave(case, about, CaseNotice.Way.TEXT, case.citizen_number, text[:LONGEST_MESSAGE])
    return True


def deliver(key: int, *, last: bool) -> CaseNotice | None:
    """Send the notice `key`, unless it was sent; returns it when it is settled by this call.

    Raises DeliveryError, unless this is the `last` attempt.
    """
    notice = CaseNotice.objects.select_related("case").filter(pk=key, state=State.WAITING).first()
    if notice is None:
        return None
    if notice.about not in _FOR_CITIZEN and notice.link != notice.case.link:
        return _settle(notice, State.FAILED)  # the case was passed on: its address is another office's now
    try:
        _send(notice)
    except DeliveryError:
        if not last:
            raise
        return _settle(notice, State.FAILED)
    return _settle(notice, State.SENT)


def _leave(case: Case, about: CaseNotice.About, way: CaseNotice.Way, address: str, text: str = "") -> None:
    what = {"about": about, "way": way, "due_at": case.due_at, "link": case.link}
    if about in _REMINDERS:
        row, new = CaseNotice.objects.get_or_create(case=case, **what, defaults={"address": address})
    else:
        row, new = CaseNotice.objects.create(case=case, **what, address=address, text=text), True
    if new:
        app.configure_task("cases.deliver").defer(notice=row.pk)


def _send(notice: CaseNotice) -> None:
    if notice.about in _FOR_CITIZEN:
        body = {"to": notice.address, "text": notice.text}
        sending.post(settings.HAEDAP.text_message_url, body)
        return
    sending.send(Way(notice.way), notice.address, _message(notice))


def _settle(notice: CaseNotice, state: State) -> CaseNotice:
    notice.state, notice.finished_at = state, timezone.now()
    notice.save(update_fields=["state", "finished_at"])
    return notice


def _message(notice: CaseNotice) -> Message:
    """For an officer: nothing about the citizen, for it may lie in any mailbox."""
    case, name = notice.case, centre.settings().name
    address = links.address_of(case)
    words = {"centre": name, "number": case.number, "due": f"{timezone.localtime(case.due_at):%Y-%m-%d %H:%M}"}
    title = _TITLES[_About(notice.about)]() % words
    return Message(
        title,
        _("%(title)s\nThe term ends at %(due)s. Read and answer it here:\n%(address)s")
        % {
            **words,
            "title": title,
            "address": address,
        },
        address,
    )


_TITLES = {
    _About.YOURS: lambda: _("[%(centre)s] Case %(number)s is yours"),
    _About.HALF: lambda: _("[%(centre)s] Case %(number)s: half of the term is over"),
    _About.TOMORROW: lambda: _("[%(centre)s] Case %(number)s: the term ends within a day"),
    _About.OVERDUE: lambda: _("[%(centre)s] Case %(number)s: the term is over"),
}
