"""The columns of an import, and what a row of them means. Pure: every source gives rows, `read` says what is right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from haedap.apps.contacts import api as contacts
from haedap.apps.offices.absences import Away, read_absences
from haedap.apps.offices.models import MOST_LEVELS

COLUMNS: dict[str, tuple[str, ...]] = {
    "department": ("부서", "부서명", "소속", "소속부서", "부서경로", "department", "deptnm"),
    "department_code": ("부서코드", "기관코드", "department_code", "deptcd"),
    "department_telephone": ("부서전화", "부서전화번호", "대표전화", "department_telephone", "depttelno"),
    "name": ("성명", "이름", "담당자", "직원명", "name", "empnm"),
    "code": ("직원번호", "사번", "행정번호", "code", "empno"),
    "title": ("직위", "직급", "직책", "title", "jbgdnm"),
    "telephone": ("전화", "전화번호", "행정전화", "연락처", "telephone", "telno"),
    "extension": ("내선", "내선번호", "extension", "lnno"),
    "email": ("메일", "이메일", "전자우편", "email", "emladdr"),
    "messenger": ("메신저", "메신저아이디", "messenger", "msgrid"),
    "duties": ("담당업무", "업무", "주요업무", "업무내용", "duties", "tkcgtask"),
    "deputies": ("대직자", "업무대행자", "deputies", "agncynm"),
    "absences": ("부재", "부재일정", "휴가일정", "absences"),
}
"""Our name of a column, and how files head it (the first is what we write). Blanks and capitals do not count."""
LONGEST = {"department": 300, "name": 60, "code": 40, "title": 40, "department_code": 40, "email": 120, "messenger": 60}
MOST_DUTIES = 30
LONGEST_DUTY = 200
LONGEST_DEPARTMENT = 60
_PATH = re.compile(r"\s*[>/]\s*")
_LIST = re.compile(r"\s*[;\n|]\s*")
_BULLET = re.compile(r"^(?:[-·•○ㅇ*]|\d+[.)])\s*")
_EXTENSION = re.compile(r"\d{2,8}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One officer with a department, or, without a name, the department alone."""

    department: tuple[str, ...]
    department_code: str = ""
    department_telephone: str = ""
    name: str = ""
    code: str = ""
    title: str = ""
    telephone: str = ""
    extension: str = ""
    email: str = ""
    messenger: str = ""
    duties: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    absences: tuple[Away, ...] = ()

    def said(self, columns: frozenset[str]) -> frozenset[str]:
        """What its row told: the columns of the source, and an extension that stood behind the number."""
        return columns | {"extension"} if self.extension else columns


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be taken, and why, in one sentence. `line` is the row's in the file, or its number."""

    line: int
    sentence: str


@dataclass(slots=True)
class Read:
    """What a source gave: rows that are right, and those that are not. `columns`: those that it had at all."""

    columns: frozenset[str] = frozenset()
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def column_of(heading: str) -> str | None:
    """Our name of the column that is headed so; None when we do not know it."""
    plain = re.sub(r"[\s_()·]", "", heading).lower()
    return next((name for name, heads in COLUMNS.items() if plain in {head.replace("_", "") for head in heads}), None)


def read(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Read:
    """Take rows (line, values by our columns). Of rows for the same person the first is taken."""
    found = Read()
    known: dict[tuple[object, ...], int] = {}
    for line, values in rows:
        found.columns |= values.keys()
        try:
            entry = _entry({name: _clean(value) for name, value in values.items()})
        except ValidationError as error:
            found.problems.append(Problem(line, error.messages[0]))
            continue
        key = _identity(entry)
        if key in known:
            found.problems.append(Problem(line, _same_sentence(entry, known[key])))
            continue
        known[key] = line
        found.entries.append(entry)
    return found


def _entry(values: Mapping[str, str]) -> Entry:
    """Raises ValidationError with the sentence."""
    for name, value in values.items():
        if len(value) > LONGEST.get(name, 5000):
            raise ValidationError(
                _("“%(column)s” is longer than %(most)d characters. Shorten it.")
                % {"column": COLUMNS[name][0], "most": LONGEST.get(name, 5000)}
            )
    path = tuple(step for step in _PATH.split(values.get("department", "")) if step)
    if not path:
        raise ValidationError(_("The department is missing. Write it as 경제국 > 세정과."))
    if len(path) > MOST_LEVELS or any(len(step) > LONGEST_DEPARTMENT for step in path):
        raise ValidationError(_("The department is nested too deeply or has too long a name."))
    name = values.get("name", "")
    if not name and any(
        values.get(field) for field in ("code", "extension", "email", "duties", "deputies", "absences")
    ):
        raise ValidationError(_("The name is missing. A row without a name describes only the department."))
    telephone, extension = _telephone_and_extension(values.get("telephone", ""), values.get("extension", ""))
    return Entry(
        department=path,
        department_code=values.get("department_code", ""),
        department_telephone=_number(values.get("department_telephone", "")),
        name=name,
        code=values.get("code", ""),
        title=values.get("title", ""),
        telephone=telephone,
        extension=extension,
        email=_email(values.get("email", "")),
        messenger=values.get("messenger", ""),
        duties=_duties(values.get("duties", "")),
        deputies=tuple(dict.fromkeys(part for part in re.split(r"\s*[;,\n|]\s*", values.get("deputies", "")) if part)),
        absences=read_absences(values.get("absences", "")),
    )


def _clean(value: str) -> str:
    """Without what spreadsheets leave behind: `="0123"`, a leading apostrophe, non-breaking blanks, NUL."""
    plain = value.replace("\x00", "").replace("\xa0", " ").replace("\r\n", "\n").replace("\r", "\n").strip()
    if plain.startswith('="') and plain.endswith('"'):
        plain = plain[2:-1]
    return plain.removeprefix("'").strip()


def _telephone_and_extension(telephone: str, extension: str) -> tuple[str, str]:
    """An extension may stand behind the number instead: 02-000-0000 (내선 123)."""
    own, read = _extension(extension), contacts.with_extension(telephone)
    if read is None:
        return _number(telephone), own
    number, behind = read
    if own and behind and own != behind:
        raise ValidationError(
            _("“%(number)s” has another extension than “%(extension)s”. Write one of them.")
            % {"number": telephone[:40], "extension": own}
        )
    return number, own or _extension(behind)


def _number(text: str) -> str:
    if not text:
        return ""
    number = contacts.to_e164(text)
    if number is None:
        otherwise = _("“%(number)s” is not a telephone number. Write it as 02-000-0000.") % {"number": text[:40]}
        several = contacts.why_none(text, "")
        raise ValidationError(f"{text[:40]}: {several}" if several else otherwise)
    return number


def _extension(text: str) -> str:
    plain = re.sub(r"[\s\-]", "", text).removesuffix(".0")  # a spreadsheet made a number of it
    if plain and not _EXTENSION.fullmatch(plain):
        raise ValidationError(_("“%(extension)s” is not an extension: 2 to 8 digits.") % {"extension": text[:40]})
    return plain


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValidationError(_("“%(email)s” is not an e-mail address.") % {"email": text[:60]}) from error
    return text


def _duties(text: str) -> tuple[str, ...]:
    found = [_BULLET.sub("", part).strip() for part in _LIST.split(text)]
    duties = tuple(dict.fromkeys(duty for duty in found if duty))
    if len(duties) > MOST_DUTIES:
        raise ValidationError(_("More than %(most)d duties. Put several into one.") % {"most": MOST_DUTIES})
    if any(len(duty) > LONGEST_DUTY for duty in duties):
        raise ValidationError(
            _("A duty is longer than %(most)d characters. Divide duties by semicolons.") % {"most": LONGEST_DUTY}
        )
    return duties


def _identity(entry: Entry) -> tuple[object, ...]:
    if not entry.name:
        return ("department", entry.department)
    return ("code", entry.code) if entry.code else ("name", entry.department, entry.name)


def _same_sentence(entry: Entry, line: int) -> str:
    if not entry.name:
        return _("This department is described in row %(line)d already.") % {"line": line}
    if entry.code:
        return _("The staff number is that of row %(line)d already.") % {"line": line}
    return _("The same name in the same department as in row %(line)d. Give both a staff number.") % {"line": line}
