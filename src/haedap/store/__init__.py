"""The journal and the read models in PostgreSQL: the only way of the engine to its tables.

Django's migrations make the tables.

* `journal`: what happened, what was decided, what became true; only the holder of the lock writes it.
* `snapshots`, `commands`, `plans`, `phones`: what the engine reads and marks besides.
* `records`, `projector`: the tables that screens and figures read, folded from the journal's facts.
"""


class StoreError(Exception):
    """The root of what goes wrong here."""


class StoreUnavailableError(StoreError):
    """PostgreSQL does not answer, or not for writing. Worth trying again."""


class TakenOverError(StoreError):
    """Another engine wrote the journal: what this one knows is out of date, it must start anew."""


class CommandsWithdrawnError(StoreError):
    """Some commands of the batch were withdrawn or finished meanwhile; nothing of the batch was written."""

    def __init__(self, commands: frozenset[str]) -> None:
        super().__init__("commands were withdrawn before they took effect")
        self.commands = commands
