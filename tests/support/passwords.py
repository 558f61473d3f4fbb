"""Hashing a password is slow on purpose, 0.3 s of processor. Tests that are not about it have it done with little work,
by the same algorithm; the processes of a centre know nothing of this.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher

_LITTLE_WORK = {"time_cost": 1, "memory_cost": 1024, "parallelism": 1}
FULL_WORK = {name: getattr(Argon2PasswordHasher, name) for name in _LITTLE_WORK}
"""As it is in a centre."""


def hash_with_little_work() -> None:
    for name, value in _LITTLE_WORK.items():
        setattr(Argon2PasswordHasher, name, value)
