"""The organisation tree as far as telephone numbers go: whose number it is, and what number an office has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

_MOST_LEVELS = 16
"""Trees are not so deep: a department that lies below itself ends here, too."""


@dataclass(frozen=True, slots=True)
class Office:
    """A department. `telephone`: its own number, E.164, or ''. `active`: not closed."""

    id: int
    name: str
    telephone: str = ""
    parent: int | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody's desk: requests for it are requests for the office, for people come and go."""

    id: int
    office: int
    telephone: str = ""
    extension: str = ""


@dataclass(frozen=True, slots=True)
class ToOffice:
    """A department was wanted."""

    id: int


@dataclass(frozen=True, slots=True)
class ToOfficer:
    """An officer was wanted."""

    id: int


@dataclass(frozen=True, slots=True)
class ToNumber:
    """A number was wanted: E.164, or an extension of the city's exchange."""

    number: str


Target: TypeAlias = ToOffice | ToOfficer | ToNumber


OFFICE: Final = "office:"
"""How keys of entries begin that belong to an office."""


def office_key(office: int) -> str:
    """By what an entry of an office is known from quarter to quarter, whatever its number is."""
    return f"{OFFICE}{office}"


def number_key(number: str) -> str:
    """By what an entry is known whose number belongs to no office."""
    return f"number:{number}"


class Tree:
    """`own`: the centre's numbers, which nobody looks up. `former`: keys by numbers that earlier editions printed."""

    def __init__(
        self,
        offices: Iterable[Office],
        officers: Iterable[Officer] = (),
        *,
        own: Collection[str] = (),
        former: Mapping[str, str] | None = None,
    ) -> None:
        self._offices = {office.id: office for office in offices}
        self._officers = {officer.id: officer for officer in officers}
        self._own = frozenset(own)
        self._former = dict(former or {})
        self._owners = self._owners_of_numbers()
        self._desks = {
            number: officer.office
            for officer in sorted(self._officers.values(), key=lambda officer: -officer.id)
            for number in (officer.telephone, officer.extension)
            if number
        }

    def office(self, key: str) -> Office | None:
        """The office that an entry is of; None when there is none, or none any more."""
        value = key.removeprefix(OFFICE)
        return self._offices.get(int(value)) if key.startswith(OFFICE) and value.isdecimal() else None

    def offices(self) -> list[Office]:
        """All of them, closed ones included."""
        return list(self._offices.values())

    def key_of(self, target: Target) -> str | None:
        """The key of the entry to which a request counts; None: of no entry, or of the centre's own number."""
        match target:
            case ToOffice(office):
                return self._key_of_office(office)
            case ToOfficer(officer):
                found = self._officers.get(officer)
                return self._key_of_office(found.office) if found else None
            case ToNumber(number):
                return self._key_of_number(number)

    def below(self, key: str) -> list[int]:
        """The ids of the offices whose requests count to the entry."""
        return [office.id for office in self._offices.values() if self._key_of_office(office.id) == key]

    def level(self, office: Office) -> int:
        """How many offices stand above it."""
        return len(self._line(office)) - 1

    def _key_of_office(self, office: int) -> str | None:
        """Of the nearest office with a number, itself or above it; closed offices keep their requests to themselves."""
        wanted = self._offices.get(office)
        if wanted is None:
            return None
        if not wanted.active:
            return office_key(office)
        line = self._line(wanted)
        open_line = line[: next((place for place, step in enumerate(line) if not step.active), len(line))]
        number = next((step.telephone for step in open_line if step.telephone), "")
        if number in self._own:
            return None
        return office_key(self._owners[number] if number else office)

    def _key_of_number(self, number: str) -> str | None:
        if not number or number in self._own:
            return None
        if number in self._owners:
            return office_key(self._owners[number])
        if number in self._desks:
            return self._key_of_office(self._desks[number])
        if number in self._former:
            return self._former[number]
        return number_key(number) if number.startswith("+") else None

    def _owners_of_numbers(self) -> dict[str, int]:
        """The office that a number stands for: one in use, the highest of those that share it."""
        owners: dict[str, int] = {}
        for office in sorted(self._offices.values(), key=lambda one: (not one.active, self.level(one), one.id)):
            if office.telephone:
                owners.setdefault(office.telephone, office.id)
        return owners

    def _line(self, office: Office) -> list[Office]:
        """From the office upwards."""
        line = [office]
        while len(line) < _MOST_LEVELS and (above := self._offices.get(line[-1].parent or 0)) is not None:
            line.append(above)
        return line
