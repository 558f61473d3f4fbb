"""Rules for passwords, beside Django's own."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from haedap.apps.accounts.models import Account

_LONGEST = 128


class ThreeKindsOfCharacters:
    """At least three of: small letters, capital letters, digits, other characters (Hangul counts as these)."""

    def validate(self, password: str, user: Account | None = None) -> None:  # noqa: ARG002 - Django's protocol
        """Raises ValidationError."""
        if len({_kind(character) for character in password}) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_few_kinds")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return _("Use at least three of: small letters, capital letters, digits, other characters.")


class NoUserName:
    """The user name is what an intruder knows; letters round it hide nothing."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raises ValidationError."""
        if user is not None and user.username and user.username in password.lower():
            raise ValidationError(self.get_help_text(), code="password_has_user_name")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return _("Do not write your user name in it.")


class LongestPassword:
    """Hashing is slow on purpose, so nobody may make it hash a book."""

    def validate(self, password: str, user: Account | None = None) -> None:  # noqa: ARG002 - Django's protocol
        """Raises ValidationError."""
        if len(password) > _LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return _("Use at most %(longest)d characters.") % {"longest": _LONGEST}


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    return category if category in {"Ll", "Lu", "Nd"} else "other"
