"""Numbers flagged for abuse: by itself, by hand, lifted, longer; what the record says of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import AccessLog, Contact, ProtectionStep
from haedap.apps.supervision import flags
from haedap.apps.supervision.models import FlaggedNumber

from .pages import Browser
from .records import add_contact

NUMBER = "+821000000001"


def ended_for_abuse(agent: Account, ago: timedelta = timedelta(), **contact: Any) -> Contact:
    """A talk that went through all steps, the last one so long ago."""
    row = add_contact(agent, ago=ago + timedelta(minutes=5), **contact)
    for step in ("warn", "announce", "end"):
        ProtectionStep.objects.create(
            contact=row.pk, segment=1, agent=agent, step=step, kind="abuse", at=timezone.now() - ago
        )
    return row


def flag(browser: Client, **values: Any) -> Any:
    body = {"number": "010-0000-0001", "kind": "threat", "days": 3, "reason": "반복 협박", **values}
    return browser.post("/supervision/flags/", body)


def test_who_was_hung_up_on_is_flagged_once(people: dict[str, Account]) -> None:
    contact = ended_for_abuse(people["agent1"])
    assert flags.flag_ended_talks() == 1
    assert flags.flag_ended_talks() == 0
    row = FlaggedNumber.objects.get()
    assert (row.number, row.kind, row.contact, row.by) == (NUMBER, "abuse", contact.pk, None)
    assert row.until - row.since == timedelta(days=7)
    assert AccessLog.objects.get(action="number.flagged").contact == contact.pk


def test_warnings_alone_flag_nobody(people: dict[str, Account]) -> None:
    row = add_contact(people["agent1"])
    for step in ("warn", "announce"):
        ProtectionStep.objects.create(
            contact=row.pk, segment=1, agent=people["agent1"], step=step, kind="abuse", at=timezone.now()
        )
    assert flags.flag_ended_talks() == 0


def test_what_cannot_or_need_not_be_flagged(people: dict[str, Account]) -> None:
    ended_for_abuse(people["agent1"], caller=None, withheld=True)
    ended_for_abuse(people["agent1"], ago=timedelta(days=8))
    assert flags.flag_ended_talks() == 0
    assert not FlaggedNumber.objects.exists()


def test_it_catches_up_after_a_pause(people: dict[str, Account]) -> None:
    ended_for_abuse(people["agent1"], ago=timedelta(days=2))
    assert flags.flag_ended_talks() == 1
    row = FlaggedNumber.objects.get()
    assert timedelta(days=4) < row.until - timezone.now() <= timedelta(days=5)


def test_the_term_is_counted_by_the_clock_that_wrote_the_talk(
    people: dict[str, Account], centre_ahead: Callable[[timedelta], None]
) -> None:
    """By the machine's clock, which was set an hour ahead, the seven days are over."""
    centre_ahead(timedelta(hours=-1))
    ended_for_abuse(people["agent1"], ago=timedelta(days=7, minutes=30))
    assert flags.flag_ended_talks() == 1
    assert flags.flag_of(NUMBER) is not None


def test_a_lifted_flag_does_not_come_back(people: dict[str, Account], logged_in: Browser) -> None:
    ended_for_abuse(people["agent1"])
    flags.flag_ended_talks()
    row = FlaggedNumber.objects.get()
    answer = logged_in("supervisor").post(f"/supervision/flags/{row.pk}/lift", {"reason": "오인 신고"})
    assert answer.status_code == 302
    assert flags.flag_of(NUMBER) is None
    assert flags.flag_ended_talks() == 0
    assert flags.flag_of(NUMBER) is None
    log = AccessLog.objects.get(action="number.flag_lifted")
    assert (log.account_id, log.reason, log.detail) == (people["supervisor"].pk, "오인 신고", {"flag": row.pk})


def test_by_hand(people: dict[str, Account], logged_in: Browser) -> None:
    contact = add_contact(people["agent1"])
    browser = logged_in("supervisor")
    page = browser.get(f"/supervision/flags/?contact={contact.pk}").content.decode()
    assert 'value="010-0000-0001"' in page
    assert flag(browser, contact=str(contact.pk)).status_code == 302
    found = flags.flag_of(NUMBER)
    assert found is not None
    assert str(found.kind) == "협박"
    row = FlaggedNumber.objects.get()
    assert (row.by, row.contact, row.reason) == (people["supervisor"], contact.pk, "반복 협박")
    log = AccessLog.objects.get(action="number.flagged")
    assert (log.account_id, log.reason) == (people["supervisor"].pk, "반복 협박")
    assert "협박" in browser.get(f"/contacts/{contact.pk}/").content.decode()
    assert "협박" in browser.get("/supervision/flags/").content.decode()


def test_the_longest_flag_holds_and_lifting_lifts_all(people: dict[str, Account], logged_in: Browser) -> None:
    browser = logged_in("supervisor")
    flag(browser, days=3)
    flag(browser, days=30, kind="sexual")
    found = flags.flag_of(NUMBER)
    assert found is not None
    assert (str(found.kind), found.until - timezone.now() > timedelta(days=29)) == ("성희롱", True)
    first = FlaggedNumber.objects.order_by("pk").first()
    assert first is not None
    browser.post(f"/supervision/flags/{first.pk}/lift", {"reason": "해제"})
    assert flags.flag_of(NUMBER) is None


def test_a_flag_ends_with_its_term_and_can_be_made_longer(people: dict[str, Account], logged_in: Browser) -> None:
    browser = logged_in("admin")
    flag(browser)
    row = FlaggedNumber.objects.get()
    FlaggedNumber.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert flags.flag_of(NUMBER) is None
    assert browser.post(f"/supervision/flags/{row.pk}/extend", {"days": 14}).status_code == 302
    found = flags.flag_of(NUMBER)
    assert found is not None
    assert found.until - timezone.now() > timedelta(days=13)
    assert AccessLog.objects.get(action="number.flag_extended").detail == {"flag": row.pk, "days": 14}


def test_what_is_not_understood_changes_nothing(people: dict[str, Account], logged_in: Browser) -> None:
    browser = logged_in("supervisor")
    for wrong in ({"number": "전화"}, {"days": 0}, {"days": 366}, {"kind": "x"}, {"reason": ""}, {"contact": "x"}):
        assert flag(browser, **wrong).status_code == 400, wrong
    assert not FlaggedNumber.objects.exists()
    flag(browser)
    row = FlaggedNumber.objects.get()
    browser.post(f"/supervision/flags/{row.pk}/extend", {"days": "999999999999"})
    browser.post(f"/supervision/flags/{row.pk}/lift", {"reason": ""})
    page = browser.get("/supervision/flags/").content.decode()
    assert page.count("바뀐 것이 없습니다") == 2
    after = FlaggedNumber.objects.get()
    assert (after.until, after.lifted_at) == (row.until, None)
