"""The record: journal, read models, notes, topics, and who looked at what."""
