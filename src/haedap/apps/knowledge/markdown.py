"""The answer's Markdown as HTML that is safe in any page: no markup of the author's own, no pictures, no scripts."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}
_TOP, _DEEPEST = 3, 6
"""Headings of an answer stand below the page's own."""
_MOST_NESTED = 20
_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _MOST_NESTED}).enable("table").disable("image")


def render(text: str) -> str:
    """HTML of an answer. Links go to other windows and tell nothing about this one; what is not allowed is left out."""
    tokens = tokens_of(text)
    _lower_headings(tokens)
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
    return nh3.clean(
        _parser.renderer.render(tokens, _parser.options, {}),
        tags=_TAGS,
        attributes={"a": {"href", "title", "target"}, "th": {"scope"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def tokens_of(text: str) -> list[Token]:
    """The parser's tokens, for those who write another form of the answer."""
    return _parser.parse(text)


def _lower_headings(tokens: list[Token]) -> None:
    """The highest heading becomes <h3>, and none is deeper than one below the heading before it."""
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    if not headings:
        return
    highest = min(int(token.tag[1]) for token in headings)
    before = _TOP - 1
    for token in headings:
        if token.type == "heading_open":
            before = min(int(token.tag[1]) - highest + _TOP, before + 1, _DEEPEST)
        token.tag = f"h{before}"


def plain(text: str) -> str:
    """The words of an answer without any marks, a line for each paragraph, entry or cell."""
    return "\n".join(
        "".join(child.content or (" " if child.type.endswith("break") else "") for child in token.children or [])
        if token.type == "inline"
        else token.content.strip()
        for token in tokens_of(text)
        if token.type in {"inline", "fence", "code_block"}
    )
