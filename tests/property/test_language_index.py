"""Whatever comes and goes: the index is as if it had just been built, filters hold, marks lie within the text."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from haedap.language.entries import Entry, Key, Question, passages_of
from haedap.language.index import Index
from haedap.language.marks import spans_of
from haedap.language.words import compact, words_of
from tests.unit.language.fakes import HashedWords, PlainWords

TODAY = date(2026, 11, 22)
WORDS = ["여권", "재발급", "수도", "요금", "이사", "정산", "대형폐기물", "소파", "버리기", "주차", "a1"]
_phrases = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
_days = st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))
_entries = st.builds(
    Entry,
    kind=st.sampled_from(["article", "contact"]),
    key=st.sampled_from("abcdef"),
    title=_phrases,
    questions=_phrases,
    body=_phrases,
    keywords=_phrases,
    filters=st.dictionaries(st.sampled_from(["topic", "office"]), st.lists(st.sampled_from("123"), max_size=2)),
    valid_from=_days,
    valid_until=_days,
)
_drops = st.builds(Key, st.sampled_from(["article", "contact"]), st.sampled_from("abcdef"))
_questions = st.builds(
    Question,
    text=_phrases,
    kinds=st.lists(st.sampled_from(["article", "contact"]), max_size=2, unique=True),
    filters=st.dictionaries(st.sampled_from(["topic", "office"]), st.sampled_from("123")),
    at=st.just(TODAY),
    limit=st.integers(0, 20),
)


def put(index: Index, entry: Entry) -> None:
    index.put_all([entry])
    index.put_vectors(entry, HashedWords().passages(passages_of(entry)))


@settings(max_examples=60, deadline=None)
@given(changes=st.lists(_entries | _drops, max_size=40), questions=st.lists(_questions, min_size=1, max_size=4))
def test_an_index_after_any_changes_answers_like_a_new_one(
    changes: list[Entry | Key], questions: list[Question]
) -> None:
    changed, standing = Index(PlainWords(), HashedWords()), dict[Key, Entry]()
    for change in changes:
        if isinstance(change, Entry):
            put(changed, change)
            standing[change.id] = change
        else:
            changed.drop(change)
            standing.pop(change, None)
    new = Index(PlainWords(), HashedWords())
    for entry in standing.values():
        put(new, entry)
    for question in questions:
        hits = changed.search(question)
        assert hits == new.search(question)
        for hit in hits:
            keeps_to_the_question(standing[Key(hit.kind, hit.key)], question)
            entry = standing[Key(hit.kind, hit.key)]
            for mark in hit.marks:
                assert 0 <= mark.start < mark.end <= len(getattr(entry, mark.field))


def keeps_to_the_question(entry: Entry, question: Question) -> None:
    assert not question.kinds or entry.kind in question.kinds
    assert all(value in entry.filters.get(name, []) for name, value in question.filters.items())
    assert entry.valid_from is None or entry.valid_from <= question.at
    assert entry.valid_until is None or entry.valid_until >= question.at


def test_gaps_are_closed_without_a_change_to_what_is_found() -> None:
    index = Index(PlainWords(), HashedWords())
    for number in range(3000):
        put(index, Entry(kind="article", key=f"{number}", title=f"수도 {WORDS[number % len(WORDS)]} {number}"))
        index.drop(Key("article", f"{number - 5}"))
    new = Index(PlainWords(), HashedWords())
    for number in range(2995, 3000):
        put(new, Entry(kind="article", key=f"{number}", title=f"수도 {WORDS[number % len(WORDS)]} {number}"))
    for text in ("수도", "여권 2996", "ㅅㄷ", "2999"):
        question = Question(text=text, at=TODAY)
        assert index.search(question) == new.search(question)


@given(st.text(max_size=60))
def test_the_normal_form_of_the_normal_form_is_itself(text: str) -> None:
    once = " ".join(words_of(text))
    assert " ".join(words_of(once)) == once
    assert compact(compact(text)) == compact(text)


@given(st.lists(st.text(max_size=6), max_size=5), st.text(max_size=60))
def test_marks_lie_in_the_text_in_order_and_say_what_was_sought(words: list[str], text: str) -> None:
    sought = {compact(word) for word in words}
    end = 0
    for span in spans_of(sought, text):
        assert end <= span.start < span.end <= len(text)
        end = span.end
        assert any(word and word in compact(text[span.start : span.end]) for word in sought)
