"""Makes a fresh machine ready: `python3 -m setup [--tests]`. Knows nothing but the standard library."""
