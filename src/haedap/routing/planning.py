"""A new plan, taken over in mid-work: nobody is hung up on, moved or overtaken because the configuration changed.

* Who waits is served, told and sent on by the rules that their queue has now, counted from when they came: an overflow
  or a widening that holds by that is followed at once.
* A queue that left the plan keeps its last rules and its citizens until they are served or leave.
* What is promised: see `promises`.
* An agent who left the plan finishes their call and its wrap-up; a ringing offer is taken back.
* Citizens in a flow: see `ivr.plan_changed`.
"""

from haedap.domain.events import PlanChanged
from haedap.domain.ids import QueueKey
from haedap.domain.plan import Agent, Plan
from haedap.domain.states import AgentState, ContactState
from haedap.routing import agents, ivr, overflow, promises, supervision, waiting, wishes
from haedap.routing.floor import Floor
from haedap.routing.plans import read_plan
from haedap.routing.records import AgentRecord, QueueRecord


def changed(floor: Floor, event: PlanChanged) -> None:
    """The centre works by this plan from now on."""
    if event.plan == floor.plan.plan:
        return
    before, floor.plan = floor.plan, read_plan(event.plan)
    changed_queues = _take_queues(floor, event.plan)
    _take_agents(floor, event.plan)
    _tell_who_waits(floor, changed_queues)
    supervision.plan_changed(floor)
    promises.plan_changed(floor)
    overflow.nobody_left(floor)
    for contact in list(floor.contacts.values()):
        if contact.state is ContactState.IN_FLOW:
            ivr.plan_changed(floor, contact, before)


def _tell_who_waits(floor: Floor, queues: set[QueueKey]) -> None:
    """The rules of these queues are others now, also for those who wait already."""
    for contact in floor.contacts.values():
        if contact.queue in queues and contact.state in (ContactState.WAITING, ContactState.OFFERED):
            overflow.rules_changed(floor, contact)
            waiting.rules_changed(floor, contact)


def _take_queues(floor: Floor, plan: Plan) -> set[QueueKey]:
    """Take the queues over. Returns those whose rules are others now, or hold where they did not."""
    named = {queue.key: queue for queue in plan.queues}
    changed_queues, come = set[QueueKey](), set[QueueKey]()
    for key, rules in named.items():
        record = floor.queues.get(key)
        if record is None or record.removed:
            come.add(key)
        if record is None:
            floor.queues[key] = QueueRecord(rules=rules, answers=[])
        else:
            if record.rules != rules:
                changed_queues.add(key)
            record.rules, record.removed = rules, False
    floor.index_queues()
    for key in [key for key in floor.queues if key not in named]:
        floor.queues[key].removed = True
        floor.forget_unused(key)
    return changed_queues | {
        key for key, record in floor.queues.items() if any(rule.queue in come for rule in record.rules.overflow)
    }


def _take_agents(floor: Floor, plan: Plan) -> None:
    named = {agent.id: agent for agent in plan.agents}
    gone = [agent for agent in floor.agents.values() if agent.id not in named]
    for agent in gone:
        _remove(floor, agent)
    floor.index.clear_agents()
    for wanted in named.values():
        _take_agent(floor, wanted)
    for agent in floor.agents.values():
        if agent.state is not AgentState.SIGNED_OUT:
            floor.index.add_staff(agent)
        if agent.idle:
            floor.index.add_idle(agent)
            floor.fresh_agents[agent.id] = None


def _remove(floor: Floor, agent: AgentRecord) -> None:
    agent.removed = True
    if agent.state is AgentState.SIGNED_OUT:
        agents.forget(floor, agent)
    else:
        wishes.sign_out(floor, agent)


def _take_agent(floor: Floor, agent: Agent) -> None:
    record = floor.agents.get(agent.id)
    if record is None:
        record = floor.agents[agent.id] = AgentRecord(id=agent.id, endpoint=agent.endpoint, levels={}, cooling={})
        if agent.id in floor.registered:
            del floor.registered[agent.id]
            agents.set_reachable(floor, record, reachable=True)
    record.endpoint, record.removed = agent.endpoint, False
    record.supervising = agent.id in floor.supervising
    record.levels = {}
    for skill in sorted(agent.skills, key=lambda skill: skill.level):
        record.levels.setdefault(skill.skill, skill.level)
