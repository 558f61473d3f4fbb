"""Chromium in the hands of agents, supervisors and citizens; and citizens with a SIP telephone."""
