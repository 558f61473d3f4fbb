"""The worker: what takes time, or has a time, away from calls and pages.

It is the one process in which the web's tables and the voice channel's files meet, so it stands beside both stacks
and belongs to neither.
"""
