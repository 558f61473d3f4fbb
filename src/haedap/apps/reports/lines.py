"""The lines of a report: figures by the values of one dimension, beside what was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from statistics import quantiles
from typing import TypeAlias

from django.utils.translation import gettext as _

from haedap.analytics.cube import Tally
from haedap.analytics.dimensions import Dimension, Value
from haedap.analytics.figures import FigureSettings
from haedap.analytics.measures import Definition
from haedap.apps.contacts.topic_tree import branches
from haedap.apps.reports import names, topics
from haedap.apps.reports.forms import Asked

LEAST_TEAM = 5
"""Of fewer agents no spread is shown: it would tell who did what."""
Number: TypeAlias = int | float | None
ByValue: TypeAlias = Mapping[tuple[Value, ...], Tally]


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one group by key, and how many contacts it had before.

    `asked`: the question that is about this group alone; none where there is no such group (a median).
    """

    name: str
    values: Mapping[str, Number]
    asked: Asked | None = None
    level: int = 1
    before: int | None = None
    year_before: int | None = None

    @property
    def contacts(self) -> int:
        return int(self.values["contacts"] or 0)


@dataclass(frozen=True, slots=True)
class Groups:
    """The tallies by the values of `asked.by`: in the period, in the one before, and a year before."""

    asked: Asked
    settings: FigureSettings
    definitions: tuple[Definition, ...]
    now: ByValue
    before: ByValue
    year_before: ByValue

    def lines(self, *, named: bool) -> tuple[Line, ...]:
        """In the dimension's own order, else those with most contacts first. Agents are told apart only if `named`."""
        if self.asked.by is Dimension.TOPIC:
            return self._topics()
        if self.asked.by is Dimension.AGENT and not named:
            return self._team()
        values = [key[0] for key in self.now]
        if names.ordered(self.asked.by):
            values.sort(key=lambda value: int(value or 0))
        else:
            values.sort(key=lambda value: (-self.now[(value,)].contacts, str(value)))
        known = names.names_of(self.asked.by, values)
        return tuple(self._line(known[value], [value]) for value in values)

    def _line(self, name: str, values: Iterable[Value], level: int = 1) -> Line:
        """The groups with these values together; the first of them stands for all in addresses."""
        keys = [(value,) for value in values]
        now, before, year_before = (
            total((part[key] for key in keys if key in part), self.settings)
            for part in (self.now, self.before, self.year_before)
        )
        figures = {each.key: now.value(each.key) for each in self.definitions}
        asked = self.asked.of(self.asked.by, keys[0][0])
        return Line(name, figures, asked, level, before.contacts, year_before.contacts)

    def _topics(self) -> tuple[Line, ...]:
        """The tree, each topic with those below it; topics without any contact are left out."""
        tree = branches()
        below = topics.below(tree)
        found = [
            self._line(branch.topic.name, below[branch.topic.code], branch.level)
            for branch in tree
            if any((code,) in self.now for code in below[branch.topic.code])
        ]
        others = sorted({str(key[0]) for key in self.now} - set(below))
        return (*found, *(self._line(code or _("No topic"), [code]) for code in others))

    def _team(self) -> tuple[Line, ...]:
        """What agents do together and how they spread, of nobody in particular."""
        agents = [tally for key, tally in self.now.items() if key[0] is not None]
        if not agents:
            return ()
        team, keys = total(agents, self.settings), [each.key for each in self.definitions]
        whole = Line(_("All agents (%(count)d)") % {"count": len(agents)}, {key: team.value(key) for key in keys})
        if len(agents) < LEAST_TEAM:
            return (whole,)
        spread = {key: _quartiles([tally.value(key) for tally in agents]) for key in keys}
        parts = (_("Lower quarter"), _("Median"), _("Upper quarter"))
        return (
            whole,
            *(Line(name, {key: spread[key][place] for key in keys}) for place, name in enumerate(parts)),
        )


def total(tallies: Iterable[Tally], settings: FigureSettings) -> Tally:
    """All of them together; nothing is a tally, too."""
    return reduce(add, tallies, Tally(settings, {}))


def _quartiles(values: list[Number]) -> tuple[Number, Number, Number]:
    known = [float(value) for value in values if value is not None]
    if len(known) < LEAST_TEAM:
        return None, None, None
    lower, median, upper = quantiles(known, n=4, method="inclusive")
    return lower, median, upper
