"""PDF for people and for their screen readers: tagged PDF/UA-1, in Korean, with the house's font in it.

Text goes in as HTML and keeps its meaning: headings, tables with their heads, lists and pictures with their names
become the tags of the same kind. Nothing is fetched: pictures come inside the HTML.
"""

from __future__ import annotations

import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.html import escape
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from haedap.apps.centre import api as centre
from haedap.web.documents import fonts

_STYLES = Path(__file__).with_name("print.css")
_WORD = re.compile(r"\S+")
_BREAKABLE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]")
_LONGEST = 24
"""A word of more letters is no Korean word and may be broken, or it would run off the page."""
_VERBATIM = frozenset({"svg", "style", "script", "title", "pre", "textarea"})


def render(html: str, *, title: str, styles: str = "") -> bytes:
    """`html`, the contents of a body, as a document called `title`, which stands at the head of each page.

    `styles`: rules after the house's own. Each page says that its figures are synthetic when they are.
    Raises DocumentError when the server lacks the font.
    """
    configuration = FontConfiguration()
    sheets = _sheets(title, styles, configuration)
    document: bytes = _page(html, title).write_pdf(
        stylesheets=sheets, font_config=configuration, pdf_variant="pdf/ua-1"
    )
    return document


def page_count(html: str, *, title: str, styles: str = "") -> int:
    """How many pages `render` would make. Raises DocumentError when the server lacks the font."""
    configuration = FontConfiguration()
    sheets = _sheets(title, styles, configuration)
    return len(_page(html, title).render(stylesheets=sheets, font_config=configuration).pages)


def _sheets(title: str, styles: str, configuration: FontConfiguration) -> list[CSS]:
    faces = CSS(string=_font_faces(), font_config=configuration, url_fetcher=URLFetcher(allowed_protocols={"file"}))
    sheet = partial(CSS, font_config=configuration, url_fetcher=_OnlyInside())
    return [faces, *(sheet(string=text) for text in (_STYLES.read_text(encoding="utf-8"), _heads(title), styles))]


def _page(html: str, title: str) -> HTML:
    text = (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body>{keep_words(html)}</body></html>"
    )
    return HTML(string=text, url_fetcher=_OnlyInside())


def keep_words(html: str) -> str:
    """The same HTML with each word that has Korean letters in a span of the class `w`, which is not broken."""
    keeper = _WordKeeper()
    keeper.feed(html)
    keeper.close()
    return "".join(keeper.out)


class _OnlyInside(URLFetcher):  # type: ignore[misc] # it has no types
    """Refuses every address but those that hold their contents themselves."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"})

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
        if urlsplit(url).scheme != "data":
            raise ValueError("documents fetch nothing")
        return super().fetch(url, headers)


class _WordKeeper(HTMLParser):
    """Passes everything on as it is, but words between tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._text: list[str] = []
        self._verbatim = 0

    def close(self) -> None:
        super().close()
        self._flush()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its protocol
        self._flush()
        self._verbatim += tag in _VERBATIM
        self.out.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its protocol
        self._flush()
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        self._verbatim -= tag in _VERBATIM and self._verbatim > 0
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_entityref(self, name: str) -> None:
        self._text.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._text.append(f"&#{name};")

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        self.out.append(text if self._verbatim else _WORD.sub(_kept, text))


def _kept(word: re.Match[str]) -> str:
    text = word[0]
    if len(_BREAKABLE.findall(text)) < 2 or len(text) > _LONGEST:
        return text
    return f'<span class="w">{text}</span>'


def _font_faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "{fonts.FAMILY}"; font-weight: {weight}; src: url("{path.as_uri()}"); }}\n'
        for weight, path in fonts.files().items()
    )


def _heads(title: str) -> str:
    synthetic = _("Synthetic data") if centre.synthetic() else ""
    return f"@page {{ @top-left {{ content: {_quoted(title)} }} @top-right {{ content: {_quoted(synthetic)} }} }}"


def _quoted(text: str) -> str:
    """As a string of CSS."""
    return (
        '"' + "".join(letter if letter.isalnum() or letter == " " else f"\\{ord(letter):x} " for letter in text) + '"'
    )
