"""Two people have the same form open: whoever saves second is told, sees what they typed, and may save again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django import forms
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.citizens import choose, new_citizen
from haedap.apps.directory.models import DirectoryGroup, Edition, Entry
from haedap.apps.offices.models import Department, Deputy, Duty, Officer
from haedap.apps.reports.models import ReportSchedule

from .pages import Browser, said
from .records import add_contact


class Form(NamedTuple):
    """A form on a page: where it goes, as what the page has it, and what two people change in it."""

    page: str
    goes_to: str
    name: str
    first: dict[str, Any]
    second: dict[str, Any]


def department(people: dict[str, Account]) -> Form:
    page = f"/offices/{Department.objects.create(name='도로과').pk}/edit"
    return Form(page, page, "form", {"name": "도로관리과"}, {"telephone": "02-0000-1234"})


def _officers(count: int) -> list[Officer]:
    roads = Department.objects.create(name="도로과")
    return [Officer.objects.create(name=f"담당 {number}", department=roads) for number in range(count)]


def officer(people: dict[str, Account]) -> Form:
    page = f"/offices/officers/{_officers(1)[0].pk}/edit"
    return Form(page, page, "form", {"telephone": "02-0000-1234"}, {"title": "주무관"})


def duty(people: dict[str, Account]) -> Form:
    one, other = _officers(2)
    page = f"/offices/duties/{Duty.objects.create(department=one.department, text='가로등').pk}/"
    return Form(page, page, "form", {"officers": [one.pk]}, {"officers": [other.pk], "keywords": "전등"})


def deputies(people: dict[str, Account]) -> Form:
    one, *others = _officers(4)
    Deputy.objects.create(officer=one, deputy=others[0], position=0)
    page = f"/offices/officers/{one.pk}/"
    changes = {"deputy_0": others[1].pk}, {"deputy_1": others[2].pk}
    return Form(page, f"{page}deputies", "deputies_form", *changes)


def group(people: dict[str, Account]) -> Form:
    page = f"/directory/groups/{DirectoryGroup.objects.create(key='roads', name='도로', words=['가로등']).pk}/"
    return Form(page, page, "form", {"words": "가로등, 보도"}, {"name": "길"})


def entry(people: dict[str, Account]) -> Form:
    edition = Edition.objects.create(quarter="2026Q4", count=20)
    found = Entry.objects.create(edition=edition, key="number:+82200001234", number="+82200001234", own_name="도로과")
    page = f"/directory/2026Q4/entries/{found.pk}/"
    return Form(page, page, "form", {"own_what": "가로등"}, {"own_name": "도로관리과"})


def schedule(people: dict[str, Account]) -> Form:
    row = ReportSchedule.objects.create(
        name="주간", every="week", side="topic", form="pdf", mailboxes="a@city.invalid", since=timezone.localdate()
    )
    page = f"/reports/schedules/{row.pk}/"
    return Form(page, page, "form", {"mailboxes": "b@city.invalid"}, {"hour": "9"})


def citizen(people: dict[str, Account]) -> Form:
    contact = add_contact(people["agent1"])
    choose(contact, new_citizen("홍가람"), people["agent1"].pk)
    page = f"/contacts/{contact.pk}/"
    return Form(page, f"{page}citizen", "citizen_form", {"memo": "귀가 어두우심"}, {"memo": "휠체어를 쓰심"})


@pytest.mark.parametrize("case", [department, officer, duty, deputies, group, entry, schedule, citizen])
def test_who_saves_second_is_told_and_loses_nothing(
    case: Callable[[dict[str, Account]], Form], people: dict[str, Account], logged_in: Browser
) -> None:
    browser = logged_in("agent1" if case is citizen else "supervisor")
    form = case(people)
    filled = sent_by(browser, form)
    assert browser.post(form.goes_to, filled | form.first).status_code == 302
    refused = browser.post(form.goes_to, filled | form.second)
    assert refused.status_code == 400
    assert "그사이 다른 사람이" in said(refused)
    kept = refused.context[form.name]
    assert all(str(kept[name].value()) == str(value) for name, value in form.second.items() if name != "officers")
    now = sent_by(browser, form)
    assert all(str(now[name]) == str(value) for name, value in form.first.items()), "the first one's change stands"
    assert browser.post(form.goes_to, filled | form.second | {"seen": kept.seen}).status_code == 302


def sent_by(browser: Client, form: Form) -> dict[str, Any]:
    """What a browser sends of the form as its page shows it."""
    page = browser.get(form.page)
    shown: forms.Form = page.context[form.name]
    values = {name: shown[name].field.prepare_value(shown[name].value()) for name in shown.fields}
    seen: str = shown.seen  # type: ignore[attr-defined]
    assert f'name="seen" value="{seen}"' in said(page)
    return {name: value for name, value in values.items() if value is not None and value is not False} | {"seen": seen}
