"""What can go wrong with the list of offices. Every message is one sentence for people."""


class OfficesError(Exception):
    """Root of this package's errors."""


class UnreadableError(OfficesError):
    """The file cannot be taken as a list of officers."""


class SourceError(OfficesError):
    """A directory did not answer as it should; what is stored stays as it is."""


class StaleDraftError(OfficesError):
    """Between preview and confirmation the draft was used up, or the offices were changed."""
