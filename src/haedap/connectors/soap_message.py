"""SOAP 1.1 messages: written element by element, so that no value can become markup; read without entities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from haedap.connectors.reading import NotAgreed

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"


def write_message(operation: str, namespace: str, content: Mapping[str, Any], character_set: str) -> bytes:
    """The message. `content`: nested texts. Raises ValueError for what XML or the character set cannot hold."""
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    name = f"{{{namespace}}}{operation}" if namespace else operation
    add_all(etree.SubElement(body, name, nsmap={"ns": namespace} if namespace else None), content)
    return write_xml(envelope, character_set)


def add_all(parent: Any, content: Mapping[str, Any]) -> None:
    """Add the texts below `parent`; a list repeats its element."""
    for name, value in content.items():
        for item in value if isinstance(value, list) else [value]:
            element = etree.SubElement(parent, name)
            if isinstance(item, Mapping):
                add_all(element, item)
            else:
                element.text = str(item)


def write_xml(element: Any, character_set: str) -> bytes:
    """The document with its declaration. What the character set does not have becomes a character reference."""
    written: bytes = etree.tostring(element, encoding=character_set, xml_declaration=True)
    return written


def body_of(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands in the message's body. Raises NotAgreed for what is no message."""
    envelope = tree.get("Envelope")
    body = envelope.get("Body") if isinstance(envelope, Mapping) else None
    if not isinstance(body, Mapping):
        raise NotAgreed("the answer is no SOAP message")
    return body


def fault_of(body: Mapping[str, Any]) -> str | None:
    """The code of a fault without its prefix, `Client` or `Server`; None when there is none."""
    fault = body.get("Fault")
    if fault is None:
        return None
    code = fault.get("faultcode") if isinstance(fault, Mapping) else None
    return str(code).rpartition(":")[2] or "Server"
