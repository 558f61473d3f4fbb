"""Pages, as tests of the web open and read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from django.test import Client

Browser: TypeAlias = Callable[..., Client]
"""The fixture `logged_in`: a browser in which this person is logged in."""


def said(answer: Any) -> str:
    """What stands on the page."""
    text: str = answer.content.decode()
    return text
