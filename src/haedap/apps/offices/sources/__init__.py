"""Directories of a city's people that offices are imported from."""

from __future__ import annotations

from collections.abc import Iterable

from haedap.apps.offices.rows import COLUMNS
from haedap.apps.offices.sources.openapi import OpenApiDirectory
from haedap.apps.offices.sources.port import DirectorySource
from haedap.config import ConfigError, Settings

__all__ = ["DirectorySource", "OpenApiDirectory", "configured_sources"]


def configured_sources(settings: Settings) -> dict[str, DirectorySource]:
    """The directories that the settings name, by `openapi` and `ldap`. Raises ConfigError."""
    found: dict[str, DirectorySource] = {}
    if settings.offices_api_url:
        names = _pairs("offices_api_fields", settings.offices_api_fields)
        found["openapi"] = OpenApiDirectory(settings.offices_api_url, settings.offices_api_key, names)
    if settings.offices_ldap_url:
        from haedap.apps.offices.sources.ldap import LdapDirectory

        found["ldap"] = LdapDirectory(
            settings.offices_ldap_url,
            settings.offices_ldap_base,
            settings.offices_ldap_user,
            settings.offices_ldap_password,
            settings.offices_ldap_filter,
            _pairs("offices_ldap_fields", settings.offices_ldap_fields),
        )
    return found


def _pairs(setting: str, pairs: Iterable[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        ours, _equals, theirs = (part.strip() for part in pair.partition("="))
        if ours not in COLUMNS or not theirs:
            raise ConfigError(f"설정 {setting}의 {pair!r}을 알 수 없습니다. name=empNm처럼 적으십시오.")
        found[ours] = theirs
    return found
