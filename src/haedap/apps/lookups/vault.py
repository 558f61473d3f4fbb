"""Keeps secrets and answers as ciphertext in the database: the key is the centre's own, outside the database.

Every use has a key of its own, derived from the centre's secret key (see haedap.config): what is sealed for one contact
opens for no other, and a dump of the database opens nothing.
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class VaultError(Exception):
    """What was sealed cannot be opened: the centre's secret key is another one, or the row was tampered with."""


def seal(content: bytes, use: str) -> bytes:
    """Ciphertext for one use, such as `secrets water` or `answers CONTACT`."""
    return Fernet(_key(use)).encrypt(content)


def unseal(sealed: bytes | memoryview, use: str) -> bytes:
    """The content. Raises VaultError."""
    try:
        return Fernet(_key(use)).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise VaultError(use.split(" ", 1)[0]) from error


def digest(content: bytes, use: str) -> str:
    """A mark by which the same content is known again, and from which it cannot be guessed without the key."""
    return hmac.new(_key(use), content, sha256).hexdigest()


def _key(use: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"haedap look-ups {use}".encode())
    return base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode()))
