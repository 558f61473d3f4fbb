"""A directory that speaks LDAP: people are entries of `inetOrgPerson`, departments their `ou` or where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from ssl import CERT_REQUIRED
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from ldap3 import SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPBindError, LDAPException, LDAPInvalidCredentialsResult
from ldap3.utils.dn import parse_dn

from haedap.apps.offices.errors import SourceError
from haedap.apps.offices.sources.port import MOST_PEOPLE

ATTRIBUTES: dict[str, str] = {
    "name": "displayName",
    "code": "employeeNumber",
    "title": "title",
    "department": "",
    "department_code": "departmentNumber",
    "telephone": "telephoneNumber",
    "extension": "internationaliSDNNumber",
    "email": "mail",
    "messenger": "uid",
    "duties": "description",
    "deputies": "secretary",
}
"""Their attribute for each of our columns, unless the settings say otherwise."""
_PER_PAGE = 500
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 20


class LdapDirectory:
    """`url`: `ldaps://host` or `ldap://host:port`; `fields`: attributes by our columns, over `ATTRIBUTES`.

    A department is the attribute's value if one is set, else the `ou`s above the person, the lowest last. Deputies may
    be given as distinguished names; they become staff numbers.
    """

    name = "LDAP"

    def __init__(
        self,
        url: str,
        base: str,
        user: str = "",
        password: str = "",
        search_filter: str = "(objectClass=inetOrgPerson)",
        fields: Mapping[str, str] | None = None,
    ) -> None:
        self._url, self._base, self._user, self._password = url, base, user, password
        self._filter = search_filter
        self._attributes = ATTRIBUTES | dict(fields or {})

    def rows(self) -> list[tuple[int, Mapping[str, str]]]:
        """See `DirectorySource`."""
        self._refuse_open_password()
        try:
            entries = list(self._entries())
        except (LDAPBindError, LDAPInvalidCredentialsResult) as error:
            raise SourceError(
                _("The directory refused the log-in. Check user and password in the settings; nothing was changed.")
            ) from error
        except LDAPException as error:
            raise SourceError(
                _("The directory does not answer as it should. Check its address and base; nothing was changed.")
            ) from error
        codes = {
            dn.lower(): self._one(attributes, "code") or self._one(attributes, "name") for dn, attributes in entries
        }
        return [(number, self._values(*entry, codes)) for number, entry in enumerate(entries, 1)]

    def _refuse_open_password(self) -> None:
        address = urlsplit(self._url)
        if self._password and address.scheme != "ldaps" and address.hostname not in _THIS_MACHINE:
            raise SourceError(_("A password must not go over an open line. Write the address as ldaps://…"))

    def _entries(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """Distinguished names and attributes. Raises LDAPException, SourceError."""
        with self._connected() as connection:
            found = connection.extend.standard.paged_search(
                self._base,
                self._filter,
                SUBTREE,
                attributes=sorted({*self._attributes.values(), "cn", "ou"} - {""}),
                paged_size=_PER_PAGE,
                generator=True,
            )
            for number, entry in enumerate(found):
                if number >= MOST_PEOPLE:
                    raise SourceError(_("The directory names more than %d people. Check its address.") % MOST_PEOPLE)
                if entry["type"] == "searchResEntry":
                    yield entry["dn"], entry["raw_attributes"]

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A bound connection. Whatever happens its socket is closed: ldap3 leaves it open after a failure."""
        server = Server(
            self._url, connect_timeout=_CONNECT_SECONDS, get_info="NO_INFO", tls=Tls(validate=CERT_REQUIRED)
        )
        connection = Connection(
            server,
            user=self._user or None,
            password=self._password or None,
            receive_timeout=_ANSWER_SECONDS,
            raise_exceptions=True,
            read_only=True,
        )
        try:
            connection.bind()
            yield connection
            connection.unbind()
        finally:
            if connection.socket is not None:
                connection.socket.close()

    def _values(self, dn: str, attributes: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, str]:
        values = {name: self._one(attributes, name) for name in self._attributes}
        values["name"] = values["name"] or _first(attributes.get("cn"))
        values["department"] = values["department"] or " > ".join(_units(dn))
        values["duties"] = "\n".join(_all(attributes.get(self._attributes["duties"])))
        deputies = _all(attributes.get(self._attributes["deputies"]))
        values["deputies"] = ";".join(codes.get(deputy.lower(), deputy) for deputy in deputies)
        return values

    def _one(self, attributes: Mapping[str, Any], name: str) -> str:
        return _first(attributes.get(self._attributes[name]))


def _units(dn: str) -> list[str]:
    """`uid=1,ou=부과팀,ou=세정과,dc=city` to `["세정과", "부과팀"]`."""
    return [value for kind, value, _separator in reversed(parse_dn(dn)) if kind.lower() == "ou"]


def _first(values: Any) -> str:
    return next(iter(_all(values)), "")


def _all(values: Any) -> list[str]:
    """Values as text; what is not UTF-8 shows as such rather than being lost."""
    found = values if isinstance(values, list) else [values] if values else []
    return [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in found]
