"""Who waits, who is idle and how many are on duty, by queue and by skill. Each question costs a logarithm, not a scan.

A contact for which one agent alone may be asked stands in that agent's own list, not in its queue's. A contact that
agents of other skills may serve, too, stands in the lists of these skills as well.
"""

from collections.abc import Container, Iterable

from sortedcontainers import SortedList

from haedap.domain.ids import AgentId, ContactId, QueueKey, SkillKey
from haedap.routing.records import AgentRecord, ContactKey, ContactRecord


class Index:
    """The waiting contacts of each queue, and of each skill the idle agents and the number of those on duty."""

    __slots__ = ("_idle", "_preferring", "_queues", "_staff", "_waiting", "_wide")

    def __init__(self) -> None:
        self._waiting: dict[QueueKey, SortedList] = {}
        self._preferring: dict[AgentId, SortedList] = {}
        self._wide: dict[SkillKey, SortedList] = {}
        self._queues: dict[SkillKey, list[QueueKey]] = {}
        self._idle: dict[SkillKey, SortedList] = {}
        self._staff: dict[SkillKey, int] = {}

    def set_queues(self, skills: Iterable[tuple[QueueKey, SkillKey]]) -> None:
        """Which skill each queue asks for. Contacts that wait in a queue stay in it."""
        self._queues = {}
        for queue, skill in skills:
            self._queues.setdefault(skill, []).append(queue)
            self._waiting.setdefault(queue, SortedList())

    def clear_agents(self) -> None:
        """Nobody is on duty: to be filled anew when skills changed."""
        self._idle, self._staff = {}, {}

    def forget_queue(self, queue: QueueKey) -> None:
        """Nobody will wait in this queue any more."""
        self._waiting.pop(queue, None)

    def add_waiting(self, contact: ContactRecord) -> None:
        """The contact waits in its queue, or for its preferred agent, from now on, at the place its key gives."""
        if contact.preferred is None:
            self._waiting[contact.queue].add(contact.key)
            for skill in contact.wide:
                self._wide.setdefault(skill, SortedList()).add(contact.key)
        else:
            self._preferring.setdefault(contact.preferred, SortedList()).add(contact.key)

    def remove_waiting(self, contact: ContactRecord) -> None:
        """The contact waits no more. What its place depends on must still be as at `add_waiting`."""
        if contact.preferred is None:
            self._waiting[contact.queue].remove(contact.key)
            for skill in contact.wide:
                self._wide[skill].remove(contact.key)
            return
        preferring = self._preferring[contact.preferred]
        preferring.remove(contact.key)
        if not preferring:
            del self._preferring[contact.preferred]

    def preferring(self, agent: AgentId) -> tuple[ContactId, ...]:
        """The contacts that wait for this agent alone, in order."""
        return tuple(key[3] for key in self._preferring.get(agent, ()))

    def waiting_in(self, queue: QueueKey) -> tuple[ContactId, ...]:
        """The contacts that wait in the queue, in order."""
        return tuple(key[3] for key in self._waiting.get(queue, ()))

    def length(self, queue: QueueKey) -> int:
        """How many wait in the queue; those who wait for one agent alone are not counted."""
        return len(self._waiting.get(queue, ()))

    def position(self, contact: ContactRecord) -> int:
        """The rank of a waiting contact in its queue, from 1; those who wait for one agent alone are not counted."""
        return int(self._waiting[contact.queue].bisect_left(contact.key)) + 1

    def add_staff(self, agent: AgentRecord) -> None:
        """The agent is on duty from now on, in whatever state."""
        for skill in agent.levels:
            self._staff[skill] = self._staff.get(skill, 0) + 1

    def remove_staff(self, agent: AgentRecord) -> None:
        """The agent is off duty. Their skills must still be those of `add_staff`."""
        for skill in agent.levels:
            self._staff[skill] -= 1

    def is_staffed(self, skill: SkillKey) -> bool:
        """Whether an agent is on duty who has the skill."""
        return self._staff.get(skill, 0) > 0

    def add_idle(self, agent: AgentRecord) -> None:
        """The agent is idle from now on, for each of their skills."""
        for skill, level in agent.levels.items():
            idle = self._idle.get(skill)
            if idle is None:
                idle = self._idle[skill] = SortedList()
            idle.add((level, agent.idle_order, agent.id))

    def remove_idle(self, agent: AgentRecord) -> None:
        """The agent is idle no more. Their skills and idle order must still be those of `add_idle`."""
        for skill, level in agent.levels.items():
            self._idle[skill].remove((level, agent.idle_order, agent.id))

    def best_contact(self, agent: AgentRecord) -> ContactKey | None:
        """Whom the agent should serve: the least key over all queues of all their skills, and who waits for them."""
        best = _first(self._preferring.get(agent.id, ()), agent.cooling)
        for skill in agent.levels:
            for queue in self._queues.get(skill, ()):
                key = _first(self._waiting[queue], agent.cooling)
                if key is not None and (best is None or key < best):
                    best = key
            wide = self._wide.get(skill)
            key = None if not wide else _first(wide, agent.cooling)
            if key is not None and (best is None or key < best):
                best = key
        return best

    def best_agent(self, contact: ContactId, skill: SkillKey, agents: dict[AgentId, AgentRecord]) -> AgentId | None:
        """Who should serve the contact: level 1 first, within a level the longest idle, nobody cooling for it."""
        for _, _, agent in self._idle.get(skill, ()):
            if contact not in agents[agent].cooling:
                return AgentId(agent)
        return None


def _first(waiting: Iterable[ContactKey], cooling: Container[ContactId]) -> ContactKey | None:
    """The first waiting contact that is not cooling for the agent."""
    for key in waiting:
        if key[3] not in cooling:
            return key
    return None
