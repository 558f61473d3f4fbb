"""보관소 (archive): the facts, what stands beside them and the journal, as Parquet, without personal data.

* `manifest`: which files count. Nothing else does, so a file that was written in vain is no row too many.
* `changes`: which months have changed in the database since the last time.
* `writing`: brings an archive up to date, and may be killed at any moment.
"""

from haedap.analytics import AnalyticsError


class ArchiveError(AnalyticsError):
    """The archive cannot be written or read; the message is one Korean sentence."""
