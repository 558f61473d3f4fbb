"""Look-ups in a city's own systems: one port, a guard before every system, and kinds that are set up without code."""
