"""Addresses are shown without their passwords."""

from __future__ import annotations

import pytest

from haedap.operations.info import without_password


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://haedap@/haedap?host=/run/x", "postgresql://haedap@/haedap?host=/run/x"),
        ("postgresql://u:s3cret@db.example:6000/haedap", "postgresql://u@db.example:6000/haedap"),
        ("postgresql://u:s3cret@db.example/haedap?tcp_user_timeout=10000", "postgresql://u@db.example/haedap"),
        ("postgres://u:s3cret@db.example/haedap", "postgresql://u@db.example/haedap"),
    ],
)
def test_the_password_is_left_out(url: str, shown: str) -> None:
    assert without_password(url) == shown


@pytest.mark.parametrize("password", ["password", "sslpassword"])
def test_other_parameters_stay_and_the_password_does_not(password: str) -> None:
    shown = without_password(f"postgresql://u@db.example/haedap?{password}=s3cret&sslmode=require")
    assert "sslmode=require" in shown
    assert "s3cret" not in shown
