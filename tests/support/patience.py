"""How long a test waits for what must come: the one guard against hanging.

A test that passes goes on as soon as what it waits for is there, so that patience costs nothing. These are no claims
about speed: a test that claims something is quick measures that itself and says where.
"""

from __future__ import annotations

PATIENCE = 90.0
"""Seconds: more than anything takes on a machine where every worker is busy. What did not come by then never comes."""

PATIENCE_MS = PATIENCE * 1000
"""The same for browsers."""

LONG_PATIENCE = 2 * PATIENCE
"""Seconds for whole programs: a centre that starts, with its database, its sounds and half a dozen processes one after
the other; a set-up; a command of `haedap` that reads everything there is."""
