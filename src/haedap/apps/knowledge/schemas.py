"""What the desk sends about articles."""

from __future__ import annotations

from uuid import UUID

from ninja import Field, Schema

from haedap.apps.knowledge.models import LONGEST_WORD, ArticleUse


class UseIn(Schema):
    """An article used in a contact."""

    contact: UUID
    how: ArticleUse.How


class RatingIn(Schema):
    """Was it right? `text`: what is wrong."""

    contact: UUID | None = None
    right: bool
    text: str = Field("", max_length=LONGEST_WORD)


class GapIn(Schema):
    """What an article is missing for."""

    contact: UUID | None = None
    text: str = Field(min_length=2, max_length=LONGEST_WORD)


class UsedOut(Schema):
    """An article of a contact, by its code, and how it was used."""

    article: str
    how: str
