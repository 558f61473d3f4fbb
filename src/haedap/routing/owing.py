"""Who owes a promise, in which queue its contacts wait, and in which hours and by when it is to be kept: by the plan.

* A queue that left the plan gives its promises to the first queue of the same skill; if there is none they stay with
  it. The promises of an agent who left are the queue's.
* Deadlines count the open time of the queue's callback hours.
"""

from datetime import datetime, timedelta

from haedap.domain.ids import QueueKey, SkillKey
from haedap.domain.plan import CallbackRules, Hours
from haedap.domain.targets import Owner, ToAgent, ToQueue
from haedap.flows import after_open
from haedap.routing.floor import Floor
from haedap.routing.records import NO_QUEUE, ContactRecord, PromiseRecord

NO_SKILL = SkillKey("")


def rules(floor: Floor) -> CallbackRules:
    """How promises are kept at present."""
    return CallbackRules() if floor.plan.plan is None else floor.plan.plan.callbacks


def owner_and_queue(
    floor: Floor,
    owner: Owner,
    origin: ContactRecord | None,
    queue: QueueKey = NO_QUEUE,
    skill: SkillKey = NO_SKILL,
) -> tuple[Owner, QueueKey]:
    """Who can owe it, as things are, and in which queue its contacts wait: else `origin`'s, else `queue`."""
    wanted = owner.queue if isinstance(owner, ToQueue) else queue if origin is None else origin.queue
    skills: frozenset[SkillKey] = frozenset()
    if isinstance(owner, ToAgent):
        agents = () if floor.plan.plan is None else floor.plan.plan.agents
        agent = next((each for each in agents if each.id == owner.agent), None)
        if agent is None:
            owner = ToQueue(wanted)
        else:
            skills = frozenset(level.skill for level in agent.skills)
    home = _home(floor, wanted, skill, skills)
    return (ToQueue(home) if isinstance(owner, ToQueue) else owner), home


def _home(floor: Floor, wanted: QueueKey, skill: SkillKey, skills: frozenset[SkillKey]) -> QueueKey:
    """The queue itself; else the first of its skill, of the agent's skills, or, where nothing is known, of all."""
    queues = () if floor.plan.plan is None else floor.plan.plan.queues
    skill = skill_of(floor, wanted) or skill
    if any(queue.key == wanted for queue in queues):
        return wanted
    fitting = [queue.key for queue in queues if (queue.skill == skill if skill else queue.skill in skills)]
    if not fitting and not skill:
        fitting = [queue.key for queue in queues]
    return fitting[0] if fitting else wanted


def has_queue(floor: Floor, promise: PromiseRecord) -> bool:
    """Whether there is a queue that could keep it."""
    record = floor.queues.get(promise.queue)
    return record is not None and not record.removed


def skill_of(floor: Floor, queue: QueueKey) -> SkillKey:
    """What the queue asks for; NO_SKILL of one that was forgotten."""
    record = floor.queues.get(queue)
    return NO_SKILL if record is None else record.rules.skill


def hours_of(floor: Floor, queue: QueueKey) -> Hours | None:
    """When promises of this queue may be kept; None: always."""
    record = floor.queues.get(queue)
    key = None if record is None else record.rules.callback_hours
    return None if key is None else floor.plan.hours.get(key)


def deadline_of(floor: Floor, queue: QueueKey, due_at: datetime) -> datetime:
    """By the centre's rule, in open time from when it is due."""
    amount = timedelta(minutes=rules(floor).deadline_minutes)
    hours = hours_of(floor, queue)
    return due_at + amount if hours is None else after_open(hours, due_at, amount)
