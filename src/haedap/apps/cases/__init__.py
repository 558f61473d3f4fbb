"""Cases (민원): what cannot be closed on the telephone, owed by an office within the term of the law."""
