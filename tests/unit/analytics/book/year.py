"""A small year with something in every chapter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from haedap.analytics.book.asking import book_of, material_of
from haedap.analytics.book.material import Material, Span
from haedap.analytics.book.model import Book
from haedap.analytics.engines import Archive
from haedap.analytics.figures import FigureSettings
from tests.support.archives import NOW, Row, abandoned, an_archive, fact, seoul

YEAR = 2023
SPAN = Span.of_year(YEAR)
TOPICS = {
    "water.bill": ("상하수도 > 요금", "water", "수도과"),
    "water.moving": ("상하수도 > 이사정산", "water", "수도과"),
    "tax.property": ("세정 > 재산세", "tax", "세정과"),
    "car.register": ("차량 > 등록", "car", "차량등록사업소"),
}
DISTRICTS = ("가람동", "나루읍", "다솜면", "")


def facts(year: int = YEAR, every: int = 1) -> Iterator[Row]:
    """Contacts of every working day; `every`: how many days lie between two."""
    day = date(year, 1, 1)
    number = 0
    while day.year == year:
        if day.weekday() < 5:
            for hour in (9, 10, 14, 17):
                for code, (_path, _root, office) in TOPICS.items():
                    number += 1
                    yield _one(seoul(day.year, day.month, day.day, hour, 5), code, office, number)
        day += timedelta(days=every)


def _one(at: datetime, code: str, office: str, number: int) -> Row:
    placed = {"topic": code, "office": office, "district": DISTRICTS[number % 4]}
    if number % (4 if at.hour == 17 else 29) == 0:
        return abandoned(at, **placed)
    return fact(
        at,
        **placed,
        transferred=number % 5 == 0,
        referred=number % 23 == 0,
        article=number % 3 == 0,
        looked_up=code == "tax.property" and number % 2 == 0,
        again_after=86_400_000_000 if code == "car.register" and number % 6 == 0 else None,
        surveyed=number % 10 == 0,
        survey_items=4 if number % 20 == 0 else 0,
        survey_total=360 if number % 20 == 0 else 0,
    )


def burst() -> Iterator[Row]:
    """A water main bursts in July."""
    for minute in range(400):
        at = seoul(YEAR, 7, 11, 9, 0) + timedelta(minutes=minute)
        yield fact(at, topic="water.bill", office="수도과", district="가람동")


def rows(*years: Iterator[Row]) -> dict[str, list[Row]]:
    """All tables."""
    at = datetime(YEAR, 5, 2, tzinfo=NOW.tzinfo)
    day = at.date()
    topics = [
        {"code": code, "name": path.split(" > ")[1], "path": path, "parent": root, "root": root, "position": place}
        for place, (code, (path, root, _office)) in enumerate(TOPICS.items())
    ]
    promised = [
        {
            "id": str(number),
            "made_at": at,
            "day": day,
            "deadline": at + timedelta(hours=4),
            "ended_at": at + timedelta(hours=1 if number % 5 else 9),
            "outcome": "kept",
        }
        for number in range(60)
    ]
    cases = [
        {
            "office": "수도과" if number % 2 else "세정과",
            "state": "closed",
            "received_at": at,
            "day": day,
            "due_at": at + timedelta(days=7),
            "answered_at": at + timedelta(days=9 if number % 6 == 0 else 3),
        }
        for number in range(48)
    ]
    used = [
        {"contact": str(number), "code": f"a{number % 3}", "title": f"지식 {number % 3}", "at": at, "day": day}
        for number in range(40)
    ]
    answers = [
        {"contact": str(number), "item": item, "points": points, "asked_at": at, "day": day}
        for number in range(20)
        for item, points in (("handling", 90), ("satisfaction", 88), ("kindness", 95), ("quality", 91))
    ]
    gaps = [{"words": "전기차 보조금", "reason": "search", "times": 12, "last_at": at, "day": day}]
    return {
        "fact": [row for year in years for row in year],
        "topic": topics,
        "queue": [{"key": "general", "name": "종합상담", "position": 0, "service_level_seconds": 20}],
        "promise": promised,
        "case_file": cases,
        "article_use": used,
        "survey": answers,
        "gap": gaps,
    }


def a_material(folder: Path, tables: dict[str, list[Row]], span: Span = SPAN) -> Material:
    """What a book of these rows is made of."""
    return material_of(Archive([an_archive(folder, tables)]), span, FigureSettings(), centre="가람시 민원콜센터")


def a_book(folder: Path, tables: dict[str, list[Row]], span: Span = SPAN) -> Book:
    """The book of these rows."""
    return book_of(Archive([an_archive(folder, tables)]), span, FigureSettings(), centre="가람시 민원콜센터")


def one_contact(name: str) -> Row:
    """A contact whose office and district are called so."""
    return fact(seoul(YEAR, 3, 2, 9), topic=name, office=name, district=name)
