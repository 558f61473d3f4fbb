"""What other apps may ask of the radar."""

from __future__ import annotations

from haedap.apps.radar.alarms import alarms_of, standing
from haedap.apps.radar.models import Alarm
from haedap.apps.radar.pins import pinned_articles

__all__ = ["Alarm", "alarms_of", "pinned_articles", "standing"]
