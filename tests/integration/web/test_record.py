"""The record: list, search, paging, one contact, its timeline, and who may see what."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, get_args
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.centre.models import Flow, Queue, Skill
from haedap.apps.contacts import words
from haedap.apps.contacts.models import (
    AccessLog,
    AgentStatus,
    CallbackPromise,
    Citizen,
    CitizenNumber,
    Contact,
    ContactNote,
    JournalEntry,
    Segment,
    Topic,
    Transfer,
)
from haedap.apps.contacts.names import Names
from haedap.apps.contacts.paging import Paging
from haedap.apps.contacts.templatetags.contacts import moment
from haedap.apps.contacts.timeline import sentence_of
from haedap.domain import facts
from haedap.domain.ids import AgentId, ContactId, FlowKey, OfferId, QueueKey
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    Channel,
    ContactOutcome,
    ContactState,
    Control,
    EndedBy,
    MoveCause,
    OfferOutcome,
    PromiseOutcome,
    PromiseReason,
    PromiseState,
    ProtectionStep,
    Supervision,
    TransferMode,
    TransferOutcome,
)

from .pages import Browser
from .passing_facts import passing_facts
from .records import add_contact


def listed(client: Client, address: str = "/contacts/") -> set[UUID]:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return {line.contact.pk for line in answer.context["lines"]}


def sought(client: Client, text: str, **filters: str) -> set[UUID]:
    answer = client.post("/contacts/search", {"q": text, **filters}, follow=True)
    assert answer.status_code == 200
    assert text not in answer.redirect_chain[-1][0]
    return {line.contact.pk for line in answer.context["lines"]}


@pytest.fixture
def three(people: dict[str, Account]) -> list[Contact]:
    """Two contacts of agent1 and one of agent2, oldest last."""
    return [
        add_contact(people["agent1"], caller="+821000001234", ago=timedelta(minutes=1)),
        add_contact(people["agent1"], caller="+821000005678", ago=timedelta(minutes=2), queue="water"),
        add_contact(people["agent2"], caller="+821000001234", ago=timedelta(minutes=3)),
    ]


def test_agents_see_their_own_and_supervisors_all(logged_in: Browser, three: list[Contact]) -> None:
    assert listed(logged_in("agent1")) == {three[0].pk, three[1].pk}
    assert listed(logged_in("agent2")) == {three[2].pk}
    assert listed(logged_in("supervisor")) == {contact.pk for contact in three}
    assert logged_in("agent2").get(f"/contacts/{three[0].pk}/").status_code == 404


def test_the_citizen_on_the_line_brings_their_contacts(
    people: dict[str, Account], logged_in: Browser, three: list[Contact]
) -> None:
    ringing = add_contact(None, caller="+821000001234", state="offered", ago=timedelta())
    AgentStatus.objects.create(agent=people["agent2"], state="offered", since=timezone.now(), contact=ringing.pk, seq=1)
    client = logged_in("agent2")
    assert listed(client) == {ringing.pk, three[0].pk, three[2].pk}
    page = client.get("/contacts/").content.decode()
    assert "010-0000-1234" in page
    assert client.get(f"/contacts/{three[0].pk}/").status_code == 200


def test_agents_see_masked_numbers_in_the_list(logged_in: Browser, three: list[Contact]) -> None:
    page = logged_in("agent1").get("/contacts/").content.decode()
    assert "010-****-1234" in page
    assert "010-0000-1234" not in page
    assert "010-0000-1234" in logged_in("supervisor").get("/contacts/").content.decode()


@pytest.mark.parametrize("text", ["010-0000-1234", "+821000001234", "0000-1234", "1234", "０１０００００１２３４"])
def test_search_by_number(logged_in: Browser, three: list[Contact], text: str) -> None:
    assert sought(logged_in("supervisor"), text) == {three[0].pk, three[2].pk}
    assert sought(logged_in("agent1"), text) == {three[0].pk}


def test_search_by_name_and_by_words_of_the_note(logged_in: Browser, three: list[Contact]) -> None:
    citizen = Citizen.objects.create(name="홍길동")
    CitizenNumber.objects.create(number="+821000005678", citizen=citizen)
    ContactNote.objects.create(contact=three[0].pk, text="재산세 고지서를 다시 보내 드림")
    client = logged_in("supervisor")
    assert sought(client, "길동") == {three[1].pk}
    assert sought(client, "고지서를") == {three[0].pk}
    assert sought(client, "없는 말") == set()
    assert AccessLog.objects.filter(action="contacts.searched").count() == 3


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --", "\x00", "가" * 5000, "\U0001f4de", "a\nb"])
def test_hostile_searches(logged_in: Browser, three: list[Contact], text: str) -> None:
    answer = logged_in("supervisor").post("/contacts/search", {"q": text}, follow=True)
    assert answer.status_code == 200
    found = {line.contact.pk for line in answer.context["lines"]}
    assert found in (set(), {contact.pk for contact in three})


def test_filters(people: dict[str, Account], logged_in: Browser, three: list[Contact]) -> None:
    skill = Skill.objects.create(key="all", name="모두")
    Queue.objects.create(key="water", name="상하수도", skill=skill)
    abandoned = add_contact(None, ago=timedelta(days=2))
    waiting = add_contact(None, state="waiting", ago=timedelta())
    parent = Topic.objects.create(code="tax", name="세금")
    topic = Topic.objects.create(code="tax_car", name="자동차세", parent=parent)
    ContactNote.objects.create(contact=three[0].pk, topic=topic)
    client = logged_in("supervisor")
    before = timezone.localtime(timezone.now() - timedelta(days=2)).date()
    for query, expected in (
        ("queue=water", {three[1]}),
        (f"agent={people['agent2'].pk}", {three[2]}),
        ("outcome=abandoned", {abandoned}),
        ("state=waiting", {waiting}),
        (f"topic={parent.pk}", {three[0]}),
        (f"first={before}&last={before}", {abandoned}),
        (f"last={before}&queue=water", set()),
    ):
        assert listed(client, f"/contacts/?{query}") == {contact.pk for contact in expected}, query


@pytest.mark.parametrize(
    "query",
    [
        "first=yesterday",
        "last=2026-13-45",
        "queue=nonsense",
        "agent=x",
        "topic=0",
        "first=2026-02-02&last=2026-01-01",
        "first=0001-01-01",
        "last=9999-12-31",
    ],
)
def test_filters_that_make_no_sense_are_said_to_be_wrong(logged_in: Browser, query: str) -> None:
    answer = logged_in("supervisor").get(f"/contacts/?{query}")
    assert answer.status_code == 400
    assert "form-hint-invalid" in answer.content.decode()


def test_pages_forth_and_back_without_a_gap_or_a_double(people: dict[str, Account]) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for index in range(17):
        add_contact(None, arrived_at=at + timedelta(minutes=index // 3))  # several of the same instant
    whole = list(Contact.objects.order_by("-arrived_at", "-pk"))
    paging = Paging("arrived_at", UUID, size=5)
    pages, cursor = [], ""
    while True:
        page = paging.page(Contact.objects.all(), cursor)
        pages.append(page.rows)
        if not page.older:
            break
        cursor = page.older
    assert [row for rows in pages for row in rows] == whole
    assert [len(rows) for rows in pages] == [5, 5, 5, 2]
    back = paging.page(Contact.objects.all(), page.newer)
    assert back.rows == pages[2]
    first = paging.page(Contact.objects.all(), paging.page(Contact.objects.all(), back.newer).newer)
    assert (first.rows, first.newer) == (pages[0], "")


@pytest.mark.parametrize("cursor", ["x", "o", "n====", "oAAAA", "o" + "A" * 5000, "\x00", "o가나다", "oMjAyNiB4"])
def test_cursors_that_cannot_be_read_show_the_first_page(logged_in: Browser, three: list[Contact], cursor: str) -> None:
    answer = logged_in("supervisor").get("/contacts/", {"page": cursor})
    assert len(answer.context["lines"]) == 3


def tell(contact: Contact, *told: facts.AnyFact) -> None:
    for index, fact in enumerate(told):
        JournalEntry.objects.create(
            at=contact.arrived_at + timedelta(seconds=index),
            role="F",
            name=type(fact).__name__,
            contact=contact.pk,
            data=json.loads(msgspec.json.encode(fact)),
        )


def one_of_each(contact: ContactId, agent: AgentId) -> Sequence[facts.AnyFact]:
    offer, queue, flow = OfferId(f"{contact}.1"), QueueKey("tax"), FlowKey("main")
    return [
        facts.ContactOpened(
            contact=contact,
            channel=Channel.VOICE,
            called="+82200000120",
            caller="+821000001234",
            caller_text="",
            caller_name="",
            withheld=False,
            flow=flow,
        ),
        facts.FlowStepEntered(contact=contact, flow=flow, step="welcome"),
        facts.ContactQueued(contact=contact, queue=queue, priority=0),
        facts.ContactOffered(contact=contact, offer=offer, agent=agent, queue=queue),
        facts.OfferEnded(contact=contact, offer=offer, agent=agent, outcome=OfferOutcome.NO_ANSWER),
        facts.SegmentStarted(contact=contact, segment=1, agent=agent, queue=queue, offer=offer),
        facts.ControlApplied(contact=contact, segment=1, agent=agent, control=Control.HOLD),
        facts.LegLost(contact=contact, segment=1, agent=agent),
        facts.LegRegained(contact=contact, segment=1, agent=agent),
        facts.SegmentEnded(contact=contact, segment=1, agent=agent, by=EndedBy.CITIZEN),
        facts.AgentStateChanged(agent=agent, state=AgentState.WRAP_UP, contact=contact),
        facts.AgentReachabilityChanged(agent=agent, reachable=False),
        facts.ContactClosed(contact=contact, outcome=ContactOutcome.ANSWERED, by=EndedBy.CITIZEN),
        *passing_facts(contact, agent),
    ]


def test_every_fact_has_its_sentence(people: dict[str, Account], logged_in: Browser, three: list[Contact]) -> None:
    told = one_of_each(ContactId(str(three[0].pk)), AgentId(people["agent1"].pk))
    assert {type(fact) for fact in told} == set(get_args(facts.AnyFact))
    tell(three[0], *told)
    page = logged_in("agent1").get(f"/contacts/{three[0].pk}/")
    moments = [moment.sentence for moment in page.context["moments"]]
    assert len(moments) == len(told)
    assert "010-0000-1234에서 02-0000-0120번으로 전화가 와서" in moments[0]
    assert moments[4] == "agent1 이름 님: 받지 않았습니다."
    assert not [sentence for sentence in moments if "%(" in sentence]
    assert not [sentence for sentence in moments if not sentence.endswith(".") or "None" in sentence]
    told_in_full = " ".join(moments)
    assert "agent1 이름 님이 민원인을 세무과 재산세팀 (7012) 쪽으로 넘겼습니다" in told_in_full
    assert "2026-11-23 10:00" in told_in_full


def test_the_page_shows_transfers_promises_and_the_contacts_it_belongs_to(
    people: dict[str, Account], logged_in: Browser, three: list[Contact]
) -> None:
    agent, contact = people["agent1"].pk, three[0]
    Contact.objects.filter(pk=contact.pk).update(resumes=three[1].pk, abusive=True, direction="out")
    moment = contact.arrived_at
    Transfer.objects.create(
        id=1,
        contact=contact.pk,
        number=1,
        segment=1,
        agent_id=agent,
        mode="blind",
        target_kind="outside",
        target_number="7012",
        target_name="세무과 재산세팀",
        started_at=moment,
        outcome="no_answer",
        seq=1,
    )
    CallbackPromise.objects.create(
        id=uuid4(),
        citizen="+821000001234",
        owner_kind="agent",
        owner_agent_id=agent,
        reason="dropped",
        state="open",
        made_at=moment,
        place_at=moment,
        due_at=moment,
        deadline=moment,
        contact=contact.pk,
        seq=2,
    )
    text = logged_in("supervisor").get(f"/contacts/{contact.pk}/").content.decode()
    for said in ("세무과 재산세팀 (7012)", "즉시 호전환", "통화가 끊어짐", f"/contacts/{three[1].pk}/", "폭언"):
        assert said in text, said
    text = logged_in("supervisor").get(f"/contacts/{three[1].pk}/").content.decode()
    assert f"/contacts/{contact.pk}/" in text


def test_a_moment_of_another_year_says_so() -> None:
    now = timezone.localtime()
    assert moment(now) == f"{now:%m-%d %H:%M}"
    assert moment(datetime(2023, 12, 31, 14, 59, tzinfo=UTC)) == "2023-12-31 23:59"
    assert moment(None) == ""


def test_steps_stand_under_the_names_that_the_flow_gives_them(logged_in: Browser, three: list[Contact]) -> None:
    bye = {"kind": "hang_up"}
    welcome = {"kind": "play", "name": "인사말", "prompts": ["welcome"], "next": "bye"}
    Flow.objects.create(
        key="main", name="대표번호", definition={"start": "welcome", "steps": {"welcome": welcome, "bye": bye}}
    )
    contact, main = ContactId(str(three[0].pk)), FlowKey("main")
    tell(
        three[0],
        facts.FlowStepEntered(contact=contact, flow=main, step="welcome"),
        facts.FlowStepEntered(contact=contact, flow=main, step="welcome", digit="1"),
        facts.FlowStepEntered(contact=contact, flow=main, step="bye"),
        facts.FlowStepEntered(contact=contact, flow=FlowKey("other"), step="welcome"),
    )
    page = logged_in("agent1").get(f"/contacts/{three[0].pk}/")
    assert [moment.sentence for moment in page.context["moments"]] == [
        "안내: ‘인사말’ 단계.",
        "민원인이 1번을 눌렀습니다: ‘인사말’ 단계.",
        "안내: ‘bye’ 단계.",
        "안내: ‘welcome’ 단계.",
    ]


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (words.CONTACT_STATES, ContactState),
        (words.OUTCOMES, ContactOutcome),
        (words.OUTCOME_COLOURS, ContactOutcome),
        (words.TRANSFER_MODES, TransferMode),
        (words.TRANSFER_OUTCOMES, TransferOutcome),
        (words.MOVE_CAUSES, MoveCause),
        (words.SUPERVISIONS, Supervision),
        (words.PROTECTION_STEPS, ProtectionStep),
        (words.PROMISE_REASONS, PromiseReason),
        (words.PROMISE_STATES, PromiseState),
        (words.PROMISE_OUTCOMES, PromiseOutcome),
        (words.ATTEMPT_OUTCOMES, AttemptOutcome),
    ],
)
def test_every_value_has_its_word(table: Mapping[Any, Any], states: type[Enum]) -> None:
    assert list(table) == list(states)


@pytest.mark.parametrize("said", [*OfferOutcome, *Control, *ContactOutcome, *EndedBy, *AgentState])
def test_every_state_has_its_word(said: Any) -> None:
    contact, agent, offer = ContactId("c"), AgentId(1), OfferId("c.1")
    names = Names({}, {}, {}, {}, {})
    match said:
        case OfferOutcome():
            fact: facts.AnyFact = facts.OfferEnded(contact=contact, offer=offer, agent=agent, outcome=said)
        case Control():
            fact = facts.ControlApplied(contact=contact, segment=1, agent=agent, control=said, digits="1")
        case ContactOutcome():
            fact = facts.ContactClosed(contact=contact, outcome=said, by=EndedBy.LINE)
        case EndedBy():
            fact = facts.SegmentEnded(contact=contact, segment=1, agent=agent, by=said)
        case _:
            fact = facts.AgentStateChanged(agent=agent, state=said, reason="meal")
    sentence_of(fact, names)


def test_a_fact_of_another_version_does_not_hide_the_rest(logged_in: Browser, three: list[Contact]) -> None:
    JournalEntry.objects.create(
        at=timezone.now(), role="F", name="Future", contact=three[0].pk, data={"type": "Future", "x": 1}
    )
    page = logged_in("agent1").get(f"/contacts/{three[0].pk}/")
    assert [moment.sentence for moment in page.context["moments"]] == ["이 판에서 읽을 수 없는 단계입니다."]


def test_talk_hold_and_wrap_up_of_a_segment_add_up_to_its_handle_time(logged_in: Browser, three: list[Contact]) -> None:
    """As the figure says that is opened down to here; what was only rung, as of a callback, is no talk."""
    began = three[0].answered_at
    assert began is not None
    rows = Segment.objects.filter(contact=three[0].pk)
    times = re.compile(r'<td class="number">([^<]*)</td>' * 3)
    for talk_from, shown in ((began, ("0:47", "0:13", "0:05")), (None, ("", "0:13", "0:05"))):
        rows.update(talk_from=talk_from, ended_at=began + timedelta(seconds=60), hold_seconds=13, wrap_up_seconds=5)
        page = logged_in("supervisor").get(f"/contacts/{three[0].pk}/").content.decode()
        assert times.findall(page) == [shown]


def test_opening_a_contact_is_logged(people: dict[str, Account], logged_in: Browser, three: list[Contact]) -> None:
    logged_in("agent1").get(f"/contacts/{three[0].pk}/", REMOTE_ADDR="203.0.113.9")
    row = AccessLog.objects.get(action="contact.viewed")
    assert (row.account, row.contact, row.from_address) == (people["agent1"], three[0].pk, "203.0.113.9")
    page = logged_in("admin").get("/centre/access-log/").content.decode()
    for day in ("0001-01-01", "9999-12-31"):
        assert logged_in("admin").get(f"/centre/access-log/?day={day}").status_code == 200
    assert "203.0.113.9" in page
    assert "상담 건을 열어 봄" in page


def test_a_citizen_gets_a_name(logged_in: Browser, three: list[Contact]) -> None:
    client = logged_in("agent1")
    assert client.post(f"/contacts/{three[0].pk}/citizen", {"name": "  "}).status_code == 400
    assert (
        client.post(f"/contacts/{three[0].pk}/citizen", {"name": "홍길동", "memo": "귀가 어두우심"}).status_code == 302
    )
    assert client.post(f"/contacts/{three[0].pk}/citizen", {"name": "홍길순"}).status_code == 302
    assert Citizen.objects.get().name == "홍길순"
    assert "홍길순" in client.get("/contacts/").content.decode()
    assert logged_in("agent2").post(f"/contacts/{three[0].pk}/citizen", {"name": "x"}).status_code == 404
    assert AccessLog.objects.filter(action="citizen.changed").count() == 2


def test_unknown_and_foreign_contacts_are_not_there(logged_in: Browser) -> None:
    assert logged_in("agent1").get(f"/contacts/{uuid4()}/").status_code == 404
    assert logged_in("agent1").get("/contacts/nonsense/").status_code == 404


@pytest.mark.parametrize("table", ["journal", "access_log"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
def test_journal_and_access_log_only_grow(people: dict[str, Account], table: str, sql: str) -> None:
    JournalEntry.objects.create(at=timezone.now(), role="F", name="X", data={})
    AccessLog.objects.create(action="contact.viewed", account=people["agent1"])
    with (
        pytest.raises((InternalError, IntegrityError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))
