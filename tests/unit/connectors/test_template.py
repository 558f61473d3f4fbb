"""Templates: what is spoken, what is sent, and what a template may not do."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.connectors.port import Misconfigured
from haedap.connectors.template import Filled, Template, Templated

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "values", "spoken"),
    [
        ("{{ v | won }}", {"v": 1234567}, "1,234,567원"),
        ("{{ v | won }}", {"v": None}, "금액 미상"),
        ("{{ v | day(on) }}", {"v": date(2026, 10, 31)}, "10월 31일"),
        ("{{ v | day(on) }}", {"v": date(2027, 1, 5)}, "2027년 1월 5일"),
        ("{{ v | day(on) }}", {"v": datetime(2026, 10, 31, 16, tzinfo=UTC)}, "11월 1일"),
        ("{{ v | day }}", {"v": None}, "날짜 미상"),
        ("{{ v | moment(on) }}", {"v": datetime(2026, 10, 31, 5, 5, tzinfo=UTC)}, "10월 31일 오후 2시 5분"),
        ("{{ v | moment(on) }}", {"v": datetime(2026, 10, 31, 15, tzinfo=UTC)}, "11월 1일 오전 12시"),
        ("{{ v | amount }}", {"v": Decimal("1234.50")}, "1,234.5"),
        ("{{ v | amount }}", {"v": 1000}, "1,000"),
        ("{{ v | domestic }}", {"v": "+82 10-0000-1234"}, "01000001234"),
        ("{{ v | domestic }}", {"v": "010-0000-1234"}, "01000001234"),
        ("{{ v | total('a') | won }}", {"v": [{"a": 1000}, {"a": None}, {"a": 500}]}, "1,500원"),
        ("{{ v | compact }}", {"v": ON}, "20261122"),
    ],
)
def test_filters(text: str, values: dict[str, Any], spoken: str) -> None:
    assert Template(text).render({"on": ON, **values}) == spoken


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ v.__init__.__globals__ }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'a' * 999999999 }}",
        "{{ [0] * 999999999 }}",
        "{% for x in range(10) %}{% endfor %}",
        "{{ lipsum() }}",
        "{{ v.nothing }}",
        "{{ unknown }}",
        "{{ v | compact }}",
    ],
)
def test_what_a_template_may_not_do(text: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        Template(text).render({"v": "비밀"})
    assert "비밀" not in str(caught.value)


@pytest.mark.parametrize("text", ["{{ x", "{% if %}", "{{ v | no_such_filter }}", "{% include 'x' %}{{", "x" * 4001])
def test_what_is_no_template(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Template(text)


@given(st.text(max_size=60).map(str.strip))
def test_a_value_is_never_a_template_itself(value: str) -> None:
    assert Template("{{ v }}").render({"v": value}) == value


@given(st.text(max_size=40))
def test_filled_shapes_keep_their_shape(value: str) -> None:
    shape: Templated = {"a": ["{{ v }}", 3, None], "b": {"c": "x{{ v }}y", "d": True}}
    filled = Filled(shape).fill({"v": value})
    assert filled["a"][1:] == [3, None]
    assert filled["b"] == {"c": f"x{value}y".strip(), "d": True}
