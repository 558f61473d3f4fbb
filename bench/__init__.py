"""Measurements, each run by `haedap bench NAME`; what they gave stands in docs/explain/measurements.md."""
