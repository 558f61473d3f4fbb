"""An announcement that is put before a flow for a time. Pure: the flow's own definition stays as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from haedap.flows.model import MOST_PROMPTS

NOTICE_PROMPT = "pin_"
"""How the keys of such announcements' prompts begin; by it they are known again."""
_STEP = "긴급안내"


def with_notice(definition: Mapping[str, Any], prompts: Sequence[str]) -> dict[str, Any]:
    """A flow that says these prompts to their end and then begins as before; the flow itself when there are none.

    `definition` is one that `parse_flow` takes.
    """
    noticed = dict(definition)
    for first in reversed(range(0, len(prompts), MOST_PROMPTS)):
        noticed = _before(noticed, prompts[first : first + MOST_PROMPTS])
    return noticed


def _before(definition: dict[str, Any], prompts: Sequence[str]) -> dict[str, Any]:
    key = _STEP
    while key in definition["steps"]:
        key += "_"
    notice = {"kind": "play", "prompts": list(prompts), "next": definition["start"]}
    return {**definition, "start": key, "steps": {key: notice, **definition["steps"]}}


def without_notice(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The flow as it was before `with_notice`."""
    start, steps = definition["start"], dict(definition["steps"])
    while is_notice(steps[start]):
        start = steps.pop(start)["next"]
    return {**definition, "start": start, "steps": steps}


def is_notice(step: object) -> bool:
    """Whether `step`, which may be anything, is one that `with_notice` makes."""
    if not isinstance(step, Mapping) or step.get("kind") != "play":
        return False
    prompts = step.get("prompts")
    return isinstance(prompts, Sequence) and all(_of_a_notice(prompt) for prompt in prompts)


def _of_a_notice(prompt: object) -> bool:
    return isinstance(prompt, str) and prompt.startswith(NOTICE_PROMPT)
