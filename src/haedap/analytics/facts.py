"""상담 사실 (fact): one row a contact, with everything a figure needs and nothing about who the citizen is.

The same rows are had in two ways: `live()` reads them out of the read models, and the archive keeps what `live()` said
as Parquet. Every statement about figures is written against `FACT`, so it cannot tell which of them it counts.
"""

from __future__ import annotations

from functools import reduce
from operator import add

import ibis
from ibis.expr.types import Table

from haedap.analytics import conditions, tables
from haedap.analytics.tables import AT
from haedap.domain.states import Direction

LONGEST_PAUSE_DAYS = 30
"""A second contact that comes later is no repetition, however the centre sets it."""
_SECOND, _DAY = 1_000_000, 86_400_000_000

_COLUMNS = {
    "centre": "string",
    "id": "string",
    "channel": "string",
    "direction": "string",
    "state": "string",
    "outcome": "string",
    "queue": "string",
    "topic": "string",
    "office": "string",
    "district": "string",
    "agent": "int64",
    "arrived_at": AT,
    "day": "date",
    "hour": "int64",
    "weekday": "int64",
    "queued_at": AT,
    "answered_at": AT,
    "ended_at": AT,
    "answer_wait": "int64",
    "abandon_wait": "int64",
    "promise": "int64",
    "resumes": "string",
    "transferred": "boolean",
    "referred": "boolean",
    "returned": "int64",
    "promise_failed": "boolean",
    "article": "boolean",
    "looked_up": "boolean",
    "again_after": "int64",
    "handle_time": "int64",
    "surveyed": "boolean",
    "survey_items": "int64",
    "survey_total": "int64",
}
FACT = ibis.table({**_COLUMNS, "flags": "int64"}, name="fact")
"""`centre`: '' where there is one. `topic` is a code, `office` and `district` are names, '' when not known; `queue` is
the key of the queue that was asked for. `agent` is the first who answered. `day`, `hour` and `weekday` (0 Monday) are
those of the arrival in Seoul.

All durations are microseconds: `answer_wait` and `abandon_wait` from entering the queue, `promise` is what the queue
promises, `handle_time` is talk, hold and wrap-up of all agents (null until the first of them is done), `again_after`
runs until the next contact of the same citizen on the same topic (null: none within 30 days).

`article`, `looked_up`: aid was used. `surveyed`: asked for an opinion; `survey_items` were answered, with points from 0
to 100 that add up to `survey_total`.

`flags`: which of the conditions `conditions.KEPT` hold, a bit each, and above them the numbers `conditions.AMOUNTS`.
"""


def live() -> Table:
    """The facts of the contacts that arrived in the scope, as the read models have them now; columns as in `FACT`.

    A contact is what `tables.cohort` says it is; here it has its topic, its agents' time and its citizen's answers too.
    """
    contacts = tables.with_aids(tables.cohort()).drop("topic")
    joined = contacts.left_join(_topics(), [("topic_id", "topic_key")])
    for part in (_handled(), _again(), _surveys()):
        joined = joined.left_join(part, [("id", "of_contact")]).drop("of_contact")
    seoul = tables.seoul(joined.arrived_at)
    facts = joined.mutate(
        centre=ibis.literal(""),
        id=joined.id.cast("string"),
        resumes=joined.resumes.cast("string"),
        topic=joined.topic_code.fill_null(""),
        office=joined.office.fill_null(""),
        district=joined.district.fill_null(""),
        day=seoul.day,
        hour=seoul.hour,
        weekday=seoul.weekday,
        surveyed=joined.surveyed.fill_null(False),  # noqa: FBT003 - Ibis' own way
        survey_items=joined.survey_items.fill_null(0),
        survey_total=joined.survey_total.fill_null(0),
    )
    return with_flags(facts.select(*_COLUMNS))


def with_flags(facts: Table) -> Table:
    """The facts with the conditions and the amounts that are kept."""
    bits = [ibis.ifelse(condition(facts), 1 << bit, 0) for bit, condition in enumerate(conditions.KEPT)]
    amounts = [amount(facts) * (1 << first) for first, amount in conditions.AMOUNTS.items()]
    return facts.mutate(flags=reduce(add, bits + amounts).cast("int64"))


def _topics() -> Table:
    """Each topic with its code and its owning office: its own, or that of the nearest topic above (of at most two)."""
    topic, parent, root = tables.TOPIC, tables.TOPIC.view(), tables.TOPIC.view()
    above = topic.left_join(parent, topic.parent_id == parent.id, rname="parent_{name}")
    above = above.left_join(root, above.parent_parent_id == root.id, rname="root_{name}")
    owned = above.select("id", "code", "office", "parent_office", "root_office")
    owned = owned.mutate(
        topic_key=owned.id,
        topic_code=owned.code,
        owner=ibis.coalesce(owned.office, owned.parent_office, owned.root_office),
    ).drop("office")
    offices = tables.DEPARTMENT.select(owner="id", office="name")
    return owned.left_join(offices, "owner").select("topic_key", "topic_code", "office")


def _handled() -> Table:
    """By contact with any talk: the first who talked, and the time of the segments whose wrap-up is over."""
    talked = tables.arrived().select(of_contact="id").inner_join(tables.SEGMENT, [("of_contact", "contact")])
    talked = talked.filter(talked.talk_from.notnull())
    in_order = ibis.window(group_by="of_contact", order_by="started_at")
    talked = talked.mutate(first_agent=talked.agent.first().over(in_order))
    done = talked.ended_at.notnull() & talked.wrap_up_seconds.notnull()
    talk = talked.ended_at.delta(talked.talk_from, unit="microsecond")
    wrap_up = (talked.wrap_up_seconds * _SECOND).round().cast("int64")
    return talked.group_by("of_contact").aggregate(
        agent=talked.first_agent.max(),
        handle_time=(talk + wrap_up).sum(where=done).cast("decimal(38, 0)").cast("int64"),
    )


def _again() -> Table:
    """By contact with a topic: how long it was until the same citizen's next contact on it."""
    asked = tables.arrived(more_days=LONGEST_PAUSE_DAYS)
    noted = asked.inner_join(tables.CONTACT_NOTE, [("id", "contact")])
    noted = noted.filter(noted.direction == Direction.IN.value, noted.topic_id.notnull())
    known = _with_person(noted.select("id", "caller", "topic_id", "arrived_at"))
    known = known.filter(known.person.notnull())
    order = ibis.window(group_by=[known.person, known.topic_id], order_by=[known.arrived_at, known.id])
    pause = known.arrived_at.lead().over(order).delta(known.arrived_at, unit="microsecond")
    paused = known.select(of_contact=known.id, again_after=pause)
    return paused.filter(paused.again_after <= LONGEST_PAUSE_DAYS * _DAY)


def _with_person(contacts: Table) -> Table:
    """Adds `person`: whom the agent said it was, else the only one known by the number, else the number itself."""
    citizen, number, chosen = tables.CITIZEN, tables.CITIZEN_NUMBER, tables.CONTACT_CITIZEN
    one = citizen.select(citizen="id", person=ibis.coalesce(citizen.merged_into, citizen.id))
    said = chosen.inner_join(one, "citizen").select(of_contact="contact", said="person")
    known = number.inner_join(one, "citizen").select("number", "person")
    only = known.group_by("number").having(known.person.nunique() == 1).aggregate(only=known.person.min())
    joined = contacts.left_join(said, [("id", "of_contact")]).left_join(only, [("caller", "number")])
    citizen_key = ibis.coalesce(joined.said, joined.only).cast("string")
    return joined.select(*contacts.columns, person=ibis.coalesce(citizen_key, joined.caller))


def _surveys() -> Table:
    """By contact whose citizen was asked: how many items were answered, and their points."""
    asked = tables.arrived().inner_join(tables.SURVEY, [("id", "contact")]).select(of_contact="id")
    answered = asked.left_join(tables.SURVEY_ANSWER, [("of_contact", "contact")])
    return answered.group_by("of_contact").aggregate(
        surveyed=ibis.literal(True),  # noqa: FBT003 - Ibis' own way
        survey_items=answered.points.count(),
        survey_total=answered.points.sum().cast("decimal(38, 0)").cast("int64"),
    )
