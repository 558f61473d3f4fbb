"""Telephones: citizens' calls over a SIP trunk and agents' telephones, carried by Asterisk and driven over ARI."""


class VoiceError(Exception):
    """The root of this package's errors."""
