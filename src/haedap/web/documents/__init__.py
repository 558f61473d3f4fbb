"""Documents that people print, send and keep: PDF and HWPX, with the house's font and manner."""


class DocumentError(Exception):
    """A document cannot be made; the message is one Korean sentence that says what to do."""
