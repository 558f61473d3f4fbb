"""Citizens: who a contact is of, never guessed; the same person merged and taken apart again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haedap.apps.accounts.models import Account
from haedap.apps.contacts import citizens, history, merging
from haedap.apps.contacts.models import Citizen, CitizenNumber, Contact

from .records import add_contact

HOME, MOBILE = "+82200000001", "+821000000002"


def person(name: str, *numbers: str) -> Citizen:
    citizen = citizens.new_citizen(name)
    for number in numbers:
        citizens.know(citizen, number, "voice")
    return citizen


def called(people: dict[str, Account], number: str | None, hours: int) -> Contact:
    return add_contact(people["agent1"], caller=number, ago=timedelta(hours=hours), withheld=number is None)


def lines(contact: Contact) -> list[tuple[object, bool]]:
    return [(line.id, line.sure) for line in history.history_of(contact, 20)]


def test_of_two_who_share_a_number_nobody_is_guessed(people: dict[str, Account]) -> None:
    mother, son = person("김하늘", HOME), person("김바다", HOME, MOBILE)
    old, mobile = called(people, HOME, 5), called(people, MOBILE, 4)
    now = called(people, HOME, 1)
    assert citizens.citizen_of_contact(now) is None
    assert citizens.citizens_of(HOME) == [son, mother]
    assert lines(now) == [(old.pk, False)]
    citizens.choose(now, son, people["agent1"].pk)
    assert citizens.citizen_of_contact(now) == son
    assert lines(now) == [(mobile.pk, True), (old.pk, False)]
    citizens.choose(old, mother, people["agent1"].pk)
    assert lines(now) == [(mobile.pk, True)]
    assert citizens.names_by_contact([old, mobile, now]) == {old.pk: "김하늘", mobile.pk: "김바다", now.pk: "김바다"}


def test_who_called_with_a_withheld_number_is_chosen_and_found_again(people: dict[str, Account]) -> None:
    citizen = person("박솔", MOBILE)
    earlier, now = called(people, None, 3), called(people, None, 1)
    assert (citizens.citizen_of_contact(now), lines(now)) == (None, [])
    citizens.choose(earlier, citizen, people["agent1"].pk)
    citizens.choose(now, citizen, people["agent1"].pk)
    assert lines(now) == [(earlier.pk, True)]
    assert citizens.numbers_of(citizen) == {MOBILE}
    assert citizens.find_citizens("010-0000-0002", 10) == citizens.find_citizens("박", 10) == [citizen]


def test_a_choice_by_mistake_leaves_no_number_behind(people: dict[str, Account]) -> None:
    wrong, right = person("오류", MOBILE), person("이참")
    now = called(people, HOME, 1)
    citizens.choose(now, wrong, people["agent1"].pk)
    citizens.choose(now, right, people["agent1"].pk)
    assert citizens.citizens_of(HOME) == [right]
    assert citizens.numbers_of(wrong) == {MOBILE}
    citizens.unchoose(now)
    assert citizens.citizens_of(HOME) == []
    other = called(people, MOBILE, 1)
    citizens.choose(other, wrong, people["agent1"].pk)
    citizens.unchoose(other)
    assert citizens.numbers_of(wrong) == {MOBILE}


def test_merged_rows_answer_as_one_and_come_apart_as_they_were(people: dict[str, Account]) -> None:
    one, two, three = person("가", HOME), person("나", MOBILE), person("다", "+821000000003")
    calls = [called(people, number, 3) for number in (HOME, MOBILE, "+821000000003")]
    merging.merge(two, three)
    merging.merge(one, two)
    assert [citizens.citizen_of_contact(call) for call in calls] == [one] * 3
    assert citizens.numbers_of(one) == {HOME, MOBILE, "+821000000003"}
    assert citizens.citizen(three.pk) == one
    assert citizens.find_citizens("다", 10) == [one]
    for kept, same in ((one, one), (two, one), (one, two), (three, two)):
        with pytest.raises(merging.CitizenError, match="same"):
            merging.merge(kept, same)
    assert merging.split(two) == one
    assert [citizens.citizen_of_contact(call) for call in calls] == [one, two, two]
    assert merging.split(three) == two
    assert [citizens.citizen_of_contact(call) for call in calls] == [one, two, three]
    with pytest.raises(merging.CitizenError, match="alone"):
        merging.split(three)


def test_who_shares_a_number_with_themselves_is_no_choice(people: dict[str, Account]) -> None:
    one, two = person("가", HOME), person("나", HOME)
    now, earlier = called(people, HOME, 1), called(people, HOME, 2)
    merging.merge(one, two)
    assert citizens.citizen_of_contact(now) == one
    assert lines(now) == [(earlier.pk, True)]
    assert [known.by for known in merging.known_by(one)] == [one, two]


def test_a_number_is_added_and_taken_off(people: dict[str, Account]) -> None:
    one = person("가")
    assert merging.add_number(one, "010 0000 0002") == MOBILE
    for typed, why in (("010-0000-0002", "known"), ("번호", "no_number"), ("", "no_number"), ("1" * 500, "no_number")):
        with pytest.raises(merging.CitizenError, match=why):
            merging.add_number(one, typed)
    row = CitizenNumber.objects.get()
    with pytest.raises(merging.CitizenError, match="gone"):
        merging.remove_number(person("나"), row.pk)
    assert merging.remove_number(one, row.pk) == MOBILE
    assert citizens.citizen_of(MOBILE) is None


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["merge", "split", "choose"]), st.integers(0, 3), st.integers(0, 3)), max_size=8
)


def picture() -> list[tuple[int, int | None, int | None]]:
    return list(Citizen.objects.order_by("pk").values_list("pk", "merged_into", "merged_with"))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_merged_split_and_chosen(people: dict[str, Account], steps: list[Step]) -> None:
    """Every contact has one answer to whose it was, and stands in the history of that person alone."""
    with transaction.atomic():
        rows = [person(f"사람 {number}", f"+8210000010{number:02}") for number in range(4)]
        calls = [called(people, f"+8210000010{number:02}", 1) for number in range(4)]
        for step, first, second in steps:
            do(step, rows, calls, first, second, people["agent1"].pk)
        standing = Citizen.objects.filter(merged_into=None)
        told = {one.pk: {line.id for line in history.history(one, 20) if line.sure} for one in standing}
        for call in calls:
            answer = citizens.citizen_of_contact(call)
            assert answer is None or answer.pk in told
            assert [key for key, ids in told.items() if call.pk in ids] == ([answer.pk] if answer else [])
        transaction.set_rollback(True)


def do(step: str, rows: list[Citizen], calls: list[Contact], first: int, second: int, by: int) -> None:
    """One step; after a merge it is tried that taking it apart gives back exactly what was."""
    if step == "choose":
        person = citizens.citizen(rows[second].pk)
        assert person is not None
        citizens.choose(calls[first], person, by)
        return
    before = picture()
    try:
        if step == "split":
            merging.split(rows[first])
            return
        merging.merge(rows[first], rows[second])
        merging.split(rows[second])
        assert picture() == before
        merging.merge(rows[first], rows[second])
    except merging.CitizenError:
        assert picture() == before
