"""Who calls whom: numbers and names from the wire, which may be anything, made safe to keep and to show."""

from __future__ import annotations

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from functools import lru_cache

import phonenumbers

from haedap.channels.voice.wire import WireChannel
from haedap.domain.events import ContactArrived
from haedap.domain.ids import ContactId
from haedap.domain.states import Channel

_REGION, _KOREA = "KR", 82
_LONGEST = 64
_REMEMBERED = 1024
"""Of the numbers that are called there are few, and of those that call many call again."""
_PUNCTUATION = str.maketrans("", "", "-. ()")
_NAMELESS = frozenset({"anonymous", "restricted", "unavailable", "unknown", "withheld", "private"})
_E164 = re.compile(r"\+[1-9]\d{2,19}", re.ASCII)
_ESCAPED = re.compile(r"\\(.)")
"""As a quotation mark stands in a name."""
_AS_IN_MAIL = re.compile(r"(=\?[\w-]{1,40}\?[BbQq]\?[^?\s]*\?=\s*)+", re.ASCII)
_OTHER_PLUS = re.compile(r"^00(?=82)")
"""So exchanges made elsewhere write the plus. Dialled in Korea, 008 is a carrier's prefix, and what follows it would be
a number of another country."""
_NATIONWIDE = re.compile(r"1\d{7}")
"""1588-0000 and the like, which have no zero before them."""
_NOT_PRIVATE = frozenset({"", "none"})


def arrival(channel: WireChannel, contact: ContactId, presentation: str, privacy: str = "") -> ContactArrived:
    """The event for a citizen's leg. `presentation` is Asterisk's word for it: `prohib...` when it is withheld.
    `privacy` holds the letters of the field of that name, which Asterisk heeds only beside a number that the network
    vouches for.

    Of a withheld number nothing is kept, even where the network delivered it. Who is anonymous by name alone has
    something made up for this call in place of a number, or nothing.
    """
    private = presentation.startswith("prohib") or privacy.lower() not in _NOT_PRIVATE
    number, name = channel.caller.number, channel.caller.name
    nameless = number.lower() in _NAMELESS or (name.lower() in _NAMELESS and e164(number) is None)
    withheld = private or nameless
    number = "" if withheld else number
    called = channel.dialplan.exten.partition(";")[0]  # parameters say how it was routed, not who was called
    return ContactArrived(
        at=channel.creationtime,
        contact=contact,
        channel=Channel.VOICE,
        called=e164(called) or printable(called),
        caller=e164(number),
        caller_text=printable(number),
        caller_name="" if withheld else printable(_readable(_ESCAPED.sub(r"\1", name))),
        withheld=withheld,
    )


@lru_cache(maxsize=_REMEMBERED)
def e164(text: str) -> str | None:
    """`text` as an E.164 number, seen from Korea, or None when it cannot be one.

    No number of Korea begins with a zero behind the country's code: called back it would be one abroad, `001...`.
    """
    digits = _OTHER_PLUS.sub("+", text.translate(_PUNCTUATION))
    if not digits.removeprefix("+").isdecimal() or not digits.isascii():
        return None
    try:
        number = phonenumbers.parse(digits, _REGION)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None  # short numbers such as 114 and 120 are none either
    if number.country_code == _KOREA and number.italian_leading_zero:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(number: str | None) -> str:
    """A number in E.164 as a telephone in Korea shows it and can dial it; empty when there is none."""
    if number is None or not _E164.fullmatch(number):
        return ""
    own = number.removeprefix(f"+{_KOREA}")
    if own == number:
        return number
    return own if _NATIONWIDE.fullmatch(own) else f"0{own}"


def _readable(name: str) -> str:
    """A name that is written as in mail (RFC 2047) in plain text, and nothing of one that cannot be read.

    Of another encoding Asterisk leaves single signs, and at the end of a long name it may have cut one in two.
    """
    if "\ufffd" in name.rstrip("\ufffd"):
        return ""
    if not name.startswith("=?"):
        return name
    if not _AS_IN_MAIL.fullmatch(name):
        return ""
    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return ""


def printable(text: str) -> str:
    """`text` without what breaks a screen (control and direction marks, broken encodings), cut to 64 characters."""
    kept = "".join(filter(_shows, text))
    return " ".join(unicodedata.normalize("NFC", kept).split())[:_LONGEST]


def _shows(character: str) -> bool:
    return character.isspace() or (unicodedata.category(character)[0] != "C" and character != "\ufffd")
