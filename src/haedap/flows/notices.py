"""An announcement that is put before a flow for a time. Pure: the flow's own definition stays as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

NOTICE_PROMPT = "pin_"
"""How the keys of such announcements' prompts begin; by it they are known again."""
_STEP = "긴급안내"


def with_notice(definition: Mapping[str, Any], prompts: Sequence[str]) -> dict[str, Any]:
    """A flow that says these prompts to their end and then begins as before; the flow itself when there are none.

    `definition` is one that `parse_flow` takes.
    """
    if not prompts:
        return dict(definition)
    key = _STEP
    while key in definition["steps"]:
        key += "_"
    notice = {"kind": "play", "prompts": list(prompts), "next": definition["start"]}
    return {**definition, "start": key, "steps": {key: notice, **definition["steps"]}}


def without_notice(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The flow as it was before `with_notice`."""
    key = definition["start"]
    step = definition["steps"][key]
    if step["kind"] != "play" or not all(prompt.startswith(NOTICE_PROMPT) for prompt in step["prompts"]):
        return dict(definition)
    others = {name: other for name, other in definition["steps"].items() if name != key}
    return {**definition, "start": step["next"], "steps": others}
