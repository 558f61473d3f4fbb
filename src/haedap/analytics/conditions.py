"""The conditions on a contact that figures are made of, and how a fact keeps what they say.

A condition looks at a contact, or at a fact (`haedap.analytics.facts`), which is a contact once counted: there it reads
a bit of the `flags`, computed where the fact was made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeAlias

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, Table

from haedap.domain.states import ContactOutcome, ContactState, Direction

Condition: TypeAlias = Callable[[Table], BooleanValue]
Amount: TypeAlias = Callable[[Table], IntegerValue]

MICROSECONDS = 1_000_000
"""So many are a second; lengths of time are whole numbers of them."""

KEPT: list[Condition] = []
"""Conditions that no setting changes: a fact keeps in the bits of its `flags` which of them hold, in this order.

When the order changes, `archive.manifest.FORM` must grow.
"""


def kept(condition: Condition) -> Condition:
    """A condition that is computed once, where a fact is made, and read from its flags from then on."""
    bit = 1 << len(KEPT)
    KEPT.append(condition)

    @wraps(condition)
    def read(contact: Table) -> BooleanValue:
        return (contact.flags & bit) != 0 if "flags" in contact.columns else condition(contact)

    return read


AMOUNTS: dict[int, Amount] = {}
"""Whole numbers that settings are compared with, by the bit of the flags at which a fact keeps them."""
_NEVER_SECONDS, _NEVER_DAYS = (1 << 12) - 1, (1 << 6) - 1
"""More than a centre can set."""


def kept_amount(first: int, most: int) -> Callable[[Amount], Amount]:
    """A whole number of 0 to `most`, which has ones only, that a fact keeps in its flags as it keeps conditions."""

    def kept(amount: Amount) -> Amount:
        AMOUNTS[first] = amount

        @wraps(amount)
        def read(contact: Table) -> IntegerValue:
            return (contact.flags >> first) & most if "flags" in contact.columns else amount(contact)

        return read

    return kept


SETTLED: dict[int, Condition] = {}
"""Conditions that settings change, by the bit of the flags that says whether they hold once they are settled."""
_FIRST_SETTLED = 48
"""Above all that a fact keeps."""


def settled(condition: Condition) -> Condition:
    """A condition that looks at the centre's settings where contacts have them, else at the flags."""
    bit = 1 << (_FIRST_SETTLED + len(SETTLED))
    SETTLED[bit] = condition

    @wraps(condition)
    def read(contact: Table) -> BooleanValue:
        return condition(contact) if "short_abandon_seconds" in contact.columns else (contact.flags & bit) != 0

    return read


def _begun(time: IntegerValue, unit: int, most: int) -> IntegerValue:
    """How many units have begun in a time of microseconds: as many hold it. `most`, when they are more or not known."""
    begun = ((time + (unit - 1)) // unit).cast("int64").fill_null(most)
    return ibis.least(ibis.greatest(begun, 0), most)


@kept
def offered(contact: Table) -> BooleanValue:
    """The citizen called and asked for a person. A callback is the centre's own call and is not offered."""
    return contact.queued_at.notnull() & came_in(contact)


@kept
def came_in(contact: Table) -> BooleanValue:
    """The citizen's doing, and not the centre's own call."""
    return contact.direction == Direction.IN.value


@kept
def answered(contact: Table) -> BooleanValue:
    """An agent was connected, whatever came after."""
    return offered(contact) & contact.answered_at.notnull()


@kept
def abandoned(contact: Table) -> BooleanValue:
    """The contact ended in the queue: nobody was connected, nor was a callback promised that may still be kept."""
    ended = offered(contact) & contact.answered_at.isnull() & contact.ended_at.notnull()
    return ended & (~was_promised(contact) | contact.promise_failed)


@kept
def was_promised(contact: Table) -> BooleanValue:
    """The citizen accepted a call instead of waiting."""
    return came_in(contact) & (contact.outcome.fill_null("") == ContactOutcome.PROMISED.value)


@kept
def transferred(contact: Table) -> BooleanValue:
    """Put through to somebody else."""
    return answered(contact) & contact.transferred


@kept
def referred(contact: Table) -> BooleanValue:
    """An officer is to call back, or has a case."""
    return answered(contact) & contact.referred


@kept
def self_handled(contact: Table) -> BooleanValue:
    """Ended by the centre itself: nobody else was needed."""
    return answered(contact) & contact.ended_at.notnull() & ~contact.transferred & ~contact.referred


@kept
def was_returned(contact: Table) -> BooleanValue:
    """A blind transfer found nobody, and the citizen was with the agent again."""
    return answered(contact) & (contact.returned > 0)


@kept
def was_resumed(contact: Table) -> BooleanValue:
    """The citizen was cut off or gave up before, and has the old place."""
    return came_in(contact) & contact.resumes.notnull()


@kept_amount(28, _NEVER_SECONDS)
def abandoned_within(contact: Table) -> IntegerValue:
    """The whole seconds of waiting within which it was abandoned."""
    return ibis.ifelse(abandoned(contact), _begun(contact.abandon_wait, MICROSECONDS, _NEVER_SECONDS), _NEVER_SECONDS)


@settled
def short_abandoned(contact: Table) -> BooleanValue:
    """Abandoned so soon after queuing that nobody could have answered."""
    return abandoned_within(contact) <= contact.short_abandon_seconds


@kept
def answered_in_time(contact: Table) -> BooleanValue:
    """Answered within what its queue promises."""
    return answered(contact) & (contact.answer_wait <= contact.promise)


@kept
def left_queue_in_time(contact: Table) -> BooleanValue:
    """Answered or abandoned within what its queue promises."""
    return answered_in_time(contact) | (abandoned(contact) & (contact.abandon_wait <= contact.promise))


def offered_but_short(contact: Table) -> BooleanValue:
    """Offered, and not abandoned too soon for anybody to answer."""
    return offered(contact) & ~short_abandoned(contact)


def left_queue(contact: Table) -> BooleanValue:
    """Answered or abandoned: nobody waits any more."""
    return answered(contact) | abandoned(contact)


def left_queue_but_short(contact: Table) -> BooleanValue:
    """The same without what was abandoned too soon for anybody to answer."""
    return left_queue(contact) & ~short_abandoned(contact)


@kept
def closed_by_flow(contact: Table) -> BooleanValue:
    """The citizen asked for nobody: what was heard was enough."""
    return contact.queued_at.isnull() & (contact.outcome == ContactOutcome.CLOSED_BY_FLOW.value)


@kept
def left_in_flow(contact: Table) -> BooleanValue:
    """The citizen hung up before asking for anybody."""
    return contact.queued_at.isnull() & (contact.outcome == ContactOutcome.LEFT_IN_FLOW.value)


def waiting(contact: Table) -> BooleanValue:
    """On the line, in a queue and not with an agent; one that rings at an agent's telephone still waits."""
    return contact.state.isin([ContactState.WAITING.value, ContactState.OFFERED.value]) & came_in(contact)


@kept
def passed_on(contact: Table) -> BooleanValue:
    """Ended, and somebody else was needed."""
    return answered(contact) & contact.ended_at.notnull() & ~self_handled(contact)


@kept
def with_article(contact: Table) -> BooleanValue:
    """The agent used an article."""
    return contact.article


@kept
def with_look_up(contact: Table) -> BooleanValue:
    """The agent looked something up that was answered."""
    return contact.looked_up


@kept
def handled(contact: Table) -> BooleanValue:
    """An agent is done with it; the centre's own calls, too."""
    return contact.handle_time.notnull()


@kept_amount(40, _NEVER_DAYS)
def settled_for(contact: Table) -> IntegerValue:
    """The days within which the citizen came again about what was answered; 0 where nothing was."""
    days = _begun(contact.again_after, 86_400 * MICROSECONDS, _NEVER_DAYS)
    return ibis.ifelse(answered(contact), days, 0)


@settled
def solved_at_once(contact: Table) -> BooleanValue:
    """Answered, and the citizen did not come again about it."""
    return settled_for(contact) > contact.repeat_days


@kept
def surveyed(contact: Table) -> BooleanValue:
    """The citizen was asked for an opinion."""
    return came_in(contact) & contact.surveyed


@kept
def survey_answered(contact: Table) -> BooleanValue:
    """The citizen gave one."""
    return surveyed(contact) & (contact.survey_items > 0)
