"""The rows of `agent_period`: every agent's day without a gap or an overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from haedap.apps.demo.year.arrivals import NONE, Ints
from haedap.apps.demo.year.columns import named, table, times
from haedap.apps.demo.year.contact_tables import Ids, Numbering
from haedap.apps.demo.year.parts import Parts
from haedap.apps.demo.year.shifts import LUNCH, Shift
from haedap.apps.demo.year.year import SpanYear
from haedap.domain.states import SIGNED_IN_REASON, AgentState

_STATES = tuple(AgentState)
_REASONS = ("", SIGNED_IN_REASON, "meal")


@dataclass(frozen=True, slots=True)
class _Periods:
    """Periods as columns; `state`, `reason` and `contact` are places in their lists."""

    agent: Ints
    start: Ints
    end: Ints
    state: Ints
    reason: Ints
    contact: Ints

    def __add__(self, other: _Periods) -> _Periods:
        return _Periods(
            np.concatenate([self.agent, other.agent]),
            np.concatenate([self.start, other.start]),
            np.concatenate([self.end, other.end]),
            np.concatenate([self.state, other.state]),
            np.concatenate([self.reason, other.reason]),
            np.concatenate([self.contact, other.contact]),
        )

    def in_order(self) -> _Periods:
        """By agent and time."""
        places = np.lexsort((self.end, self.start, self.agent))
        return _Periods(
            self.agent[places],
            self.start[places],
            self.end[places],
            self.state[places],
            self.reason[places],
            self.contact[places],
        )


def agent_periods(year: SpanYear, parts: Parts, ids: Ids, numbering: Numbering) -> pa.Table:
    """Signed in, available, each contact with its ringing and wrap-up, lunch."""
    busy = (_contacts(year) + _rest(year.roster.shifts)).in_order()
    whole = (busy + _available(busy, year.roster.shifts)).in_order()
    number = len(whole.start)
    contact = pa.DictionaryArray.from_arrays(pa.array(whole.contact, mask=whole.contact == NONE), ids.answered)
    return table(
        number,
        {
            "id": numbering.take("agent_period", number),
            "agent": named(whole.agent, parts.agents),
            "state": named(whole.state, [state.value for state in _STATES]),
            "reason": named(whole.reason, _REASONS),
            "contact": contact.dictionary_decode(),
            "started_at": times(whole.start),
            "ended_at": times(whole.end),
        },
    )


def _periods(agent: Ints, start: Ints, end: Ints, state: AgentState, reason: str = "") -> _Periods:
    number = len(agent)
    return _Periods(
        agent,
        start,
        end,
        np.full(number, _STATES.index(state)),
        np.full(number, _REASONS.index(reason)),
        np.full(number, NONE),
    )


def _contacts(year: SpanYear) -> _Periods:
    service = year.roster.service
    every = np.arange(len(service.agent))
    steps = (
        (service.offered, service.answered, AgentState.OFFERED),
        (service.answered, service.ended, AgentState.ENGAGED),
        (service.ended, service.ready, AgentState.WRAP_UP),
    )
    found = [_periods(service.agent, start, end, state) for start, end, state in steps]
    whole = found[0] + found[1] + found[2]
    return _Periods(whole.agent, whole.start, whole.end, whole.state, whole.reason, np.tile(every, len(steps)))


def _rest(shifts: list[Shift]) -> _Periods:
    """What is not for contacts: before opening, and at lunch."""
    lunches = [(shift.agent, shift.lunch, shift.lunch + LUNCH) for shift in shifts if shift.lunch is not None]
    early = [(shift.agent, shift.signed_in, shift.opened) for shift in shifts]
    return _periods(*_columns(early), AgentState.AWAY, SIGNED_IN_REASON) + _periods(
        *_columns(lunches), AgentState.AWAY, "meal"
    )


def _available(busy: _Periods, shifts: list[Shift]) -> _Periods:
    """The gaps between what an agent did on a day, until they went."""
    in_order = sorted((shift.agent, shift.signed_in, shift.left) for shift in shifts)
    _agents, _starts, left = _columns(in_order)
    is_first = (busy.state == _STATES.index(AgentState.AWAY)) & (busy.reason == _REASONS.index(SIGNED_IN_REASON))
    day = np.cumsum(is_first) - 1
    until = np.append(busy.start[1:], left[-1])
    last = np.append(day[1:] != day[:-1], True)
    until[last] = left[day[last]]
    gaps = until > busy.end
    return _periods(busy.agent[gaps], busy.end[gaps], until[gaps], AgentState.AVAILABLE)


def _columns(rows: list[tuple[int, int, int]]) -> tuple[Ints, Ints, Ints]:
    columns = np.array(rows, np.int64).reshape(-1, 3)
    return columns[:, 0], columns[:, 1], columns[:, 2]
