"""The wire formats that can be configured. They know the shared helpers, and nothing of each other."""
