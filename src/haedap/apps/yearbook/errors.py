"""What can be wrong with what somebody asks of a yearbook."""


class YearbookError(Exception):
    """It cannot be done as asked; the message is one Korean sentence that says what to do."""


class TextChangedError(YearbookError):
    """Somebody else has saved another text meanwhile."""
