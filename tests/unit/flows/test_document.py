"""The reference document says what the code does."""

import json
import re
from pathlib import Path

from haedap.domain.ids import FlowKey
from haedap.flows import flow_schema, parse_flow
from haedap.flows.errors import MESSAGES

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
TEXT = (REFERENCE / "flow.md").read_text("utf-8")


def fenced(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def test_the_schema_is_that_of_the_types() -> None:
    assert json.loads(fenced("json schema")) == json.loads(json.dumps(flow_schema()))


def test_the_example_is_a_flow() -> None:
    prompts = {"welcome", "recording_notice", "main_menu", "invalid_choice", "connecting", "closed", "closed_holiday"}
    queues = {"tax", "water", "general"}
    flow = parse_flow(FlowKey("x"), json.loads(fenced("json")), queues=queues, hours={"main"}, prompts=prompts)
    assert len(flow.steps) == 10


def test_every_error_is_listed_with_what_it_is_about() -> None:
    listed = TEXT + (REFERENCE / "terms.md").read_text("utf-8")
    missing = [
        code.value for code, sentence in MESSAGES.items() if listed.count(f"| `{code.value}` | {sentence} |") != 1
    ]
    assert missing == []
