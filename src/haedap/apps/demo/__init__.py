"""The demonstration: its invented centre and people, the citizen's telephone in the browser, a synthetic year."""
