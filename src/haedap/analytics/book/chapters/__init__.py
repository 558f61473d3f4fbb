"""The chapters: each a function from the material to its section."""
