"""How well it went: service level and answer rate, what was handled and why not, callbacks, the survey."""

from __future__ import annotations

from collections.abc import Sequence

from haedap.analytics.book.counting import TOTAL, Column, axis, bars, curves, hits, measured, table
from haedap.analytics.book.korean import BY, OBJECT, SUBJECT, line
from haedap.analytics.book.material import PATH, Item, Material, Passed, Promised
from haedap.analytics.book.model import Block, Line, Number, Part, Section, Slice, Table, Unit, number
from haedap.analytics.dimensions import Dimension

_MOST_TOPICS = 15


def service(material: Material) -> Section:
    """서비스레벨과 응대율."""
    title = "서비스레벨과 응대율"
    total, span = material.total, material.span
    if not total.value("offered"):
        return Section("service", title)
    columns = (
        Column("인입", measured("offered")),
        Column("응대", measured("answered")),
        Column("포기", measured("abandoned")),
        Column("응대율", measured("answer_rate")),
        Column("서비스레벨", measured("service_level")),
        Column("포기율", measured("abandonment")),
        Column("평균응답대기", measured("asa_seconds")),
    )
    rows = axis("month", span.months, lambda month: span.month_name(str(month)))
    labels = [span.month_name(month) for month in span.months]
    drawn = {
        name: [measured(key)(tally, (("month", str(month)),)) for month, tally in material.months.items()]
        for key, name in (("answer_rate", "응대율"), ("service_level", "서비스레벨"))
    }
    queues = {value: tally for value, tally in material.queues.items() if tally.value("offered")}
    ranked = sorted(queues, key=lambda value: (-queues[value].contacts, str(value)))
    queue_rows = axis("queue", ranked, lambda value: material.name(Dimension.QUEUE, value))
    blocks: list[Block] = [
        *curves("service", "월별 응대율과 서비스레벨", labels, drawn),
        table("service", "월별 응대 현황", "월", rows, material.months, columns, total),
    ]
    if len(queues) > 1:
        blocks.append(table("queues", "대기열별 응대 현황", "대기열", queue_rows, queues, columns, total))
    return Section("service", title, tuple(_service_said(material)), tuple(blocks))


def _service_said(material: Material) -> list[Line]:
    total = material.total
    said = [
        line(
            "인입 ", measured("offered")(total, ()), " 가운데 ", measured("answered")(total, ()), "에 응대하고 ",
            measured("abandoned")(total, ()), "은 상담사와 연결되기 전에 끊김.",
        )
    ]  # fmt: skip
    if total.value("service_level") is not None:
        level, rate = measured("service_level")(total, ()), measured("answer_rate")(total, ())
        said.append(line("서비스레벨은 ", level, ", 응대율은 ", rate, "임."))
    if total.value("asa_seconds") is not None:
        said.append(line("응대한 상담은 평균 ", measured("asa_seconds")(total, ()), OBJECT, " 기다림."))
    rates = {str(month): tally for month, tally in material.months.items() if tally.population("answer_rate")}
    low = min(rates, key=lambda month: (float(rates[month].value("answer_rate") or 0), month))
    if len(rates) > 1:
        rate = measured("answer_rate")(rates[low], (("month", low),))
        said.append(line("응대율이 가장 낮은 달은 ", material.span.month_name(low), BY, " ", rate, "임."))
    return said


def handling(material: Material) -> Section:
    """자체처리와 넘긴 까닭."""
    title = "자체처리와 넘긴 까닭"
    total = material.total
    if not total.population("self_handled"):
        return Section("handling", title)
    columns = (
        Column("응대", measured("answered")),
        Column("자체처리", hits("self_handled", "handled_here")),
        Column("호전환", measured("transferred")),
        Column("부서 이관", measured("referred")),
        Column("자체처리율", measured("self_handled")),
        Column("1차 처리율", measured("fcr")),
    )
    shown = {root: tally for root, tally in material.roots.items() if tally.population("self_handled")}
    rows = axis("root", shown, str)
    rates = [(str(root), measured("self_handled")(tally, ())) for root, tally in shown.items()]
    blocks: list[Block] = [
        *bars("self_handled", "상담유형별 자체처리율", rates[:10]),
        table("self_handled", "상담유형별 자체처리 현황", "상담유형", rows, shown, columns, total),
    ]
    passed = [each for each in material.passed if each.passed_on]
    passed.sort(key=lambda each: (-each.passed_on, each.topic))
    if passed:
        blocks.append(_reasons(material, passed))
    return Section("handling", title, tuple(_handling_said(material, passed)), tuple(blocks))


def _reasons(material: Material, passed: Sequence[Passed]) -> Table:
    """What was passed on, by which aid was missing."""
    rest = passed[_MOST_TOPICS:] if len(passed) > _MOST_TOPICS + 1 else []
    shown = passed[: len(passed) - len(rest)]
    rows = [_reason_row(material.name(Dimension.TOPIC, each.topic), [each], (("topic", each.topic),)) for each in shown]
    if rest:
        rows.append(_reason_row(f"그 밖 {len(rest)}개", rest, (("topic", f"passed+{len(rest)}"),)))
    rows.append(_reason_row(TOTAL, passed, ()))
    headings = ("상담유형", "넘긴 건", "지식 안 씀", "조회 안 됨", "둘 다 없음")
    note = "'둘 다 없음'은 상담 지식도 쓰지 않고 행정정보 조회도 되지 않은 채 넘긴 건임."
    return Table("passed", "넘긴 상담의 까닭", headings, tuple(rows), total=True, note=note)


def _reason_row(name: str, passed: Sequence[Passed], of: Slice) -> tuple[Part, ...]:
    return (
        name.replace(PATH, " › "),
        number("passed_on", sum(each.passed_on for each in passed), Unit.CONTACTS, of),
        number("no_article", sum(each.no_article for each in passed), Unit.CONTACTS, of),
        number("no_look_up", sum(each.no_look_up for each in passed), Unit.CONTACTS, of),
        number("unaided", sum(each.unaided for each in passed), Unit.CONTACTS, of),
    )


def _handling_said(material: Material, passed: Sequence[Passed]) -> list[Line]:
    total = material.total
    said = [
        line(
            "응대한 ", measured("answered")(total, ()), " 가운데 ", hits("self_handled", "handled_here")(total, ()),
            "(", measured("self_handled")(total, ()), ")을 센터에서 처리함.",
        ),
        line(
            "호전환은 ", measured("transferred")(total, ()), ", 담당자 회신을 약속하거나 민원으로 넘긴 상담은 ",
            measured("referred")(total, ()), "임.",
        ),
    ]  # fmt: skip
    if passed:
        unaided = number("unaided", sum(each.unaided for each in passed), Unit.CONTACTS)
        whole = number("passed_on", sum(each.passed_on for each in passed), Unit.CONTACTS)
        said.append(line("넘긴 ", whole, " 가운데 ", unaided, "은 상담 지식이나 행정정보 조회의 도움 없이 넘김."))
    if total.value("fcr") is not None:
        fcr = measured("fcr")(total, ())
        said.append(line("같은 내용으로 다시 걸려 오지 않은 상담의 비율(1차 처리율)은 ", fcr, "임."))
    return said


def callbacks(material: Material) -> Section:
    """콜백 이행."""
    title = "콜백 약속과 이행"
    counted = [each for each in material.promised if each.counted]
    if not counted:
        return Section("callbacks", title)
    whole = _promise_numbers(counted, ())
    rows: list[tuple[Part, ...]] = [
        (material.span.month_name(each.month), *_promise_numbers([each], (("month", each.month),)))
        for each in sorted(counted, key=lambda each: each.month)
    ]
    rows.append((TOTAL, *whole))
    labels = [str(row[0]) for row in rows[:-1]]
    rates = [row[3] for row in rows[:-1] if isinstance(row[3], Number)]
    headings = ("월", "약속(건)", "기한 내 이행(건)", "콜백 이행률")
    blocks: tuple[Block, ...] = (
        *curves("callbacks", "월별 콜백 이행률", labels, {"콜백 이행률": rates}),
        Table("callbacks", "월별 콜백 약속과 이행", headings, tuple(rows), total=True, note="약속한 달을 기준으로 셈."),
    )
    said = (line("콜백 약속 ", whole[0], " 가운데 ", whole[1], "을 기한 안에 이행하여 이행률은 ", whole[2], "임."),)
    return Section("callbacks", title, said, blocks)


def _promise_numbers(promised: Sequence[Promised], of: Slice) -> tuple[Number, Number, Number]:
    counted, kept = sum(each.counted for each in promised), sum(each.kept for each in promised)
    return (
        number("promises", counted, Unit.CONTACTS, of),
        number("promises_kept", kept, Unit.CONTACTS, of),
        number("callback_kept", kept / counted, Unit.RATE, of),
    )


def survey(material: Material) -> Section:
    """만족도 조사."""
    title = "만족도 조사"
    items = [each for each in material.items if each.answers]
    items.sort(key=lambda each: (-each.points / each.answers, each.name))
    if not items:
        return Section("survey", title)
    rows = [(each.name, *_item_numbers([each], (("item", each.name),))) for each in items]
    total = _item_numbers(items, ())
    said = [*_asked(material), line("모든 문항의 평균은 ", total[1], "임.")]
    if len(items) > 1:
        (best, _, high), (worst, _, low) = rows[0], rows[-1]
        said.append(line(best, SUBJECT, " ", high, "으로 가장 높고, ", worst, SUBJECT, " ", low, "으로 가장 낮음."))
    headings = ("문항", "응답(건)", "평균(100점 만점)")
    blocks: tuple[Block, ...] = (
        *bars("survey", "문항별 만족도(100점 만점)", [(row[0], row[2]) for row in rows]),
        Table("survey", "문항별 만족도", headings, (*rows, (TOTAL, *total)), total=True),
    )
    return Section("survey", title, tuple(said), blocks)


def _item_numbers(items: Sequence[Item], of: Slice) -> tuple[Number, Number]:
    answers, points = sum(each.answers for each in items), sum(each.points for each in items)
    return number("answers", answers, Unit.COUNT, of), number("score", points / answers, Unit.SCORE, of)


def _asked(material: Material) -> list[Line]:
    total = material.total
    if not total.population("survey_response"):
        return []
    asked = number("surveyed", total.population("survey_response"), Unit.CONTACTS)
    answered = number("survey_answered", total.hits("survey_response"), Unit.CONTACTS)
    rate = number("survey_response", total.value("survey_response"), Unit.RATE)
    return [line("조사를 요청한 상담 ", asked, " 가운데 ", answered, "에서 답을 받아 응답률은 ", rate, "임.")]
