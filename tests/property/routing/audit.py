"""An auditor: knows the rules of `haedap.routing.router` in their plainest form and checks every output against them.

It is told events and outputs, never looks into the router, and finds partners by scanning everybody. What it has been
told stands in `books`; the rules stand beside, by matter.
"""

from haedap.domain.decisions import Decision
from haedap.domain.events import (
    AgentLegEnded,
    AgentStateForced,
    AnyEvent,
    CentreStopped,
    ChannelReconciled,
    ExchangeStopped,
    OfferFailed,
    PlanChanged,
    PromiseChanged,
    TimePassed,
)
from tests.property.routing import (
    rules_of_agents,
    rules_of_contacts,
    rules_of_legs,
    rules_of_parties,
    rules_of_promises,
)
from tests.property.routing.books import A, Books, Output, Person, Rules
from tests.property.routing.rules_over_all import (
    every_leg_has_its_place,
    everybody_is_in_one_place,
    no_offer_outlives_its_time,
    nobody_waits_for_an_idle_agent,
)

RULES: Rules = {
    **rules_of_legs.RULES,
    **rules_of_contacts.RULES,
    **rules_of_parties.RULES,
    **rules_of_promises.RULES,
    **rules_of_agents.RULES,
}


class Auditor(Books):
    """Fails on the first output that breaks a rule."""

    def check(self, event: AnyEvent, outputs: tuple[Output, ...]) -> None:
        """What the router said to the event."""
        self.now = max(self.now, event.at)
        self.changes = isinstance(event, PromiseChanged)
        self.taken_over.clear()
        if isinstance(event, PlanChanged):
            self._plan(event)
        self._legs_are_gone(event)
        self._is_forced(event)
        for output in outputs:
            self._count_kind(output)
            if isinstance(output, Decision):
                self._decision(output)
            rule = RULES.get(type(output))
            if rule is not None:
                rule(self, output)
        if isinstance(event, CentreStopped):
            rules_of_agents.nobody_could_come_back(self, event.resumed_at)
        self.debts.nobody_is_owed_twice()
        self._forget_who_is_gone()
        everybody_is_in_one_place(self)
        every_leg_has_its_place(self)
        nobody_waits_for_an_idle_agent(self, event)
        if isinstance(event, TimePassed):
            no_offer_outlives_its_time(self)
            rules_of_agents.nobody_is_missed_for_long(self)

    def _plan(self, event: PlanChanged) -> None:
        self.queues.update({queue.key: queue for queue in event.plan.queues})
        named = {agent.id: agent for agent in event.plan.agents}
        for agent_id, agent in named.items():
            person = self.people.setdefault(agent_id, Person())
            person.levels = {}
            for skill in agent.skills:
                person.levels[skill.skill] = min(skill.level, person.levels.get(skill.skill, skill.level))
        self.on_plan, self.queues_on_plan = set(named), {queue.key for queue in event.plan.queues}
        self.supervisors = {supervisor.id for supervisor in event.plan.supervisors}

    def _count_kind(self, output: Output) -> None:
        name = type(output).__name__
        self.seen[name] += 1
        for detail in ("outcome", "state", "step", "mode", "cause"):
            if hasattr(output, detail):
                self.seen[f"{name} {getattr(output, detail)}"] += 1

    def _forget_who_is_gone(self) -> None:
        for agent_id in self.people.keys() - self.on_plan:
            person = self.people[agent_id]
            if person.state is A.SIGNED_OUT:
                assert not person.reachable, "an agent off the plan is told to be reachable"
                del self.people[agent_id]
                self.cooling = {pair: until for pair, until in self.cooling.items() if pair[1] != agent_id}

    def _decision(self, decision: Decision) -> None:
        assert decision.id not in self.requests, f"request {decision.id} made twice"
        assert decision.id.startswith(f"{decision.contact}-")
        self.requests.add(decision.id)

    def _legs_are_gone(self, event: AnyEvent) -> None:
        if isinstance(event, OfferFailed | AgentLegEnded):
            self.side.pop(event.offer, None)
        elif isinstance(event, CentreStopped | ExchangeStopped):
            self.side.clear()
        elif isinstance(event, ChannelReconciled):
            there = {*event.ringing, *event.answered, *event.connected}
            self.side = {offer: leg for offer, leg in self.side.items() if offer in there}

    def _is_forced(self, event: AnyEvent) -> None:
        if isinstance(event, AgentStateForced) and event.state is A.AVAILABLE:
            person = self.people.get(event.agent)
            if person is not None and event.supervisor in self.supervisors:
                person.rest_until = None
