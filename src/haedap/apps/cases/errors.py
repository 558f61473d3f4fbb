"""What cannot be done to a case."""

from __future__ import annotations


class CaseError(Exception):
    """One sentence for whoever asked for it; nothing has changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
