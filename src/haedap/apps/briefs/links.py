"""The address under which a brief can be read without an account: signed, so that no other can be guessed."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_signer = Signer(salt="haedap.brief")


def token_of(brief: UUID) -> str:
    """`<id>:<signature>`."""
    return _signer.sign(brief.hex)


def brief_of(token: str) -> UUID | None:
    """The brief that the token opens; None when nobody here has signed it."""
    try:
        return UUID(hex=_signer.unsign(token))
    except (BadSignature, ValueError):
        return None


def address_of(brief: UUID) -> str:
    """The whole address, for a message."""
    return f"{settings.HAEDAP.web_url}{reverse('brief', args=[token_of(brief)])}"
