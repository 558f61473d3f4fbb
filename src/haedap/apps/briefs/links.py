"""Addresses that can be read without an account: signed, so that no other can be guessed."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse


class Links:
    """The addresses of one kind of page: `<key>:<signature>` in the place of its one argument."""

    def __init__(self, salt: str, page: str) -> None:
        self._signer = Signer(salt=salt)
        self._page = page

    def token_of(self, key: str) -> str:
        """`<key>:<signature>`."""
        return self._signer.sign(key)

    def key_of(self, token: str) -> str | None:
        """What the token was made of; None when nobody here has signed it."""
        try:
            return self._signer.unsign(token)
        except BadSignature:
            return None

    def address_of(self, key: str) -> str:
        """The whole address, for a message."""
        return f"{settings.HAEDAP.web_url}{reverse(self._page, args=[self.token_of(key)])}"


_briefs = Links("haedap.brief", "brief")


def token_of(brief: UUID) -> str:
    """`<id>:<signature>`."""
    return _briefs.token_of(brief.hex)


def brief_of(token: str) -> UUID | None:
    """The brief that the token opens; None when nobody here has signed it."""
    key = _briefs.key_of(token)
    try:
        return UUID(hex=key) if key else None
    except ValueError:
        return None


def address_of(brief: UUID) -> str:
    """The whole address, for a message."""
    return _briefs.address_of(brief.hex)
