"""Makes the failures of one system, each with the sentence that its agent says."""

from __future__ import annotations

from haedap.connectors.configuration import Configuration
from haedap.connectors.port import (
    FailureCode,
    Misconfigured,
    PermanentFailure,
    SubjectField,
    SubjectInvalid,
    TemporaryFailure,
)

_LATER = "{title} 시스템이 지금 응답하지 않습니다. 잠시 뒤 다시 확인해 드리거나 담당 부서로 연결해 드리겠습니다."
_BUSY = "{title} 조회가 많아 잠시 기다려야 합니다. 조금 뒤 다시 확인해 드리겠습니다."
_UNREADABLE = "{title} 시스템의 응답이 올바르지 않습니다. 잠시 뒤 다시 확인해 드리겠습니다."
_REFUSED = "{title} 시스템에서 이 내용으로는 조회가 되지 않습니다. 담당 부서로 확인해 드리겠습니다."
_NOT_READY = "{title} 조회가 아직 준비되어 있지 않습니다. 담당 부서로 확인해 드리겠습니다."
_ASK_AGAIN = "죄송하지만 {label} 한 번 더 확인 부탁드립니다.{hint}"


class Failing:
    """The failures of the system that `configuration` describes. Reasons are English and hold no personal data."""

    def __init__(self, configuration: Configuration) -> None:
        self._title = configuration.title
        self._sentences = configuration.sentences

    def temporary(self, reason: str, code: FailureCode, *, again: bool = True) -> TemporaryFailure:
        usual = _BUSY if code in {FailureCode.BUSY, FailureCode.LIMIT} else _LATER
        return TemporaryFailure(reason, self._sentences.temporary or self._said(usual), code, again=again)

    def unreadable(self, reason: str) -> TemporaryFailure:
        """For an answer that is not what was agreed: garbage, half of one, another character set."""
        return TemporaryFailure(reason, self._said(_UNREADABLE), FailureCode.UNREADABLE)

    def refused(self, reason: str) -> PermanentFailure:
        return PermanentFailure(reason, self._sentences.permanent or self._said(_REFUSED))

    def misconfigured(self, reason: str, code: FailureCode = FailureCode.CONFIGURATION) -> Misconfigured:
        return Misconfigured(reason, self._said(_NOT_READY), code)

    def subject(self, field: SubjectField) -> SubjectInvalid:
        """For something missing or malformed that the agent can ask for again."""
        hint = f" ({field.hint})" if field.hint else ""
        return SubjectInvalid(field.name, _ASK_AGAIN.format(label=field.label, hint=hint))

    def _said(self, sentence: str) -> str:
        return sentence.format(title=self._title)
