"""The API of what can be chosen: topics, dispositions, reasons to be away, kinds of abuse."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from haedap.apps.accounts.api_auth import SIGNED_IN, RoleAuth
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.schemas import AbuseKindOut, AwayReasonOut, DispositionOut, ErrorOut, TopicOut
from haedap.apps.supervision import flags
from haedap.domain.states import ENDED_AT_ONCE

router = Router(tags=["lists"], auth=RoleAuth(SIGNED_IN))
_REFUSALS = {401: ErrorOut, 403: ErrorOut}


@router.get("/topics", response={200: list[TopicOut], **_REFUSALS})
def topics(request: HttpRequest) -> list[TopicOut]:  # noqa: ARG001 - the same for everybody
    """상담유형, the tree of those in use."""
    return [TopicOut.from_orm(topic) for topic in contacts.topic_tree()]


@router.get("/dispositions", response={200: list[DispositionOut], **_REFUSALS})
def dispositions(request: HttpRequest) -> list[DispositionOut]:  # noqa: ARG001
    """처리결과."""
    return [DispositionOut.from_orm(disposition) for disposition in contacts.dispositions()]


@router.get("/away-reasons", response={200: list[AwayReasonOut], **_REFUSALS})
def away_reasons(request: HttpRequest) -> list[AwayReasonOut]:  # noqa: ARG001
    """이석 사유 that an agent may choose."""
    return [AwayReasonOut.from_orm(reason) for reason in centre.away_reasons()]


@router.get("/abuse-kinds", response={200: list[AbuseKindOut], **_REFUSALS})
def abuse_kinds(request: HttpRequest) -> list[AbuseKindOut]:  # noqa: ARG001
    """폭언 유형, and whether a call may be ended for it without a warning."""
    return [AbuseKindOut(key=key, name=str(name), at_once=key in ENDED_AT_ONCE) for key, name in flags.kinds()]
