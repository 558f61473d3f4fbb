"""Personal data in Korean text: found and masked by rules. Pure: no model, no clock, no file but its own word lists.

`find` tells where it is, `mask` puts labels in its place. The rules know the forms in which citizens and agents write
and say them: spoken digits, blanks anywhere, look-alikes of hyphens.
"""

from haedap.language.masking.finding import find, mask
from haedap.language.masking.spans import LABELS, Kind, Span

__all__ = ["LABELS", "Kind", "Span", "find", "mask"]
