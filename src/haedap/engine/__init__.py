"""The shell round the router: takes events, lets the router decide, journals, and only then performs.

Everything that happens is in the journal before anything is done about it. After a crash the router's state is made
anew from the journal, the channels say what is true, and the centre goes on. See docs/explain/engine.md.
"""


class EngineError(Exception):
    """The root of what goes wrong here."""


class UnreadableJournalError(EngineError):
    """The journal or a snapshot was written by another version and cannot be used by this one."""
