"""What every centre starts with: purposes. The demo gets the fictional city's systems as well."""

from __future__ import annotations

from haedap.apps.lookups.models import Purpose

PURPOSES = (
    ("bill", "요금·세금 문의 안내"),
    ("payment", "납부 방법·가상계좌 안내"),
    ("moving", "이사정산"),
    ("arrears", "체납·과태료 확인"),
    ("vehicle", "차량 등록·검사 안내"),
    ("address", "주소 확인"),
    ("change", "명의변경·감면 상담"),
    ("complaint", "이의신청·고충 상담"),
)


def put_purposes() -> int:
    """Fill the list when it is empty; returns how many rows were added."""
    if Purpose.objects.exists():
        return 0
    rows = [Purpose(key=key, name=name, position=place) for place, (key, name) in enumerate(PURPOSES)]
    return len(Purpose.objects.bulk_create(rows))
