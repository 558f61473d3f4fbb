"""What every centre starts with: purposes. The demo gets the invented city's systems as well."""

from __future__ import annotations

import json

import msgspec
from django.conf import settings

from haedap.apps.lookups import keeping
from haedap.apps.lookups.models import Level, Purpose, System
from haedap.connectors.tariff import demo_tariff
from haedap.fake_city.addresses import demo_systems

_PURPOSES = (
    ("bill", "요금·세금 문의 안내"),
    ("payment", "납부 방법·가상계좌 안내"),
    ("moving", "이사정산"),
    ("arrears", "체납·과태료 확인"),
    ("vehicle", "차량 등록·검사 안내"),
    ("progress", "민원 처리 상황 안내"),
    ("address", "주소 확인"),
    ("change", "명의변경·감면 상담"),
    ("complaint", "이의신청·고충 상담"),
)
_WATER = "water"
_OPEN = frozenset({"road_address", "parking_lot"})
"""Nobody's data."""


def put_purposes() -> int:
    """Fill the list when it is empty; returns how many rows were added."""
    if Purpose.objects.exists():
        return 0
    rows = [Purpose(key=key, name=name, position=place) for place, (key, name) in enumerate(_PURPOSES)]
    return len(Purpose.objects.bulk_create(rows))


def put_demo_systems() -> int:
    """The systems of the invented city, when there are none at all; returns how many were added."""
    if System.objects.exists():
        return 0
    for place, demo in enumerate(demo_systems(settings.HAEDAP)):
        key = str(demo.configuration["key"])
        system = System(
            key=key,
            title=demo.configuration["title"],
            kind=demo.configuration["kind"],
            configuration=json.dumps(demo.configuration, ensure_ascii=False, indent=2),
            level=Level.NONE if key in _OPEN else Level.ASKED,
            position=place,
            tariff=_demo_tariff() if key == _WATER else "",
        )
        if demo.secrets:
            keeping.set_secrets(system, demo.secrets)
        system.save(force_insert=True)
    return System.objects.count()


def _demo_tariff() -> str:
    return json.dumps(msgspec.to_builtins(demo_tariff()), ensure_ascii=False, indent=2)
