"""Charts: pictures with a name, without styles, that show what they were given."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import etree

from haedap.web import charts
from haedap.web.charts import Chart

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> $x_1$ & \x00\x07 =HYPERLINK(1)"


def texts(chart: Chart) -> list[str]:
    return [element.text or "" for element in etree.fromstring(chart.svg).iter(f"{SVG}text")]


def all_kinds() -> list[Callable[[list[str]], Chart]]:
    return [
        lambda names: charts.bars("유형별", [(name, 12 + place) for place, name in enumerate(names)]),
        lambda names: charts.lines("날짜별", names, {"인입": range(len(names)), "응대": [None] * len(names)}),
        lambda names: charts.heat("요일·시간", names, ["9시", "10시"], [[1, 2]] * len(names)),
    ]


@pytest.mark.parametrize("draw", all_kinds())
def test_a_chart_is_a_named_picture_that_a_strict_page_may_hold(draw: Callable[[list[str]], Chart]) -> None:
    chart = draw(["이사정산", HOSTILE, "대형폐기물"])
    root = etree.fromstring(chart.svg)
    assert root.get("role") == "img"
    assert (
        root.get("aria-label") == root.findtext(f"{SVG}title") == " ".join(chart.alt.replace("\x00", " ").split("\x07"))
    )
    assert not [element for element in root.iter() if element.get("style") is not None]
    assert not list(root.iter(f"{SVG}style", f"{SVG}script", f"{SVG}metadata"))
    assert "<script" not in chart.svg
    assert chart.png.startswith(b"\x89PNG")


def test_values_stand_beside_their_bars_and_long_names_are_wrapped_whole() -> None:
    name = "생활폐기물 무단투기 과태료 부과 및 이의신청 처리 절차 안내에 관한 문의"
    shown = texts(charts.bars("유형별", [(name, 12345), ("짧음", None), ("영", 0)]))
    assert {"12,345", "–", "0"} <= set(shown)
    joined = " ".join(shown)
    assert name in joined
    assert name not in shown
    endless = "가" * 60
    assert endless in "".join(texts(charts.bars("유형별", [(endless, 1)])))


def test_nothing_to_show_is_said() -> None:
    for chart in (
        charts.bars("유형별", []),
        charts.bars("유형별", [("가", None), ("나", float("nan"))]),
        charts.lines("날짜별", [], {}),
        charts.lines("날짜별", ["1월"], {"인입": [None]}),
        charts.heat("표", [], [], []),
    ):
        assert texts(chart) == ["보여 드릴 자료가 없습니다."]
        assert chart.png


def test_the_name_tells_the_highest_and_the_lowest() -> None:
    chart = charts.bars("월별 인입", [("1월", 8120), ("2월", None), ("3월", 9812)])
    assert chart.alt == "월별 인입: 가장 많은 것은 3월 9,812, 가장 적은 것은 1월 8,120."
    two = charts.lines("날짜별", ["1일", "2일"], {"인입": [1, 2], "응대": [1, 1]})
    assert two.alt.startswith("날짜별. 인입: 가장 많은 것은 2일 2")


def test_two_charts_of_a_page_share_no_ids_and_the_same_chart_is_the_same() -> None:
    one = charts.lines("가", ["1", "2"], {"인입": [1, 2]})
    other = charts.lines("나", ["1", "2"], {"인입": [2, 1]})
    ids = [set(re.findall(r'\bid="([^"]+)"', chart.svg)) for chart in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for chart in (one, other):
        used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", chart.svg))
        assert used == set(re.findall(r'\bid="([^"]+)"', chart.svg))
    again = charts.lines("가", ["1", "2"], {"인입": [1, 2]})
    assert (again.svg, again.png) == (one.svg, one.png)


def test_a_heat_map_writes_every_value_and_many_points_only_the_ends() -> None:
    shown = texts(charts.heat("표", ["월", "화"], ["9시", "10시"], [[10, 20], [30, None]], write=charts.thousands))
    assert {"10", "20", "30", "–", "월", "화", "9시", "10시"} <= set(shown)
    values = [place * 10 for place in range(31)]
    line = texts(charts.lines("날짜별", [f"{day}일" for day in range(31)], {"인입": values}))
    assert "300" in line
    assert "150" not in line[-3:]


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="each series"):
        charts.lines("가", ["1"], {"인입": [1, 2]})
    with pytest.raises(ValueError, match="as many lines"):
        charts.heat("가", ["월"], ["9시"], [[1, 2]])
