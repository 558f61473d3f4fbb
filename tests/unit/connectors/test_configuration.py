"""Configurations: everything that is wrong is found, with its place and a Korean reason, before anything is asked."""

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.connectors.registry import build, check
from haedap.connectors.schema import ConfigurationInvalid
from haedap.connectors.shipped import shipped

SHIPPED = shipped()


def problems_of(configuration: Any) -> dict[str, str]:
    with pytest.raises(ConfigurationInvalid) as caught:
        check(configuration)
    assert all(problem.reason.endswith(".") for problem in caught.value.problems)
    return {problem.place: problem.reason for problem in caught.value.problems}


def changed(key: str, place: str, value: Any) -> dict[str, Any]:
    """A shipped configuration with one thing put in place; None takes it away."""
    configuration: dict[str, Any] = copy.deepcopy(SHIPPED[key])
    *above, last = place.split(".")
    at: Any = configuration
    for name in above:
        at = at[int(name)] if name.isdigit() else at[name]
    if value is None:
        del at[last]
    else:
        at[int(last) if last.isdigit() else last] = value
    return configuration


@pytest.mark.parametrize("key", SHIPPED)
def test_shipped_configurations_are_right(key: str) -> None:
    checked = check(SHIPPED[key])
    assert checked.configuration.key == key
    assert {field.name for field in checked.configuration.subject if field.personal} or key in {
        "road_address",
        "parking_lot",
    }


@pytest.mark.parametrize("column", ["체납액", "amt$1"])
def test_columns_are_named_as_in_the_view(column: str) -> None:
    assert check(changed("local_tax", "answer.fields.0.at", column)).configuration.answer.fields[0].place == column


@pytest.mark.parametrize(
    ("key", "place", "value", "wrong_at"),
    [
        ("non_tax", "kind", "ldap", "kind"),
        ("non_tax", "title", None, "title"),
        ("non_tax", "colour", "red", "colour"),
        ("non_tax", "limits.seconds", 0, "limits.seconds"),
        ("non_tax", "limits.seconds", "fast", "limits.seconds"),
        ("non_tax", "answer.fields.0.type", "money", "answer.fields.0.type"),
        ("non_tax", "answer.fields.1.at", "a..b", "answer.fields.1.at"),
        ("non_tax", "answer.fields.1.name", "name", "answer.fields"),
        ("non_tax", "answer.title", "{{ nobody }}", "answer.title"),
        ("non_tax", "answer.fields", [], "answer.fields"),
        ("non_tax", "read_out.some", "{{ records[0 }}", "read_out.some"),
        ("non_tax", "read_out.none", "{{ secrets.key }}", "read_out.none"),
        ("non_tax", "subject.0.pattern", "[", "subject.0.pattern"),
        ("non_tax", "subject.0.name", "secrets", "subject"),
        ("non_tax", "system.query.pyrNo", "{{ phone }}", "system.query.pyrNo"),
        ("non_tax", "system.source", "하나", "system.source"),
        ("non_tax", "system.site.address", "http://gateway.example", "system.site.address"),
        ("non_tax", "system.site.address", "ftp://gateway.example", "system.site.address"),
        ("non_tax", "system.site.address", "https://user:pw@gateway.example", "system.site.address"),
        ("non_tax", "system.site.authority", "no certificate", "system.site.authority"),
        ("bulky_waste", "system.request.headers.Host", "elsewhere", "system.request.headers.Host"),
        ("bulky_waste", "system.request.form", {"a": "b"}, "system.request.method"),
        ("bulky_waste", "system.request.path", "no-slash", "system.request.path"),
        ("parking_lot", "system.parameters.serviceKey", "x", "system.parameters.serviceKey"),
        ("library", "system.operation", "<x>", "system.operation"),
        ("petition", "system.source", "123", "system.source"),
        ("local_tax", "system.view", ["city; DROP TABLE x"], "system.view.0"),
        ("local_tax", "system.match", {}, "system.match"),
        ("local_tax", "answer.fields.0.at", "a.b", "answer.fields"),
        ("local_tax", "answer.results", [{"code": "x"}], "answer.results.0.ok"),
    ],
)
def test_mistakes_and_their_places(key: str, place: str, value: Any, wrong_at: str) -> None:
    found = problems_of(changed(key, place, value))
    assert wrong_at in found, found


def test_all_mistakes_are_found_at_once() -> None:
    configuration = changed("non_tax", "limits.seconds", 99)
    for index in (0, 2):
        configuration["answer"]["fields"][index]["type"] = "money"
    del configuration["read_out"]["none"]
    wrong = {"limits.seconds", "answer.fields.0.type", "answer.fields.2.type", "read_out.none"}
    assert set(problems_of(configuration)) == wrong


@pytest.mark.parametrize("data", [None, 3, "x", [], {}, {"key": {}}])
def test_what_is_no_configuration_at_all(data: Any) -> None:
    assert problems_of(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(SHIPPED)), st.sampled_from(["system", "answer", "subject", "limits", "read_out"]), JSON)
def test_any_section_is_taken_or_refused_in_words(key: str, section: str, value: Any) -> None:
    with contextlib.suppress(ConfigurationInvalid):
        check({**SHIPPED[key], section: value})


def test_a_missing_secret_is_named() -> None:
    with pytest.raises(ConfigurationInvalid) as caught:
        build(SHIPPED["road_address"], {})
    assert [problem.place for problem in caught.value.problems] == ["secrets.confirm_key"]
