"""What an import would add, change and take away. Pure: the offices as they stand and what was read come in."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from haedap.apps.offices.absences import Away
from haedap.apps.offices.rows import Entry, Read

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepartmentNow:
    """A department as it stands. `parent` is an id."""

    pk: int
    parent: int | None
    name: str
    code: str = ""
    telephone: str = ""
    active: bool = True
    imported: bool = True


@dataclass(frozen=True, slots=True)
class OfficerNow:
    """An officer as they stand. `department` and `deputies` are ids, `duties` texts, `absences` not over yet."""

    pk: int
    department: int
    name: str
    code: str = ""
    title: str = ""
    telephone: str = ""
    extension: str = ""
    email: str = ""
    messenger: str = ""
    duties: tuple[str, ...] = ()
    deputies: tuple[int, ...] = ()
    absences: tuple[Away, ...] = ()
    active: bool = True
    imported: bool = True


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All offices as they stand. `at`: local time without a zone; absences that are over by then do not count."""

    departments: tuple[DepartmentNow, ...] = ()
    officers: tuple[OfficerNow, ...] = ()
    at: datetime = datetime.min  # noqa: DTZ901 - local, see `Away`

    def to_come(self, absences: Iterable[Away]) -> tuple[Away, ...]:
        """Those that are not over."""
        return tuple(away for away in absences if away.end is None or away.end > self.at)


class Kind(StrEnum):
    """What would become of a department or an officer."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, as it stands and as it would be. `field`: a column of `rows`, or `active`."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the preview. `name` is empty for a department."""

    kind: Kind
    place: str
    name: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class DepartmentStep:
    """A department that must be there; `pk` None: it is new. `telephone` None: left as it is."""

    path: Path
    pk: int | None
    code: str
    telephone: str | None
    changed: bool


@dataclass(frozen=True, slots=True)
class OfficerStep:
    """An officer to be added (`pk` None) or changed. `deputies`: ids, or numbers of entries (`place`) that are new."""

    place: int
    entry: Entry
    pk: int | None
    deputies: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Plan:
    """Everything that an import would do. `unknown`: deputies that nobody is called, with the officers naming them."""

    columns: frozenset[str]
    departments: list[DepartmentStep] = field(default_factory=list)
    officers: list[OfficerStep] = field(default_factory=list)
    gone_officers: list[int] = field(default_factory=list)
    gone_departments: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    officers_before: int = 0

    @property
    def digest(self) -> str:
        """The same for the same changes: what was confirmed is what is done."""
        return hashlib.sha256(repr(self.changes).encode()).hexdigest()

    @property
    def takes_many(self) -> bool:
        """More than a third of the officers would go: perhaps the list is only a part."""
        return len(self.gone_officers) * 3 > self.officers_before

    def count(self, kind: Kind) -> int:
        return sum(change.kind is kind for change in self.changes)


_FIELDS = ("name", "code", "title", "telephone", "extension", "email", "messenger")


def make_plan(now: Snapshot, read: Read) -> Plan:
    """Columns that were not given change nothing. While rows are wrong, nothing is taken away."""
    maker = _Maker(now, read)
    maker.departments()
    maker.officers()
    if not read.problems:
        maker.gone()
    return maker.plan


class _Maker:
    def __init__(self, now: Snapshot, read: Read) -> None:
        self._now, self._read = now, read
        self._departments = {department.pk: department for department in now.departments}
        self._at: dict[Path, int | None] = {}
        self._taken: set[int] = set()
        self._match: list[OfficerNow | None] = []
        self.plan = Plan(read.columns, officers_before=sum(one.active and one.imported for one in now.officers))

    def departments(self) -> None:
        wanted: dict[Path, tuple[str, str]] = {}
        for entry in self._read.entries:
            for depth in range(1, len(entry.department) + 1):
                wanted.setdefault(entry.department[:depth], ("", ""))
            code, telephone = wanted[entry.department]
            wanted[entry.department] = (code or entry.department_code, telephone or entry.department_telephone)
        by_code = {one.code: one for one in self._now.departments if one.code}
        by_place = {(one.parent, one.name): one for one in self._now.departments}
        for path in sorted(wanted, key=len):
            self._department(path, *wanted[path], by_code, by_place)

    def _department(
        self,
        path: Path,
        code: str,
        telephone: str,
        by_code: dict[str, DepartmentNow],
        by_place: dict[tuple[int | None, str], DepartmentNow],
    ) -> None:
        parent = self._at[path[:-1]] if len(path) > 1 else None
        new_parent = len(path) > 1 and parent is None
        known = None if new_parent else by_place.get((parent, path[-1]))
        coded = by_code.get(code) if code else None
        if coded is not None and coded.pk not in self._at.values():
            known = coded if known is None else known
        if known is not None and known.pk in self._at.values():
            known = None
        self._at[path] = known.pk if known else None
        told = telephone or None
        code = code if coded is None or coded is known else ""
        differences = self._department_differences(known, path, code, told) if known else ()
        if known is None or differences:
            kind = Kind.CHANGED if known else Kind.ADDED
            self.plan.changes.append(Change(kind, " > ".join(path), "", differences))
        step = DepartmentStep(path, known.pk if known else None, code, told, known is None or bool(differences))
        self.plan.departments.append(step)

    def _department_differences(
        self, known: DepartmentNow, path: Path, code: str, telephone: str | None
    ) -> tuple[Difference, ...]:
        before = self._path(known.pk)
        pairs = [
            ("department", " > ".join(before), " > ".join(path)),
            ("department_code", known.code, code or known.code),
            ("department_telephone", known.telephone, known.telephone if telephone is None else telephone),
            ("active", "1" if known.active else "", "1"),
        ]
        return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])

    def officers(self) -> None:
        people = [entry for entry in self._read.entries if entry.name]
        self._match = self._matched(people)
        staying = [one for one in self._now.officers if one.active and not self._goes(one)]
        find = _Finder(people, self._match, staying, self._at)
        for place, entry in enumerate(people):
            deputies = find.deputies(entry) if "deputies" in self._read.columns else ((), ())
            label = " > ".join(entry.department)
            self.plan.unknown += [(f"{label} {entry.name}", name) for name in deputies[1]]
            known = self._match[place]
            differences = self._officer_differences(known, entry, deputies[0]) if known else ()
            if known is None or differences:
                kind = Kind.CHANGED if known else Kind.ADDED
                self.plan.changes.append(Change(kind, label, entry.name, differences))
                self.plan.officers.append(OfficerStep(place, entry, known.pk if known else None, deputies[0]))

    def _matched(self, people: list[Entry]) -> list[OfficerNow | None]:
        by_code = {one.code: one for one in self._now.officers if one.code}
        by_name: dict[tuple[int | None, str], list[OfficerNow]] = defaultdict(list)
        for one in sorted(self._now.officers, key=lambda one: (not one.active, one.pk)):
            by_name[one.department, one.name].append(one)
        codes = {entry.code for entry in people if entry.code}
        found: list[OfficerNow | None] = []
        for entry in people:
            namesakes = by_name[self._at[entry.department], entry.name]
            free = (one for one in namesakes if one.pk not in self._taken and one.code not in codes)
            known = by_code.get(entry.code) if entry.code else None
            if known is None:
                known = next((one for one in free if not (entry.code and one.code)), None)
            if known is not None:
                self._taken.add(known.pk)
            found.append(known)
        return found

    def _officer_differences(
        self, known: OfficerNow, entry: Entry, deputies: tuple[tuple[str, int], ...]
    ) -> tuple[Difference, ...]:
        given = entry.said(self._read.columns)
        found = [
            Difference(name, getattr(known, name), getattr(entry, name))
            for name in _FIELDS
            if name in given and getattr(known, name) != getattr(entry, name) and (name != "code" or entry.code)
        ]
        if self._at[entry.department] != known.department:
            found.append(
                Difference("department", " > ".join(self._path(known.department)), " > ".join(entry.department))
            )
        if "duties" in given and set(known.duties) != set(entry.duties):
            found.append(Difference("duties", "; ".join(known.duties), "; ".join(entry.duties)))
        if "deputies" in given and tuple(("pk", pk) for pk in known.deputies) != deputies:
            names = {one.pk: one.name for one in self._now.officers}
            before = ", ".join(names.get(pk, "") for pk in known.deputies)
            found.append(Difference("deputies", before, ", ".join(entry.deputies)))
        coming = self._now.to_come(entry.absences)
        if "absences" in given and set(known.absences) != set(coming):
            found.append(Difference("absences", "; ".join(map(str, known.absences)), "; ".join(map(str, coming))))
        if not known.active:
            found.append(Difference("active", "", "1"))
        return tuple(found)

    def _goes(self, one: OfficerNow) -> bool:
        """Whether the list takes the officer away: a whole one does that with whom it does not name."""
        return one.active and one.imported and one.pk not in self._taken and not self._read.problems

    def gone(self) -> None:
        going = [one for one in self._now.officers if self._goes(one)]
        self.plan.gone_officers = [one.pk for one in going]
        self.plan.changes += [Change(Kind.GONE, " > ".join(self._path(one.department)), one.name) for one in going]
        staying = {pk for pk in self._at.values() if pk is not None}
        leaving = set(self.plan.gone_officers) | self._taken
        staying |= {one.department for one in self._now.officers if one.active and one.pk not in leaving}
        staying |= {one.pk for one in self._now.departments if not one.imported and one.active}
        for pk in list(staying):
            staying |= set(self._above(pk))
        gone = [one for one in self._now.departments if one.active and one.imported and one.pk not in staying]
        self.plan.gone_departments = [one.pk for one in gone]
        self.plan.changes += [Change(Kind.GONE, " > ".join(self._path(one.pk))) for one in gone]

    def _above(self, pk: int) -> Iterable[int]:
        step = self._departments.get(pk)
        while step is not None:
            yield step.pk
            step = self._departments.get(step.parent) if step.parent is not None else None

    def _path(self, pk: int) -> Path:
        return tuple(self._departments[step].name for step in self._above(pk))[::-1]


class _Finder:
    """Whom a deputy's name or staff number means: somebody in the list before somebody only in the database."""

    def __init__(
        self, people: list[Entry], match: list[OfficerNow | None], staying: list[OfficerNow], at: dict[Path, int | None]
    ) -> None:
        self._codes: dict[str, tuple[str, int]] = {}
        self._names: dict[str, list[tuple[Path, tuple[str, int]]]] = defaultdict(list)
        for place, entry in enumerate(people):
            known = match[place]
            who = ("pk", known.pk) if known else ("new", place)
            self._names[entry.name].append((entry.department, who))
            code = entry.code or (known.code if known else "")
            if code:
                self._codes[code] = who
        paths = {pk: path for path, pk in at.items() if pk is not None}
        listed = {known.pk for known in match if known}
        for one in staying:
            if one.pk not in listed:
                self._names[one.name].append((paths.get(one.department, ()), ("pk", one.pk)))
                if one.code:
                    self._codes.setdefault(one.code, ("pk", one.pk))

    def deputies(self, entry: Entry) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
        """Those found, in order, and the names of those that are not."""
        itself = self._one(entry.code or entry.name, entry.department)
        found: dict[tuple[str, int], None] = {}
        unknown = []
        for name in entry.deputies:
            who = self._one(name, entry.department)
            if who is None:
                unknown.append(name)
            elif who != itself:
                found[who] = None
        return tuple(found), tuple(unknown)

    def _one(self, name: str, department: Path) -> tuple[str, int] | None:
        if name in self._codes:
            return self._codes[name]
        namesakes = self._names.get(name, [])
        near = [who for path, who in namesakes if path == department]
        everywhere = near or [who for _path, who in namesakes]
        return everywhere[0] if near or len(everywhere) == 1 else None
