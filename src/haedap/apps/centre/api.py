"""What other apps may ask of the centre's configuration.

The classes are offered as types and to be read; the configuration is written here alone, but for the demonstration's.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Model, QuerySet

from haedap.apps.centre.models import AgentSkill, AwayReason, CentreSettings, Flow, Hours, Number, Prompt, Queue, Skill
from haedap.apps.desk import api as desk

__all__ = [
    "AwayReason",
    "CentreSettings",
    "Hours",
    "Number",
    "Skill",
    "add_prompt",
    "away_reasons",
    "flow_names",
    "flows_naming",
    "hours_names",
    "main_number",
    "numbers_by_flow",
    "plan_changed",
    "queue_names",
    "queue_skills",
    "remove_prompt",
    "rows_of",
    "set_skills",
    "settings",
    "skills",
    "skills_by_account",
    "skills_of",
    "step_names",
    "synthetic",
]


def settings(*, locked: bool = False) -> CentreSettings:
    """The one row of settings; the defaults while nobody has saved any. `locked`: until the transaction ends."""
    rows = CentreSettings.objects.select_for_update() if locked else CentreSettings.objects
    return rows.filter(pk=1).first() or CentreSettings(pk=1)


def synthetic() -> str:
    """The profile (`icheon`, …) whose invented year lies in this centre; empty: its contacts are real.

    Whatever shows or hands out anything of such a centre says 가상 자료 on it.
    """
    return CentreSettings.objects.filter(pk=1).values_list("synthetic", flat=True).first() or ""


def plan_changed() -> None:
    """Tell the engine, once the running transaction is committed, to read the plan again."""
    CentreSettings.objects.get_or_create(pk=1)
    CentreSettings.objects.filter(pk=1).update(plan_version=F("plan_version") + 1)
    transaction.on_commit(lambda: desk.tell("plan_changed"))


def queue_names() -> dict[str, str]:
    """Names by key, in the centre's order."""
    return dict(Queue.objects.values_list("key", "name"))


def hours_names() -> dict[str, str]:
    """Names of the opening hours by key."""
    return dict(Hours.objects.values_list("key", "name"))


def flow_names() -> dict[str, str]:
    """Names by key."""
    return dict(Flow.objects.values_list("key", "name"))


def numbers_by_flow() -> dict[str, list[str]]:
    """The numbers that each flow answers, in their order, by its key; flows that answer none are not in it."""
    found: dict[str, list[str]] = {}
    for number, flow in Number.objects.order_by("number").values_list("number", "flow"):
        found.setdefault(flow, []).append(number)
    return found


def step_names() -> dict[tuple[str, str], str]:
    """Names of steps as the flows stand now, by keys of flow and step. Steps without a name are not in it."""
    return {
        (flow.key, key): step["name"]
        for flow in Flow.objects.all()
        for key, step in _steps(flow.definition).items()
        if step.get("name")
    }


def away_reasons(*, choosable_only: bool = True) -> list[AwayReason]:
    """In the centre's order."""
    reasons = AwayReason.objects.all()
    return list(reasons.filter(choosable=True) if choosable_only else reasons)


def skills() -> list[Skill]:
    """By name."""
    return list(Skill.objects.all())


def skills_of(account: int) -> dict[str, int]:
    """Level by skill key."""
    return dict(AgentSkill.objects.filter(account_id=account).values_list("skill_id", "level"))


def skills_by_account() -> dict[int, set[str]]:
    """The skills' keys of everybody who has any."""
    found: dict[int, set[str]] = {}
    for account, skill in AgentSkill.objects.values_list("account_id", "skill_id"):
        found.setdefault(account, set()).add(skill)
    return found


def queue_skills() -> dict[str, str]:
    """The skill that each queue asks for, in the centre's order of queues."""
    return dict(Queue.objects.values_list("key", "skill_id"))


def set_skills(account: int, levels: dict[str, int]) -> None:
    """Replace an agent's skills by `levels` (level by skill key). The caller announces the change of the plan."""
    with transaction.atomic():
        AgentSkill.objects.filter(account_id=account).delete()
        AgentSkill.objects.bulk_create(
            AgentSkill(account_id=account, skill_id=key, level=level) for key, level in levels.items()
        )


def main_number() -> str | None:
    """The first of the centre's numbers, E.164; one that only the trunk writes so, when there is no other."""
    numbers = Number.objects.order_by("id").values_list("number", flat=True)
    return numbers.filter(number__startswith="+").first() or numbers.first()


def add_prompt(key: str, text: str) -> None:
    """A text that the centre says by this key, once the worker has spoken it. Whoever adds it takes it away again."""
    Prompt.objects.create(key=key, text=text)


def remove_prompt(key: str) -> None:
    """The text is said no more."""
    Prompt.objects.filter(pk=key).delete()


def rows_of(model: type[Model], *related: str) -> list[Model]:
    """All rows, in the model's own order, with what they name by `related`."""
    return list(QuerySet(model).prefetch_related(*related))


def flows_naming(field: str, key: str) -> list[str]:
    """Names of the flows with a step whose `field` (queue, hours, prompts) is or holds `key`."""
    return [flow.name for flow in Flow.objects.all() if _names(flow.definition, field, key)]


def _names(definition: object, field: str, key: str) -> bool:
    steps = _steps(definition).values()
    values = [step.get(field) for step in steps]
    if field == "prompts":
        values += [step.get("invalid_prompts") for step in steps]
    return any(value == key or (isinstance(value, list) and key in value) for value in values)


def _steps(definition: object) -> dict[str, dict[str, Any]]:
    steps = definition.get("steps", {}) if isinstance(definition, dict) else {}
    return {key: step for key, step in steps.items() if isinstance(step, dict)}
