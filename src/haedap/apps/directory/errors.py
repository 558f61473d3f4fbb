"""What can go wrong with a directory; each message is one Korean sentence that says what to do."""


class DirectoryError(Exception):
    """Something that was asked for cannot be done."""


class PublishedError(DirectoryError):
    """A published edition is not changed."""


class UnsettledError(DirectoryError):
    """An edition with problems is not published."""
