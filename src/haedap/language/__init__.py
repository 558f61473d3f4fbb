"""Korean text: normal forms, morphemes, search, embeddings. A library without Django; `haedap language` serves it.

Root of its errors: `LanguageError`.
"""


class LanguageError(Exception):
    """Something of this package went wrong."""
