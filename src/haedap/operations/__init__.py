"""Setting up, starting, watching and examining a centre's processes."""


class OperationsError(Exception):
    """The centre cannot be set up, started or examined; the message is one Korean sentence with the mending step."""
