"""Words for the keys that stand in facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haedap.apps.accounts import api as accounts
from haedap.apps.centre import api as centre
from haedap.apps.contacts.numbers import dialled
from haedap.domain import facts
from haedap.domain.targets import Owner, Target, ToAgent, ToQueue


@dataclass(frozen=True, slots=True)
class Names:
    """The centre's words as they are now."""

    people: dict[int, str]
    queues: dict[str, str]
    flows: dict[str, str]
    reasons: dict[str, str]
    steps: dict[tuple[str, str], str]

    def person(self, account: int) -> str:
        return self.people.get(account) or _("Agent %(number)d") % {"number": account}

    def queue(self, key: str) -> str:
        return self.queues.get(key, key)

    def step(self, flow: str, key: str) -> str:
        """As the flow calls the step now; its key when the flow gives it no name or has it no more."""
        return self.steps.get((flow, key), key)

    def target(self, target: Target | Owner) -> str:
        """A colleague, a queue, or an office by the name that the agent saw."""
        match target:
            case ToAgent(agent=agent):
                return self.person(agent)
            case ToQueue(queue=queue):
                return _("the queue '%(queue)s'") % {"queue": self.queue(queue)}
            case _:
                number = dialled(target.number)
                return f"{target.name} ({number})" if target.name else number


def names_for(told: Iterable[facts.AnyFact | None]) -> Names:
    """The words that these facts need."""
    return names_of({person for fact in told for person in _people(fact)})


def names_of(people: set[int]) -> Names:
    """The words of the centre, with these people's names."""
    return Names(
        people=accounts.names(people),
        queues=centre.queue_names(),
        flows=centre.flow_names(),
        reasons={reason.key: reason.name for reason in centre.away_reasons(choosable_only=False)},
        steps=centre.step_names(),
    )


def _people(fact: facts.AnyFact | None) -> list[int]:
    aimed = [getattr(fact, name, None) for name in ("target", "owner")]
    named = [getattr(fact, name, None) for name in ("agent", "supervisor", "by")]
    agents = [aim.agent for aim in aimed if isinstance(aim, ToAgent)]
    return [*agents, *(person for person in named if isinstance(person, int))]
