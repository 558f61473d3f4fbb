"""To whom a citizen can be passed on within the centre."""

from __future__ import annotations

from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.passing_schemas import ColleagueOut, QueueOut, TargetsOut
from haedap.domain.states import AgentState


def all_targets(me: int) -> TargetsOut:
    """Colleagues on duty, the free ones first, and all queues in the centre's order."""
    skills = centre.skills_by_account()
    queues = centre.queue_skills()
    names = centre.queue_names()
    duties = [duty for duty in contacts.duties() if duty.agent != me]
    colleagues = [
        ColleagueOut(
            id=duty.agent,
            name=duty.name,
            state=duty.state,
            reason=duty.reason,
            since=duty.since,
            queues=[names[key] for key, skill in queues.items() if skill in skills.get(duty.agent, ())],
        )
        for duty in sorted(duties, key=lambda duty: (duty.state != AgentState.AVAILABLE, duty.name))
    ]
    free = {duty.agent for duty in duties if duty.state == AgentState.AVAILABLE and duty.reachable}
    waiting = contacts.waiting_by_queue()
    found = [
        QueueOut(
            key=key,
            name=names[key],
            waiting=waiting.get(key, 0),
            free=sum(skill in skills.get(agent, ()) for agent in free),
        )
        for key, skill in queues.items()
    ]
    return TargetsOut(colleagues=colleagues, queues=found)
