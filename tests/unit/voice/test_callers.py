"""Numbers and names from the wire: whatever comes, what is kept can be shown and stored."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.channels.voice.callers import arrival, e164, national, printable
from haedap.channels.voice.wire import Party, Place, WireChannel
from haedap.domain.ids import ContactId

CONTACT = ContactId("6a8b054e-01dc-4243-8d41-d6a35d3690cd")


def channel(number: str = "01000001234", name: str = "", exten: str = "0200000120") -> WireChannel:
    return WireChannel(
        id="1.1",
        name="PJSIP/trunk-1",
        state="Ring",
        creationtime=datetime(2026, 11, 2, 9, tzinfo=UTC),
        caller=Party(name, number),
        dialplan=Place(exten),
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("01000001234", "+821000001234"),
        ("010-0000-1234", "+821000001234"),
        ("+82 10 0000 1234", "+821000001234"),
        ("0200000120", "+82200000120"),
        ("15880000", "+8215880000"),
        ("120", None),
        ("0082 10-0000-1234", "+821000001234"),
        ("0082200000120", "+82200000120"),
        ("008201000001234", "+821000001234"),
        ("00012025550100", None),
        ("+820012025550100", None),
        ("0060700123", None),
        ("", None),
        ("+", None),
        ("anonymous", None),
        ("010FLOWERS0", None),
        ("+390600000000", "+390600000000"),
        ("٠١٠٠٠٠٠١٢٣٤", None),
        ("1" * 200, None),
    ],
)
def test_e164(text: str, number: str | None) -> None:
    assert e164(text) == number


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+821000001234", "01000001234"),
        ("+8230300001234", "030300001234"),
        ("+8250700001234", "050700001234"),
        ("+8215880000", "15880000"),
        ("+12025550100", "+12025550100"),
        (None, ""),
        ("nonsense", ""),
    ],
)
def test_national(number: str | None, shown: str) -> None:
    assert national(number) == shown


@given(st.text("0123456789", min_size=1, max_size=16), st.sampled_from(["", "+82", "0", "1", "02"]))
def test_numbers_of_korea_are_shown_as_the_library_writes_them(digits: str, before: str) -> None:
    number = e164(before + digits)
    if number is None or not number.startswith("+82"):
        return
    written = phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)
    # It leaves the zero out of those that it has no form for, such as 0303-0000-0000.
    assert national(number) in {re.sub(r"\D", "", written), "0" + re.sub(r"\D", "", written)}


@given(st.text("0123456789", min_size=1, max_size=16), st.sampled_from(["", "+82", "+820", "0"]))
def test_no_caller_is_called_back_abroad_as_if_in_korea(digits: str, before: str) -> None:
    number = e164(before + digits)
    if number is not None and number.startswith("+82"):
        assert re.fullmatch(r"0[1-9]\d+|1\d{7}", national(number))


@given(st.text(max_size=300))
def test_printable_is_short_and_shows(text: str) -> None:
    shown = printable(text)
    assert len(shown) <= 64
    assert all(character.isprintable() or character == " " for character in shown)
    assert shown.encode().decode() == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("김\n민원", "김 민원"), (" 김\u2003민원 ", "김 민원"), ("김\ufffd\u202e민원\x00", "김민원")]
)
def test_printable_keeps_words_apart_and_drops_what_does_not_show(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(max_size=250), st.text(max_size=250), st.text(max_size=80), st.sampled_from(["allowed", "prohib", ""]))
def test_any_caller_is_an_arrival(number: str, name: str, exten: str, presentation: str) -> None:
    arrived = arrival(channel(number, name, exten), CONTACT, presentation)
    assert arrived.contact == CONTACT
    assert max(len(arrived.called), len(arrived.caller_text), len(arrived.caller_name)) <= 64
    assert arrived.caller is None or arrived.caller.startswith("+")
    if arrived.withheld:
        assert (arrived.caller, arrived.caller_text, arrived.caller_name) == (None, "", "")


def test_withheld_number_that_the_network_delivered_is_not_kept() -> None:
    arrived = arrival(channel(name="김민원"), CONTACT, "prohib_passed_screen")
    assert (arrived.withheld, arrived.caller, arrived.caller_text, arrived.caller_name) == (True, None, "", "")


@pytest.mark.parametrize(
    "number", ["anonymous", "Anonymous", "restricted", "unavailable", "unknown", "withheld", "private"]
)
def test_a_name_in_place_of_a_number_is_a_withheld_number(number: str) -> None:
    arrived = arrival(channel(number, name="김민원"), CONTACT, "allowed")
    assert (arrived.withheld, arrived.caller, arrived.caller_text, arrived.caller_name) == (True, None, "", "")


def test_who_withholds_nothing_is_known() -> None:
    arrived = arrival(channel(name="김민원"), CONTACT, "allowed")
    assert (arrived.withheld, arrived.caller, arrived.caller_text) == (False, "+821000001234", "01000001234")
    assert arrived.caller_name == "김민원"


@pytest.mark.parametrize(("privacy", "withheld"), [("", False), ("none", False), ("id", True), ("userid", True)])
def test_who_asks_for_privacy_is_withheld_whatever_else_the_network_says(privacy: str, withheld: bool) -> None:
    assert arrival(channel(), CONTACT, "allowed_not_screened", privacy).withheld is withheld


@pytest.mark.parametrize(
    ("number", "name", "withheld"),
    [
        ("", "Anonymous", True),
        ("", "Unknown", True),
        ("c8oqz84zk7z", "anonymous", True),
        ("01000001234", "Unknown", False),
        ("payphone", "", False),
        ("", "", False),
    ],
)
def test_who_is_anonymous_by_name_alone(number: str, name: str, withheld: bool) -> None:
    arrived = arrival(channel(number, name), CONTACT, "allowed_not_screened")
    assert arrived.withheld is withheld
    assert not withheld or (arrived.caller, arrived.caller_text, arrived.caller_name) == (None, "", "")


@pytest.mark.parametrize("more", [";phone-context=+82", ";npdi;rn=0200000120", ";isub=1;"])
def test_parameters_of_a_called_number_are_no_part_of_it(more: str) -> None:
    assert arrival(channel(exten="0200000120" + more), CONTACT, "allowed").called == "+82200000120"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("=?UTF-8?B?6rmA66+87JuQ?=", "김민원"),
        ("=?EUC-KR?B?sei5zr/4?=", "김민원"),
        ("=?utf-8?q?=EA=B9=80?= =?utf-8?q?=EB=AF=BC?=", "김민"),
        ("=?UTF-8?B?6rmA66+87JuQ6rmA66+8", ""),
        ("=?NONE-SUCH?B?6rmA?=", ""),
        ("=?UTF-8?B?6?=", ""),
        ("\ufffd\ufffd\u03bf\ufffd", ""),
        ("김민\ufffd", "김민"),
    ],
)
def test_names_in_another_encoding_are_read_or_left_out(name: str, shown: str) -> None:
    assert arrival(channel(name=name), CONTACT, "allowed").caller_name == shown


def test_quotation_marks_in_a_name() -> None:
    assert arrival(channel(name=r'"민원" \"과천\" \\'), CONTACT, "allowed").caller_name == '"민원" "과천" \\'
