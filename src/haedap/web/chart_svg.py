"""From matplotlib's SVG file to an element that a page with a strict policy may hold."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_DROPPED = ("metadata", "style", "title")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def accessible(text: str, name: str) -> str:
    """The file's `<svg>`: a picture called `name`, as wide as its place, without styles and comments.

    A page's policy forbids styles in attributes, so each becomes an attribute of its own. Ids are kept only where
    something refers to them, and are like no other chart's.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(text.encode(), parser)
    for element in list(root.iter(*(f"{_SVG}{kind}" for kind in _DROPPED))):
        element.getparent().remove(element)
    for element in root.iter(etree.Element):
        _unstyle(element)
    _rename(root, hashlib.sha256(text.encode()).hexdigest()[:8])
    _name(root, name)
    return str(etree.tostring(root, encoding="unicode"))


def plain(text: str) -> str:
    """Without characters that no document may hold."""
    return "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in text)


def _unstyle(element: etree._Element) -> None:
    for declaration in element.attrib.pop("style", "").split(";"):
        key, found, value = declaration.partition(":")
        if found:
            element.set(key.strip(), value.strip())


def _rename(root: etree._Element, own: str) -> None:
    used: set[str] = set()
    for element in root.iter(etree.Element):
        for key, value in element.attrib.items():
            if key == _XLINK:
                used.add(value.removeprefix("#"))
                element.set(key, f"#{own}-{value.removeprefix('#')}")
            elif (reference := _REFERENCE.search(value)) is not None:
                used.add(reference[1])
                element.set(key, f"url(#{own}-{reference[1]})")
    for element in root.iter(etree.Element):
        name = element.attrib.pop("id", None)
        if name in used:
            element.set("id", f"{own}-{name}")


def _name(root: etree._Element, name: str) -> None:
    name = plain(name)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.set("class", "hd-chart")
    root.set("role", "img")
    root.set("aria-label", name)
    root.set("stroke-linejoin", "round")
    title = etree.Element(f"{_SVG}title")
    title.text = name
    root.insert(0, title)
