"""The directory from the record to the page: found, checked, edited, published, compared."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest import mock
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from haedap.analytics.directory.changes import Kind
from haedap.analytics.directory.checking import Problem
from haedap.analytics.tables import SEOUL
from haedap.apps.accounts.models import Account
from haedap.apps.centre.models import CentreSettings
from haedap.apps.contacts.models import AccessLog, Contact
from haedap.apps.directory import asking, editing
from haedap.apps.directory.choosing import content_of
from haedap.apps.directory.errors import DirectoryError, PublishedError, UnsettledError
from haedap.apps.directory.making import make
from haedap.apps.directory.models import DirectoryGroup, Edition, Entry
from haedap.apps.directory.paper import paper_of
from haedap.apps.offices.models import Department
from haedap.operations import OperationsError
from haedap.operations.directory import _quarter

from .directory_year import NOW, a_quarter, read, referred, wanted, written
from .pages import Browser

PAGE = f"/directory/{NOW}/"


@pytest.fixture
def city(people: dict[str, Account]) -> dict[str, Department]:
    return a_quarter(people["agent1"])


def of(edition: Edition, name: str) -> Entry:
    return next(entry for entry in edition.entries.select_related("edition") if entry.name == name)


def names(edition: Edition) -> list[str]:
    return [entry.name for entry in content_of(edition).chosen]


def test_the_most_requested_numbers_of_a_quarter(city: dict[str, Department]) -> None:
    content = content_of(make(NOW))
    assert [(entry.name, entry.number, entry.score) for entry in content.chosen] == [
        ("상하수도과", "+82200001300", 52),
        ("세정과", "+82200001200", 35),
        ("", "+8215771000", 30),
        ("민원여권과", "+82200001100", 20),
    ]
    first = content.chosen[0]
    assert first.evidence == {"transfer": 4, "article": 4}
    assert first.what == "이사정산 · 이사정산 및 명의변경"
    assert [section.group.name for section in content.sections if section.group] == [
        "수도·하수",
        "세금·요금",
        "여권·증명",
    ]
    assert content.problems == {"number:+8215771000": Problem.OUTSIDE}


def test_what_was_asked_in_another_quarter_does_not_count(city: dict[str, Department]) -> None:
    assert content_of(make(NOW.before)).chosen == []


def test_an_empty_centre_has_an_empty_directory(people: dict[str, Account]) -> None:
    edition = make(NOW)
    assert content_of(edition).chosen == []
    with pytest.raises(DirectoryError, match="실린 번호가 없습니다"):
        editing.publish(edition, people["supervisor"].pk)


@pytest.mark.parametrize("count", [0, 101, -1])
def test_how_many_there_can_be(db: None, count: int) -> None:
    with pytest.raises(DirectoryError):
        make(NOW, count)


def test_a_quarter_to_come_has_no_directory(db: None) -> None:
    with pytest.raises(DirectoryError):
        make(NOW.next)


def test_a_number_that_is_not_right_is_printed_nowhere(city: dict[str, Department], people: dict[str, Account]) -> None:
    edition = make(NOW)
    editing.choose_entry(Entry.objects.get(key="number:+8215771000"), Entry.Choice.DROPPED)
    editing.publish(edition, people["supervisor"].pk)
    assert [line.name for line in paper_of(edition).lines] == ["상하수도과", "세정과", "민원여권과"]
    Department.objects.filter(pk=city["tax"].pk).update(telephone="+82200009999")
    Department.objects.filter(pk=city["passport"].pk).update(active=False)
    assert content_of(edition).problems == {
        f"office:{city['tax'].pk}": Problem.CHANGED,
        f"office:{city['passport'].pk}": Problem.CLOSED,
    }
    assert [line.name for line in paper_of(edition).lines] == ["상하수도과"]
    edition.refresh_from_db()
    editing.take_back(edition)
    editing.take_number_of_today(of(edition, "세정과"))
    assert [line.name for line in paper_of(edition).lines] == ["상하수도과", "세정과"]


def test_an_edition_with_problems_is_not_published(city: dict[str, Department], people: dict[str, Account]) -> None:
    edition = make(NOW)
    with pytest.raises(UnsettledError):
        editing.publish(edition, people["supervisor"].pk)
    entry = Entry.objects.get(key="number:+8215771000")
    Entry.objects.filter(pk=entry.pk).update(own_name="국민건강보험공단", confirmed=True)
    editing.publish(edition, people["supervisor"].pk)
    assert "국민건강보험공단" in [line.name for line in paper_of(edition).lines]


def test_what_a_person_said_survives_looking_again(city: dict[str, Department], people: dict[str, Account]) -> None:
    edition = make(NOW, 2)
    group = DirectoryGroup.objects.get(key="town")
    Entry.objects.filter(pk=of(edition, "세정과").pk).update(own_name="세금 문의", own_what="고지서", own_group=group)
    editing.choose_entry(of(edition, "민원여권과"), Entry.Choice.PINNED)
    editing.choose_entry(of(edition, "상하수도과"), Entry.Choice.DROPPED)
    added = editing.add(edition, "+8221230000", "우체국", "소포", None)
    referred(people["agent1"], "+82200001200", 5)
    Department.objects.filter(pk=city["tax"].pk).update(telephone="+82200001299")
    wanted(people["agent1"], city["tax"], 1)
    edition = make(NOW, 3)
    assert names(edition) == ["세금 문의", "민원여권과", "우체국"]
    tax = of(edition, "세금 문의")
    assert (tax.number, tax.what, tax.group, tax.pk) == ("+82200001299", "고지서", group, of(edition, "세금 문의").pk)
    assert Entry.objects.get(pk=added.pk).choice == Entry.Choice.PINNED
    assert of(edition, "상하수도과").choice == Entry.Choice.DROPPED


def test_order_by_hand_survives_looking_again(people: dict[str, Account], city: dict[str, Department]) -> None:
    everything = DirectoryGroup.objects.create(key="all", name="전부", position=0)
    edition = make(NOW)
    edition.entries.update(own_group=everything)
    editing.move(of(edition, "민원여권과"), -1)
    editing.move(of(edition, "민원여권과"), -1)
    editing.move(of(edition, "민원여권과"), -1)
    editing.move(of(edition, "민원여권과"), -1)
    order = [entry.name for entry in content_of(make(NOW)).sections[0].entries]
    assert order == ["민원여권과", "상하수도과", "세정과", ""]


def test_what_changed_since_the_edition_before(city: dict[str, Department], people: dict[str, Account]) -> None:
    """Before: tax 02-…-1200 and water; now: passport is new, tax has another number, water is gone."""
    agent = people["agent1"]
    Edition.objects.create(quarter=str(NOW.before), state=Edition.State.PUBLISHED)
    earlier = Edition.objects.get(quarter=str(NOW.before))
    for rank, office in enumerate(("tax", "water"), 1):
        Entry.objects.create(
            edition=earlier,
            key=f"office:{city[office].pk}",
            rank=rank,
            found_name=city[office].name,
            number=city[office].telephone,
        )
    Department.objects.filter(pk=city["tax"].pk).update(telephone="+82200001299")
    referred(agent, "+82200001200", 2)  # who still has the old leaflet in mind
    edition = make(NOW)
    editing.choose_entry(Entry.objects.get(edition=edition, key=f"office:{city['water'].pk}"), Entry.Choice.DROPPED)
    content = content_of(edition)
    told = {(change.kind, change.name) for change in content.changes}
    assert {(Kind.NEW, "민원여권과"), (Kind.NUMBER, "세정과"), (Kind.GONE, "상하수도과")} <= told
    assert content.chosen[0].name == "세정과"
    assert content.chosen[0].score == 55
    assert [line.new_number for line in paper_of(edition).lines if line.name == "세정과"] == [True]


def test_a_published_edition_is_not_changed(city: dict[str, Department], people: dict[str, Account]) -> None:
    edition = make(NOW)
    editing.choose_entry(Entry.objects.get(key="number:+8215771000"), Entry.Choice.DROPPED)
    editing.publish(edition, people["supervisor"].pk)
    entry = of(edition, "세정과")
    for change in (
        lambda: make(NOW),
        lambda: editing.move(entry, 1),
        lambda: editing.choose_entry(entry, Entry.Choice.DROPPED),
        lambda: editing.add(edition, "+8221230000", "우체국", "", None),
        lambda: editing.take_number_of_today(entry),
    ):
        with pytest.raises(PublishedError):
            change()


def test_a_number_that_an_office_has_is_added_as_that_office(city: dict[str, Department]) -> None:
    edition = make(NOW, 1)
    entry = editing.add(edition, "+82200001100", "여권", "여권 신청", None)
    assert entry.key == f"office:{city['passport'].pk}"
    with pytest.raises(DirectoryError):
        editing.add(edition, "+82200001100", "여권", "", None)


def test_the_worker_makes_what_it_was_asked_for(city: dict[str, Department]) -> None:
    now = timezone.now()
    asking.ask_for(NOW, 2, now)
    edition = Edition.objects.get(quarter=str(NOW))
    assert asking.is_being_made(edition, now)
    assert not asking.is_being_made(edition, now + timedelta(hours=1))
    asking.make_asked(str(NOW))
    edition.refresh_from_db()
    assert not asking.is_being_made(edition, now)
    assert names(edition) == ["상하수도과", "세정과"]


def test_each_quarter_has_its_draft_when_it_is_over(city: dict[str, Department]) -> None:
    asking.make_due(NOW.until)
    made = Edition.objects.get(quarter=str(NOW))
    assert (made.state, names(made)[0]) == (Edition.State.DRAFT, "상하수도과")
    asking.make_due(NOW.until)
    assert Edition.objects.get(quarter=str(NOW)).found_at == made.found_at


def test_pages(city: dict[str, Department], logged_in: Browser) -> None:
    client = logged_in("supervisor")
    assert "아직" in client.get("/directory/").content.decode()
    assert client.post("/directory/", {"quarter": str(NOW), "count": "4"}).status_code == 302
    assert "찾고 있습니다" in client.get(PAGE).content.decode()
    asking.make_asked(str(NOW))
    page = client.get(PAGE).content.decode()
    assert "상하수도과" in page
    assert "호전환 4" in page
    assert "1577-1000" in page
    assert str(NOW) in client.get("/directory/").content.decode()


def test_quarters_reach_back_to_the_first_contact(city: dict[str, Department], logged_in: Browser) -> None:
    Contact.objects.create(id=uuid4(), channel="voice", state="ended", arrived_at="2019-05-02T09:00+09:00", seq=1)
    page = logged_in("supervisor").get("/directory/").content.decode()
    assert '<option value="2019Q2">' in page
    assert "2019Q1" not in page


@pytest.mark.parametrize(
    ("quarter", "count"),
    [("2026Q9", "20"), ("", "20"), (str(NOW), "0"), (str(NOW), "101"), (str(NOW), "많이"), ("<script>", "20")],
)
def test_a_wish_that_cannot_be(logged_in: Browser, quarter: str, count: str) -> None:
    assert logged_in("supervisor").post("/directory/", {"quarter": quarter, "count": count}).status_code == 400
    assert not Edition.objects.exists()


def test_the_way_to_citizens(city: dict[str, Department], logged_in: Browser) -> None:
    """Settle, rename, publish; the public page has it; take back; it has not."""
    make(NOW)
    client, citizen = logged_in("supervisor"), Client()
    outside = Entry.objects.get(key="number:+8215771000")
    assert client.post(f"{PAGE}entries/{outside.pk}/", {"own_name": ""}).status_code == 400
    client.post(f"{PAGE}publish")
    assert Edition.objects.get().state == Edition.State.DRAFT
    hostile = '<script>alert("1")</script>'
    answer = client.post(f"{PAGE}entries/{outside.pk}/", {"own_name": hostile, "confirmed": "on"})
    assert answer.status_code == 302
    assert "상하수도과" not in citizen.get("/life-numbers/").content.decode()
    assert citizen.get("/life-numbers/life-numbers.vcf").status_code == 410
    client.post(f"{PAGE}publish")
    page = citizen.get("/life-numbers/").content.decode()
    assert "상하수도과" in page
    assert 'href="tel:+82200001300"' in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert citizen.get("/life-numbers/life-numbers.vcf").content.startswith(b"BEGIN:VCARD")
    client.post(f"{PAGE}take-back")
    assert "상하수도과" not in citizen.get("/life-numbers/").content.decode()
    actions = set(AccessLog.objects.values_list("detail__how", flat=True).filter(action="directory.changed"))
    assert {"edited", "published", "taken back"} <= actions


def test_numbers_of_an_invented_year_are_marked_when_the_year_is_gone(
    city: dict[str, Department], logged_in: Browser
) -> None:
    CentreSettings.objects.update_or_create(pk=1, defaults={"synthetic": "icheon"})
    edition = make(NOW)
    Edition.objects.update(state=Edition.State.PUBLISHED)
    CentreSettings.objects.update(synthetic="")
    assert paper_of(edition).synthetic
    for client, address in ((logged_in("supervisor"), PAGE), (Client(), "/life-numbers/")):
        assert "hd-synthetic" in client.get(address).content.decode()
    assert not paper_of(make(NOW.before)).synthetic


def test_buttons(city: dict[str, Department], logged_in: Browser) -> None:
    edition = make(NOW, 2)
    client = logged_in("supervisor")
    water, passport = of(edition, "상하수도과"), of(edition, "민원여권과")
    for entry, step in ((water, "drop"), (passport, "pin"), (passport, "up"), (passport, "down")):
        assert client.post(f"{PAGE}entries/{entry.pk}/{step}").status_code == 302
    assert names(edition) == ["세정과", "민원여권과"]
    client.post(f"{PAGE}entries/{water.pk}/by-rank")
    assert names(edition) == ["상하수도과", "민원여권과"]
    assert client.post(f"{PAGE}entries/{water.pk}/explode").status_code == 404
    assert client.post(f"{PAGE}entries/999999/drop").status_code == 404
    assert client.post(f"{PAGE}add", {"number": "02-0000-7777", "name": "도서관"}).status_code == 302
    assert client.post(f"{PAGE}add", {"number": "02-0000-7777", "name": "도서관"}).status_code == 400
    assert client.post(f"{PAGE}add", {"number": "전화", "name": "도서관"}).status_code == 400
    assert "도서관" in names(edition)


def test_groups_are_data(city: dict[str, Department], logged_in: Browser) -> None:
    client = logged_in("supervisor")
    assert "수도·하수" in client.get("/directory/groups/").content.decode()
    form = {"name": "살림", "icon": "house", "position": "0", "words": "세정과, 세정, 재산세"}
    assert client.post("/directory/groups/", form).status_code == 302
    content = content_of(make(NOW))
    assert "살림" in [section.group.name for section in content.sections if section.group]
    group = DirectoryGroup.objects.get(name="살림")
    assert client.post(f"/directory/groups/{group.pk}/", {**form, "words": "가" * 31}).status_code == 400
    assert client.post(f"/directory/groups/{group.pk}/remove").status_code == 302
    assert all(
        section.group is None or section.group.name != "살림" for section in content_of(Edition.objects.get()).sections
    )


def test_articles_and_notes_weigh_less_than_calls(people: dict[str, Account], city: dict[str, Department]) -> None:
    read(people["agent1"], city["passport"], "여권 사진", 6)
    written(people["agent1"], "재산세 부과 문의", 1)
    scores = {entry.name: entry.score for entry in make(NOW).entries.all()}
    assert scores["민원여권과"] == 20 + 6 * 3
    assert scores["세정과"] == 35 + 5


def test_the_command_means_the_quarter_that_it_is_in_seoul() -> None:
    """Nine hours before a machine whose clock shows UTC comes to it."""
    new_year = datetime(2027, 1, 1, tzinfo=SEOUL)
    with mock.patch("django.utils.timezone.now", return_value=new_year):
        assert str(_quarter("")) == "2027Q1"
    with pytest.raises(OperationsError):
        _quarter("2027")
