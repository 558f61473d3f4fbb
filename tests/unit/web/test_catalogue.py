"""Korean texts: nothing untranslated, nothing fuzzy, nothing left out, nothing that nobody asks for."""

from __future__ import annotations

from collections.abc import Iterable

from babel.messages.catalog import Catalog, Message
from django.utils.translation import override

from haedap.apps.cases.models import CaseState
from haedap.apps.knowledge.models import ArticleVersion
from haedap.apps.radar.models import Alarm, AlarmStep
from haedap.web.catalogue import kept, wanted


def texts(catalogue: Catalog) -> Iterable[Message]:
    return (message for message in catalogue if message.id)


def keys(catalogue: Catalog) -> set[tuple[str, str | None]]:
    return {
        (message.id if isinstance(message.id, str) else message.id[0], message.context) for message in texts(catalogue)
    }


def test_the_catalogue_has_every_text_of_code_and_templates_and_no_other() -> None:
    assert keys(kept()) == keys(wanted())


def test_every_text_is_translated() -> None:
    untranslated = [message.id for message in texts(kept()) if not message.string or not all(message.string)]
    assert untranslated == []
    assert [message.id for message in texts(kept()) if message.fuzzy] == []


def test_every_translation_takes_the_same_arguments() -> None:
    wrong = [(message.id, [str(error) for error in message.check()]) for message in texts(kept())]
    assert [(text, errors) for text, errors in wrong if errors] == []


def test_translations_are_korean() -> None:
    hangul = range(0xAC00, 0xD7A4)
    foreign = [
        message.id
        for message in texts(kept())
        if not any(ord(character) in hangul for character in "".join(message.string or ()))
    ]
    assert foreign == []


def test_a_word_of_several_meanings_has_each_in_its_place() -> None:
    states = (
        CaseState.CLOSED,
        CaseState.WITHDRAWN,
        Alarm.State.CLOSED,
        AlarmStep.Step.CLOSED,
        ArticleVersion.State.WITHDRAWN,
    )
    with override("ko"):
        assert [str(state.label) for state in states] == ["종결", "취하", "종료", "종료", "사용 중지"]
