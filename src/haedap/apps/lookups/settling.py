"""이사정산 in the panel of water and sewer: from a record that was looked up, a reading, and the city's tariff."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.desk.errors import DeskError
from haedap.apps.lookups import configuring, looking
from haedap.apps.lookups.asking import Asker
from haedap.apps.lookups.panels import settles
from haedap.apps.lookups.schemas import SettlementIn, SettlementOut, StepOut
from haedap.connectors import settlement
from haedap.connectors.port import ConnectorError
from haedap.connectors.settlement import Question


def settle(asker: Asker, key: str, body: SettlementIn) -> SettlementOut:
    """Raises Http404, or DeskError: as unmasking does, and 422 with a question where the citizen said something odd."""
    system, record, _roles = looking.found_again(asker, key, body.lookup, body.record)
    if not settles(system):
        raise Http404
    if not system.tariff:
        raise DeskError(409, "no_tariff", _("This system has no tariff yet. Connect the citizen to the department."))
    reading = settlement.reading_of(body.reading)
    if isinstance(reading, Question):
        raise _asked_back(reading)
    try:
        meter = settlement.meter_of(record)
        tariff = configuring.read_tariff(system.tariff)
        found = settlement.settle(meter, tariff, reading, body.on, timezone.localdate())
    except ConnectorError as error:
        raise DeskError(409, error.failure.value, error.sentence) from error
    if isinstance(found, Question):
        raise _asked_back(found)
    return SettlementOut(
        days=found.days,
        usage=found.usage,
        steps=[StepOut(label=step.label, working=step.working, won=step.won) for step in found.steps],
        total=found.total,
        notes=list(found.notes),
        read_out=found.read_out,
    )


def _asked_back(question: Question) -> DeskError:
    return DeskError(422, question.code.value, question.sentence)
