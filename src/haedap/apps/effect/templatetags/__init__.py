"""Tags of the effect."""
