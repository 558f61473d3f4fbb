"""The configurations that come with the software: a start for a city's own, and what the demo asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_FOLDER = files("haedap.connectors") / "configurations"


def shipped() -> Mapping[str, dict[str, Any]]:
    """By key, in the order of their files' names. Their addresses are examples; a city fills in its own."""
    names = sorted(entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(".json"))
    read = (json.loads((_FOLDER / name).read_text(encoding="utf-8")) for name in names)
    return {configuration["key"]: configuration for configuration in read}
