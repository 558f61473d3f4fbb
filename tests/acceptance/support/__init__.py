"""A centre with many agents at desk telephones, to be broken while it works."""
