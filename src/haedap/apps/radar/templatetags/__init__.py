"""Filters and tags of this app."""
