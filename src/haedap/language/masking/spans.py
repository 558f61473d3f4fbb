"""What a finding is, and what stands in the text instead of it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """The kinds of personal data that the rules know."""

    RRN = "RRN"
    FRN = "FRN"
    PHONE = "PHONE"
    CARD = "CARD"
    ACCOUNT = "ACCOUNT"
    PASSPORT = "PASSPORT"
    DRIVER = "DRIVER"
    PLATE = "PLATE"
    ADDRESS = "ADDRESS"
    EMAIL = "EMAIL"
    NAME = "NAME"
    BIRTH = "BIRTH"


class Span(NamedTuple):
    """Personal data of one kind at `text[start:end]`, counted in code points."""

    start: int
    end: int
    type: Kind


LABELS = {
    Kind.RRN: "[주민등록번호]",
    Kind.FRN: "[외국인등록번호]",
    Kind.PHONE: "[전화번호]",
    Kind.CARD: "[카드번호]",
    Kind.ACCOUNT: "[계좌번호]",
    Kind.PASSPORT: "[여권번호]",
    Kind.DRIVER: "[면허번호]",
    Kind.PLATE: "[차량번호]",
    Kind.ADDRESS: "[주소]",
    Kind.EMAIL: "[이메일]",
    Kind.NAME: "[이름]",
    Kind.BIRTH: "[생년월일]",
}
"""What stands in a masked text. A label holds nothing that any rule finds."""
