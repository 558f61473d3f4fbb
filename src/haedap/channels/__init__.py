"""Channels: the wire on one side, events and decisions on the other. Channels do not know each other."""
