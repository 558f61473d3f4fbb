"""The reference is complete: every setting and every check has its place in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from haedap.config import Settings
from haedap.operations.checks import CHECKS
from tests.support.centre import CHECKOUT

_DERIVED = {"database_url", "database_embedded"}


def test_every_setting_is_described() -> None:
    text = _reference("settings.md")
    missing = [field.name for field in fields(Settings) if field.name not in _DERIVED and f"`{field.name}`" not in text]
    assert not missing


def test_every_check_is_named() -> None:
    assert len(CHECKS) == len(_reference("commands.md").split("Names: `")[1].split("`")[0].split())


def test_no_file_names_a_package_registry() -> None:
    hosts = ("pypi." + "org", "registry." + "npmjs", "deb." + "debian.org", "archive." + "ubuntu")
    places = (
        "setup",
        "requirements",
        "Makefile",
        "pyproject.toml",
        "frontend/package.json",
        "frontend/package-lock.json",
    )
    found = [
        f"{path}: {host}"
        for path in _files(CHECKOUT / place for place in places)
        for host in hosts
        if host in path.read_text(encoding="utf-8")
    ]
    assert not found


def _files(places: Iterable[Path]) -> list[Path]:
    return [
        path
        for place in places
        for path in (place.rglob("*") if place.is_dir() else [place])
        if path.is_file() and "__pycache__" not in path.parts
    ]


def _reference(name: str) -> str:
    return (CHECKOUT / "docs/reference" / name).read_text(encoding="utf-8")
