"""The invented people of 해답시 and what the city's systems know of them.

Everything follows from a seed, a number and the day: the same household always has the same car and the same bills.
Nothing can be real: numbers 010-0000-xxxx, plates of the series 00, accounts of zeros.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from haedap.connectors import settlement
from haedap.connectors.tariff import demo_tariff

MOST_PEOPLE = 10_000
_KNOWN = {"01000001234": "홍시민", "01000005678": "나주민", "0200009012": "도구민"}
_KNOWN_AT = {int(telephone[-4:]): telephone for telephone in _KNOWN}
_HOME, _HOME_PIPE = "가정용", 15
_TARIFF = demo_tariff()
_MOBILE_DIGITS, _TAIL_DIGITS = 11, 4
_SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
_GIVEN = (
    "가람",
    "한결",
    "미르",
    "가온",
    "새롬",
    "새봄",
    "해솔",
    "소담",
    "마루",
    "보람",
    "나래",
    "바다",
    "다온",
    "하늘",
    "은별",
)
_ROADS = (
    ("느티나무로", "행복동"),
    ("물빛로", "미르동"),
    ("해답대로", "해솔동"),
    ("달맞이길", "나래동"),
    ("은하수길", "다온동"),
)
_CARS = ("소형 승용", "중형 승용", "대형 승용", "소형 화물", "승합")
_PLATE_LETTERS = "가나다라마거너더러머"
_PLACES = ("해답역 앞", "시청 후문", "가온초등학교 어린이보호구역", "미르시장 입구", "다온사거리 횡단보도")


@dataclass(frozen=True, slots=True, kw_only=True)
class Levy:
    """One demand for money. `paid_on` None: unpaid."""

    key: str
    name: str
    subject: str
    amount: int
    surcharge: int
    levied_on: date
    due_on: date
    pay_number: str
    account: str
    paid_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A water meter and its last bill."""

    customer_number: str
    use_class: str
    pipe_mm: int
    households: int
    reduction: str
    last_reading: int
    last_reading_on: date
    usage: int
    billed: int
    due_on: date
    unpaid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A registered vehicle."""

    plate: str
    model: str
    registered_on: date
    inspection_from: date
    inspection_until: date
    seizures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fine:
    """A parking fine with where and when the car stood."""

    levy: Levy
    seen_at: str
    place: str
    zone: str
    first_fine: int
    reduced: int
    opinion_from: date
    opinion_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Petition:
    """A civil application and how far it is."""

    number: str
    title: str
    office: str
    received_on: date
    due_on: date
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """All that the city knows of one telephone number, written in digits."""

    telephone: str
    name: str
    address: str
    lot_address: str
    zip_code: str
    taxes: tuple[Levy, ...]
    charges: tuple[Levy, ...]
    meter: Meter
    car: Car | None
    fines: tuple[Fine, ...]
    petitions: tuple[Petition, ...]
    bulky_waste: tuple[str, ...]
    overdue_books: int


def household(number: int, seed: int, today: date) -> Household:
    """The household with the last four digits `number`."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - invented people
    telephone = _KNOWN_AT.get(number, f"0100000{number:04}")
    known = telephone in _KNOWN
    road, town = chance.choice(_ROADS)
    house = chance.randint(1, 240)
    car = _car(number, chance, today) if known or chance.random() < 0.7 else None
    return Household(
        telephone=telephone,
        name=_KNOWN.get(telephone, chance.choice(_SURNAMES) + chance.choice(_GIVEN)),
        address=f"해답시 {road} {house}, {chance.randint(1, 20)}동 {chance.randint(101, 2504)}호",
        lot_address=f"해답시 {town} {chance.randint(1, 800)}-{chance.randint(1, 30)}",
        zip_code=f"00{chance.randint(100, 999)}",
        taxes=_taxes(number, chance, today, car, always=known),
        charges=_charges(number, chance, today, always=known),
        meter=_meter(number, chance, today),
        car=car,
        fines=_fines(number, chance, today, always=known) if car else (),
        petitions=_petitions(number, chance, today),
        bulky_waste=chance.choice(((), ("3인용 소파 1점", "장롱 1점"), ("매트리스 1점",))),
        overdue_books=chance.choice((0, 0, 0, 1, 2)),
    )


def number_of(telephone: str) -> int | None:
    """The household's number for a telephone number in digits; None for one that nobody here has."""
    if telephone in _KNOWN:
        return int(telephone[-4:])
    tail = telephone.removeprefix("0100000")
    is_one = len(telephone) == _MOBILE_DIGITS and len(tail) == _TAIL_DIGITS and tail.isascii() and tail.isdigit()
    return int(tail) if is_one and int(tail) not in _KNOWN_AT else None


def number_of_plate(plate: str) -> int | None:
    """The household's number for a plate."""
    compact = plate.replace(" ", "")
    if len(compact) == len("00가0000") and compact[:2] == "00" and compact[3:].isdigit():
        number = int(compact[3:])
        return number if compact[2] == _letter(number) else None
    return None


def _letter(number: int) -> str:
    return _PLATE_LETTERS[number % len(_PLATE_LETTERS)]


def _levy(key: str, name: str, subject: str, amount: int, due_on: date, today: date, *, paid: bool = False) -> Levy:
    late = due_on < today and not paid
    tail = f"{abs(hash_of(key)) % 10**8:08}"
    return Levy(
        key=key,
        name=name,
        subject=subject,
        amount=amount,
        surcharge=amount * 3 // 100 // 10 * 10 if late else 0,
        levied_on=due_on - timedelta(days=20),
        due_on=due_on,
        pay_number=f"00000000000{tail}",
        account=f"000-0000-{tail[:4]}-{tail[4:6]}",
        paid_on=due_on - timedelta(days=3) if paid else None,
    )


def hash_of(text: str) -> int:
    """A number that follows from the text alone, in every process."""
    return random.Random(text).getrandbits(63)  # noqa: S311 - invented numbers


def _taxes(number: int, chance: random.Random, today: date, car: Car | None, *, always: bool) -> tuple[Levy, ...]:
    due = _month_end(today, chance.choice((0, 1)))
    late = _month_end(today, -2)
    found = []
    if always or chance.random() < 0.6:
        found.append(_levy(f"T{number}-1", "재산세(주택)", "주택", chance.randint(60, 480) * 1000, due, today))
    if car is not None:
        amount = chance.randint(70, 260) * 1000
        paid = chance.random() < 0.6 and not always
        found.append(_levy(f"T{number}-2", "자동차세", car.plate, amount, late, today, paid=paid))
    if chance.random() < 0.3:
        found.append(_levy(f"T{number}-3", "주민세(개인분)", "세대주", 11_000, _month_end(today, -3), today, paid=True))
    return tuple(found)


def _charges(number: int, chance: random.Random, today: date, *, always: bool) -> tuple[Levy, ...]:
    found = []
    if always or chance.random() < 0.25:
        amount = chance.randint(2000, 9000) * 10
        found.append(_levy(f"C{number}-1", "환경개선부담금", "경유차", amount, _month_end(today, 0), today))
    if chance.random() < 0.15:
        due = _month_end(today, -1)
        found.append(_levy(f"C{number}-2", "폐기물 무단투기 과태료", "행복동", 200_000, due, today))
    return tuple(found)


def _meter(number: int, chance: random.Random, today: date) -> Meter:
    read_on = date(today.year, today.month, 5) if today.day > 5 else _month_end(today, -2) + timedelta(days=5)
    use_class = chance.choice((_HOME,) * 6 + ("일반용", "대중탕용"))
    pipe_mm = _HOME_PIPE if use_class == _HOME else chance.choice((20, 25))
    reduction = chance.choice(("", "", "", "기초생활수급자", "다자녀")) if use_class == _HOME else ""
    usage = chance.randint(8, 38)
    billed = _bill(use_class, pipe_mm, reduction, usage)
    return Meter(
        customer_number=f"{100_000_000 + number * 7:09}",
        use_class=use_class,
        pipe_mm=pipe_mm,
        households=1,
        reduction=reduction,
        last_reading=chance.randint(100, 4800),
        last_reading_on=read_on,
        usage=usage,
        billed=billed,
        due_on=_month_end(today, 0),
        unpaid=chance.choice((0, 0, billed, billed + 31_200)),
    )


@cache
def _bill(use_class: str, pipe_mm: int, reduction: str, usage: int) -> int:
    """A month's bill by the city's tariff."""
    meter = settlement.Meter(
        use_class=use_class, pipe_mm=pipe_mm, reduction=reduction, last_reading=0, last_reading_on=date.min
    )
    return sum(step.won for step in settlement.charges(_TARIFF, meter, usage, _TARIFF.month_days))


def _car(number: int, chance: random.Random, today: date) -> Car:
    registered = today - timedelta(days=chance.randint(900, 4000))
    middle = today + timedelta(days=chance.randint(-80, 300))
    return Car(
        plate=f"00{_letter(number)}{number:04}",
        model=chance.choice(_CARS),
        registered_on=registered,
        inspection_from=middle - timedelta(days=90),
        inspection_until=middle + timedelta(days=31),
        seizures=chance.choice((0, 0, 0, 0, 1)),
    )


def _fines(number: int, chance: random.Random, today: date, *, always: bool) -> tuple[Fine, ...]:
    if not always and chance.random() > 0.35:
        return ()
    seen = today - timedelta(days=chance.randint(4, 40))
    place = chance.choice(_PLACES)
    child_zone = "어린이" in place
    amount = 120_000 if child_zone else 40_000
    reduced = amount * 8 // 10
    opinion_until = seen + timedelta(days=23)
    levy = _levy(f"P{number}-1", "주정차 위반 과태료", f"00{_letter(number)}{number:04}", amount, opinion_until, today)
    return (
        Fine(
            levy=levy,
            seen_at=f"{seen:%Y%m%d}{chance.randint(9, 19):02}{chance.randint(0, 59):02}00",
            place=place,
            zone="어린이보호구역" if child_zone else "일반",
            first_fine=amount,
            reduced=reduced,
            opinion_from=seen + timedelta(days=3),
            opinion_until=opinion_until,
        ),
    )


def _petitions(number: int, chance: random.Random, today: date) -> tuple[Petition, ...]:
    titles = (
        ("건축물대장 정정 신청", "건축과"),
        ("음식점 영업자 지위승계 신고", "보건소"),
        ("도로 파손 보수 요청", "도로과"),
    )
    found = []
    for index in range(chance.choice((0, 0, 1, 2))):
        title, office = chance.choice(titles)
        received = today - timedelta(days=chance.randint(1, 12))
        found.append(
            Petition(
                number=f"{received:%Y%m%d}{number:05}{index}",
                title=title,
                office=office,
                received_on=received,
                due_on=received + timedelta(days=10),
                state=chance.choice(("접수", "처리중", "처리완료")),
            )
        )
    return tuple(found)


def _month_end(today: date, months: int) -> date:
    """The last day of the month so many months from now."""
    month = today.year * 12 + today.month + months
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)
