"""The numbers as vCards, for the address book of a telephone."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from haedap.apps.directory.paper import Paper, PaperLine


def write(paper: Paper) -> bytes:
    """One card a number, version 3.0, UTF-8, numbers in E.164."""
    cards = [_card(paper, group.name, line) for group in paper.groups for line in group.lines]
    return "".join(cards).encode("utf-8")


def _card(paper: Paper, group: str, line: PaperLine) -> str:
    import vobject  # heavy: a server answers its first page without

    card = vobject.vCard()
    card.add("fn").value = line.name
    card.add("n").value = vobject.vcard.Name(family=line.name)
    card.add("org").value = [paper.centre]
    telephone = card.add("tel")
    telephone.value = line.number
    telephone.params["TYPE"] = ["WORK", "VOICE"]
    if line.what:
        card.add("note").value = line.what
    card.add("categories").value = [paper.title, group]
    card.add("uid").value = f"urn:uuid:{uuid5(NAMESPACE_URL, f'{paper.centre}/{line.key}')}"
    text: str = card.serialize()
    return text
