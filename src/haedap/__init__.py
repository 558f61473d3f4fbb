"""Haedap (해답): the open software that a municipal call centre runs on."""

__version__ = "0.1.0"
