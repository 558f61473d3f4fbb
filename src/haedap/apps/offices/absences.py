"""When somebody is away, as lists write it: `연가 2026-11-23 ~ 2026-11-25; 출장 2026-12-01 09:00~12:00`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST = 20
_LONGEST = timedelta(days=5 * 366)
_YEARS = range(2000, 2101)
_DATE = r"(\d{4})[-./]\s?(\d{1,2})[-./]\s?(\d{1,2})\.?"
_CLOCK = r"(\d{1,2}):(\d{2})(?::00)?"
_PERIOD = re.compile(rf"{_DATE}(?:\s+{_CLOCK})?(?:\s*(~)\s*(?:{_DATE})?(?:\s*{_CLOCK})?)?")
_ENDLESS = re.compile(r"따로 정할 때까지|until further notice")
_REASONS = {
    "": "away",
    "부재": "away",
    "연가": "leave",
    "휴가": "leave",
    "병가": "leave",
    "특별휴가": "leave",
    "출장": "trip",
    "교육": "training",
    "회의": "meeting",
    "휴직": "long_leave",
    "장기휴가": "long_leave",
}
"""Illness is nobody's business: it becomes leave."""


@dataclass(frozen=True, slots=True, order=True)
class Away:
    """Local times without a zone, as the list has them; `end` is the first moment back, None: until further notice."""

    start: datetime
    end: datetime | None
    reason: str

    def __str__(self) -> str:
        """As it is written, so that it can be read again."""
        word = next(word for word, reason in _REASONS.items() if word and reason == self.reason)
        return f"{word} {_moment(self.start)} ~ {self._last()}".rstrip()

    def _last(self) -> str:
        if self.end is None:
            return ""
        whole = self.end.time() == time()
        return f"{self.end - timedelta(days=1):%Y-%m-%d}" if whole else _moment(self.end)


def read_absences(text: str) -> tuple[Away, ...]:
    """The absences of a cell, in their order. Raises ValidationError with the sentence."""
    parts = [part.strip() for part in re.split(r"[;\n|]", text) if part.strip()]
    if len(parts) > MOST:
        raise ValidationError(_("More than %(most)d absences. Leave out those that are over.") % {"most": MOST})
    return tuple(sorted({_absence(part) for part in parts}, key=lambda away: (away.start, away.reason)))


def _absence(part: str) -> Away:
    plain = _ENDLESS.sub("", part)
    found = _PERIOD.search(plain)
    word = (plain[: found.start()] + plain[found.end() :]).strip(" ()[]:,") if found else ""
    if found is None or word not in _REASONS:
        raise _unreadable(part)
    year, month, day, hour, minute, lasting, last_year, last_month, last_day, last_hour, last_minute = found.groups()
    try:
        first = datetime(int(year), int(month), int(day))  # noqa: DTZ001 - local, see `Away`
        last = datetime(int(last_year), int(last_month), int(last_day)) if last_year else first  # noqa: DTZ001
        start = first.replace(hour=int(hour or 0), minute=int(minute or 0))
        end = last.replace(hour=int(last_hour), minute=int(last_minute)) if last_hour else last + timedelta(days=1)
    except ValueError as error:
        raise _unreadable(part) from error
    endless = bool(lasting) and not last_year and not last_hour
    _check(start, start if endless else end, part, endless=endless)
    return Away(start, None if endless else end, _REASONS[word])


def _check(start: datetime, end: datetime, part: str, *, endless: bool) -> None:
    if start.year not in _YEARS or end - start > _LONGEST:
        raise ValidationError(_("An absence can last five years at most. Check the year."))
    if not endless and end <= start:
        raise ValidationError(_("The end must come after the beginning: “%(absence)s”.") % {"absence": part[:60]})


def _unreadable(part: str) -> ValidationError:
    return ValidationError(
        _("“%(absence)s” is not an absence. Write it as 연가 2026-11-23 ~ 2026-11-25.") % {"absence": part[:60]}
    )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d}" if at.time() == time() else f"{at:%Y-%m-%d %H:%M}"
