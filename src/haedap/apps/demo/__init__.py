"""The demo's citizen telephone."""
