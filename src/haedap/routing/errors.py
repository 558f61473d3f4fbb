"""What can go wrong in routing. Events never are: every event is handled in every state."""


class RoutingError(Exception):
    """The root of this package's exceptions."""


class SnapshotFormatUnknown(RoutingError):  # noqa: N818 - named for what it says, as the callers read it
    """The snapshot was taken by a version with other records: replay the journal instead."""


class InvariantBroken(RoutingError):  # noqa: N818
    """The router contradicts itself: a defect of this package."""
