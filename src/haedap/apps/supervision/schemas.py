"""What the supervisors' API takes."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from haedap.apps.desk.schemas import Input, Word, storable
from haedap.domain.states import Supervision


def _said(text: str) -> str:
    """A reason in words. Raises ValueError for one that is blank."""
    if not text.strip():
        raise ValueError("blank")
    return storable(text.strip())


Reason = Annotated[str, Field(min_length=2, max_length=200), AfterValidator(_said)]


class SuperviseIn(Input):
    """How to take part, and why."""

    contact: UUID
    mode: Supervision
    reason: Reason


class AboutIn(Input):
    contact: UUID


class TakeOverIn(Input):
    contact: UUID
    reason: Reason


class ForceIn(Input):
    """`reason`: of the list of reasons, with away only."""

    agent: Annotated[int, Field(ge=1, lt=2**31, strict=True)]
    state: Literal["available", "away", "signed_out"]
    reason: Word | None = None


class MoveIn(Input):
    contact: UUID
    queue: Word


class HelpIn(Input):
    """`wanted`: false takes the call back."""

    contact: UUID
    wanted: bool
