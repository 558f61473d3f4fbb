"""Files of articles: written and read back the same, and every bad file answered with a place and a sentence."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haedap.apps.knowledge.content import Content, faults, missing
from haedap.apps.knowledge.errors import UnreadableError
from haedap.apps.knowledge.formats import Read
from haedap.apps.knowledge.formats.archive import MOST_FILES, read_archive, write_archive
from haedap.apps.knowledge.formats.document import read_document
from haedap.apps.knowledge.formats.document_writing import write_document
from haedap.apps.knowledge.formats.front_matter import MOST_BYTES, read_markdown, write_markdown
from haedap.apps.knowledge.formats.table import read_table, write_table
from haedap.apps.knowledge.importing import read_file

ANSWER = """이사하는 날 계량기 숫자로 **그날까지** 정산합니다.

- 계량기 숫자를 읽습니다.
- 전화로 알려 줍니다.

### 안 맞을 때

| 경우 | 하는 일 |
| --- | --- |
| 숫자를 모름 | 검침원이 갑니다 |"""
ARTICLE = Content(
    code="water-moving",
    title="이사정산",
    topics=("상하수도 > 요금 > 이사정산",),
    office="상하수도사업소 > 요금팀",
    questions=("이사 가는데 수도요금 어떻게 해요?", "수도세 정산: 오늘"),
    keywords=("정산", "이사"),
    documents=("신분증",),
    fee="없음",
    law=("해답시 수도 급수 조례 제12조",),
    script="이사 나가는 날까지 쓴 요금만 내시면 됩니다.",
    answer=ANSWER,
    valid_from=date(2026, 1, 1),
    valid_until=date(2027, 12, 31),
    review_by=date(2026, 12, 31),
)
OTHER = Content(code="plain", title="=위험한 제목", questions=("no", "0600", "-5"), answer="한 줄", fee="null")

Writer = Callable[[Iterable[Content]], bytes]


@pytest.mark.parametrize(
    ("writer", "reader"),
    [(write_archive, read_archive), (write_table, read_table), (write_document, read_document)],
)
def test_written_and_read_back_the_same(writer: Writer, reader: Callable[[bytes], Read]) -> None:
    read = reader(writer([ARTICLE, OTHER]))
    assert read.problems == []
    assert [item.content for item in read.items] == [ARTICLE, OTHER]


_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40).map(
    lambda text: " ".join(text.split())
)


@settings(max_examples=60, deadline=None)
@given(title=_words, fee=_words, questions=st.lists(_words.filter(bool), max_size=4, unique=True), answer=_words)
def test_any_words_survive_markdown(title: str, fee: str, questions: list[str], answer: str) -> None:
    article = Content(code="any", title=title, fee=fee, questions=tuple(questions), answer=answer)
    read = read_markdown(write_markdown(article))
    assert read.problems == []
    assert read.items[0].content == article


def front(*lines: str) -> bytes:
    return "\n".join(["---", "code: a", "title: b", *lines, "---", "", "답"]).encode()


@pytest.mark.parametrize(
    ("data", "place", "word"),
    [
        (b"", "1행", "---"),
        (b"no fields", "1행", "---"),
        (b"---\ncode: a\n", "1행", "---"),
        (front("colour: red"), "4행", "colour"),
        (front("title: c"), "4행", "두 번"),
        (front("fee: [1, 2]"), "4행", "글 하나"),
        (front("questions: 하나"), "4행", "목록"),
        (front("questions:", "- 물어요: 답해요"), "5행", "따옴표"),
        (front("valid_from: 2026-02-30"), "4행", "날짜"),
        (front("valid_from: 내일"), "4행", "날짜"),
        (front("fee: 'open"), "", "읽을 수 없"),
        (front("fee: &a x", "script: *a"), "5행", "읽을 수 없"),
        (b"---\n- a\n---\n", "2행", "code: water"),
        (b"---\n" + b"[" * 5000 + b"\n---\n", "", "읽을 수 없"),
        (b"\xff\xff\xff\x80", "", "글자"),
        (b"---\n" + b"x" * MOST_BYTES, "", "256 KB"),
    ],
)
def test_what_is_wrong_in_a_markdown_file(data: bytes, place: str, word: str) -> None:
    read = read_markdown(data, "물.md")
    assert read.items == []
    assert read.problems[0].place.startswith("물.md")
    assert place in read.problems[0].place
    assert word in read.problems[0].sentence


def test_a_markdown_file_in_cp949_with_windows_lines() -> None:
    text = write_markdown(ARTICLE).decode().replace("\n", "\r\n")
    assert read_markdown(text.encode("cp949")).items[0].content == ARTICLE


def packed(files: dict[str, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_paths_in_an_archive_are_only_names() -> None:
    read = read_archive(
        packed({"../../etc/passwd.md": b"x", "C:\\a\\b.md": write_markdown(ARTICLE), "__MACOSX/x": b""})
    )
    assert [item.content for item in read.items] == [ARTICLE]
    assert [problem.place for problem in read.problems] == ["passwd.md 1행"]


def test_bombs_and_broken_archives_are_refused() -> None:
    with pytest.raises(UnreadableError, match="나누어"):
        read_archive(packed({"big.md": b"0" * (51 * 1024 * 1024)}))
    with pytest.raises(UnreadableError, match="나누어"):
        read_archive(packed({f"{number}.md": b"" for number in range(MOST_FILES + 1)}))
    with pytest.raises(UnreadableError, match="손상"):
        read_archive(packed({"a.md": write_markdown(ARTICLE)})[:-40])
    with pytest.raises(UnreadableError, match="손상"):
        read_archive(b"PK\x03\x04 not a zip")
    with pytest.raises(UnreadableError, match="없습니다"):
        read_archive(packed({"a.txt": b"x"}))


@pytest.mark.parametrize("way", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_wrong_bytes_in_an_archive_are_damage_however_it_is_packed(way: int) -> None:
    data = packed({"a.md": write_markdown(ARTICLE)}, way)
    for place in range(len(data)):
        broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        with contextlib.suppress(UnreadableError):
            read_archive(broken)


def test_wrong_bytes_in_a_document_are_told_in_a_sentence() -> None:
    data = write_document([ARTICLE])
    packed_text = data.index(b"Contents/section0.xml") + 60
    broken = data[:packed_text] + b"\xff" * 40 + data[packed_text + 40 :]
    with pytest.raises(UnreadableError, match="HWPX"):
        read_document(broken)


def test_an_archive_that_lies_about_a_size_is_not_unpacked_whole() -> None:
    data = bytearray(packed({"a.md": b"0" * 1_000_000}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableError):
        read_archive(bytes(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_table_in_the_encodings_of_offices(encoding: str) -> None:
    text = '코드,제목,질문,시행일\na-1,가로등,"고장\n깜깜해요",2026.1.5\n'
    content = read_table(text.encode(encoding)).items[0].content
    assert (content.code, content.title, content.questions) == ("a-1", "가로등", ("고장", "깜깜해요"))
    assert content.valid_from == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("이름,값\na,b\n".encode(), "코드"),
        ("코드,제목\n".encode(), "빈 파일"),
        ('코드,제목\n"a,b\n'.encode(), "따옴표"),
        (b"PK\x03\x04", "CSV"),
        ("코드,제목\na\0,b\n".encode(), "글자"),
    ],
)
def test_tables_that_are_none(data: bytes, word: str) -> None:
    with pytest.raises(UnreadableError, match=word):
        read_table(data)


def test_a_wrong_day_in_a_table_has_its_row() -> None:
    read = read_table("코드,제목,시행일\na,b,2026-13-01\n".encode())
    assert [(problem.place, read.items) for problem in read.problems] == [("2행", [])]


def test_documents_that_are_none() -> None:
    for data, word in (
        (b"\xd0\xcf\x11\xe0old", "HWPX로 저장"),
        (packed({"a": b""}), "한글에서"),
        (b"PK\x03\x04x", "손상"),
    ):
        with pytest.raises(UnreadableError, match=word):
            read_document(data)


def test_only_known_files_of_a_sensible_size_are_read() -> None:
    for name, data, word in (
        ("a.exe", b"x", ".md"),
        ("a.csv", b" \n", "빈 파일"),
        ("a.md", b"x" * (21 << 20), "20 MB"),
    ):
        with pytest.raises(UnreadableError, match=word):
            read_file(name, data)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "Not A Code"}, "code"),
        ({"code": "a" * 61}, "code"),
        ({"title": "가" * 121}, "title"),
        ({"questions": ("같은 말", "같은 말")}, "questions"),
        ({"questions": tuple(str(number) for number in range(31))}, "questions"),
        ({"keywords": ("가" * 61,)}, "keywords"),
        ({"answer": "\x00"}, "answer"),
        ({"valid_until": date(2025, 1, 1)}, "valid_until"),
        ({"review_by": date(1999, 1, 1)}, "review_by"),
    ],
)
def test_faults_name_their_field(change: dict[str, object], field: str) -> None:
    assert faults(ARTICLE) == []
    assert [fault.field for fault in faults(replace(ARTICLE, **change))] == [field]  # type: ignore[arg-type]


def test_what_is_missing_before_approval() -> None:
    assert missing(ARTICLE) == []
    assert {fault.field for fault in missing(Content(code="a"))} == {
        "title", "topics", "office", "questions", "script", "answer", "valid_from", "review_by",
    }  # fmt: skip
