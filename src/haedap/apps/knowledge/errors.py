"""What can go wrong with articles. Every message is one sentence for people."""


class KnowledgeError(Exception):
    """Root of this package's errors."""


class UnreadableError(KnowledgeError):
    """The file cannot be taken as articles at all."""


class RefusedError(KnowledgeError):
    """The article is not in a state in which this can be done, or something that it needs is missing."""


class StaleError(KnowledgeError):
    """Somebody else has changed it in the meantime; nothing was written."""
