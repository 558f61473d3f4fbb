"""What others may ask of the transcripts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from haedap.apps.contacts.api import Contact
from haedap.apps.contacts.masking import masked_of_contact
from haedap.apps.transcripts.models import TranscriptPiece

_NAMES = {TranscriptPiece.Side.CITIZEN: "민원인", TranscriptPiece.Side.AGENT: "상담사"}


def keep(contact: UUID, side: str, text: str, started_at: datetime, ended_at: datetime) -> None:
    """Store what was said without the personal data in it. A contact that is not in the record keeps nothing."""
    found = Contact.objects.filter(pk=contact).first()
    storable = text.replace("\0", "").encode(errors="replace").decode()
    kept = "" if found is None else masked_of_contact(storable, found).strip()
    if kept:
        TranscriptPiece.objects.create(contact=contact, side=side, text=kept, started_at=started_at, ended_at=ended_at)


def pieces_of(contact: UUID, after: int = 0) -> list[TranscriptPiece]:
    """The pieces that were kept after the one with the id `after`, in the order in which they were kept."""
    return list(TranscriptPiece.objects.filter(contact=contact, pk__gt=after).order_by("pk"))


def text_of(contact: UUID) -> str:
    """All that was said, a piece a line, in the order of speaking: `민원인: …`. Empty without a transcript."""
    pieces = TranscriptPiece.objects.filter(contact=contact).order_by("started_at", "pk")
    return "\n".join(f"{_NAMES[TranscriptPiece.Side(piece.side)]}: {piece.text}" for piece in pieces)


def forget_old() -> int:
    """Remove what is older than the centre keeps it; returns how many pieces."""
    over = timezone.now() - timedelta(days=settings.HAEDAP.transcript_days)
    removed, _by_model = TranscriptPiece.objects.filter(started_at__lt=over).delete()
    return removed
