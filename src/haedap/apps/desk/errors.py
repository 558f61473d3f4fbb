"""Refusals of the desk's API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from haedap.apps.contacts import api as contacts


class DeskError(Exception):
    """A refusal: HTTP status, a word for programs, a Korean sentence for people, and what else helps."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.more = more


def no_telephone_number(typed: str) -> DeskError:
    """What was typed for a number is none, or several."""
    sentence = contacts.why_none(typed, _("This is no telephone number. Check its digits."))
    return DeskError(422, "not_a_number", sentence)
