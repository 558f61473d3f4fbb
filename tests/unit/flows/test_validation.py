"""What is wrong with a flow is found, all of it, with its place; and nothing hostile does harm."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.domain.ids import FlowKey
from haedap.flows import FlowInvalid, flow_schema, parse_flow, read_definition
from haedap.flows.errors import MESSAGES, ErrorCode
from tests.unit.flows.samples import errors_of, found, parse, sample_definition


def refused(text: bytes | str) -> str:
    with pytest.raises(FlowInvalid) as caught:
        read_definition(text)
    return caught.value.errors[0].code.value


def test_a_right_flow_makes_the_round_trip() -> None:
    definition = sample_definition()
    definition["steps"]["tax"]["name"] = "지방세 대기"
    flow = parse(definition)
    assert flow.steps["tax"].name == "지방세 대기"
    assert parse(read_definition(json.dumps(flow.definition()))) == flow


@pytest.mark.parametrize(
    ("step", "change", "expected"),
    [
        ("welcome", {"kind": "sing"}, ("steps.welcome.kind", "unknown_kind")),
        ("welcome", {"kind": 7}, ("steps.welcome.kind", "unknown_kind")),
        ("welcome", {"prompts": []}, ("steps.welcome.prompts", "expected_some_prompts")),
        ("welcome", {"prompts": "welcome"}, ("steps.welcome.prompts", "expected_some_prompts")),
        ("welcome", {"prompts": ["welcome", "nothing"]}, ("steps.welcome.prompts.1", "unknown_prompt")),
        ("welcome", {"volume": 11}, ("steps.welcome.volume", "unknown_field")),
        ("welcome", {"next": "nowhere"}, ("steps.welcome.next", "unknown_step")),
        ("welcome", {"next": None}, ("steps.welcome.next", "expected_step")),
        ("welcome", {"interruptible": "yes"}, ("steps.welcome.interruptible", "expected_flag")),
        ("closed", {"interruptible": True}, ("steps.closed.interruptible", "unknown_field")),
        ("hours", {"hours": "sunday"}, ("steps.hours.hours", "unknown_hours")),
        ("hours", {"holiday": "nowhere"}, ("steps.hours.holiday", "unknown_step")),
        ("menu", {"choices": {}}, ("steps.menu.choices", "expected_choices")),
        ("menu", {"choices": 4}, ("steps.menu.choices", "expected_choices")),
        ("menu", {"timeout_seconds": 0}, ("steps.menu.timeout_seconds", "expected_seconds")),
        ("menu", {"attempts": True}, ("steps.menu.attempts", "expected_attempts")),
        ("menu", {"invalid_prompts": ["nothing"]}, ("steps.menu.invalid_prompts.0", "unknown_prompt")),
        ("menu", {"otherwise": "nowhere"}, ("steps.menu.otherwise", "unknown_step")),
        ("tax", {"queue": "secret"}, ("steps.tax.queue", "unknown_queue")),
        ("tax", {"queue": ""}, ("steps.tax.queue", "expected_key")),
        ("tax", {"priority": 1e300}, ("steps.tax.priority", "expected_priority")),
        ("tax", {"music": "yes"}, ("steps.tax.music", "expected_flag")),
        ("tax", {"name": ""}, ("steps.tax.name", "expected_name")),
        ("tax", {"name": "가" * 61}, ("steps.tax.name", "expected_name")),
        ("tax", {"name": " "}, ("steps.tax.name", "expected_name")),
        ("tax", {"name": "지방세\n"}, ("steps.tax.name", "expected_name")),
        ("tax", {"name": "지방\x00세"}, ("steps.tax.name", "expected_name")),
        ("tax", {"name": "지방\ud800세"}, ("steps.tax.name", "expected_name")),
        ("tax", {"name": ["지방세"]}, ("steps.tax.name", "expected_name")),
        ("bye", {"next": "menu"}, ("steps.bye.next", "unknown_field")),
    ],
)
def test_one_wrong_thing_is_one_error_at_its_place(
    step: str, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    definition = sample_definition()
    definition["steps"][step].update(change)
    structural = [error for error in found(definition) if error[1] != "unreachable"]
    assert structural == [expected]


@pytest.mark.parametrize("key", ["", "a", "12345", "1 ", "１", "1\n"])
def test_choices_are_keys_of_a_telephone(key: str) -> None:
    definition = sample_definition()
    definition["steps"]["menu"]["choices"][key] = "bye"
    assert found(definition) == [(f"steps.menu.choices.{key}", "choice_keys")]


def test_everything_wrong_is_reported_at_once() -> None:
    definition = {
        "start": "nowhere",
        "version": 2,
        "steps": {
            "a b": {"kind": "hang_up"},
            "list": [],
            "menu": {"kind": "menu", "prompts": ["x"], "choices": {"1": "gone", "z": 3}, "attempts": 99},
            "queue": {"kind": "queue", "queue": "gone", "music": 1},
        },
    }
    assert found(definition) == [
        ("version", "unknown_field"),
        ("start", "unknown_step"),
        ("steps.a b", "step_name"),
        ("steps.list", "not_object"),
        ("steps.menu", "missing_field"),
        ("steps.menu.prompts.0", "unknown_prompt"),
        ("steps.menu.choices.1", "unknown_step"),
        ("steps.menu.choices.z", "choice_keys"),
        ("steps.menu.choices.z", "expected_step"),
        ("steps.menu.attempts", "expected_attempts"),
        ("steps.queue.queue", "unknown_queue"),
        ("steps.queue.music", "expected_flag"),
    ]


def test_unreachable_steps() -> None:
    definition = sample_definition()
    definition["steps"]["lost"] = {"kind": "announcement", "prompts": ["closed"], "next": "lost2"}
    definition["steps"]["lost2"] = {"kind": "hang_up"}
    assert found(definition) == [("steps.lost", "unreachable"), ("steps.lost2", "unreachable")]


@pytest.mark.parametrize(
    "steps",
    [
        {"a": {"kind": "hours", "hours": "main", "open": "a", "closed": "a"}},
        {"a": {"kind": "play", "prompts": ["welcome"], "next": "a"}},
        {
            "a": {"kind": "announcement", "prompts": ["closed"], "next": "b"},
            "b": {"kind": "play", "prompts": ["closed"], "next": "a"},
        },
        {
            "a": {"kind": "menu", "prompts": ["main_menu"], "choices": {"1": "b"}, "otherwise": "a"},
            "b": {"kind": "hang_up"},
        },
    ],
)
def test_a_silent_citizen_never_goes_in_a_circle(steps: dict[str, Any]) -> None:
    assert found({"start": "a", "steps": steps}) == [("steps.a", "endless")]


def test_a_circle_by_a_key_is_the_citizen_s_choice() -> None:
    assert found(sample_definition()) == []


@pytest.mark.parametrize(
    "definition", [None, 3, "flow", [], {}, {"start": 1}, {"steps": []}, {"start": "a", "steps": {}}]
)
def test_other_shapes_are_refused(definition: object) -> None:
    assert found(definition)


def test_huge_definitions() -> None:
    steps = {f"s{number}": {"kind": "hang_up"} for number in range(201)}
    assert found({"start": "s0", "steps": steps}) == [("steps", "too_many_steps")]
    definition = sample_definition()
    definition["steps"]["menu"]["choices"] = {str(number): "bye" for number in range(1000, 1101)}
    assert ("steps.menu.choices", "expected_choices") in found(definition)
    definition["x" * 1_000_000] = 1
    assert max(len(error.place) for error in errors_of(definition)) < 200


def test_hostile_names_are_shown_safely() -> None:
    definition = {"start": "\ud800", "steps": {"\ud800\x00": {"kind": "queue", "queue": "\ud800"}, 3: {"kind": "play"}}}
    for error in errors_of(definition):
        assert str(error).encode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b"1" * 5000, "not_json"),
        (b"[]", "not_object"),
        ("안내".encode("euc-kr"), "not_utf8"),
        ("\ud800", "not_utf8"),
        (b'{"a": 1, "b": 2, "a": 3}', "duplicate_key"),
        (b'{"steps": {"x": {}, "x": {}}}', "duplicate_key"),
        (b'{"a":' * 40_000 + b"1" + b"}" * 40_000, "too_deep"),
        (b" " * 300_000, "too_large"),
    ],
)
def test_text_that_is_no_definition(text: bytes | str, code: str) -> None:
    assert refused(text) == code


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "7" * 5000])
def test_what_only_python_reads_is_refused_at_its_place(value: str) -> None:
    text = '{"start": "NaN \\"7",\n "steps": {"m": {"attempts": ' + value + "}}}"
    with pytest.raises(FlowInvalid) as refusal:
        read_definition("\ufeff" + text)
    assert refusal.value.errors[0].args == {"line": 2, "column": 30}


def test_a_byte_order_mark_is_no_error() -> None:
    assert read_definition(b"\xef\xbb\xbf{}") == {}


def test_deep_values_are_refused_without_harm() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    definition = sample_definition()
    definition["steps"]["welcome"]["prompts"] = deep
    assert ("steps.welcome.prompts", "expected_some_prompts") in found(definition)
    while deep:  # freed step by step: some Python versions overflow on freeing it at once
        deep = deep[0]


def test_prompts_may_be_left_unchecked() -> None:
    definition = sample_definition()
    definition["steps"]["welcome"]["prompts"] = ["anything"]
    keys = {"tax", "water", "general"}
    assert parse_flow(FlowKey("m"), definition, queues=keys, hours={"main"}).start == "welcome"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(sample_definition()["steps"])), st.text(max_size=8), json_values)
def test_any_value_anywhere_is_taken_or_refused(step: str, name: str, value: object) -> None:
    for field in (name, *sample_definition()["steps"][step]):
        definition = sample_definition()
        definition["steps"][step][field] = value
        for error in errors_of(definition):
            assert str(error)


@given(json_values)
def test_any_json_is_taken_or_refused(value: object) -> None:
    assert found(value)
    assert found({"start": "a", "steps": value})


def test_every_code_has_its_sentence() -> None:
    assert set(MESSAGES) == set(ErrorCode)


def test_the_schema_knows_every_kind() -> None:
    schema = flow_schema()
    kinds = {name for part in schema["$defs"].values() for name in part["properties"].get("kind", {}).get("enum", [])}
    assert kinds == {"play", "hours", "menu", "queue", "announcement", "callback", "voicemail", "hang_up"}
